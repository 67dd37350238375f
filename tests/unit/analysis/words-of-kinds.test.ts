// What assembly/abi.ts says of each record's numbers, said in words: whichever of two values it has, and the name that is meant.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import { describer } from "../../../bindings/analysis/index.ts";
import * as words from "../../../bindings/analysis/words.ts";
import { names } from "./fixture.ts";

const describe = describer(names);
const ETH1 = 0, SRV_ETH0 = 2, SRV_ETH1 = 3; // ports of the fixture
const LAG = 1 << 28; // a bridge port that is a bundle
const MAC = 0x00700101;
const GATEWAY = 0x0a010a01; // 10.1.10.1

type Told = [kind: number, entity: number, a: number, b: number, c: number, line: string, sentence: string];

function tells(rows: Told[]): void {
  for (const [kind, entity, a, b, c, line, sentence] of rows) {
    const told = describe({ id: 1, at: 0n, kind, entity, cause: 0, a, b, c });
    assert.equal([told.node, told.protocol, told.change, told.place].filter((part) => part !== "").join(" "), line);
    assert.equal(told.sentence, sentence);
  }
}

test("links, bonds and bundles", () => tells([
  [abi.T_CARRIER, ETH1, 1, 0, 0, "leaf1 link carrier present port Eth1", "leaf1:Eth1 carrier present"],
  [abi.T_CARRIER, ETH1, 0, 0, 0, "leaf1 link carrier lost port Eth1", "leaf1:Eth1 carrier lost"],
  [abi.T_MII, SRV_ETH0, abi.MII_DOWN, abi.MII_BACK, 0, "srv1 mii DOWN>BACK port eth0", "srv1:eth0 bond's MII state BACK: up delay runs"],
  [abi.T_MEMBER, SRV_ETH0, 3, 2, 0, "srv1 lag member COLLECTING+DISTRIBUTING>DISTRIBUTING port eth0", "srv1:eth0 as a member: sends only"],
  [abi.T_LAG, 0, 1, 1, 0, "srv1 lag up 1 member lag bond0", "srv1:bond0 is up with 1 usable member"],
  [abi.T_LAG, 0, 0, 2, 0, "srv1 lag down 2 members lag bond0", "srv1:bond0 is down (2 usable members)"],
  [abi.T_BOND_ACTIVE, 0, SRV_ETH0, SRV_ETH1, 0, "srv1 bond active srv1:eth0>srv1:eth1 lag bond0", "srv1:bond0 active member is now srv1:eth1"],
  [abi.T_BOND_ACTIVE, 0, -1, 0, 0, "srv1 bond active none>leaf1:Eth1 lag bond0", "srv1:bond0 active member is now leaf1:Eth1"],
  [abi.T_RLB_CLIENT, 0, GATEWAY, SRV_ETH1, 0, "srv1 bond client 10.1.10.1 srv1:eth1 lag bond0", "srv1:bond0 tells 10.1.10.1 to send to srv1:eth1"],
  [abi.T_BOND_MAC, 0, SRV_ETH1, MAC, 0, "srv1 bond mac ..:00:70:01:01 srv1:eth1 lag bond0", "srv1:bond0 speaks with ..:00:70:01:01 by srv1:eth1"],
]));

