// Progress of a long run on stderr: one line that is written over, and taken away at the end.

import { duration, plural } from "../report/index.ts";
import type { Io } from "./io.ts";

export interface Progress {
  update(p: { nowNs: bigint; untilNs: bigint; events: number }): void;
  end(): void;
}

const QUIET_MS = 700; // short runs show nothing
const EVERY_MS = 100;

export function progress(io: Io): Progress {
  const startedAt = io.now();
  const line = statusLine(io);
  return { update: (p) => line.draw((now) => progressLine(p, now - startedAt)), end: line.end };
}

/** A line on stderr that is written over, some times a second; nothing where stderr is no terminal. */
export function statusLine(io: Io): { draw(words: (nowMs: number) => string): void; end(): void } {
  if (!io.errIsTTY || io.env["TERM"] === "dumb") return { draw: () => {}, end: () => {} };
  let drawnAt = io.now() + QUIET_MS - EVERY_MS;
  let drawn = false;
  return {
    draw(words) {
      const now = io.now();
      if (now - drawnAt < EVERY_MS) return;
      drawnAt = now;
      drawn = true;
      io.err(`\r\x1b[2K${words(now)}`);
    },
    end() {
      if (drawn) io.err("\r\x1b[2K");
      drawn = false;
    },
  };
}

export function progressLine(p: { nowNs: bigint; untilNs: bigint; events: number }, elapsedMs: number): string {
  if (p.nowNs < 0n) return `bring-up, ${duration(-p.nowNs)} before the scenario`;
  const done = p.untilNs > 0n ? Number((p.nowNs * 1000n) / p.untilNs) / 1000 : 1;
  const rate = Math.round(p.events / Math.max(elapsedMs, 1) * 1000);
  const left = done > 0 ? `${Math.ceil((elapsedMs * (1 - done)) / done / 1000)} s left` : "";
  return `${Math.floor(done * 100)} %  ${duration(p.nowNs)} of ${duration(p.untilNs)}  ${plural(rate, "event")}/s  ${left}`.trimEnd();
}
