// Two groups back to back: who forms with whom, and when a silent failure is noticed.

import { MUX_COLLECTING_DISTRIBUTING, MUX_DISTRIBUTING, RX_DEFAULTED, RX_EXPIRED, STANDBY, SELECTED, T_LACP_MUX, T_LACP_RX, T_LACP_SELECTED,
  T_MEMBER } from "../../assembly/abi";
import { traceWritten } from "../../assembly/core/trace";
import { freeze, leave, nextDeadline, setSystem } from "../../assembly/lacp/lacp";
import { member } from "../../assembly/lacp/port";
import { A, B, MS, SEC, SILENT_AB, SILENT_BA, firstTime, lastTime, link, now, powerOn, runTo, runs, sentByA, sentByB, setSilent, step,
  usableMembers, wire } from "./lacp-support";

function pair(activeA: bool, activeB: bool, count: i32): void {
  wire(false, false, count);
  A().active = activeA;
  B().active = activeB;
  powerOn(A());
  powerOn(B());
}

describe("standard: the matrix of activity", () => {
  it("active / active forms after Aggregate_Wait_Time", () => {
    const mark = traceWritten();
    pair(true, true, 2);
    runTo(10 * SEC);
    expect(usableMembers(A())).toBe(2);
    expect(usableMembers(B())).toBe(2);
    const at = lastTime(mark, T_MEMBER, 10, 3);
    expect(at >= 2 * SEC).toBe(true, "not before the wait");
    expect(at < 2 * SEC + 10 * MS).toBe(true, "at once after the wait: both ends are event driven");
    expect(A().carrier).toBe(true);
  });
  it("active / passive forms", () => {
    pair(true, false, 2);
    runTo(10 * SEC);
    expect(usableMembers(A())).toBe(2);
    expect(usableMembers(B())).toBe(2);
  });
  it("passive / active forms", () => {
    pair(false, true, 2);
    runTo(10 * SEC);
    expect(usableMembers(A())).toBe(2);
    expect(usableMembers(B())).toBe(2);
  });
  it("passive / passive never forms and never speaks", () => {
    pair(false, false, 2);
    runTo(300 * SEC);
    expect(usableMembers(A())).toBe(0);
    expect(sentByA + sentByB).toBe(0);
  });
  it("unequal rates: each direction runs at the rate its receiver asks for", () => {
    wire(false, false, 1);
    B().fast = false;
    powerOn(A());
    powerOn(B());
    runTo(30 * SEC);
    const fromA = sentByA;
    const fromB = sentByB;
    runTo(90 * SEC);
    expect(sentByB - fromB).toBe(60, "A asks for a frame a second");
    expect(sentByA - fromA).toBe(2, "B asks for one each 30 s");
  });
  it("a system does not bundle with itself", () => {
    wire(false, false, 2);
    B().system = A().system;
    powerOn(A());
    powerOn(B());
    runTo(20 * SEC);
    expect(usableMembers(A())).toBe(0);
  });
});

describe("standard: a silent failure", () => {
  it("short: EXPIRED 3 s and DEFAULTED 6 s after the last frame", () => {
    pair(true, true, 2);
    runTo(20 * SEC + 500 * MS);
    const mark = traceWritten();
    setSilent(0, SILENT_AB | SILENT_BA);
    runTo(40 * SEC);
    const expired = firstTime(mark, T_LACP_RX, 10, RX_EXPIRED);
    const defaulted = firstTime(mark, T_LACP_RX, 10, RX_DEFAULTED);
    expect(expired > 22 * SEC + 500 * MS && expired <= 23 * SEC + 500 * MS).toBe(true);
    expect(defaulted - expired).toBe(3 * SEC);
    expect(firstTime(mark, T_MEMBER, 10, 0)).toBe(expired, "the member is not used from EXPIRED on");
    expect(usableMembers(A())).toBe(1);
    setSilent(0, 0);
    runTo(60 * SEC);
    expect(usableMembers(A())).toBe(2);
  });
  it("long: 90 s, then 3 s more", () => {
    wire(false, false, 1);
    A().fast = false;
    B().fast = false;
    powerOn(A());
    powerOn(B());
    runTo(100 * SEC);
    const mark = traceWritten();
    setSilent(0, SILENT_BA);
    runTo(300 * SEC);
    const expired = firstTime(mark, T_LACP_RX, 10, RX_EXPIRED);
    expect(expired >= 160 * SEC && expired <= 190 * SEC).toBe(true);
    expect(firstTime(mark, T_LACP_RX, 10, RX_DEFAULTED) - expired).toBe(3 * SEC);
  });
  it("one direction: the deaf end stays in sync while EXPIRED, so the other follows only when it is DEFAULTED", () => {
    pair(true, true, 2);
    runTo(20 * SEC);
    const mark = traceWritten();
    setSilent(0, SILENT_AB);
    runTo(30 * SEC);
    const b = firstTime(mark, T_MEMBER, 20, 0);
    const a = firstTime(mark, T_MEMBER, 10, 0);
    expect(b > 22 * SEC && b <= 23 * SEC + MS).toBe(true);
    expect(a - b).toBe(3 * SEC + 1000, "and one flight");
  });
  it("steady state writes nothing and a hello costs no more than its timers", () => {
    pair(true, true, 2);
    runTo(70 * SEC);
    const mark = traceWritten();
    const before = runs;
    runTo(170 * SEC);
    expect(traceWritten()).toBe(mark);
    expect(runs - before < 1700).toBe(true, "100 s, two members, two ends");
  });
});

