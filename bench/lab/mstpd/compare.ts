// The engine's RSTP against mstpd, the daemon that Linux switches run, as Debian ships it (docs/accuracy.md): random networks, a failure and its repair, in virtual time.
// usage: node --import tsx bench/lab/mstpd/compare.ts ROOT WORLD [NETWORKS] [SEED]
//   ROOT   mstpd 0.2.0 and the libc6 that it wants, unpacked into one folder: apt-get download mstpd libc6; for f in *.deb; do dpkg-deb -x $f ROOT; done
//   WORLD  gcc -shared -fPIC -O2 -o WORLD bench/lab/mstpd/world.c

import { resolve } from "node:path";
import fc from "fast-check";
import * as abi from "../../../assembly/abi.ts";
import { runScenario, type RunResult } from "../../../bindings/engine/index.ts";
import { liveWithModel } from "./model.ts";
import { liveWithMstpd, type Life, type Settled } from "./daemon.ts";
import { BOOT_S, END_S, FAIL_S, networkOf, REPAIR_S, specs, type Network } from "./networks.ts";

const [root, world, count = "300", seed = "17"] = process.argv.slice(2);
if (root === undefined || world === undefined) throw new Error("usage: compare.ts ROOT WORLD [NETWORKS] [SEED]");

const SECOND = 1_000_000_000n;
const ROLES: Record<number, string> = { [abi.STP_ROLE_DISABLED]: "disabled", [abi.STP_ROLE_ROOT]: "root", [abi.STP_ROLE_DESIGNATED]: "designated", [abi.STP_ROLE_ALTERNATE]: "alternate", [abi.STP_ROLE_BACKUP]: "backup" };
const STATES: Record<number, string> = { [abi.STP_DISCARDING]: "discarding", [abi.STP_LEARNING]: "learning", [abi.STP_FORWARDING]: "forwarding" };

interface Change { at: number; port: string; state: string }
interface Witness { who: string; settled: (port: string, phase: number) => Settled; changes: Change[] }
const phases = (network: Network): [string, number, number][] => [
  ["start", -1000, FAIL_S], ["failure", FAIL_S, REPAIR_S], ["repair", REPAIR_S + (network.spec.failure.kind === "crash" ? BOOT_S : 0), END_S],
];

function ofEngine(run: RunResult, network: Network): Witness {
  const last = (kind: number, port: string, until: number): number => [...run.trace.ofKinds(kind)].findLast((r) => r.at < BigInt(until) * SECOND && run.names.ports[r.entity] === port)?.b ?? 0;
  return {
    who: "engine",
    settled: (port, k) => ({ role: ROLES[last(abi.T_STP_ROLE, port, phases(network)[k]![2])]!, state: STATES[last(abi.T_STP_STATE, port, phases(network)[k]![2])]! }),
    changes: [...run.trace.ofKinds(abi.T_STP_STATE)].map((r) => ({ at: Number(r.at) / 1e9, port: run.names.ports[r.entity]!, state: STATES[r.b]! })),
  };
}
const ofLife = (who: string, life: Life): Witness => ({
  who, settled: (port, k) => life.settled[k]!.get(port)!, changes: life.told.filter((t) => t.what === "state").map((t) => ({ at: t.second, port: t.port, state: t.value })),
});

/** What each port goes through in a phase, in seconds since the first port that goes through anything. A port that learns for no time has not learned. */
function stepsOf({ changes }: Witness, asked: ReadonlySet<string>, from: number, to: number): Map<string, Change[]> {
  const mine = changes.filter((c) => asked.has(c.port) && c.at < to);
  const steps = new Map([...asked].map((port): [string, Change[]] => [port, []]));
  const now = new Map<string, string>();
  let zero: number | null = null;
  for (const c of mine) {
    if ((now.get(c.port) ?? "discarding") === c.state) continue;
    now.set(c.port, c.state);
    if (c.at >= from) steps.get(c.port)!.push({ ...c, at: c.at - (zero ??= c.at) });
  }
  return new Map([...steps].map(([port, list]) => [port, list.filter((c, i) => c.state !== "learning" || list[i + 1] === undefined || list[i + 1]!.at - c.at > 0.001)]));
}
const span = (s: number): string => (s < 0.1 ? "within 0.1 s" : s <= 1 ? "within 1 s" : s <= 2 ? "within 2 s" : "later");
const shown = (steps: readonly Change[]): string => steps.map((s) => `${s.state} ${s.at.toFixed(2)}`).join(", ");

const tally = new Map<string, number>();
const add = (what: string): void => { tally.set(what, (tally.get(what) ?? 0) + 1); };

function compare(network: Network, one: Witness, other: Witness, phase: number): string[] {
  const [name, from, to] = phases(network)[phase]!;
  const apart: string[] = [];
  const dead = (port: string): boolean => name === "failure" && network.spec.failure.kind === "crash" && port.startsWith(`${network.target}:`);
  const asked = new Set(network.ports.map((p) => p.name).filter((port) => !dead(port) && one.settled(port, phase).role !== "disabled"));
  const [ours, theirs] = [stepsOf(one, asked, from, to), stepsOf(other, asked, from, to)];
  const about = `${name}, ${one.who} and ${other.who}:`;
  for (const { name: port } of network.ports.filter((p) => !dead(p.name))) {
    const [e, m] = [one.settled(port, phase), other.settled(port, phase)];
    const settled = e.role === m.role && e.state === m.state;
    add(`${about} ${settled ? "settled alike" : "SETTLED OTHERWISE"}`);
    if (!settled) apart.push(`  ${about} ${port} ${e.role} ${e.state} | ${m.role} ${m.state}`);
    if (!asked.has(port)) continue;
    const [a, b] = [ours.get(port)!, theirs.get(port)!];
    const same = a.map((s) => s.state).join() === b.map((s) => s.state).join();
    add(`${about} ${a.length === 0 && b.length === 0 ? "not moved" : same ? `the same steps, ${span(Math.max(...a.map((s, n) => Math.abs(s.at - b[n]!.at))))}` : "other steps"}`);
    if (!same || a.some((s, n) => Math.abs(s.at - b[n]!.at) > 1)) apart.push(`  ${about} ${port} ${e.role}: ${shown(a)} | ${shown(b)}`);
  }
  return apart;
}

const only = process.env["ONLY"];
for (const [i, spec] of fc.sample(specs, { numRuns: Number(count), seed: Number(seed) }).entries()) {
  if (only !== undefined && only !== String(i)) continue;
  const network = networkOf(spec);
  const life = liveWithMstpd(network, resolve(root), resolve(world));
  const model = liveWithModel(network);
  const mstpd = ofLife("mstpd", life);
  const engine = ofEngine(await runScenario(network.topology, network.topology.scenarios[0]!, { everyHello: true }), network);
  const apart = [0, 1, 2].flatMap((k) => [...compare(network, ofLife("model", model), mstpd, k), ...compare(network, engine, mstpd, k)]);
  if (apart.length > 0) console.log(`network ${i}, ${spec.failure.kind} ${network.target}\n${apart.join("\n")}`);
  if (only !== undefined) {
    console.log(network.text);
    for (const [who, told] of [["mstpd", life.told], ["model", model.told]] as const) console.log(told.map((t) => `${who} ${t.second} ${t.port} ${t.what} ${t.value}`).join("\n"));
  }
}
console.log(`${count} networks, seed ${seed}`);
for (const [what, n] of [...tally].sort()) console.log(`  ${what}: ${n}`);
