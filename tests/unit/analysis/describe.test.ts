import assert from "node:assert/strict";
import { test } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import { describer } from "../../../bindings/analysis/index.ts";
import { KINDS } from "../../../bindings/analysis/words.ts";
import type { Lag } from "../../../bindings/topology/model.ts";
import { names, topology } from "./fixture.ts";

const record = (kind: number, entity = 0, a = 0, b = 0, c = 0) => ({ id: 1, at: 0n, kind, entity, cause: 0, a, b, c });
const kinds = Object.entries(abi).filter(([name]) => /^T_[A-Z]/.test(name)) as [string, number][];

test("every record kind has words and a stable name", () => {
  const describe = describer(names);
  for (const [name, kind] of kinds) {
    const words = describe(record(kind));
    assert.doesNotMatch(words.sentence, /unknown kind|undefined/, name);
    assert.ok(words.protocol.length > 0 && words.change.length > 0, name);
    assert.notEqual(KINDS[kind], undefined, name);
  }
});

test("out-of-range numbers are printed, not hidden", () => {
  const describe = describer(names);
  for (const [name, kind] of kinds) {
    const { sentence, change, place } = describe(record(kind, 9999, 9999, 9999, 9999));
    assert.doesNotMatch(`${sentence} ${change} ${place}`, /undefined/, name);
  }
  assert.match(describe(record(999)).sentence, /unknown kind 999/);
});

test("LACP timeout is named where the topology tells it", () => {
  const lag = (fast: boolean) => ({ node: "srv1", members: ["eth0"], lacp: { fast } }) as unknown as Lag;
  const expired = record(abi.T_LACP_RX, 2, abi.RX_CURRENT, abi.RX_EXPIRED);
  assert.match(describer(names, topology({ lags: [lag(true)] }))(expired).sentence, /no LACPDU for 3 s$/);
  assert.match(describer(names, topology({ lags: [lag(false)] }))(expired).sentence, /no LACPDU for 90 s$/);
});

test("words of single kinds", () => {
  const say = (kind: number, entity = 0, a = 0, b = 0, c = 0) => describer(names)(record(kind, entity, a, b, c)).sentence;
  assert.equal(say(abi.T_FAULT, 0, abi.FAULT_FAIL, abi.TARGET_NODE), "leaf1 crashes");
  assert.equal(say(abi.T_FAULT, 1, abi.FAULT_LOSS, abi.TARGET_LINK, 1000), "link leaf2:Eth1--srv1:eth1 loses 1000 frames of a million");
  assert.equal(say(abi.T_VRRP, 1, abi.VRRP_BACKUP, abi.VRRP_MASTER, abi.VRRP_WHY_TIMER), "vlan10@leaf2 VRRP MASTER: no advertisement until the master-down timer ran out");
  assert.equal(say(abi.T_GARP, 0, 0x0a010a01 | 0, 1), "leaf1 vlan10 announces 10.1.10.1 (1 gratuitous ARP)");
  assert.equal(say(abi.T_FDB_MOVE, 0, 0, (1 << 28) + 1, 0x700101), "leaf1 learns ..:00:70:01:01 on leaf1:Po11 (was leaf1:Eth1)");
  assert.equal(say(abi.T_BOND_ACTIVE, 0, 2, -1), "srv1:bond0 has no active member");
  assert.equal(say(abi.T_MLAG_SUSPEND, 1, 1, abi.SUSPEND_PEERLINK), "leaf1:Po11 is suspended: secondary, the peer-link is lost and the primary is alive");
  assert.match(say(abi.T_LACP_PARTNER, 0, 0x0001aabb, 15, 0x3d), /\.\.:00:01:aa:bb key 15 A-GSCD--$/);
});
