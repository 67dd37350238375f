// 802.1D-2004 17.29, port role transitions: each role's states with each combination of their inputs, and each change of role.
//
// A state's block is what entering it does; a port must be as one of the blocks leaves it that its inputs allow. Timers are
// compared by what is left of them.

import { STP_ROLE_ALTERNATE, STP_ROLE_BACKUP, STP_ROLE_DESIGNATED, STP_ROLE_DISABLED, STP_ROLE_ROOT, STP_RSTP } from "../../assembly/abi";
import { NEVER, SECOND, StpBridge, StpPort, portOf } from "../../assembly/stp/port";
import * as transition from "../../assembly/stp/transition";
import { FORWARD_DELAY, HELLO, MAX_AGE, MIGRATE, T0, bit, holds, left, makeBridge, named } from "./stp-support";

const SOME: i64 = 5 * SECOND; // a timer that runs: neither 0 nor a value that anything sets

/** The variables of 17.19 that this machine writes. */
class Vars {
  role: i32 = 0;
  learn: bool = false; forward: bool = false; synced: bool = false; sync: bool = false; reRoot: bool = false;
  proposed: bool = false; proposing: bool = false; agree: bool = false; agreed: bool = false; disputed: bool = false; newInfo: bool = false;
  fdWhile: i64 = 0; rrWhile: i64 = 0; rbWhile: i64 = 0; edgeDelayWhile: i64 = 0;
  otherSync: bool = false; otherReRoot: bool = false; // setSyncTree, setReRootTree

  text(): string {
    const bits: bool[] = [this.learn, this.forward, this.synced, this.sync, this.reRoot, this.proposed, this.proposing, this.agree, this.agreed, this.disputed, this.newInfo, this.otherSync, this.otherReRoot];
    let text = "role " + this.role.toString() + " ";
    for (let i = 0; i < bits.length; i++) text += bits[i] ? "1" : "0";
    const times: i64[] = [this.fdWhile, this.rrWhile, this.rbWhile, this.edgeDelayWhile];
    for (let i = 0; i < times.length; i++) text += " " + (times[i] / 1000000).toString();
    return text;
  }
}

function read(b: StpBridge): Vars {
  const p = portOf(b, 0); const other = portOf(b, 1);
  const v = new Vars();
  v.role = p.role;
  v.learn = p.learn; v.forward = p.forward; v.synced = p.synced; v.sync = p.sync; v.reRoot = p.reRoot;
  v.proposed = p.proposed; v.proposing = p.proposing; v.agree = p.agree; v.agreed = p.agreed; v.disputed = p.disputed; v.newInfo = p.newInfo;
  v.fdWhile = left(p.fdAt, p.role == STP_ROLE_DISABLED ? MAX_AGE : p.sendRstp ? HELLO : FORWARD_DELAY);
  v.rrWhile = left(p.rrAt, FORWARD_DELAY);
  v.rbWhile = left(p.rbAt, 2 * HELLO);
  v.edgeDelayWhile = left(p.edgeDelayAt, MIGRATE);
  v.otherSync = other.sync; v.otherReRoot = other.reRoot;
  return v;
}

function forwardDelay(p: StpPort): i64 { return p.sendRstp ? HELLO : FORWARD_DELAY; } // 17.20.5

// --- blocks -------------------------------------------------------------------------------------------------
const DISABLED_PORT: i32 = 0;
const ROOT_PROPOSED: i32 = 1; const ROOT_AGREED: i32 = 2; const REROOT: i32 = 3; const REROOTED: i32 = 4; const ROOT_LEARN: i32 = 5; const ROOT_FORWARD: i32 = 6;
const DESIGNATED_PROPOSE: i32 = 7; const DESIGNATED_SYNCED: i32 = 8; const DESIGNATED_RETIRED: i32 = 9; const DESIGNATED_DISCARD: i32 = 10;
const DESIGNATED_LEARN: i32 = 11; const DESIGNATED_FORWARD: i32 = 12;
const ALTERNATE_PORT: i32 = 13; const ALTERNATE_PROPOSED: i32 = 14; const ALTERNATE_AGREED: i32 = 15;

