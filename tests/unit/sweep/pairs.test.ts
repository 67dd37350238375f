// Two failures at a time: the pairs that are left out by proof are simulated all the same and give what the single failures gave, on random small networks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, openLab, type Plain } from "../../../bindings/batch/index.ts";
import { compileEngine } from "../../../bindings/engine/index.ts";
import { optionsOf, pairsOptions, pairsQuestion, sweepQuestion, type PairsOptions, type SweepRow } from "../../../bindings/sweep/index.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import type { Topology } from "../../../bindings/topology/model.ts";

const wasm = await compileEngine();

/** A generator with a seed: the same networks every time. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** Islands of a switch or a pair and some servers, joined by a spine or not, with flows within and between. */
function network(seed: number): string {
  const roll = dice(seed);
  const islands = 2 + roll(2);
  const joined = roll(2) === 1;
  const lines: Record<"networks" | "nodes" | "links" | "mlag" | "bonds" | "gateways" | "flows" | "services", string[]> = { networks: [], nodes: [], links: [], mlag: [], bonds: [], gateways: [], flows: [], services: [] };
  if (joined) lines.nodes.push("  spine1: {kind: spine, boot: 20s}");
  const servers: string[] = [];
  for (let k = 1; k <= islands; k++) {
    const paired = roll(2) === 1;
    const count = 2 + roll(2);
    lines.networks.push(`  net${k}: {vlan: ${k}, subnet: 10.0.${k}.0/24}`);
    lines.nodes.push(paired ? `  l${k}-1..2: {kind: leaf, boot: 20s}` : `  l${k}-1: {kind: leaf, boot: 20s}`);
    for (let n = 1; n <= count; n++) {
      servers.push(`s${k}${n}`);
      lines.nodes.push(`  s${k}${n}: {kind: server, network: net${k}, boot: 20s${roll(3) === 0 ? ", power: [a, b]" : ""}}`);
      lines.bonds.push(`  s${k}${n}:bond0: {to: ${paired ? `p${k}` : `l${k}-1`}, members: [eth0, eth1], mode: ${paired || roll(2) === 0 ? "802.3ad" : "active-backup"}}`);
    }
    if (paired) lines.mlag.push(`  p${k}: {peers: [l${k}-1, l${k}-2], peer-link: [Eth53], domain: ${k}}`);
    const routers = paired ? `{l${k}-1: 110, l${k}-2: 100}` : `{l${k}-1: 110}`;
    if (joined) {
      lines.gateways.push(`  net${k}: {protocol: vrrp, version: 3, vrid: ${k}, vip: 10.0.${k}.1/24, routers: ${routers}}`);
      lines.links.push(`  - l${k}-1:Eth49 -- spine1:Eth${k}`);
      if (paired) lines.links.push(`  - l${k}-2:Eth49 -- spine1:Eth${k + 10}`, `  - l${k}-1:Eth53 -- l${k}-2:Eth53`);
    } else if (paired) lines.links.push(`  - l${k}-1:Eth53 -- l${k}-2:Eth53`);
    lines.flows.push(`  f${k}: {from: s${k}1, to: s${k}2, dport: 80, max-outage: 1s}`);
  }
  if (joined) lines.flows.push(`  across: {from: ${servers[0]}, to: ${servers.at(-1)}, dport: 81}`);
  if (joined && roll(2) === 0) lines.services.push(`  shop: {clients: s12, servers: ${servers.at(-1)}, dr: {servers: s11, decision: automatic, delay: 1s}, port: 443, health-check: {interval: 1s, fall: 2, rise: 2}}`);
  const parts = Object.entries(lines).filter(([, list]) => list.length > 0).map(([name, list]) => `${name}:\n${list.join("\n")}`);
  return `dualhome: 1\nname: random-${seed}\ndefaults: {bond: {lacp-rate: fast, transmit-hash-policy: layer3+4, mii-monitor-interval: 100ms}, lacp: {rate: fast}}\n${parts.join("\n")}\n`;
}

function read(text: string): Topology {
  const parsed = parseTopology(text, "random.dh.yaml");
  assert.ok("topology" in parsed, `${text}\n${JSON.stringify("problems" in parsed ? parsed.problems : "")}`);
  return parsed.topology;
}

const SECOND = 1_000_000_000n;
const times = { failNs: 10n * SECOND, repairNs: 50n * SECOND, untilNs: 130n * SECOND };
const seen = (rows: readonly SweepRow[]): string[] => rows.flatMap((row) => row.hits.map((h) => [h.subject, h.name, h.failureNs, h.returnNs, h.kept, h.reason].join(" "))).sort();

test("what is left out by proof is what the single failures gave; what may meet is simulated", async () => {
  let [left, simulated] = [0, 0];
  for (let seed = 1; seed <= 8; seed++) {
    const topology = read(network(seed));
    const kinds = ["server", "switch", "hang", "link", "one-way", "power"] as const;
    const alone = await ask(sweepQuestion, topology, optionsOf(kinds, times, true), { wasm }).result();
    const options = await pairsOptions(topology, alone, { seed: 1n, wasm });
    const chosen = sweepQuestion.plan(topology, alone.options as never).length;
    const some = pairsQuestion.plan(topology, options);
    const kept = new Set(Array.from({ length: some.length }, (_, k) => some.at(k)!.join()));
    simulated += kept.size;
    if (process.env["DUALHOME_VERBOSE"] !== undefined) console.log(`seed ${seed}: ${chosen} failures, ${kept.size} of ${(chosen * (chosen - 1)) / 2} pairs may meet`);
    const everything = { ...(options as PairsOptions), all: true } as typeof options;
    const all = pairsQuestion.plan(topology, everything);
    assert.equal(all.length, (chosen * (chosen - 1)) / 2);
    const lab = await openLab(pairsQuestion, topology, everything as Plain, { seed: 1n, wasm });
    const roll = dice(seed);
    for (let k = 0; k < all.length; k++) {
      const [i, j] = all.at(k)!;
      if (kept.has([i, j].join())) continue;
      left += 1;
      if (roll(all.length) >= CHECKED) continue; // some of those that were left out, at random
      const row = await pairsQuestion.answer(lab, [i, j], everything, k);
      assert.deepEqual(seen([row]), seen([alone.rows[i]!, alone.rows[j]!]), `seed ${seed}: ${row.target}`);
      assert.deepEqual(row.worse, [], row.target);
    }
  }
  assert.ok(left > 0 && simulated > 0, `${left} left out, ${simulated} simulated`);
});

const CHECKED = 400; // of each network
