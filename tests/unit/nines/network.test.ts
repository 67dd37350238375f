// Availability of real topologies: closed forms where only a few things fail, the protocols' own times where something takes over, the same
// answer from every method and any number of workers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runScenario } from "../../../bindings/engine/index.ts";
import { outages } from "../../../bindings/analysis/index.ts";
import { DualhomeError } from "../../../bindings/errors.ts";
import { componentsOf } from "../../../bindings/nines/components.ts";
import { FAILURE_KINDS } from "../../../bindings/topology/failures.ts";
import { MINUTES_PER_YEAR, nines, type NinesAsked, type NinesResult } from "../../../bindings/nines/index.ts";
import { parseTopology, type Topology } from "../../../bindings/topology/index.ts";

/** Nothing fails but what is said. */
const never = (but: readonly string[] = []): string => FAILURE_KINDS.filter((k) => !but.includes(k)).map((k) => `    ${k}: never\n`).join("");

function lan(failures: string, standby = "", extra = "", powered = false): Topology {
  const text = `dualhome: 1
name: lan
defaults: {bond: {mode: 802.3ad, lacp-rate: fast}, server: {boot: 60s}}
networks: {lan: {vlan: 10, subnet: 10.0.0.0/24}}
nodes:
  sw1: {kind: leaf${powered ? ", power: a" : ""}}
  sw2: {kind: leaf${powered ? ", power: b" : ""}}
  srv1..2: {kind: server, network: lan${powered ? ", power: [a, b]" : ""}}
  user: {kind: server, network: lan}
mlag:
  pair: {peers: [sw1, sw2], peer-link: [Eth53, Eth54]}
bonds:
  srv1..2:bond0: {to: pair, members: [eth0, eth1]}
  user:bond0: {to: pair, members: [eth0, eth1]}
services:
  web: {clients: user, servers: srv1${standby}, health-check: {interval: 2s, fall: 3, rise: 2}}
failures:${failures + extra === "" ? " {}\n" : `\n${failures}${extra}`}`;
  const read = parseTopology(text, "lan.dh.yaml");
  assert.ok("topology" in read, JSON.stringify("problems" in read ? read.problems : ""));
  return read.topology;
}

const ask = (t: Topology, asked: NinesAsked): Promise<NinesResult> => nines(t, { workers: 0, ...asked });
const close = (found: number, wanted: number, digits = 4): void => assert.ok(Math.abs(found - wanted) <= wanted * 0.5 * 10 ** -digits, `${found} is not ${wanted}`);
const LIFE = "{mtbf: 1000h, mttr: 10h}";
const HUMAN = "  human-error: never\n";

test("one server that fails: λ/(λ+μ), and after each return the time that booting and LACP take in a run", async () => {
  const t = lan(`  kinds:\n${never(["server-hardware"])}    server-hardware: ${LIFE}\n${HUMAN}`);
  const [web] = (await ask(t, { method: "exact" })).subjects;
  const where = { line: 1, col: 1, length: 1 };
  const step = (op: "fail" | "repair", atNs: bigint) => ({ atNs, op, target: "srv1", targets: [{ kind: "node" as const, name: "srv1" }], direction: "both" as const, perMillion: 0, where });
  const run = await runScenario(t, { name: "x", untilNs: 600_000_000_000n, steps: [step("fail", 10_000_000_000n), step("repair", 200_000_000_000n)], where });
  const outage = outages(run).find((o) => o.subject === "service")!;
  const back = Number(outage.endNs! - 200_000_000_000n) / 3_600_000_000_000; // hours
  assert.ok(back >= 60 / 3600, "a server that boots for 60 s is not back before");
  close((web!.down.mean - web!.switching) / MINUTES_PER_YEAR, 10 / 1010);
  close(web!.switching / MINUTES_PER_YEAR, back / 1010, 1); // where in the partner's second the boot ends differs by phase
  assert.deepEqual(web!.cuts, [["srv1"]]);
});

test("a standby: what is left is the time of the health checks and the decision, from the protocol", async () => {
  const t = lan(`  kinds:\n${never(["server-hardware"])}    server-hardware: ${LIFE}\n${HUMAN}`, ", standby: {servers: srv2, decision: automatic, delay: 5s}");
  const result = await ask(t, { method: "exact" });
  const [web] = result.subjects;
  const both = (10 / 1010) ** 2;
  close((web!.down.mean - web!.switching) / MINUTES_PER_YEAR, both);
  // Three failed checks, 2 s apart, begin within 2 s of the failure: 4 to 6 s, and 5 s for the decision. The return moves no request while it is down.
  const each = (web!.switching / MINUTES_PER_YEAR) * 1010 * 3600; // seconds a failure of srv1
  assert.ok(each >= 9 && each <= 11.1, `${each} s a failure`);
  assert.deepEqual(web!.cuts, [["srv1", "srv2"]]);
});