test("LACP: a time-out, a beginning and an answer are three things", () => tells([
  [abi.T_LACP_RX, SRV_ETH0, abi.RX_CURRENT, abi.RX_EXPIRED, 0, "srv1 lacp rx CURRENT>EXPIRED port eth0", "srv1:eth0 LACP receive EXPIRED: no LACPDU within the timeout"],
  [abi.T_LACP_RX, SRV_ETH0, abi.RX_PORT_DISABLED, abi.RX_EXPIRED, 0, "srv1 lacp rx PORT_DISABLED>EXPIRED port eth0", "srv1:eth0 LACP receive EXPIRED: enabled, nothing heard yet"],
  [abi.T_LACP_RX, SRV_ETH0, abi.RX_EXPIRED, abi.RX_DEFAULTED, 0, "srv1 lacp rx EXPIRED>DEFAULTED port eth0", "srv1:eth0 LACP receive DEFAULTED: no partner, own defaults"],
  [abi.T_LACP_RX, SRV_ETH0, abi.RX_DEFAULTED, abi.RX_CURRENT, 0, "srv1 lacp rx DEFAULTED>CURRENT port eth0", "srv1:eth0 LACP receive CURRENT: LACPDU heard"],
  [abi.T_LACP_RX, SRV_ETH0, abi.RX_CURRENT, abi.RX_PORT_DISABLED, 0, "srv1 lacp rx CURRENT>PORT_DISABLED port eth0", "srv1:eth0 LACP receive PORT_DISABLED"],
  [abi.T_LACP_CHURN, SRV_ETH0, 0, 2, 0, "srv1 lacp actor churn CHURN port eth0", "srv1:eth0 LACP actor churn CHURN"],
  [abi.T_LACP_CHURN, SRV_ETH0, 1, 1, 0, "srv1 lacp partner churn NO_CHURN port eth0", "srv1:eth0 LACP partner churn NO_CHURN"],
  [abi.T_LACP_SELECTED, SRV_ETH1, abi.UNSELECTED, abi.SELECTED, ETH1, "srv1 lacp selected UNSELECTED>SELECTED port eth1", "srv1:eth1 LACP SELECTED (aggregator of leaf1:Eth1)"],
  [abi.T_LACP_SELECTED, SRV_ETH1, abi.SELECTED, abi.UNSELECTED, SRV_ETH0, "srv1 lacp selected SELECTED>UNSELECTED port eth1", "srv1:eth1 LACP UNSELECTED"],
  [abi.T_LACP_SELECTED, SRV_ETH1, abi.UNSELECTED, abi.SELECTED, -1, "srv1 lacp selected UNSELECTED>SELECTED port eth1", "srv1:eth1 LACP SELECTED"],
  [abi.T_AGGREGATOR, 0, SRV_ETH0, -1, 0, "srv1 lacp aggregator srv1:eth0>none lag bond0", "srv1:bond0 active aggregator is now none"],
]));

test("MC-LAG", () => tells([
  [abi.T_MLAG_ROLE, 1, abi.MLAG_SECONDARY, abi.MLAG_PRIMARY, 0, "leaf2 mlag role SECONDARY>PRIMARY", "leaf2 MC-LAG role PRIMARY"],
  [abi.T_MLAG_PEERLINK, 0, 1, 1, 0, "leaf1 mlag peer-link up", "leaf1 sees its peer-link up"],
  [abi.T_MLAG_PEERLINK, 0, 0, 0, 0, "leaf1 mlag peer-link down", "leaf1 sees its peer-link down"],
  [abi.T_MLAG_PEERLINK, 0, 0, 1, 0, "leaf1 mlag peer-link silent", "leaf1 hears no hello over the peer-link, whose carrier is there: it is taken for lost"],
  [abi.T_MLAG_KEEPALIVE, 0, 1, 0, 0, "leaf1 mlag keepalive heard", "leaf1 hears its peer's keepalive"],
  [abi.T_MLAG_KEEPALIVE, 0, 0, 0, 0, "leaf1 mlag keepalive silent", "leaf1 no longer hears its peer's keepalive"],
  [abi.T_MLAG_SUSPEND, 1, 1, abi.SUSPEND_ALONE, 0, "leaf1 mlag suspend lag Po11", "leaf1:Po11 is suspended: booted without hearing the peer"],
  [abi.T_MLAG_SUSPEND, 1, 0, abi.SUSPEND_ALONE, 0, "leaf1 mlag restore lag Po11", "leaf1:Po11 is restored (was suspended: booted without hearing the peer)"],
  [abi.T_MLAG_LEG, 1, 1, 0, 0, "leaf1 mlag other leg up lag Po11", "leaf1:Po11 hears that the other peer's leg is up"],
  [abi.T_MLAG_LEG, 1, 0, 0, 0, "leaf1 mlag other leg down lag Po11", "leaf1:Po11 hears that the other peer's leg is down"],
]));

