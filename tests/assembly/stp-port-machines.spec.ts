// 802.1D-2004, the machines of one port: receive (17.23), protocol migration (17.24), bridge detection (17.25), state
// transition (17.30) and topology change (17.31), each state with each combination of its inputs.

import { STP_DISCARDING, STP_FORWARDING, STP_LEARNING, STP_ROLE_ALTERNATE, STP_ROLE_BACKUP, STP_ROLE_DESIGNATED, STP_ROLE_DISABLED, STP_ROLE_ROOT, STP_RSTP } from "../../assembly/abi";
import * as change from "../../assembly/stp/change";
import * as edge from "../../assembly/stp/edge";
import * as migration from "../../assembly/stp/migration";
import { NEVER, SECOND, StpBridge, StpPort, portOf } from "../../assembly/stp/port";
import * as receive from "../../assembly/stp/receive";
import * as state from "../../assembly/stp/state";
import { BPDU_CONFIG, BPDU_RST, BPDU_TCN } from "../../assembly/wire/bpdu";
import { ANY, FORWARD_DELAY, HELLO, MAX_AGE, MIGRATE, Row, T0, bit, holds, left, makeBridge, named, successors } from "./stp-support";

const FORCED_STP: i32 = 99; // any mode but RSTP: rstpVersion is FALSE

// --- 17.23, figure 17-12 -------------------------------------------------------------------------------
// Inputs: BEGIN, rcvdBpdu, portEnabled, rcvdMsg, edgeDelayWhile = MigrateTime
const RECEIVE_TABLE: Row[] = [
  new Row(ANY, "1----", receive.DISCARD),
  new Row(ANY, "-10--", receive.DISCARD),
  new Row(ANY, "--0-0", receive.DISCARD),
  new Row(receive.DISCARD, "011--", receive.RECEIVE),
  new Row(receive.RECEIVE, "0110-", receive.RECEIVE),
];

function receiveRow(from: i32, word: u32): void {
  // DISCARD has cleared rcvdMsg and holds the timer; RECEIVE has started it.
  if (from == receive.DISCARD ? bit(word, 3) : bit(word, 4)) return;
  const row = named(from == receive.DISCARD ? "DISCARD" : "RECEIVE", word, 5);
  for (let type: u32 = 0; type <= BPDU_TCN; type += type == 0 ? 2 : 126) {
    const p = portOf(makeBridge(1, STP_RSTP), 0);
    p.receiveState = from; p.operEdge = true; p.msgType = type;
    p.begin = bit(word, 0); p.rcvdBpdu = bit(word, 1); p.portEnabled = bit(word, 2); p.rcvdMsg = bit(word, 3);
    p.edgeDelayAt = bit(word, 4) ? NEVER : T0 + SECOND;
    const may = successors(RECEIVE_TABLE, from, word);
    const moved = receive.run(p, T0);
    expect(moved).toBe(may != 0, row + ": moves");
    if (may == 0) {
      expect(p.receiveState).toBe(from, row);
      expect(left(p.edgeDelayAt, MIGRATE)).toBe(bit(word, 4) ? MIGRATE : SECOND, row + ": edgeDelayWhile");
      expect(p.operEdge).toBeTruthy(row + ": operEdge");
      continue;
    }
    const discards = (may & (1 << receive.DISCARD)) != 0;
    expect(p.receiveState).toBe(discards ? receive.DISCARD : receive.RECEIVE, row);
    expect(p.rcvdBpdu).toBe(false, row + ": rcvdBpdu");
    expect(p.rcvdMsg).toBe(!discards, row + ": rcvdMsg");
    expect(left(p.edgeDelayAt, MIGRATE)).toBe(MIGRATE, row + ": edgeDelayWhile");
    expect(p.operEdge).toBe(discards, row + ": operEdge");
    expect(p.rcvdRstp).toBe(!discards && type == BPDU_RST, row + ": rcvdRSTP"); // updtBPDUVersion, 17.21.22
    expect(p.rcvdStp).toBe(!discards && type != BPDU_RST, row + ": rcvdSTP");
  }
}

