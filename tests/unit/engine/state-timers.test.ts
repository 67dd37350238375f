// Timers as they are read from outside: those that run, and when they run out, also of who rests.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import {
  LACP_CURRENT_WHILE_AT, LACP_PERIODIC, LACP_PERIODIC_AT, LACP_RX, LACP_WAIT_WHILE_AT, STATE_LACP, STATE_STP_PORT, STATE_VRRP, STP_PORT_HELLO_AT, STP_PORT_INFO_AT, STP_PORT_ROLE, VRRP_ADVER_AT, VRRP_DOWN_AT, VRRP_STATE,
} from "../../../assembly/abi-state.ts";
import { Session } from "../../../bindings/engine/index.ts";
import { State, type Row } from "../../../bindings/show/state.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";

const FILE = `
dualhome: 1
defaults: {link: {speed: 10G, delay: 1us, loss-detect: 10ms}, switch: {boot: 10s, stp: {mode: rstp}}, lacp: {rate: fast}}
networks: {a: {vlan: 10, subnet: 10.1.1.0/24}}
nodes:
  sw1..2: {kind: leaf}
  srv1: {kind: server, network: a}
links:
  - {endpoints: ["sw1:Eth49", "sw2:Eth49"], networks: [a]}
bonds: {srv1:bond0: {to: sw1, members: [eth0, eth1], mode: 802.3ad, lacp-rate: fast}}
gateways: {a: {protocol: vrrp, version: 3, vrid: 10, vip: 10.1.1.1, routers: {sw1: 110, sw2: 100}, advert-interval: 1s}}
scenarios: {silent: [{at: 60s, silent: "sw1:Eth1--srv1:eth0"}]}
`;
const S = 1_000_000_000n;
const parsed = parseTopology(FILE, "timers.dh.yaml");
if (!("topology" in parsed)) assert.fail(JSON.stringify(parsed.problems));
const { topology } = parsed;

async function stateAt(ns: bigint): Promise<State> {
  const session = await Session.open(topology, topology.scenarios[0]!);
  await session.runTo(ns);
  return new State(session.moment());
}
const left = (state: State, row: Row, column: number): bigint => state.until(row.wide(column)) ?? -1n;
const within = (value: bigint, low: bigint, high: bigint): void => assert.ok(value > low && value <= high, `${value} is not in ${low}..${high}`);
/** Of the member srv1:eth0. */
function lacp(state: State): Row {
  const bond = state.lagsOf("srv1")[0]!;
  return state.row(STATE_LACP, bond.members[0]!.row);
}

test("LACP: current_while within the short timeout, periodic within a second; wait_while does not run", async () => {
  const state = await stateAt(50n * S);
  const p = lacp(state);
  assert.equal(p.of(LACP_RX), abi.RX_CURRENT);
  assert.equal(p.of(LACP_PERIODIC), abi.PERIODIC_FAST);
  within(left(state, p, LACP_CURRENT_WHILE_AT), 2n * S - S / 5n, 3n * S + S / 10n); // the last was heard within a second; Linux counts ticks of 100 ms
  within(left(state, p, LACP_PERIODIC_AT), -1n, S + S / 5n);
  assert.equal(left(state, p, LACP_WAIT_WHILE_AT), -1n);
});

test("LACP: a silent cable lets current_while run down, second by second", async () => {
  const at = await Promise.all([61n, 62n].map(async (s) => { const state = await stateAt(s * S); return left(state, lacp(state), LACP_CURRENT_WHILE_AT); }));
  assert.equal(at[0]! - at[1]!, S);
  within(at[1]!, 0n, S + S / 10n);
});

test("VRRP: the Master's Adver_Timer, the Backup's Master_Down_Timer", async () => {
  const state = await stateAt(50n * S);
  const rows = state.rows(STATE_VRRP);
  const master = rows.find((r) => r.of(VRRP_STATE) === abi.VRRP_MASTER)!;
  const backup = rows.find((r) => r.of(VRRP_STATE) === abi.VRRP_BACKUP)!;
  within(left(state, master, VRRP_ADVER_AT), -1n, S);
  within(left(state, backup, VRRP_DOWN_AT), 2n * S, 3n * S + (156n * S) / 256n);
});

test("RSTP: helloWhen of a designated port, rcvdInfoWhile of a root port", async () => {
  const state = await stateAt(50n * S);
  const rows = state.rows(STATE_STP_PORT);
  within(left(state, rows.find((r) => r.of(STP_PORT_ROLE) === abi.STP_ROLE_DESIGNATED)!, STP_PORT_HELLO_AT), -1n, 2n * S);
  within(left(state, rows.find((r) => r.of(STP_PORT_ROLE) === abi.STP_ROLE_ROOT)!, STP_PORT_INFO_AT), 3n * S, 6n * S);
});