test("switching and spanning tree: a bridge port is a port or a bundle", () => tells([
  [abi.T_FDB_FLUSH, ETH1, 1, abi.FLUSH_AGED, 0, "leaf1 fdb flush 1 (aged out) port Eth1", "leaf1:Eth1 1 MAC table entry removed: aged out"],
  [abi.T_FDB_FLUSH, ETH1, 2, abi.FLUSH_CARRIER, 0, "leaf1 fdb flush 2 (carrier lost) port Eth1", "leaf1:Eth1 2 MAC table entries removed: carrier lost"],
  [abi.T_STP_ROOT, 1, MAC, 2000, LAG | 1, "leaf2 stp root ..:00:70:01:01 cost 2000", "leaf2 takes ..:00:70:01:01 for the root bridge, cost 2000 by leaf1:Po11"],
  [abi.T_STP_ROOT, 1, MAC, 2000, 0, "leaf2 stp root ..:00:70:01:01 cost 2000", "leaf2 takes ..:00:70:01:01 for the root bridge, cost 2000 by leaf1:Eth1"],
  [abi.T_STP_ROOT, 1, MAC, 0, -1, "leaf2 stp root itself cost 0", "leaf2 takes itself for the root bridge"],
  [abi.T_STP_TC, LAG | 1, 0, 0, 0, "leaf1 stp topology change detected lag Po11", "leaf1:Po11 detects a topology change"],
  [abi.T_STP_TC, ETH1, 1, 0, 0, "leaf1 stp topology change heard of port Eth1", "leaf1:Eth1 hears of a topology change"],
  [abi.T_STP_TC, LAG, 1, 0, 0, "srv1 stp topology change heard of lag bond0", "srv1:bond0 hears of a topology change"],
  [abi.T_STORM, 0, abi.STORM_FOUND, 10, ETH1, "leaf1 storm storm found vlan 10", "loop in VLAN 10: a frame that leaf1 flooded came back by leaf1:Eth1"],
  [abi.T_STORM, 0, abi.STORM_COPIES, 1000, 90, "leaf1 storm 1000 copies", "one frame has made 1000 copies in 90 µs"],
  [abi.T_STORM, 0, abi.STORM_GROWTH, 700, 90, "leaf1 storm 700 frames/ms", "its copies go at 700 frames a ms and doubled in 90 ns"],
  [abi.T_STORM, 0, abi.STORM_OVER, 10, 0, "leaf1 storm storm over vlan 10", "VLAN 10 has no loop any more: the storm is over"],
]));

test("routing and gateways", () => tells([
  [abi.T_ADJACENCY, ETH1, 1, 0, 0, "leaf1 route adjacency up port Eth1", "leaf1:Eth1 routing adjacency up"],
  [abi.T_ADJACENCY, ETH1, 0, 0, 0, "leaf1 route adjacency down port Eth1", "leaf1:Eth1 routing adjacency down"],
  [abi.T_ROUTE, 0, 0, 1, 0, "leaf1 route 10.1.10.0/24 1 next hop", "leaf1 has 1 next hop for 10.1.10.0/24"],
  [abi.T_ROUTE, 0, 0, 0, 0, "leaf1 route 10.1.10.0/24 0 next hops", "leaf1 has 0 next hops for 10.1.10.0/24"],
  [abi.T_TRACK, 0, 1, 90, 110, "leaf1 track up 90>110 vlan20 uplinks", "vlan20@leaf1 uplinks is up: 90 becomes 110"],
  [abi.T_TRACK, 0, 0, 110, 90, "leaf1 track down 110>90 vlan20 uplinks", "vlan20@leaf1 uplinks is down: 110 becomes 90"],
  [abi.T_FORWARDER, 0, 1, 2, 3 | abi.FORWARDER_WHY_ASSIGNED << 8, "leaf1 glbp forwarder 3 LISTEN>ACTIVE vlan20", "vlan20@leaf1 GLBP forwarder 3 ACTIVE: given out by the AVG"],
  [abi.T_PROXY_ARP, 0, GATEWAY, GATEWAY + 1, 0, "leaf1 arp proxy 10.1.10.1 if vlan10", "leaf1 vlan10 answers 10.1.10.2 for 10.1.10.1 (proxy ARP)"],
  [abi.T_GARP, 1, GATEWAY, 2, 0, "srv1 arp garp 10.1.10.1 x2 if eth0", "srv1:eth0 announces 10.1.10.1 (2 gratuitous ARPs)"],
]));