// --- 17.24, figure 17-15 -------------------------------------------------------------------------------
// Inputs: BEGIN, mdelayWhile = 0, mdelayWhile = MigrateTime, portEnabled, mcheck, rstpVersion, sendRSTP, rcvdRSTP, rcvdSTP
const MIGRATION_TABLE: Row[] = [
  new Row(ANY, "1--------", migration.CHECKING_RSTP),
  new Row(migration.CHECKING_RSTP, "-1-------", migration.SENSING),
  new Row(migration.CHECKING_RSTP, "--00-----", migration.CHECKING_RSTP),
  new Row(migration.SELECTING_STP, "-1-------", migration.SENSING),
  new Row(migration.SELECTING_STP, "---0-----", migration.SENSING),
  new Row(migration.SELECTING_STP, "----1----", migration.SENSING),
  new Row(migration.SENSING, "---0-----", migration.CHECKING_RSTP),
  new Row(migration.SENSING, "----1----", migration.CHECKING_RSTP),
  new Row(migration.SENSING, "-----101-"/* rstpVersion && !sendRSTP && rcvdRSTP */, migration.CHECKING_RSTP),
  new Row(migration.SENSING, "------1-1"/* sendRSTP && rcvdSTP */, migration.SELECTING_STP),
];
const MIGRATION_NAMES: string[] = ["CHECKING_RSTP", "SELECTING_STP", "SENSING"];

function migrationRow(from: i32, word: u32): void {
  if (bit(word, 1) && bit(word, 2)) return; // a timer is not both 0 and full
  const row = named(MIGRATION_NAMES[from], word, 9);
  const b = makeBridge(1, bit(word, 5) ? STP_RSTP : FORCED_STP);
  const p = portOf(b, 0);
  p.migrationState = from;
  p.begin = bit(word, 0); p.portEnabled = bit(word, 3); p.mcheck = bit(word, 4); p.sendRstp = bit(word, 6); p.rcvdRstp = bit(word, 7); p.rcvdStp = bit(word, 8);
  p.mdelayAt = bit(word, 1) ? T0 : bit(word, 2) ? NEVER : T0 + SECOND;
  if (from == migration.SELECTING_STP && bit(word, 2)) p.mdelayAt = T0 + MIGRATE; // nothing holds it there
  const may = successors(MIGRATION_TABLE, from, word);
  const wasRstp = p.sendRstp; const wasStp = p.rcvdStp; const before = left(p.mdelayAt, MIGRATE);
  const moved = migration.run(b, p, T0);
  expect(moved).toBe(may != 0, row + ": moves");
  if (may == 0) {
    expect(p.migrationState).toBe(from, row);
    expect(left(p.mdelayAt, MIGRATE)).toBe(before, row + ": mdelayWhile");
    return;
  }
  expect((may >> p.migrationState) & 1).toBe(1, row + ": to " + MIGRATION_NAMES[p.migrationState]);
  if (p.migrationState == migration.CHECKING_RSTP) {
    expect(p.mcheck).toBe(false, row + ": mcheck");
    expect(p.sendRstp).toBe(bit(word, 5), row + ": sendRSTP");
    expect(left(p.mdelayAt, MIGRATE)).toBe(MIGRATE, row + ": mdelayWhile");
  } else if (p.migrationState == migration.SELECTING_STP) {
    expect(p.sendRstp).toBe(false, row + ": sendRSTP");
    expect(left(p.mdelayAt, MIGRATE)).toBe(MIGRATE, row + ": mdelayWhile");
    expect(p.rcvdStp).toBe(wasStp, row + ": rcvdSTP");
  } else {
    expect(p.rcvdRstp).toBe(false, row + ": rcvdRSTP");
    expect(p.rcvdStp).toBe(false, row + ": rcvdSTP");
    expect(p.sendRstp).toBe(wasRstp, row + ": sendRSTP");
  }
}

// --- 17.25, figure 17-16 -------------------------------------------------------------------------------
// Inputs: BEGIN, portEnabled, AdminEdge, operEdge, edgeDelayWhile = 0, AutoEdge, sendRSTP, proposing
const EDGE_TABLE: Row[] = [
  new Row(ANY, "1-1-----", edge.EDGE),
  new Row(ANY, "1-0-----", edge.NOT_EDGE),
  new Row(edge.EDGE, "000-----", edge.NOT_EDGE),
  new Row(edge.EDGE, "0--0----", edge.NOT_EDGE),
  new Row(edge.NOT_EDGE, "001-----", edge.EDGE),
  new Row(edge.NOT_EDGE, "0---1111", edge.EDGE),
];

function edgeRow(from: i32, word: u32): void {
  const row = named(from == edge.EDGE ? "EDGE" : "NOT_EDGE", word, 8);
  const p = portOf(makeBridge(1, STP_RSTP), 0);
  p.edgeState = from;
  p.begin = bit(word, 0); p.portEnabled = bit(word, 1); p.adminEdge = bit(word, 2); p.operEdge = bit(word, 3);
  p.edgeDelayAt = bit(word, 4) ? T0 : T0 + 1; // a nanosecond early is early
  p.autoEdge = bit(word, 5); p.sendRstp = bit(word, 6); p.proposing = bit(word, 7);
  const may = successors(EDGE_TABLE, from, word);
  expect(edge.run(p, T0)).toBe(may != 0, row + ": moves");
  if (may == 0) { expect(p.edgeState).toBe(from, row); expect(p.operEdge).toBe(bit(word, 3), row + ": operEdge"); return; }
  expect((may >> p.edgeState) & 1).toBe(1, row);
  expect(p.operEdge).toBe(p.edgeState == edge.EDGE, row + ": operEdge");
}

