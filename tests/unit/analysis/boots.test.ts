// The story of a server that boots over the network, read from a trace that is written by hand.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import { boots } from "../../../bindings/analysis/index.ts";
import type { Topology } from "../../../bindings/topology/model.ts";
import { ms, run, topology, TraceMaker } from "./fixture.ts";

const SRV1 = 2, SRV2 = 3; // nodes of the fixture; the ports 2 and 3 are srv1's eth0 and eth1
const ETH0 = 2, ETH1 = 3;
const both = { topology: topology({ boots: [{ server: "srv1" }, { server: "srv2" }] as unknown as NonNullable<Topology["boots"]> }) };

/** srv1 is switched on at 5 s, tries eth0 in vain, boots by eth1 and is up at 65 s. */
function booted(): TraceMaker {
  const t = new TraceMaker();
  t.add(5000, abi.T_PXE, SRV1, 0, abi.PXE_OFF, abi.PXE_POST, -1);
  t.add(6000, abi.T_CARRIER, SRV1, 0, 1); // a port with the number of the node
  t.add(7000, abi.T_PXE, SRV1, 0, abi.PXE_POST, abi.PXE_DISCOVER, ETH0);
  t.add(8000, abi.T_PXE_FAILED, SRV1, 0, abi.PXE_WHY_UNHEARD, -1, abi.DROP_NONE);
  t.add(9000, abi.T_PXE, SRV1, 0, abi.PXE_DISCOVER, abi.PXE_DISCOVER, ETH1);
  t.add(10000, abi.T_PXE, SRV1, 0, abi.PXE_REQUEST, abi.PXE_LOADING, ETH1);
  t.add(10000, abi.T_PXE_LOAD, SRV1, 0, abi.LOAD_BEGIN, 1000, 1);
  t.add(30000, abi.T_PXE_LOAD, SRV1, 0, abi.LOAD_DONE, 1000, 1);
  t.add(30000, abi.T_PXE, SRV1, 0, abi.PXE_LOADING, abi.PXE_OS, -1); // the NIC has done its work
  t.add(65000, abi.T_PXE, SRV1, 0, abi.PXE_BOND, abi.PXE_BOOTED, -1);
  return t;
}

test("times count from power on, the NIC is the one that loaded", () => {
  const [b] = boots(run(booted(), both));
  assert.deepEqual([b!.powerNs, b!.bootedNs, b!.state, b!.nic], [ms(5000), ms(60000), "BOOTED", "eth1"]);
});

test("what was loaded halfway was not booted from", () => {
  const t = new TraceMaker();
  t.add(5000, abi.T_PXE, SRV1, 0, abi.PXE_OFF, abi.PXE_POST, -1);
  t.add(6000, abi.T_PXE, SRV1, 0, abi.PXE_REQUEST, abi.PXE_LOADING, ETH0);
  t.add(6000, abi.T_PXE_LOAD, SRV1, 0, abi.LOAD_BEGIN, 1000, 1);
  const [b] = boots(run(t, both));
  assert.deepEqual([b!.nic, b!.state, b!.bootedNs], [null, "LOADING", null]);
});

test("a failed attempt has the NIC that it was made by; before the first NIC there is none", () => {
  const [b] = boots(run(booted(), both));
  assert.deepEqual(b!.failures.map((f) => [f.atNs, f.nic, f.key]), [[ms(8000), "eth0", "unheard"]]);
  const t = new TraceMaker();
  t.add(5000, abi.T_PXE, SRV1, 0, abi.PXE_OFF, abi.PXE_POST, -1);
  t.add(6000, abi.T_PXE_FAILED, SRV1, 0, abi.PXE_WHY_NO_LINK, -1, abi.DROP_NONE);
  assert.deepEqual(boots(run(t, both))[0]!.failures.map((f) => [f.nic, f.key]), [[null, "no-link"]]);
});

test("the timeline is the server's own: no port or other node of its number, no server that does not boot", () => {
  const t = booted();
  t.add(66000, abi.T_PXE, 0, 0, abi.PXE_OFF, abi.PXE_POST, -1); // leaf1, which is none of those that boot
  t.add(70000, abi.T_PXE, SRV2, 0, abi.PXE_OFF, abi.PXE_POST, -1);
  const [one, two] = boots(run(t, both));
  assert.deepEqual(one!.timeline.map((e) => [e.atNs, e.text]), [
    [ms(5000), "self-test"], [ms(7000), "firmware tries eth0"], [ms(8000), "boot failed: DHCP had no answer: the server was not reached; the way is open by now"],
    [ms(9000), "firmware tries eth1"], [ms(10000), "loading"], [ms(10000), "loads 1.0 MB"], [ms(30000), "has loaded 1.0 MB"],
    [ms(30000), "the operating system starts from the disk"], [ms(65000), "booted: the network is up"],
  ]);
  assert.deepEqual([two!.powerNs, two!.bootedNs, two!.timeline.map((e) => e.text)], [ms(70000), null, ["self-test"]]);
});

test("a server that is switched on again keeps the first of its times", () => {
  const t = booted();
  t.add(80000, abi.T_PXE, SRV1, 0, abi.PXE_BOOTED, abi.PXE_POST, -1);
  t.add(140000, abi.T_PXE, SRV1, 0, abi.PXE_BOND, abi.PXE_BOOTED, -1);
  const [b] = boots(run(t, both));
  assert.deepEqual([b!.powerNs, b!.bootedNs], [ms(5000), ms(60000)]);
});