function enter(v: Vars, block: i32, p: StpPort): void {
  switch (block) {
    case DISABLED_PORT: v.fdWhile = MAX_AGE; v.synced = true; v.rrWhile = 0; v.sync = false; v.reRoot = false; break;
    case ROOT_PROPOSED: case ALTERNATE_PROPOSED: v.sync = true; v.otherSync = true; v.proposed = false; break;
    case ROOT_AGREED: v.proposed = false; v.sync = false; v.agree = true; v.newInfo = true; break;
    case REROOT: v.reRoot = true; v.otherReRoot = true; break;
    case REROOTED: v.reRoot = false; break;
    case ROOT_LEARN: v.fdWhile = forwardDelay(p); v.learn = true; break;
    case ROOT_FORWARD: v.fdWhile = 0; v.forward = true; break;
    case DESIGNATED_PROPOSE: v.proposing = true; v.edgeDelayWhile = p.pointToPoint ? MIGRATE : MAX_AGE; v.newInfo = true; break; // EdgeDelay, 17.20.4
    case DESIGNATED_SYNCED: v.rrWhile = 0; v.synced = true; v.sync = false; break;
    case DESIGNATED_RETIRED: v.reRoot = false; break;
    case DESIGNATED_DISCARD: v.learn = false; v.forward = false; v.disputed = false; v.fdWhile = forwardDelay(p); break;
    case DESIGNATED_LEARN: v.learn = true; v.fdWhile = forwardDelay(p); break;
    case DESIGNATED_FORWARD: v.forward = true; v.fdWhile = 0; v.agreed = p.sendRstp; break;
    case ALTERNATE_PORT: v.fdWhile = forwardDelay(p); v.synced = true; v.rrWhile = 0; v.sync = false; v.reRoot = false; if (v.role == STP_ROLE_BACKUP) v.rbWhile = 2 * HELLO; break;
    default: v.proposed = false; v.agree = true; v.newInfo = true; break; // ALTERNATE_AGREED
  }
}

class Exit { constructor(public cube: string, public block: i32) {} }

/** Runs the machine once and holds the port to what the clause allows. */
function step(b: StpBridge, exits: Exit[], word: u32, row: string): void {
  const p = portOf(b, 0);
  const before = read(b);
  const was = before.text();
  const moved = transition.run(b, p, T0);
  const now = read(b).text();
  let fits = false; let may = 0;
  for (let i = 0; i < exits.length; i++) {
    if (!holds(exits[i].cube, word)) continue;
    may += 1;
    const v = new Vars();
    copyVars(v, before);
    enter(v, exits[i].block, p);
    if (v.text() == now) fits = true;
  }
  if (may == 0) { expect(now).toBe(was, row + ": nothing to do"); expect(moved).toBe(false, row + ": at rest"); }
  else expect(fits).toBeTruthy(row + ": from " + was + " to " + now);
}
function copyVars(to: Vars, from: Vars): void { memory.copy(changetype<usize>(to), changetype<usize>(from), offsetof<Vars>()); }

// --- disabled port: sync, reRoot, synced -------------------------------------------------------------------------
const DISABLED_EXITS: Exit[] = [new Exit("1--", DISABLED_PORT), new Exit("-1-", DISABLED_PORT), new Exit("--0", DISABLED_PORT)];

function disabledRow(word: u32): void {
  const b = makeBridge(2, STP_RSTP); const p = portOf(b, 0);
  p.roleState = transition.SETTLED; p.fdAt = NEVER;
  p.sync = bit(word, 0); p.reRoot = bit(word, 1); p.synced = bit(word, 2);
  step(b, DISABLED_EXITS, word, named("DISABLED_PORT", word, 3));
}