// --- 17.30, figure 17-23 -------------------------------------------------------------------------------
// Inputs: BEGIN, learn, forward
const STATE_TABLE: Row[] = [
  new Row(ANY, "1--", STP_DISCARDING),
  new Row(STP_DISCARDING, "01-", STP_LEARNING),
  new Row(STP_LEARNING, "0-1", STP_FORWARDING),
  new Row(STP_LEARNING, "00-", STP_DISCARDING),
  new Row(STP_FORWARDING, "0-0", STP_DISCARDING),
];

function stateRow(from: i32, word: u32): void {
  const row = named(from == STP_DISCARDING ? "DISCARDING" : from == STP_LEARNING ? "LEARNING" : "FORWARDING", word, 3);
  const p = portOf(makeBridge(1, STP_RSTP), 0);
  p.state = from; p.learning = from != STP_DISCARDING; p.forwarding = from == STP_FORWARDING;
  p.begin = bit(word, 0); p.learn = bit(word, 1); p.forward = bit(word, 2);
  const may = successors(STATE_TABLE, from, word);
  state.run(p);
  expect(may == 0 ? p.state == from : ((may >> p.state) & 1) == 1).toBeTruthy(row + ": in " + p.state.toString());
  expect(p.learning).toBe(p.state != STP_DISCARDING, row + ": learning");
  expect(p.forwarding).toBe(p.state == STP_FORWARDING, row + ": forwarding");
}

// --- 17.31, figure 17-24 -------------------------------------------------------------------------------
// DETECTED, NOTIFIED_TCN, NOTIFIED_TC, PROPAGATING and ACKNOWLEDGED lead on by UCT: what they do is what a step does.
const DETECTED: i32 = 3; const NOTIFIED_TCN: i32 = 4; const NOTIFIED_TC: i32 = 5; const PROPAGATING: i32 = 6; const ACKNOWLEDGED: i32 = 7;
// Inputs: BEGIN, learn, learning, forward, operEdge, rcvdTc, rcvdTcn, rcvdTcAck, tcProp, active role
const CHANGE_TABLE: Row[] = [
  new Row(ANY, "1---------", change.INACTIVE),
  new Row(change.INACTIVE, "01--------", change.LEARNING),
  new Row(change.LEARNING, "0--10----1", DETECTED),
  new Row(change.LEARNING, "000--00000", change.INACTIVE),
  new Row(change.LEARNING, "0----1----", change.LEARNING),
  new Row(change.LEARNING, "0-----1---", change.LEARNING),
  new Row(change.LEARNING, "0------1--", change.LEARNING),
  new Row(change.LEARNING, "0-------1-", change.LEARNING),
  new Row(change.ACTIVE, "0--------0", change.LEARNING),
  new Row(change.ACTIVE, "0---1-----", change.LEARNING),
  new Row(change.ACTIVE, "0-----1---", NOTIFIED_TCN),
  new Row(change.ACTIVE, "0----1----", NOTIFIED_TC),
  new Row(change.ACTIVE, "0---0---1-", PROPAGATING),
  new Row(change.ACTIVE, "0------1--", ACKNOWLEDGED),
];
const CHANGE_NAMES: string[] = ["INACTIVE", "LEARNING", "ACTIVE", "DETECTED", "NOTIFIED_TCN", "NOTIFIED_TC", "PROPAGATING", "ACKNOWLEDGED"];