test("exact, plain and importance agree on a network", async (t) => {
  const topology = lan(`  kinds:\n${never(["server-hardware", "leaf-hardware"])}    server-hardware: ${LIFE}\n    leaf-hardware: {mtbf: 2000h, mttr: 20h}\n${HUMAN}`, ", standby: {servers: srv2, decision: automatic, delay: 5s}", "  common-cause: {peers: 5}\n");
  const exact = (await ask(topology, { method: "exact" })).subjects[0]!.down.mean;
  const [plain, importance] = [await ask(topology, { method: "plain", runs: 150, years: 4 }), await ask(topology, { method: "importance", runs: 60, years: 4 })];
  for (const { subjects: [web], method } of [plain, importance]) {
    const { low, high } = web!.down;
    const slack = (high - low) / 4;
    assert.ok(low - slack <= exact && exact <= high + slack, `${method.sampled}: ${exact} is far outside ${low} to ${high}`);
  }
  t.diagnostic(`exact ${exact} min a year; plain ${plain.subjects[0]!.down.low} to ${plain.subjects[0]!.down.high}, importance ${importance.subjects[0]!.down.low} to ${importance.subjects[0]!.down.high}`);
});

test("any number of workers gives the same answer", async () => {
  const t = lan("", ", standby: {servers: srv2, decision: automatic, delay: 5s}");
  const asked: NinesAsked = { method: "plain", runs: 64, years: 2, seed: 9n };
  assert.deepEqual(await nines(t, { ...asked, workers: 2 }), await nines(t, { ...asked, workers: 0 }));
});

test("repair crews: few things that fail make a Markov chain, many are simulated with importance sampling; windows with splitting", async () => {
  const few = lan(`  kinds:\n${never(["server-hardware"])}    server-hardware: ${LIFE}\n${HUMAN}`, ", standby: {servers: srv2, decision: automatic, delay: 5s}", "  repair-crews: 1\n");
  const result = await ask(few, { runs: 16, years: 2 });
  assert.equal(result.method.exact, "Markov chain");
  const [l, m] = [1 / 1000, 1 / 10];
  close((result.subjects[0]!.down.mean - result.subjects[0]!.switching) / MINUTES_PER_YEAR, (2 * l ** 2) / (2 * l ** 2 + 2 * l * m + m ** 2));
  const many = lan("", ", standby: {servers: srv2, decision: automatic, delay: 5s}", "  repair-crews: 1\n");
  assert.equal((await ask(many, { runs: 2, years: 1 })).method.sampled, "importance");
  const windows = lan("", ", standby: {servers: srv2, decision: automatic, delay: 5s}", "  repair-crews: 1\n  maintenance: {all: {nodes: sw1..2, every: 90d, length: 1h}}\n");
  assert.equal((await ask(windows, { runs: 2, years: 1 })).method.sampled, "splitting");
  for (const method of ["exact", "importance"] as const) await assert.rejects(async () => ask(windows, { method, runs: 2 }), (e) => e instanceof DualhomeError && e.exitCode === 2);
});

test("feeds: a server on two of them is down when both are; what is common to both counts by its share", async () => {
  const t = lan(`  kinds:\n${never(["feed"])}${HUMAN}`, "", "  feeds: {a: {mtbf: 900h, mttr: 100h}, b: {mtbf: 900h, mttr: 100h}}\n  common-cause: {peers: 0, feeds: 10}\n", true);
  const [web] = (await ask(t, { method: "exact" })).subjects;
  assert.deepEqual(web!.cuts!.map((c) => c.join(" ")), ["power/a+b", "power/a power/b"]);
  const [own, common] = [100 / (1000 + 100), 100 / (9000 + 100)]; // mtbf 900/0.9 and 900/0.1
  close((web!.down.mean - web!.switching) / MINUTES_PER_YEAR, common + (1 - common) * own ** 2);
});

test("what only asks, and what serves nobody, does not count", () => {
  const { leftOut, system } = componentsOf(lan(""));
  assert.deepEqual(leftOut, { nodes: 2, links: 2 }); // user and srv2, and srv2's cables
  assert.ok(system.processes.every((p) => p.cause !== "user" && p.cause !== "srv2"));
});

test("every figure that the file does not give is printed with its basis; nothing is assumed where it gives all", () => {
  const { assumed } = componentsOf(lan(""));
  assert.ok(assumed.length >= 7);
  assert.ok(assumed.some((a) => a.what === "link" && a.unverified), "the rate of links is not verified, and said to be so");
  for (const a of assumed) assert.ok(a.basis.length > 10 && a.value.length > 1, a.what);
  assert.deepEqual(componentsOf(lan(`  kinds:\n${never()}${HUMAN}`, "", "  common-cause: {peers: 0}\n")).assumed, []);
});
