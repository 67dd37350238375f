// --timeout: what takes longer is stopped as Ctrl-C stops it, and says so.

import { formatDuration } from "../duration.ts";
import type { Io } from "./io.ts";

const NS_PER_MS = 1_000_000n;
/** What a timer of the platform can wait; who says more means never. */
const WAIT_MS_MAX = 2 ** 31 - 1;

export interface Deadline {
  /** interrupts come from here on also when the time is up */
  io: Io;
  /** counted from when the program began */
  set(timeoutNs: bigint): void;
}

export function deadline(io: Io): Deadline {
  let timeoutNs: bigint | null = null;
  return {
    set(ns) { timeoutNs = ns; },
    io: {
      ...io,
      onInterrupt(callback) {
        const release = io.onInterrupt(callback);
        if (timeoutNs === null) return release;
        const words = `not done after ${formatDuration(timeoutNs)}, as --timeout says\n`;
        const left = Math.max(0, Number(timeoutNs / NS_PER_MS) - io.now());
        const timer = left > WAIT_MS_MAX ? undefined : setTimeout(() => { io.err(words); callback(); }, left);
        return () => { clearTimeout(timer); release(); };
      },
    },
  };
}
