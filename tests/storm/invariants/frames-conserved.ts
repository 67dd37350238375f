// Conservation, cable by cable and way by way: every frame that arrives was sent, the same bytes, as long ago as the cable is; every frame that was sent arrives once,
// or something took it: the cable was cut or impaired while it was under way, or the port at the end did not hear. The frames are those that captures hold, which
// are the protocols' own. Of measuring frames no more arrive at a port than the other end has sent.

import { T_CARRIER } from "../../../assembly/abi.ts";
import { damageAt } from "../damage.ts";
import type { Invariant } from "../invariant.ts";
import type { World } from "../world.ts";

const AFTER_NS = 20_000_000_000n;
const PROBE_NS = 197_000_000n;

export interface Cable {
  name: string;
  sent: { at: bigint; bytes: string }[];
  received: { at: bigint; bytes: string }[];
  /** How long a frame that is sent at this instant is under way. Where a step changes it, also what it was before: steps of the same instant may send, too. */
  delaysAt: (at: bigint) => bigint[];
  /** could a frame sent at this instant be lost? */
  mayLose: (at: bigint) => boolean;
  endNs: bigint;
  probes: { sent: number; taken: number };
}

export const framesConserved: Invariant<Cable[]> = {
  name: "frames-conserved",
  gather: cables,
  judge: (all) => all.flatMap(judged),
};

/** A frame that is sent is due when the cable's delay has passed: one that grew slow, or is whole again, has another delay for what is sent from then on. */
function judged({ name, sent, received, delaysAt, mayLose, endNs, probes }: Cable): string[] {
  const frames = sent.map(({ at, bytes }) => ({ at, bytes, here: false }));
  const due = new Map<string, typeof frames>(); // by when they arrive and what they are
  const key = (at: bigint, bytes: string): string => `${at} ${bytes}`;
  for (const frame of frames) {
    for (const delay of new Set(delaysAt(frame.at))) {
      const arrival = key(frame.at + delay, frame.bytes);
      const already = due.get(arrival);
      if (already === undefined) due.set(arrival, [frame]); else already.push(frame);
    }
  }
  const found: string[] = [];
  for (const f of received) {
    const frame = due.get(key(f.at, f.bytes))?.find((each) => !each.here);
    if (frame === undefined) found.push(`${name}: a frame of ${f.bytes.length / 2} bytes arrives at ${f.at} ns that nobody sent`);
    else frame.here = true;
  }
  for (const { at, here } of frames) if (!here && at + longest(delaysAt(at)) < endNs && !mayLose(at)) found.push(`${name}: a frame that was sent at ${at} ns is gone`);
  if (probes.taken > probes.sent) found.push(`${name}: ${probes.taken} measuring frames arrived of ${probes.sent}`);
  return found.slice(0, 5);
}

const longest = (delays: readonly bigint[]): bigint => delays.reduce((a, b) => (a > b ? a : b));

async function cables(world: World): Promise<Cable[]> {
  const { topology, scenario, faultsNs } = world.of;
  const endNs = faultsNs + AFTER_NS;
  const ports = topology.links.flatMap((l) => [l.a, l.b]);
  const session = await world.open({ capturePorts: ports, probeNs: PROBE_NS }, { ...scenario, untilNs: endNs });
  await world.drive(session, endNs);
  const { frames, trace, names } = session.result({ ways: false });
  const { engine } = session.moment();
  const index = new Map(names.ports.map((name, i) => [name, i]));
  const seen = new Map(ports.map((port) => [port, { sent: [] as Cable["sent"], received: [] as Cable["sent"] }]));
  for (const f of frames) seen.get(f.port)![f.direction].push({ at: f.at, bytes: Buffer.from(f.bytes).toString("hex") });
  const carrier = new Map<number, { at: bigint; on: boolean }[]>();
  for (const r of trace.ofKinds(T_CARRIER)) carrier.set(r.entity, [...(carrier.get(r.entity) ?? []), { at: r.at, on: r.a === 1 }]);
  const marks = [...new Set(scenario.steps.map((s) => s.atNs))].sort((a, b) => (a < b ? -1 : 1));
  const states = marks.map((atNs) => ({ atNs, damage: damageAt(topology, scenario.steps, atNs) }));
  return topology.links.flatMap((l) => ([[l.a, l.b], [l.b, l.a]] as const).map(([from, to]): Cable => {
    // Steps of an instant come before what else is sent in it (docs/decisions/0001).
    const delayAfter = (when: (atNs: bigint) => boolean): bigint => states.findLast((s) => when(s.atNs))?.damage.slow.get(l.name) ?? l.delayNs;
    const delaysAt = (at: bigint): bigint[] => [delayAfter((step) => step <= at), delayAfter((step) => step < at)];
    const hurt = states.map(({ atNs, damage }) => ({ atNs, hurt: damage.cut.has(l.name) || damage.impaired.has(l.name) || [from, to].some((p) => damage.shut.has(p) || damage.released.has(p) || damage.dead.has(p.split(":")[0]!)) }));
    const changes = carrier.get(index.get(to)!) ?? [];
    const during = <T>(list: readonly T[], when: (each: T) => bigint, at: bigint, until: bigint): T[] => list.filter((each, i) => when(each) <= until && (list[i + 1] === undefined || when(list[i + 1]!) > at));
    return {
      name: `${from} to ${to}`, ...{ sent: seen.get(from)!.sent, received: seen.get(to)!.received }, delaysAt, endNs,
      mayLose: (at) => during(hurt, (h) => h.atNs, at, at + longest(delaysAt(at))).some((h) => h.hurt) || during(changes, (c) => c.at, at, at + longest(delaysAt(at)) + l.detectNs).some((c) => !c.on) || (changes[0]?.at ?? 0n) > at,
      probes: { sent: engine.portSent(index.get(from)!), taken: engine.portTaken(index.get(to)!) },
    };
  }));
}
