// How long the host's pings of the virtual address may be lost, by what became of the master.

import type { Bursts, Seen } from "./compare.ts";
import { GRAIN } from "./model.ts";
import { isIpv6, type Outage, type RouterConf } from "./recording.ts";
import type { Begin, Exactness } from "./rules.ts";

/** A stale entry in use: 5 s, then three unicast requests 1 s apart, then a broadcast that is answered (Linux, net/core/neighbour.c; RFC 4861 10). */
const STALE_FOR = 8;
const UNTIL_PROBES = 5;
/** A kernel timer fires up to an eighth of its delay late (granularity of the timer wheel). */
const KERNEL_LATE = STALE_FOR / 8;

const VIRTUAL_MAC = "00005e00";

interface Expected { from: number; fromLatest: number; to: number; toLatest: number; why: string }

export function pingsWrong(confs: readonly RouterConf[], begins: readonly Begin[], bursts: readonly Bursts[], seen: Seen, exact: Exactness): string[] {
  const outages = (seen.outages ?? []).filter((o) => !strayed(o, seen));
  const end = seen.happenings.find((h) => h.op === "end")?.t ?? Infinity;
  const first = begins[0];
  if (first === undefined) return [];
  const settled = first.t + 2 * exact.late + GRAIN;
  const real = outages.filter((o) => o.start > settled && o.seconds > GRAIN);
  const expected = begins.flatMap((_, i) => expect(confs, begins, i, bursts[i], end, exact) ?? []);
  const wrong: string[] = [];
  for (let i = 0; i < Math.max(real.length, expected.length); i++) {
    const [o, e] = [real[i], expected[i]];
    if (e === undefined) wrong.push(`pings lost from ${o?.start.toFixed(3)} to ${o?.end.toFixed(3)}, and no rule says why`);
    else if (o === undefined && e.toLatest === Infinity) continue; // a recording has a row only of what it saw the end of
    else if (o === undefined) wrong.push(`no pings lost from ${e.from.toFixed(3)} to ${e.to.toFixed(3)}: ${e.why}`);
    else if (o.start < e.from || o.start > e.fromLatest || o.end < e.to || o.end > e.toLatest) {
      wrong.push(`pings lost from ${o.start.toFixed(3)} to ${o.end.toFixed(3)}, not from ${e.from.toFixed(3)}..${e.fromLatest.toFixed(3)} to ${e.to.toFixed(3)}..${e.toLatest.toFixed(3)}: ${e.why}`);
    }
  }
  return wrong;
}

/**
 * keepalived's backup leaves its interface with the virtual MAC address up, and over IPv6 the kernel solicits routers from it: the switch takes the backup for the
 * master until this one's next advertisement.
 */
function strayed(o: Outage, { sightings }: Seen): boolean {
  const stray = sightings.find((s) => s.kind === "solicit" && s.mac.startsWith(VIRTUAL_MAC) && s.t >= o.start && s.t <= o.start + GRAIN);
  const next = stray === undefined ? undefined : sightings.find((s) => s.kind === "advert" && s.mac === stray.mac && s.t > stray.t);
  return next !== undefined && o.end <= next.t + GRAIN;
}

function expect(confs: readonly RouterConf[], begins: readonly Begin[], i: number, bursts: Bursts | undefined, end: number, exact: Exactness): Expected | null {
  const b = begins[i]!;
  const near = GRAIN + exact.late;
  if ((b.rule === "silence" || b.rule === "farewell") && b.loss !== null) {
    // The dead daemon's kernel keeps the address and answers on; who only lowered its priority is master until it hears a better one.
    if (b.loss.op === "kill" || b.loss.op === "lower") return null;
    if (b.t - b.loss.t <= GRAIN) return null; // over before a ping is missed
    return { from: b.loss.t - near, fromLatest: b.loss.t + exact.command + near, to: b.announced - near, toLatest: b.announced + near, why: `${b.rule} of router ${b.old}` };
  }
  const own = confs.find((c) => c.id === b.router);
  const old = confs.find((c) => c.id === b.old);
  // Who is the lesser and spoke first is corrected at once, by the other's announcements.
  const lesser = own !== undefined && old !== undefined && (own.priority < old.priority || (own.priority === old.priority && own.id < old.id));
  if (b.rule !== "unheard" || own === undefined || bursts === undefined || bursts.first.most > 0 || own.virtualMac || lesser) return null;
  // The better master spoke first and said no address: the host goes on with the other's until its entry has failed.
  const taught = begins[i - 1]?.t ?? b.t;
  const probed = b.t < taught + UNTIL_PROBES;
  const failed = probed ? taught + STALE_FOR : b.t;
  // Over IPv6 the host's ping confirms its neighbour with each answer (recorded; not over IPv4): the entry may be good for ReachableTime before it is probed.
  const known = probed && failed < end && !isIpv6(own);
  return { from: b.t - near, fromLatest: b.t + near, to: Math.min(failed, end) - near, toLatest: known ? failed + KERNEL_LATE + near : Infinity, why: "silent return of the better master" };
}