/** Is the port what entering `to` would have made of it? */
function changeFits(p: StpPort, other: StpPort, to: i32, word: u32, role: i32, sendRstp: bool, tcWhile: i64): bool {
  const fresh = sendRstp ? HELLO + SECOND : MAX_AGE + FORWARD_DELAY; // newTcWhile, 17.21.7
  const started = tcWhile == 0 ? fresh : tcWhile;
  const news = tcWhile == 0 && sendRstp;
  const tc = left(p.tcAt, 0);
  const kept = p.rcvdTc == bit(word, 5) && p.rcvdTcn == bit(word, 6) && p.rcvdTcAck == bit(word, 7) && p.tcProp == bit(word, 8);
  switch (to) {
    case change.INACTIVE: return p.changeState == change.INACTIVE && p.flush && tc == 0 && !p.tcAck && !other.tcProp;
    case change.LEARNING: return p.changeState == change.LEARNING && !p.rcvdTc && !p.rcvdTcn && !p.rcvdTcAck && !p.tcProp && !p.flush && tc == tcWhile && !other.tcProp;
    case DETECTED: return p.changeState == change.ACTIVE && tc == started && other.tcProp && p.newInfo && kept && !p.flush;
    case NOTIFIED_TCN: // then NOTIFIED_TC
      return p.changeState == change.ACTIVE && tc == started && p.newInfo == news && !p.rcvdTc && !p.rcvdTcn && p.tcAck == (role == STP_ROLE_DESIGNATED) && other.tcProp && !p.flush && p.tcProp == bit(word, 8);
    case NOTIFIED_TC:
      return p.changeState == change.ACTIVE && tc == tcWhile && !p.newInfo && !p.rcvdTc && !p.rcvdTcn && p.tcAck == (role == STP_ROLE_DESIGNATED) && other.tcProp && !p.flush && p.tcProp == bit(word, 8);
    case PROPAGATING: return p.changeState == change.ACTIVE && tc == started && p.newInfo == news && p.flush && !p.tcProp && !other.tcProp;
    default: return p.changeState == change.ACTIVE && tc == 0 && !p.rcvdTcAck && !p.flush && !other.tcProp;
  }
}

function changeRow(from: i32, word: u32, role: i32, sendRstp: bool, tcWhile: i64): void {
  const row = named(CHANGE_NAMES[from], word, 10) + " role " + role.toString() + " tcWhile " + (tcWhile / SECOND).toString();
  const b = makeBridge(2, STP_RSTP);
  const p = portOf(b, 0);
  p.changeState = from; p.role = role; p.sendRstp = sendRstp; p.tcAt = tcWhile == 0 ? 0 : T0 + tcWhile;
  p.begin = bit(word, 0); p.learn = bit(word, 1); p.learning = bit(word, 2); p.forward = bit(word, 3); p.operEdge = bit(word, 4);
  p.rcvdTc = bit(word, 5); p.rcvdTcn = bit(word, 6); p.rcvdTcAck = bit(word, 7); p.tcProp = bit(word, 8);
  const may = successors(CHANGE_TABLE, from, word);
  const moved = change.run(b, p, T0);
  if (may == 0) { expect(moved || p.changeState != from).toBe(false, row + ": stays"); return; }
  let fits = false;
  for (let to = 0; to < 8; to++) if ((may >> to & 1) != 0 && changeFits(p, portOf(b, 1), to, word, role, sendRstp, tcWhile)) fits = true;
  expect(fits).toBeTruthy(row + ": is in " + CHANGE_NAMES[p.changeState]);
}

function changeAll(role: i32, active: bool): void {
  for (let from = 0; from < 3; from++) {
    for (let word: u32 = 0; word < 512; word++) {
      for (let sends = 0; sends < 2; sends++) {
        changeRow(from, word | (active ? 512 : 0), role, sends == 1, 0);
        changeRow(from, word | (active ? 512 : 0), role, sends == 1, SECOND);
      }
    }
  }
}

describe("802.1D-2004 machines of a port", () => {
  it("17.23, port receive: every row", () => { for (let s = 0; s < 2; s++) for (let word: u32 = 0; word < 32; word++) receiveRow(s, word); });
  it("17.24, port protocol migration: every row", () => { for (let s = 0; s < 3; s++) for (let word: u32 = 0; word < 512; word++) migrationRow(s, word); });
  it("17.25, bridge detection: every row", () => { for (let s = 0; s < 2; s++) for (let word: u32 = 0; word < 256; word++) edgeRow(s, word); });
  it("17.30, port state transition: every row", () => { for (let s = 0; s < 3; s++) for (let word: u32 = 0; word < 8; word++) stateRow(s, word); });
  it("17.31, topology change, a root port: every row", () => { changeAll(STP_ROLE_ROOT, true); });
  it("17.31, topology change, a designated port: every row", () => { changeAll(STP_ROLE_DESIGNATED, true); });
  it("17.31, topology change, an alternate port: every row", () => { changeAll(STP_ROLE_ALTERNATE, false); });
  it("17.31, topology change, a backup port: every row", () => { changeAll(STP_ROLE_BACKUP, false); });
  it("17.31, topology change, a disabled port: every row", () => { changeAll(STP_ROLE_DISABLED, false); });
  it("a table can fail: a cube that asks for the contrary does not hold", () => {
    expect(holds("1-0", 1)).toBe(true);
    expect(holds("1-0", 5)).toBe(false);
    expect(holds("1-0", 0)).toBe(false);
    expect(BPDU_CONFIG).toBe(0);
  });
});
