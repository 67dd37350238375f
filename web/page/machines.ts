// The machines of one port, by the names of their standards: what the clicked end of a cable is going through.

import * as abi from "../../assembly/abi.ts";
import {
  LACP_ACTOR_CHURN, LACP_ENABLED, LACP_KEY, LACP_MUX, LACP_NUMBER, LACP_PARTNER_CHURN, LACP_PARTNER_KEY, LACP_PARTNER_NUMBER, LACP_PARTNER_STATE, LACP_PARTNER_SYSTEM, LACP_RX, LACP_SELECTED, LACP_STATE, LACP_PERIODIC, LACP_CURRENT_WHILE_AT, LACP_PERIODIC_AT, LACP_WAIT_WHILE_AT, LACP_CHURN_AT,
  MEMBER_FAILURES, MEMBER_MII, MEMBER_USABLE, PORT_ADMIN, PORT_CARRIER, STATE_LACP, STATE_MEMBER, STATE_PORT, STATE_STP_PORT, STP_PORT_ROLE, STP_PORT_STATE, PORT_STP, STP_PORT_HELLO_AT, STP_PORT_INFO_AT, STP_PORT_FD_AT, STP_PORT_RR_AT, STP_PORT_TC_AT, STP_PORT_MESSAGE_AGE_AT, STP_PORT_FORWARD_DELAY_AT,
} from "../../assembly/abi-state.ts";
import { CHURN_STATES, lacpFlags, MEMBER_STATES, MII_STATES, MUX_STATES, nameAt, PERIODIC_STATES, RX_STATES, SELECTED_STATES, STP_ROLES, STP_STATES } from "../../bindings/analysis/words.ts";
import { duration } from "../../bindings/report/format.ts";
import { macText, type Row, State } from "../../bindings/show/state.ts";
import type { Fact, Inspection } from "./messages.ts";

type Machines = Inspection["machines"];

export function machinesOf(state: State, port: string): Machines {
  const node = port.slice(0, port.indexOf(":"));
  const index = state.moment.tables.names.ports.indexOf(port);
  if (index < 0) return [];
  const row = state.row(STATE_PORT, index);
  const carrier = row.of(PORT_CARRIER) === 1;
  const found: Machines = [{ title: port, facts: [
    { name: "carrier", value: carrier ? "present" : "lost", tone: carrier ? "good" : "bad" },
    { name: "administratively", value: row.of(PORT_ADMIN) === 1 ? "up" : "down" },
    ...far(state, port),
  ] }];
  for (const at of state.lagsOf(node)) {
    const member = at.members.find((m) => m.port === index);
    if (member === undefined) continue;
    const own = state.row(STATE_MEMBER, member.row);
    const usable = own.of(MEMBER_USABLE);
    found.push({ title: `member of ${at.lag.name} (${at.lag.mode})`, facts: [
      { name: "frames", value: nameAt(MEMBER_STATES, usable).toLowerCase(), tone: usable === 3 ? "good" : "warn" },
      ...(at.lag.linux ? [{ name: "MII", value: nameAt(MII_STATES, own.of(MEMBER_MII)) }, { name: "link failures", value: String(own.of(MEMBER_FAILURES)) }] : []),
    ] });
    if (at.lag.mode === "802.3ad") found.push({ title: "LACP", facts: lacp(state, member.row, at.lag.lacp?.fast === true) });
  }
  const tree = row.of(PORT_STP);
  if (tree >= 0) {
    const of = state.row(STATE_STP_PORT, tree);
    found.push({ title: "spanning tree", facts: [
      { name: "role", value: nameAt(STP_ROLES, of.of(STP_PORT_ROLE)) }, { name: "state", value: nameAt(STP_STATES, of.of(STP_PORT_STATE)) }, ...timers(state, of, STP_TIMERS),
    ] });
  }
  return found;
}

/** Timers by the names of their clauses, and the columns that hold their ends: 802.1AX-2008 5.4.4, 802.1D-2004 17.17, 802.1D-1998 8.5.6. */
const LACP_TIMERS: [string, number][] = [["current_while_timer", LACP_CURRENT_WHILE_AT], ["periodic_timer", LACP_PERIODIC_AT], ["wait_while_timer", LACP_WAIT_WHILE_AT], ["churn timers", LACP_CHURN_AT]];
const STP_TIMERS: [string, number][] = [
  ["helloWhen", STP_PORT_HELLO_AT], ["rcvdInfoWhile", STP_PORT_INFO_AT], ["fdWhile", STP_PORT_FD_AT], ["rrWhile", STP_PORT_RR_AT], ["tcWhile", STP_PORT_TC_AT],
  ["message age timer", STP_PORT_MESSAGE_AGE_AT], ["forward delay timer", STP_PORT_FORWARD_DELAY_AT],
];

/** Those that run, and for how long yet. */
function timers(state: State, row: Row, columns: [string, number][]): Fact[] {
  return columns.flatMap(([name, column]) => {
    const left = state.until(row.wide(column));
    return left === null || left === 0n ? [] : [{ name, value: `runs out in ${duration(left)}` }];
  });
}

function far(state: State, port: string): Fact[] {
  const link = state.moment.topology.links.find((l) => l.a === port || l.b === port);
  return link === undefined ? [] : [{ name: "cabled to", value: link.a === port ? link.b : link.a }];
}

/** 802.1AX, 6.4: current_while is three times the interval that the partner was asked for. */
function lacp(state: State, member: number, fast: boolean): Fact[] {
  const p = state.row(STATE_LACP, member);
  if (p.of(LACP_ENABLED) !== 1) return [{ name: "LACP", value: "not on this port" }];
  const rx = p.of(LACP_RX);
  const mux = p.of(LACP_MUX);
  return [
    { name: "receive machine", value: nameAt(RX_STATES, rx), tone: rx === abi.RX_CURRENT ? "good" : "bad" },
    { name: "mux machine", value: nameAt(MUX_STATES, mux), tone: mux === abi.MUX_COLLECTING_DISTRIBUTING || mux === abi.MUX_DISTRIBUTING ? "good" : "warn" },
    { name: "selection", value: nameAt(SELECTED_STATES, p.of(LACP_SELECTED)) },
    ...(p.of(LACP_PERIODIC) === abi.PERIODIC_NONE ? [] : [{ name: "periodic machine", value: nameAt(PERIODIC_STATES, p.of(LACP_PERIODIC)) }]),
    ...timers(state, p, LACP_TIMERS),
    { name: "timeout of the partner", value: fast ? "short: 3 s, it sends every 1 s" : "long: 90 s, it sends every 30 s" },
    { name: "actor", value: `key ${p.of(LACP_KEY)}, port ${p.of(LACP_NUMBER)}, state ${lacpFlags(p.of(LACP_STATE))}` },
    { name: "partner", value: `${macText(p.wide(LACP_PARTNER_SYSTEM))}, key ${p.of(LACP_PARTNER_KEY)}, port ${p.of(LACP_PARTNER_NUMBER)}, state ${lacpFlags(p.of(LACP_PARTNER_STATE))}` },
    { name: "churn", value: `actor ${nameAt(CHURN_STATES, p.of(LACP_ACTOR_CHURN))}, partner ${nameAt(CHURN_STATES, p.of(LACP_PARTNER_CHURN))}` },
  ];
}