describe("standard: hot standby", () => {
  it("the first N by the lower system's port priority are active; a loss promotes at once; it preempts", () => {
    wire(false, false, 3);
    A().maxBundle = 2;
    B().maxBundle = 2;
    member(A(), 0).priority = 200;
    member(A(), 1).priority = 100;
    member(A(), 2).priority = 150;
    powerOn(A());
    powerOn(B());
    runTo(10 * SEC);
    expect(member(A(), 0).selected).toBe(STANDBY);
    expect(member(B(), 0).selected).toBe(STANDBY, "B follows A's order");
    expect(member(A(), 1).usable).toBe(3);
    expect(member(A(), 2).usable).toBe(3);
    const mark = traceWritten();
    link(1, false);
    runTo(10 * SEC + 100 * MS);
    expect(member(A(), 0).usable).toBe(3, "it has waited already");
    expect(member(B(), 0).usable).toBe(3);
    expect(firstTime(mark, T_LACP_SELECTED, 10, SELECTED)).toBe(10 * SEC);
    link(1, true);
    runTo(20 * SEC);
    expect(member(A(), 1).usable).toBe(3, "back");
    expect(member(A(), 0).selected).toBe(STANDBY, "preempted");
    expect(member(A(), 0).usable).toBe(0);
    expect(member(B(), 0).usable).toBe(0);
  });
  it("a limit on one end only: the other end is kept out of sync", () => {
    wire(false, false, 3);
    B().maxBundle = 1;
    powerOn(A());
    powerOn(B());
    runTo(10 * SEC);
    expect(usableMembers(A())).toBe(1);
    expect(usableMembers(B())).toBe(1);
    expect(member(A(), 0).usable).toBe(3, "the lower system's first port");
  });
  it("minLinks: below it no member is usable, at either end", () => {
    wire(false, false, 2);
    A().minLinks = 2;
    powerOn(A());
    powerOn(B());
    runTo(10 * SEC);
    expect(usableMembers(A())).toBe(2);
    link(1, false);
    runTo(11 * SEC);
    expect(usableMembers(A())).toBe(0);
    expect(usableMembers(B())).toBe(0);
    expect(A().carrier).toBe(false);
    link(1, true);
    runTo(20 * SEC);
    expect(usableMembers(A())).toBe(2);
    expect(usableMembers(B())).toBe(2);
  });
});

describe("independent control", () => {
  it("nobody sends into a member that does not collect yet: port-channels and bonds", () => {
    for (let k = 0; k < 3; k++) {
      wire(k == 1, k >= 1, 2);
      A().independent = true;
      B().independent = true;
      powerOn(A());
      powerOn(B());
      let early = 0;
      while (now < 20 * SEC) {
        runTo(now + MS / 2);
        for (let i = 0; i < 2; i++) {
          if (member(A(), i).partnerSystem == 0) continue; // a bond without a partner sends on one member
          if (member(A(), i).muxState == MUX_DISTRIBUTING && (member(B(), i).usable & 1) == 0) early += 1;
          if (member(B(), i).muxState == MUX_DISTRIBUTING && (member(A(), i).usable & 1) == 0) early += 1;
        }
      }
      expect(early).toBe(0);
      expect(usableMembers(A())).toBe(2, k.toString());
      expect(usableMembers(B())).toBe(2, k.toString());
    }
  });
});

describe("standard: departure and identity", () => {
  it("freeze: tables stay, the partner times out; begin starts anew", () => {
    pair(true, true, 2);
    runTo(10 * SEC);
    freeze(A());
    runTo(20 * SEC);
    expect(usableMembers(A())).toBe(2, "a hung control plane takes nothing back");
    expect(usableMembers(B())).toBe(0);
    expect(nextDeadline(A())).toBe(i64.MAX_VALUE);
    powerOn(A());
    expect(usableMembers(A())).toBe(0);
    runTo(30 * SEC);
    expect(usableMembers(A())).toBe(2);
    expect(usableMembers(B())).toBe(2);
  });
  it("leave: the partner stops at once", () => {
    pair(true, true, 2);
    runTo(10 * SEC);
    leave(A(), now);
    step();
    runTo(10 * SEC + 10 * MS);
    expect(usableMembers(B())).toBe(0);
    expect(usableMembers(A())).toBe(0);
    expect(nextDeadline(A())).toBe(i64.MAX_VALUE);
  });
  it("setSystem: all members are selected anew and come back", () => {
    pair(true, true, 2);
    runTo(10 * SEC);
    const mark = traceWritten();
    setSystem(A(), 0x023344556677, 100, now);
    step();
    runTo(10 * SEC + 10 * MS);
    expect(usableMembers(A())).toBe(0);
    expect(usableMembers(B())).toBe(0);
    runTo(20 * SEC);
    expect(usableMembers(A())).toBe(2);
    expect(usableMembers(B())).toBe(2);
    const back = lastTime(mark, T_LACP_MUX, 10, MUX_COLLECTING_DISTRIBUTING);
    expect(back >= 12 * SEC && back < 12 * SEC + 100 * MS).toBe(true);
  });
  it("no partner: suspended, or one individual member where that is allowed", () => {
    wire(false, false, 2);
    setSilent(0, 3);
    setSilent(1, 3);
    powerOn(A());
    powerOn(B());
    runTo(20 * SEC);
    expect(usableMembers(A())).toBe(0);
    wire(false, false, 2);
    A().individualOk = true;
    setSilent(0, 3);
    setSilent(1, 3);
    powerOn(A());
    powerOn(B());
    runTo(20 * SEC);
    expect(usableMembers(A())).toBe(1);
    setSilent(0, 0);
    setSilent(1, 0);
    runTo(40 * SEC);
    expect(usableMembers(A())).toBe(2, "a partner appears");
    expect(usableMembers(B())).toBe(2);
  });
});