// --- root port, figure 17-20: proposed, agree, allSynced, forward, learn, reRoot, fdWhile = 0, rbWhile = 0, reRooted, rstpVersion ---
const ROOT_EXITS: Exit[] = [
  new Exit("10--------", ROOT_PROPOSED),
  new Exit("-01-------", ROOT_AGREED),
  new Exit("11--------", ROOT_AGREED),
  new Exit("---0-0----", REROOT),
  new Exit("---1-1----", REROOTED),
  new Exit("----0-1---", ROOT_LEARN),
  new Exit("----0--111", ROOT_LEARN),
  new Exit("---01-1---", ROOT_FORWARD),
  new Exit("---01--111", ROOT_FORWARD),
];

function rootRow(word: u32, sendRstp: bool): void {
  const b = makeBridge(2, bit(word, 9) ? STP_RSTP : 99); const p = portOf(b, 0); const other = portOf(b, 1);
  p.role = STP_ROLE_ROOT; p.selectedRole = STP_ROLE_ROOT; p.roleState = transition.SETTLED; p.rrAt = NEVER; p.sendRstp = sendRstp;
  other.role = STP_ROLE_DESIGNATED; other.selectedRole = STP_ROLE_DESIGNATED;
  p.proposed = bit(word, 0); p.agree = bit(word, 1); other.synced = bit(word, 2);
  p.forward = bit(word, 3); p.learn = bit(word, 4); p.reRoot = bit(word, 5);
  p.fdAt = bit(word, 6) ? T0 : T0 + SOME; p.rbAt = bit(word, 7) ? T0 : T0 + SOME; other.rrAt = bit(word, 8) ? T0 : T0 + SOME;
  if (p.forward && !p.learn) return; // no port forwards without learning
  step(b, ROOT_EXITS, word, named("ROOT_PORT", word, 10));
}

// --- designated port, figure 17-21: forward, learn, learning, forwarding, agreed, proposing, operEdge, synced, sync, reRoot, disputed,
// rrWhile = 0, fdWhile = 0 --------------------------------------------------------------------------------------------
const DESIGNATED_EXITS: Exit[] = [
  new Exit("0---000------", DESIGNATED_PROPOSE),
  new Exit("--00---0-----", DESIGNATED_SYNCED),
  new Exit("----1--0-----", DESIGNATED_SYNCED),
  new Exit("------10-----", DESIGNATED_SYNCED),
  new Exit("-------11----", DESIGNATED_SYNCED),
  new Exit("---------1-1-", DESIGNATED_RETIRED),
  // ((sync && !synced) || (reRoot && rrWhile != 0) || disputed) && !operEdge && (learn || forward)
  new Exit("1-----001----", DESIGNATED_DISCARD), new Exit("-1----001----", DESIGNATED_DISCARD),
  new Exit("1-----0--1-0-", DESIGNATED_DISCARD), new Exit("-1----0--1-0-", DESIGNATED_DISCARD),
  new Exit("1-----0---1--", DESIGNATED_DISCARD), new Exit("-1----0---1--", DESIGNATED_DISCARD),
  // (fdWhile = 0 || agreed || operEdge) && (rrWhile = 0 || !reRoot) && !sync, then !learn, or learn && !forward
  new Exit("-0------0--11", DESIGNATED_LEARN), new Exit("-0------00--1", DESIGNATED_LEARN),
  new Exit("-0--1---0--1-", DESIGNATED_LEARN), new Exit("-0--1---00---", DESIGNATED_LEARN),
  new Exit("-0----1-0--1-", DESIGNATED_LEARN), new Exit("-0----1-00---", DESIGNATED_LEARN),
  new Exit("01------0--11", DESIGNATED_FORWARD), new Exit("01------00--1", DESIGNATED_FORWARD),
  new Exit("01--1---0--1-", DESIGNATED_FORWARD), new Exit("01--1---00---", DESIGNATED_FORWARD),
  new Exit("01----1-0--1-", DESIGNATED_FORWARD), new Exit("01----1-00---", DESIGNATED_FORWARD),
];

