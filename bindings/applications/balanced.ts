// A load balancer with health checks: each server is checked at whole multiples of the interval; `fall` failures in a row take
// it out of rotation, `rise` successes put it back (HAProxy's words and rule). Until then requests to a dead server are lost.

import type { Balanced } from "../topology/application.ts";
import { neededFlows } from "../topology/application.ts";
import { Recorder, type Outcome } from "./outcome.ts";
import type { Signals } from "./signals.ts";

interface Rotation { in: boolean; failed: number; passed: number }

export function runBalanced(a: Balanced, signals: Signals): Outcome {
  const recorder = new Recorder();
  const rotation = a.servers.map((): Rotation => ({ in: true, failed: 0, passed: 0 }));
  const instants = new Set(signals.changes(a.name, neededFlows(a)));
  for (let t = 0n; t <= signals.endNs; t += a.intervalNs) instants.add(t);
  let short = false;
  for (const at of [...instants].sort((x, y) => (x < y ? -1 : x > y ? 1 : 0))) {
    if (at % a.intervalNs === 0n) a.servers.forEach((server, i) => check(a, rotation[i]!, server, signals.up(a.name, a.balancer, server, at), at, recorder));
    const share = shareAt(a, rotation, signals, at);
    const now = share.alive < a.need;
    if (now !== short) recorder.say(at, now ? `${share.alive} of ${a.servers.length} servers work, ${a.need} are needed` : `${share.alive} servers work again`);
    short = now;
    recorder.share(at, short ? 0 : share.served);
  }
  return recorder.outcome(a.name, a.kind, signals.endNs, a.maxOutageNs);
}

function check(a: Balanced, r: Rotation, server: string, ok: boolean, at: bigint, recorder: Recorder): void {
  r.failed = ok ? 0 : r.failed + 1;
  r.passed = ok ? r.passed + 1 : 0;
  if (r.in && r.failed >= a.fall) { r.in = false; recorder.say(at, `${server} is taken out of rotation: ${a.fall} checks failed`); }
  else if (!r.in && r.passed >= a.rise) { r.in = true; recorder.say(at, `${server} is back in rotation: ${a.rise} checks passed`); }
}

function shareAt(a: Balanced, rotation: readonly Rotation[], signals: Signals, at: bigint): { served: number; alive: number } {
  const inRotation = a.servers.filter((_, i) => rotation[i]!.in);
  const alive = inRotation.filter((s) => signals.up(a.name, a.balancer, s, at)).length;
  const clients = a.clients.filter((c) => signals.up(a.name, c, a.balancer, at)).length / a.clients.length;
  return { alive, served: inRotation.length === 0 ? 0 : (clients * alive) / inRotation.length };
}
