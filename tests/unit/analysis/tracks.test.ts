// Tracks read from a trace that is written by hand; the first step is at 10 s, the end at 60 s.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import { outages } from "../../../bindings/analysis/index.ts";
import { tracks } from "../../../bindings/analysis/tracks.ts";
import type { Lag } from "../../../bindings/topology/model.ts";
import { run, topology, TraceMaker, type MadeRun } from "./fixture.ts";

const BOND = 0, ETH0 = 2, ETH1 = 3; // srv1's
const S = 1e9;
const lags = [{ node: "srv1", name: "srv1:bond0", members: ["eth0", "eth1"], lacp: null }, { node: "leaf1", name: "leaf1:Po11", members: ["Eth1"], lacp: null }] as unknown as Lag[];

/** [name, [from, to, tone, text]...] of a group's tracks, in seconds. */
function shown(group: string, t: TraceMaker, parts: Partial<MadeRun> = {}): unknown[] {
  const made = run(t, { topology: topology({ lags }), ...parts });
  return tracks(made, outages(made)).tracks.filter((each) => each.group === group).map((each) => [each.name, ...each.spans.map((s) => [s.from / S, s.to / S, s.tone, s.text])]);
}

/** The bond comes up with both members at 2 s. */
function up(): TraceMaker {
  const t = new TraceMaker();
  t.add(2000, abi.T_LAG, BOND, 0, 1, 1);
  for (const member of [ETH0, ETH1]) t.add(2000, abi.T_MEMBER, member, 0, 0, 3);
  return t;
}

test("a bundle is good with all its members, a warning with fewer, bad when it is down", () => {
  const t = up();
  t.add(20000, abi.T_MEMBER, ETH0, 0, 3, 1); // it still collects, and sends no more
  t.add(30000, abi.T_MEMBER, ETH1, 0, 3, 0);
  t.add(30000, abi.T_LAG, BOND, 0, 0, 0);
  t.add(40000, abi.T_MEMBER, ETH1, 0, 0, 3);
  t.add(40000, abi.T_LAG, BOND, 0, 1, 1);
  t.add(50000, abi.T_MEMBER, ETH0, 0, 1, 3);
  assert.deepEqual(shown("Bundles", t), [["srv1:bond0",
    [10, 20, "good", "2 of 2 members send"], [20, 30, "warn", "1 of 2 members send"], [30, 40, "bad", "down"], [40, 50, "warn", "1 of 2 members send"], [50, 60, "good", "2 of 2 members send"],
  ]]);
});

test("what happens in the instant of the first step is what the step did", () => {
  const t = up();
  t.add(10000, abi.T_LAG, BOND, 0, 0, 0);
  assert.deepEqual(shown("Bundles", t), [["srv1:bond0", [10, 60, "bad", "down"]]]);
  assert.equal(tracks(run(t, { topology: topology({ lags }) }), []).still.find((s) => s.group === "Bundles")?.count, 1, "leaf1:Po11");
});

test("what happened before the first step is no track, but counts as still", () => {
  const made = run(up(), { topology: topology({ lags }) });
  const all = tracks(made, outages(made));
  assert.deepEqual(all.tracks.filter((each) => each.group === "Bundles"), []);
  assert.equal(all.still.find((s) => s.group === "Bundles")?.count, 2, "srv1:bond0 and leaf1:Po11");
});

test("a gateway: one is good, two are a split, none an outage", () => {
  const t = new TraceMaker();
  t.add(1000, abi.T_VRRP, 0, 0, abi.VRRP_BACKUP, abi.VRRP_MASTER);
  t.add(15000, abi.T_VRRP, 1, 0, abi.VRRP_BACKUP, abi.VRRP_MASTER);
  t.add(25000, abi.T_VRRP, 0, 0, abi.VRRP_MASTER, abi.VRRP_BACKUP);
  t.add(35000, abi.T_VRRP, 1, 0, abi.VRRP_MASTER, abi.VRRP_INITIALIZE);
  assert.deepEqual(shown("Gateways", t), [["vlan10", [10, 15, "good", "leaf1"], [15, 25, "warn", "leaf1 and leaf2"], [25, 35, "good", "leaf2"], [35, 60, "bad", "nobody"]]]);
});

test("services are shown where one has suffered; a flow that is down to the end says so", () => {
  const t = new TraceMaker();
  t.up(2000, 0);
  t.up(2000, 1);
  t.add(20000, abi.T_FLOW_DOWN, 0, 0, abi.DROP_LINK_DARK, 0, 0);
  assert.deepEqual(shown("Flows", t), [["web", [20, 60, "bad", "down until the end"]]]);
  assert.deepEqual(shown("Services", t), []);
});