function designatedRow(word: u32, sendRstp: bool, pointToPoint: bool): void {
  if (bit(word, 0) && !bit(word, 1)) return;
  const b = makeBridge(2, STP_RSTP); const p = portOf(b, 0);
  p.role = STP_ROLE_DESIGNATED; p.selectedRole = STP_ROLE_DESIGNATED; p.roleState = transition.SETTLED; p.sendRstp = sendRstp; p.pointToPoint = pointToPoint;
  p.forward = bit(word, 0); p.learn = bit(word, 1); p.learning = bit(word, 2); p.forwarding = bit(word, 3); p.agreed = bit(word, 4);
  p.proposing = bit(word, 5); p.operEdge = bit(word, 6); p.synced = bit(word, 7); p.sync = bit(word, 8); p.reRoot = bit(word, 9); p.disputed = bit(word, 10);
  p.rrAt = bit(word, 11) ? T0 : T0 + SOME; p.fdAt = bit(word, 12) ? T0 : T0 + SOME;
  step(b, DESIGNATED_EXITS, word, named("DESIGNATED_PORT", word, 13));
}

// --- alternate and backup port, figure 17-22: proposed, agree, allSynced, sync, reRoot, synced ----------------------------
const ALTERNATE_EXITS: Exit[] = [
  new Exit("10----", ALTERNATE_PROPOSED),
  new Exit("-01---", ALTERNATE_AGREED),
  new Exit("11----", ALTERNATE_AGREED),
  new Exit("---1--", ALTERNATE_PORT), new Exit("----1-", ALTERNATE_PORT), new Exit("-----0", ALTERNATE_PORT),
];

function alternateRow(word: u32, role: i32, sendRstp: bool): void {
  const b = makeBridge(2, STP_RSTP); const p = portOf(b, 0); const other = portOf(b, 1);
  p.role = role; p.selectedRole = role; p.roleState = transition.SETTLED; p.fdAt = NEVER; p.sendRstp = sendRstp;
  if (role == STP_ROLE_BACKUP) p.rbAt = NEVER;
  other.role = STP_ROLE_ROOT; other.selectedRole = STP_ROLE_ROOT;
  p.proposed = bit(word, 0); p.agree = bit(word, 1); p.sync = bit(word, 3); p.reRoot = bit(word, 4); p.synced = bit(word, 5);
  if (bit(word, 2) && !p.synced) return; // allSynced means this port too
  if (!bit(word, 2)) { other.role = STP_ROLE_DESIGNATED; other.selectedRole = STP_ROLE_DESIGNATED; }
  step(b, ALTERNATE_EXITS, word, named("ALTERNATE_PORT", word, 6));
}

/** BLOCK_PORT and DISABLE_PORT are left when the port state machine has followed: learning, forwarding. */
function blockRow(word: u32, role: i32): void {
  const row = named("BLOCK_PORT", word, 2) + " role " + role.toString();
  const b = makeBridge(2, STP_RSTP); const p = portOf(b, 0);
  p.role = role; p.selectedRole = role; p.roleState = transition.BLOCKING; p.proposed = true; p.sync = true;
  p.learning = bit(word, 0); p.forwarding = bit(word, 1);
  const before = read(b);
  const moved = transition.run(b, p, T0);
  expect(moved).toBe(word == 0, row);
  if (word == 0) enter(before, role == STP_ROLE_DISABLED ? DISABLED_PORT : ALTERNATE_PORT, p);
  expect(read(b).text()).toBe(before.text(), row);
}