test("flows and services: forward and back, one and several", () => tells([
  [abi.T_FLOW_UP, 2, 1, 0, 0, "- flow up 1 hop db forward", "flow db forward is up over 1 hop"],
  [abi.T_FLOW_UP, 3, 4, 0, 0, "- flow up 4 hops db back", "flow db back is up over 4 hops"],
  [abi.T_FLOW_DOWN, 0, abi.DROP_NO_ARP, 3, -1, "srv2 flow down no-arp web forward", "flow web forward is down: next hop not resolved at srv2"],
  [abi.T_FLOW_DOWN, 0, abi.DROP_LINK_DARK, 2, SRV_ETH0, "srv1 flow down link-dark web forward", "flow web forward is down: sent into a dead link, loss not noticed yet at srv1:eth0"],
  [abi.T_FLOW_DOWN, 0, abi.DROP_NONE, -1, -1, "- flow down none web forward", "flow web forward is down: not up yet"],
  [abi.T_FLOW_SHARE, 0, 1, 2, 0, "- flow share 1/2 web forward", "flow web forward is degraded: of 2 members that send, the frames of 1 arrive"],
  [abi.T_SERVICE_CHECK, 0, 1, 0, 0, "- service check passing erp", "health check of service erp (primary) is passing"],
  [abi.T_SERVICE_CHECK, 0, 0, 1, 0, "- service check failing erp", "health check of service erp (standby) is failing"],
  [abi.T_SERVICE, 0, 0, 1, 0, "- service primary>standby erp", "service erp is sent to its standby"],
]));

test("faults name their end, their target and what a virtual NIC suffers", () => {
  tells([
    [abi.T_FAULT, 0, abi.FAULT_SILENT, abi.TARGET_LINK, 1, "- fault silent link leaf1:Eth1--srv1:eth0", "link leaf1:Eth1--srv1:eth0 drops frames from leaf1:Eth1 to srv1:eth0, carrier stays"],
    [abi.T_FAULT, 0, abi.FAULT_SILENT, abi.TARGET_LINK, 2, "- fault silent link leaf1:Eth1--srv1:eth0", "link leaf1:Eth1--srv1:eth0 drops frames from srv1:eth0 to leaf1:Eth1, carrier stays"],
    [abi.T_FAULT, 0, abi.FAULT_CARRIER, abi.TARGET_LINK, 2, "- fault carrier link leaf1:Eth1--srv1:eth0", "link leaf1:Eth1--srv1:eth0 loses carrier at srv1:eth0 only"],
    [abi.T_FAULT, ETH1, abi.FAULT_CARRIER, abi.TARGET_PORT, 3, "leaf1 fault carrier port leaf1:Eth1", "port leaf1:Eth1 loses carrier"],
    [abi.T_FAULT, 0, abi.FAULT_DOWN, abi.TARGET_LAG, 0, "srv1 fault down lag srv1:bond0", "bond srv1:bond0 is set down"],
    [abi.T_FAULT, 3, abi.FAULT_REPAIR, abi.TARGET_NODE, 0, "srv2 fault repair node srv2", "srv2 is powered on"],
    [abi.T_FAULT, 0, abi.FAULT_SLOW, abi.TARGET_LINK, 300, "- fault slow link leaf1:Eth1--srv1:eth0", "link leaf1:Eth1--srv1:eth0 is slow: frames take 300us"],
  ]);
});

test("every reason that the engine gives has words", () => {
  const families: [prefix: RegExp, words: Record<number, unknown>][] = [
    [/^FAULT_/, words.FAULT_OPS], [/^DROP_/, words.DROPS], [/^VRRP_WHY_/, words.VRRP_WHY], [/^HSRP_WHY_/, words.HSRP_WHY], [/^FORWARDER_WHY_/, words.FORWARDER_WHY],
    [/^FLUSH_/, words.FLUSH_WHY], [/^SUSPEND_/, words.SUSPEND_WHY], [/^TARGET_/, words.TARGET_KINDS], [/^STP_GUARD_/, words.STP_GUARDS],
  ];
  const without = families.flatMap(([prefix, known]) => Object.entries(abi).filter(([name, value]) => prefix.test(name) && known[value as number] === undefined).map(([name]) => name));
  assert.deepEqual(without, ["FAULT_ACTIVATE"]); // no step of a file: recorded failovers are replayed with it, whose traces nobody reads
});
