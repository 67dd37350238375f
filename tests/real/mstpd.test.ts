// Sixty networks of RSTP bridges that mstpd, the spanning tree daemon of Linux switches, has lived (captures/mstpd), against the engine and against the model of
// clause 17 that holds the engine in storms.
//
//   - mstpd, the engine and the model settle alike: every role and every state, after the start, after a failure, after its repair;
//   - with what 802.1Q-2005 changed in it (mstpd/as-802.1q.ts) the model does what mstpd does: every BPDU, byte for byte, in the same second and order, every
//     flush, every state. So what that file says is all that the two editions, and the two authors, differ in.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runScenario } from "../../bindings/engine/index.ts";
import { BridgeAsIn8021Q } from "./mstpd/as-802.1q.ts";
import { digestOf, lifeOf, settledApart, type Life } from "./mstpd/lives.ts";
import { liveWithModel } from "./mstpd/model.ts";
import { networkOf, type Network } from "./mstpd/networks.ts";
import { lifeRecorded, readRecorded } from "./mstpd/recording.ts";

const recordings = readRecorded(new URL("captures/mstpd/lives.json", import.meta.url)).map((recorded) => ({ recorded, network: networkOf(recorded.spec), mstpd: lifeRecorded(recorded) }));
const settlesAlike = (network: Network, life: Life, mstpd: Life): void => {
  for (const phase of [0, 1, 2] as const) assert.deepEqual(settledApart(network, phase, life, mstpd), [], network.text);
};

test("mstpd and the engine settle alike", async () => {
  assert.ok(recordings.length >= 60);
  for (const { network, mstpd } of recordings) settlesAlike(network, lifeOf(await runScenario(network.topology, network.topology.scenarios[0]!), network), mstpd);
});

test("mstpd and the model of 802.1D-2004 settle alike, by other BPDUs: the comparison sees them", () => {
  for (const { recorded, network, mstpd } of recordings) {
    const life = liveWithModel(network);
    settlesAlike(network, life, mstpd);
    assert.notEqual(digestOf(network, life), recorded.digest, network.text);
  }
});

test("with what 802.1Q-2005 changed the model sends what mstpd sends, and flushes when it does", () => {
  for (const { recorded, network } of recordings) {
    const life = liveWithModel(network, BridgeAsIn8021Q);
    assert.equal(life.told.filter((t) => t.what === "bpdu").length, recorded.bpdus, network.text);
    assert.equal(digestOf(network, life), recorded.digest, network.text);
  }
});