// --- from role to role ----------------------------------------------------------------------------------------------
/** What the old role's state reloads at each tick is at its full value when it is left; then the entry of the new one. */
function roleChange(from: i32, to: i32, sendRstp: bool): void {
  const row = "role " + from.toString() + " to " + to.toString();
  const b = makeBridge(2, STP_RSTP); const p = portOf(b, 0);
  p.role = from; p.selectedRole = to; p.roleState = transition.SETTLED; p.sendRstp = sendRstp; p.learn = true; p.forward = true; p.synced = true;
  const idle = from == STP_ROLE_DISABLED || from == STP_ROLE_ALTERNATE || from == STP_ROLE_BACKUP;
  p.fdAt = idle ? NEVER : T0 + SOME;
  p.rrAt = from == STP_ROLE_ROOT ? NEVER : 0;
  p.rbAt = from == STP_ROLE_BACKUP ? NEVER : 0;
  const expected = read(b);
  expected.role = to;
  if (to == STP_ROLE_ROOT) expected.rrWhile = FORWARD_DELAY;
  else if (to != STP_ROLE_DESIGNATED) { expected.learn = false; expected.forward = false; }
  expect(transition.run(b, p, T0)).toBe(true, row);
  // The new role must not read a timer as held that now runs, so each is looked at itself.
  expect(p.fdAt == NEVER).toBe(false, row + ": fdWhile runs");
  expect(p.rbAt == NEVER).toBe(false, row + ": rbWhile runs");
  expect(p.rrAt == NEVER).toBe(to == STP_ROLE_ROOT, row + ": rrWhile");
  expect(read(b).text()).toBe(expected.text(), row);
}

const ROLES: i32[] = [STP_ROLE_DISABLED, STP_ROLE_ROOT, STP_ROLE_DESIGNATED, STP_ROLE_ALTERNATE, STP_ROLE_BACKUP];

describe("802.1D-2004 17.29, port role transitions", () => {
  it("INIT_PORT", () => {
    const b = makeBridge(2, STP_RSTP); const p = portOf(b, 0);
    p.begin = true; p.learn = true; p.forward = true; p.synced = true; p.role = STP_ROLE_ROOT;
    transition.run(b, p, T0);
    expect(p.role).toBe(STP_ROLE_DISABLED);
    expect(p.learn || p.forward || p.synced).toBe(false);
    expect(p.sync && p.reRoot).toBe(true);
    expect(left(p.rrAt, FORWARD_DELAY)).toBe(FORWARD_DELAY);
    expect(left(p.fdAt, MAX_AGE)).toBe(MAX_AGE);
    expect(left(p.rbAt, 2 * HELLO)).toBe(0);
  });
  it("DISABLED_PORT: every row", () => { for (let word: u32 = 0; word < 8; word++) disabledRow(word); });
  it("root port: every row", () => { for (let word: u32 = 0; word < 1024; word++) { rootRow(word, true); rootRow(word, false); } });
  it("designated port: every row", () => {
    for (let word: u32 = 0; word < 8192; word++) designatedRow(word, true, true);
  });
  it("designated port, shared or not RSTP: every row", () => {
    for (let word: u32 = 0; word < 8192; word++) designatedRow(word, (word & 1) != 0, (word & 2) != 0);
    for (let word: u32 = 0; word < 8192; word++) designatedRow(word, false, false);
  });
  it("alternate and backup port: every row", () => {
    for (let word: u32 = 0; word < 64; word++) for (let sends = 0; sends < 2; sends++) {
      alternateRow(word, STP_ROLE_ALTERNATE, sends == 1);
      alternateRow(word, STP_ROLE_BACKUP, sends == 1);
    }
  });
  it("BLOCK_PORT and DISABLE_PORT wait for the port to be closed", () => {
    for (let word: u32 = 0; word < 4; word++) { blockRow(word, STP_ROLE_ALTERNATE); blockRow(word, STP_ROLE_BACKUP); blockRow(word, STP_ROLE_DISABLED); }
  });
  it("every change of role", () => {
    for (let i = 0; i < 5; i++) for (let k = 0; k < 5; k++) if (i != k) { roleChange(ROLES[i], ROLES[k], true); roleChange(ROLES[i], ROLES[k], false); }
  });
  it("nothing moves while roles are being selected or information updated", () => {
    for (let i = 0; i < 5; i++) for (let k = 0; k < 5; k++) for (let how = 0; how < 3; how++) {
      const b = makeBridge(2, STP_RSTP); const p = portOf(b, 0);
      p.role = ROLES[i]; p.selectedRole = ROLES[k]; p.sync = true; p.proposed = true; p.selected = how == 2; p.updtInfo = how > 0;
      const before = read(b).text();
      expect(transition.run(b, p, T0)).toBe(false);
      expect(read(b).text()).toBe(before);
    }
  });
});
