// mstpd, the engine and both models on networks drawn at random (docs/accuracy.md).
// usage: node --import tsx tests/real/mstpd/run.ts ROOT WORLD [NETWORKS] [SEED] [RECORDING | --mixed]
//   ROOT       mstpd 0.2.0 and the libc6 that it wants in one folder: apt-get download mstpd libc6; for f in *.deb; do dpkg-deb -x $f ROOT; done
//   WORLD      gcc -shared -fPIC -O2 -o WORLD tests/real/mstpd/world.c
//   RECORDING  a file to write what mstpd did to, as in tests/real/captures/mstpd
//   --mixed    bridges of 802.1D-1998 among them, mstpd's by its ForceProtocolVersion: how they settle, engine and mstpd alone

import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { runScenario } from "../../../bindings/engine/index.ts";
import { BridgeAsIn8021Q } from "./as-802.1q.ts";
import { liveWithMstpd } from "./daemon.ts";
import { apart, digestOf, lifeOf, linesOf, PHASES, settledApart, stepsIn, type Life, type Phase } from "./lives.ts";
import { liveWithModel } from "./model.ts";
import { mixedSpecs, networkOf, specs, type Network } from "./networks.ts";
import { recorded } from "./recording.ts";

const [root, world, count = "300", seed = "17", file] = process.argv.slice(2);
if (root === undefined || world === undefined) throw new Error("usage: run.ts ROOT WORLD [NETWORKS] [SEED] [RECORDING]");

const tally = new Map<string, number>();
const add = (what: string, n = 1): void => { tally.set(what, (tally.get(what) ?? 0) + n); };
const shown = (steps: readonly { at: number; state: string }[]): string => steps.map((s) => `${s.state} ${s.at.toFixed(2)}`).join(", ");
const span = (s: number | null): string => (s === null ? "other steps" : s < 0.1 ? "the same steps, within 0.1 s" : s <= 1 ? "the same steps, within 1 s" : s <= 2 ? "the same steps, within 2 s" : "the same steps, later");

/** What is to be told about them and mstpd. */
function beside(network: Network, who: string, life: Life, mstpd: Life): string[] {
  return ([0, 1, 2] as const).flatMap((phase: Phase) => {
    const about = `${PHASES[phase]}, ${who}`;
    const settled = settledApart(network, phase, life, mstpd);
    add(`${about}: settled otherwise`, settled.length);
    const [ours, theirs] = [stepsIn(network, phase, life), stepsIn(network, phase, mstpd)];
    const other = [...ours].flatMap(([port, steps]) => {
      const wanted = theirs.get(port) ?? [];
      const seconds = apart(steps, wanted);
      add(`${about}: ${steps.length === 0 && wanted.length === 0 ? "no step" : span(seconds)}`);
      return seconds !== null && seconds <= 1 ? [] : [`  ${about}: ${port}: ${shown(steps)} | ${shown(wanted)}`];
    });
    return [...settled.map((line) => `  ${who} settled otherwise: ${line}`), ...other];
  });
}

async function engineLife(network: Network): Promise<Life> { return lifeOf(await runScenario(network.topology, network.topology.scenarios[0]!, { everyHello: true }), network); }

async function mixed(): Promise<void> {
  for (const [i, spec] of fc.sample(mixedSpecs, { numRuns: Number(count), seed: Number(seed) }).entries()) {
    const network = networkOf(spec);
    const [engine, mstpd] = [await engineLife(network), liveWithMstpd(network, resolve(root!), resolve(world!))];
    const otherwise = ([0, 1, 2] as const).flatMap((phase) => settledApart(network, phase, engine, mstpd));
    add("ports", network.ports.length);
    add("settled otherwise", otherwise.length);
    if (otherwise.length > 0) console.log(`network ${i}, ${spec.failure.kind} ${network.target}, STP on ${spec.classic!.join(", ")}\n  ${otherwise.join("\n  ")}`);
  }
}

async function rapid(): Promise<void> {
  const recording: ReturnType<typeof recorded>[] = [];
  for (const [i, spec] of fc.sample(specs, { numRuns: Number(count), seed: Number(seed) }).entries()) {
    const network = networkOf(spec);
    const mstpd = liveWithMstpd(network, resolve(root!), resolve(world!));
    const edited = liveWithModel(network, BridgeAsIn8021Q);
    const engine = await engineLife(network);
    const said = [...beside(network, "model", liveWithModel(network), mstpd), ...beside(network, "engine", engine, mstpd)];
    const [mine, theirs] = [linesOf(network, edited), linesOf(network, mstpd)];
    add("BPDUs of mstpd", mstpd.told.filter((t) => t.what === "bpdu").length);
    add("flushes of mstpd", theirs.filter((line) => line.endsWith("flush")).length);
    add("ports", network.ports.length);
    if (digestOf(network, edited) === digestOf(network, mstpd)) add("networks in which the model as in 802.1Q does all that mstpd does");
    else { const at = theirs.findIndex((line, k) => line !== mine[k]); said.push(`  the model as in 802.1Q: ${mine[at]} | ${theirs[at]}`); }
    if (said.length > 0) console.log(`network ${i}, ${spec.failure.kind} ${network.target}\n${said.join("\n")}`);
    recording.push(recorded(network, mstpd));
  }
  if (file !== undefined) writeFileSync(file, `[\n${recording.map((r) => JSON.stringify(r)).join(",\n")}\n]\n`);
}

await (file === "--mixed" ? mixed() : rapid());
console.log(`${count} networks, seed ${seed}`);
for (const [what, n] of [...tally].sort()) console.log(`  ${what}: ${n}`);
