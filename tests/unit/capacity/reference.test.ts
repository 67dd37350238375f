// Placement by the engine against a slow one that simulates nothing, on random networks, whole and after a failure; and that nothing
// is lost on the way: what comes into a switch leaves it, what is offered arrives or is counted.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { directionsOf, trafficOf } from "../../../bindings/capacity/index.ts";
import { place, type State } from "../../../bindings/capacity/place.ts";
import { Session, type Way } from "../../../bindings/engine/index.ts";
import { singleFailures, type Failure } from "../../../bindings/sweep/index.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import type { Topology } from "../../../bindings/topology/model.ts";
import { Reference, type Tuple } from "../../reference/placement.ts";
import { planCase } from "../../support/random-plans.ts";

const RUNS = 60;
const where = { line: 1, col: 1, length: 1 };

function topologyOf(text: string): Topology {
  const read = parseTopology(text, "random.dh.yaml");
  if ("problems" in read) throw new Error(read.problems.map((p) => `${p.where.line}: ${p.message}\n${text}`).join("\n"));
  return read.topology;
}

/** Of the failures that the reference knows about: nothing, a switch, or a cable that is no peer-link's. */
function failureOf(t: Topology, pick: number): Failure | null {
  const peerLinks = new Set(t.lags.filter((l) => l.peerLinkOf !== null).flatMap((l) => l.members.map((m) => `${l.node}:${m}`)));
  const inLinks = new Set(t.links.filter((l) => peerLinks.has(l.a)).map((l) => l.name));
  const all = [null, ...singleFailures(t, { kinds: new Set(["switch", "link", "server"]) }).filter((f) => !inLinks.has(f.target))];
  return all[pick % all.length]!;
}

async function settled(t: Topology, seed: bigint, failure: Failure | null): Promise<{ state: State; ports: string[] }> {
  const session = await Session.open(t, { name: "r", untilNs: 0n, steps: [], where }, { seed });
  await session.runTo(1_000_000_000n);
  if (failure !== null) {
    session.add([{ atNs: session.nowNs + 1n, op: "fail", target: failure.target, targets: failure.targets, direction: "both", perMillion: 0, where }]);
    await session.runTo(120_000_000_000n);
  }
  const dead = new Set((failure?.targets ?? []).filter((x) => x.kind === "node").map((x) => x.name));
  return { state: await place(session, trafficOf(t, seed), dead), ports: session.names.ports };
}

test("every flow goes the way that the reference says, whole and after a failure", async () => {
  let compared = 0;
  await fc.assert(fc.asyncProperty(planCase, async ({ text, seed, failed }) => {
    const t = topologyOf(text);
    const failure = failureOf(t, failed);
    const { state, ports } = await settled(t, seed, failure);
    const reference = new Reference(t, failure?.targets ?? []);
    trafficOf(t, seed).flows.forEach((flow, i) => {
      const back: Tuple = { ...flow, from: flow.to, to: flow.from, sport: flow.dport, dport: flow.sport };
      for (const [tuple, ways] of [[flow, state.trials[i]!.forth], [back, state.trials[i]!.back]] as const) {
        assert.equal(ways.length, 1);
        assert.deepEqual(wayOf(ways[0]!, ports), reference.way(tuple), `${failure?.target ?? "whole"}: ${tuple.from} to ${tuple.to}, ${tuple.sport} to ${tuple.dport}\n${text}`);
        compared += 1;
      }
    });
  }), { numRuns: RUNS, seed: 1 });
  assert.ok(compared > 20 * RUNS, `${compared} ways`);
});

const wayOf = (way: Way, ports: readonly string[]): string[] | null => (way.arrives ? way.ports.map((p) => ports[p]!) : null);

test("what comes into a switch leaves it, servers take what is delivered, and what is offered is delivered, lost or gone", async () => {
  await fc.assert(fc.asyncProperty(planCase, async ({ text, seed, failed }) => {
    const t = topologyOf(text);
    const { state, ports } = await settled(t, seed, failureOf(t, failed));
    const directions = directionsOf(t);
    const sum = new Map(t.nodes.map((n) => [n.name, { sent: 0, taken: 0 }]));
    ports.forEach((port, i) => {
      const d = directions.get(port);
      if (d === undefined) { assert.equal(state.mbps[i], 0); return; }
      sum.get(d.from.split(":")[0]!)!.sent += state.mbps[i]!;
      sum.get(d.to.split(":")[0]!)!.taken += state.mbps[i]!;
    });
    const near = (a: number, b: number, what: string): void => assert.ok(Math.abs(a - b) < 1e-6 * (1 + Math.abs(a)), `${what}: ${a} and ${b}`);
    for (const node of t.nodes.filter((n) => n.kind !== "server")) near(sum.get(node.name)!.sent, sum.get(node.name)!.taken, node.name);
    const servers = t.nodes.filter((n) => n.kind === "server").map((n) => sum.get(n.name)!);
    near(servers.reduce((a, s) => a + s.sent, 0), state.deliveredMbps, "sent by servers and delivered");
    near(servers.reduce((a, s) => a + s.taken, 0), state.deliveredMbps, "taken by servers and delivered");
    near(state.deliveredMbps + state.lostMbps + state.goneMbps, state.offeredMbps, "offered");
    assert.ok(state.deliveredMbps >= 0 && state.lostMbps >= -1e-9 && state.goneMbps >= 0);
  }), { numRuns: RUNS, seed: 2 });
});
