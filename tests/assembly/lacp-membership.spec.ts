// Members of a Linux bond that come and go, and a bond that is closed and opened, against what the driver's functions do
// (bond_3ad.c: bond_3ad_unbind_slave, bond_3ad_bind_slave, ad_agg_selection_logic; bond_main.c: bond_close, bond_open).

import { AD_BANDWIDTH, AD_COUNT, AD_STABLE, LACP_AGGREGATION, LACP_DEFAULTED, LACP_EXPIRED, LACP_SYNCHRONIZATION, MUX_ATTACHED, MUX_COLLECTING_DISTRIBUTING,
  RX_CURRENT, RX_DEFAULTED, RX_EXPIRED, T_LACP_MUX, T_LACP_RX, T_MEMBER } from "../../assembly/abi";
import { setCause, setNow, traceWritten } from "../../assembly/core/trace";
import { deliver } from "../../assembly/lacp/lacp";
import { bind, pause, release, resume } from "../../assembly/lacp/membership";
import { LacpGroup, member } from "../../assembly/lacp/port";
import { chooseActive } from "../../assembly/lacp/aggregator";
import { A, B, MAC_B, MS, SEC, SILENT_AB, SILENT_BA, digest, firstTime, frameFor, lastTime, now, powerOn, runTo, sentByA, setEveryTick, setSilent, step, usableMembers, wire } from "./lacp-support";

const TICK: i64 = 100 * MS;

function pair(count: i32): void {
  wire(true, true, count);
  B().tickPhaseNs = 30 * MS;
  powerOn(A());
  powerOn(B());
  runTo(10 * SEC);
  expect(usableMembers(A())).toBe(count);
}

/** The driver releases member `i` of A; its interface is closed, while B's end of the cable keeps its light. */
function releaseOfA(i: i32): void {
  setNow(now);
  setCause(0);
  release(A(), member(A(), i), now);
  step();
}

describe("a member is released", () => {
  it("a last frame without Synchronization, Collecting, Distributing, Aggregation; the member is out of use at once", () => {
    pair(2);
    const before = sentByA;
    releaseOfA(0);
    expect(sentByA).toBe(before + 1, "at once, not in a third tick");
    expect(member(A(), 0).actorState).toBe(3, "active, short");
    expect(member(A(), 0).usable).toBe(0);
    expect(member(A(), 0).aggregator).toBe(-1);
    expect(A().carrier).toBe(true);
    const sent = sentByA;
    runTo(60 * SEC);
    expect(sentByA).toBe(sent, "and nothing more");
    expect(usableMembers(A())).toBe(1);
  });
  it("the partner stops in its next tick, is EXPIRED 30 ticks after the farewell and DEFAULTED 30 later", () => {
    pair(2);
    const mark = traceWritten();
    const at = now;
    releaseOfA(1);
    runTo(40 * SEC);
    const stopped = firstTime(mark, T_MEMBER, 21, 0) - at;
    expect(stopped > 0 && stopped <= TICK + MS).toBe(true);
    const expired = firstTime(mark, T_LACP_RX, 21, RX_EXPIRED) - at;
    expect(expired > 29 * TICK && expired <= 30 * TICK + MS).toBe(true, (expired / MS).toString());
    expect(firstTime(mark, T_LACP_RX, 21, RX_DEFAULTED) - at - expired).toBe(30 * TICK);
    expect(firstTime(mark, T_MEMBER, 20, -2)).toBe(-1, "the other member is not disturbed");
  });
  it("its aggregator is handed over when others sit in it: same keys, same partner, still active", () => {
    pair(3);
    for (let i = 0; i < 3; i++) expect(member(A(), i).aggregator).toBe(0);
    releaseOfA(0);
    expect(member(A(), 1).aggregator).toBe(1);
    expect(member(A(), 2).aggregator).toBe(1);
    expect(A().activeAggregator).toBe(1);
    expect(member(A(), 1).aggregatorPartner).toBe(MAC_B);
    expect(usableMembers(A())).toBe(2, "nobody notices");
    const mark = traceWritten();
    runTo(60 * SEC);
    expect(firstTime(mark, T_MEMBER, 11, -2)).toBe(-1);
  });
  it("its own aggregator is nobody's any more: a later port takes another free one", () => {
    pair(3);
    releaseOfA(1);
    setSilent(2, SILENT_BA);
    runTo(30 * SEC);
    expect(member(A(), 2).rxState).toBe(RX_DEFAULTED);
    expect(member(A(), 2).aggregator).toBe(2);
  });
  it("the last one: no active aggregator, no carrier", () => {
    pair(2);
    releaseOfA(0);
    releaseOfA(1);
    expect(A().activeAggregator).toBe(-1);
    expect(A().carrier).toBe(false);
  });
  it("min_links: the carrier goes with the member", () => {
    pair(2);
    A().minLinks = 2;
    releaseOfA(1);
    expect(A().carrier).toBe(false);
    expect(usableMembers(A())).toBe(1);
  });
  it("frames that still come are for nobody", () => {
    pair(2);
    releaseOfA(0);
    const p = member(A(), 0);
    const mark = traceWritten();
    deliver(A(), p, frameFor(A(), p, 63), now);
    expect(p.partnerState).not.toBe(0);
    expect(traceWritten()).toBe(mark);
  });
});

describe("a member is enslaved again", () => {
  it("begins from nothing: 21 to 27 ticks after it has a link, with the next number of aggregator", () => {
    pair(2);
    releaseOfA(1);
    runTo(20 * SEC);
    const mark = traceWritten();
    const p = member(A(), 1);
    setCause(0);
    bind(A(), p, now);
    expect(p.aggregatorId).toBe(3);
    expect(p.rxState).toBe(0);
    p.enabled = true; p.lacpEnabled = true; p.key = member(A(), 0).key; // its interface came up with it
    step();
    runTo(30 * SEC);
    expect(usableMembers(A())).toBe(2);
    expect(usableMembers(B())).toBe(2);
    const back = lastTime(mark, T_MEMBER, 11, 3) - 20 * SEC;
    expect(back >= 21 * TICK && back <= 28 * TICK).toBe(true, (back / MS).toString());
    expect(member(A(), 1).aggregator).toBe(0, "with the other one");
    expect(firstTime(mark, T_MEMBER, 10, -2)).toBe(-1);
  });
});

describe("a bond is closed and opened", () => {
  it("nothing is said and nothing changes; every timer goes on from where it stood", () => {
    pair(1);
    const p = member(A(), 0);
    const left = p.currentWhileAt - now;
    const periodic = p.periodicAt - now;
    const toTick = A().tickPhaseNs + (A().tick + 1) * TICK - now;
    const sent = sentByA;
    const mark = traceWritten();
    pause(A(), now);
    setSilent(0, SILENT_BA);
    const at = now;
    runTo(at + 12345 * MS);
    expect(sentByA).toBe(sent);
    expect(firstTime(mark, T_MEMBER, 10, -2)).toBe(-1);
    expect(p.rxState).toBe(RX_CURRENT);
    setCause(0);
    resume(A(), now);
    expect(p.currentWhileAt - now).toBe(left - toTick, "the tick that would have come next comes now");
    expect(p.periodicAt - now).toBe(periodic - toTick);
    expect(A().holdOff).toBe(true);
  });
  it("the partner, EXPIRED or DEFAULTED by then, is back within a hello and three answers", () => {
    for (let s: i64 = 1; s <= 20; s++) {
      pair(2);
      const at = now;
      pause(A(), now);
      runTo(at + s * SEC);
      const mark = traceWritten();
      setCause(0);
      resume(A(), now);
      step();
      const opened = now;
      runTo(opened + 5 * SEC);
      expect(usableMembers(A())).toBe(2);
      expect(usableMembers(B())).toBe(2);
      const back = lastTime(mark, T_MEMBER, 20, 3);
      expect(back <= opened + 28 * TICK).toBe(true, "closed for " + s.toString() + " s, back after " + ((back - opened) / MS).toString());
    }
  });
  it("sleeping between ticks loses nothing, also across closing, opening, releasing and enslaving", () => {
    expect(tale(false)).toBe(tale(true));
  });
});

function tale(sleepless: bool): u64 {
  wire(true, true, 3);
  B().tickPhaseNs = 30 * MS;
  setEveryTick(sleepless);
  const mark = traceWritten();
  powerOn(A());
  powerOn(B());
  runTo(7 * SEC + 13 * MS);
  pause(A(), now);
  runTo(19 * SEC);
  setCause(0);
  resume(A(), now);
  step();
  runTo(31 * SEC + 7 * MS);
  releaseOfA(0);
  runTo(50 * SEC);
  setCause(0);
  const p = member(A(), 0);
  bind(A(), p, now);
  p.enabled = true; p.lacpEnabled = true; p.key = member(A(), 1).key;
  step();
  runTo(90 * SEC);
  expect(usableMembers(A())).toBe(3);
  return digest(mark);
}

/** Four members in two aggregators, as far as the choice looks: [links, bandwidth, partner known] each; `active`: 0 or 1. */
function choice(policy: i32, active: i32, links0: i32, links1: i32, speed0: u32, partner0: u64, partner1: u64): i32 {
  wire(true, true, 4);
  const g: LacpGroup = A();
  g.adSelect = policy;
  powerOn(g);
  for (let i = 0; i < 4; i++) {
    const p = member(g, i);
    const own = i == 0 ? 0 : 1;
    p.aggregator = own;
    p.speedMbps = own == 0 ? speed0 : 10000;
    p.enabled = own == 0 ? links0 > 0 : i - 1 < links1;
    p.aggregatorKey = 15;
    p.aggregatorPartner = own == 0 ? partner0 : partner1;
  }
  g.activeAggregator = active;
  chooseActive(g);
  return g.activeAggregator;
}

describe("ad_select: the policy, row by row", () => {
  it("stable keeps what has a link and a partner", () => {
    expect(choice(AD_STABLE, 0, 1, 3, 10000, 1, 2)).toBe(0, "one against three");
    expect(choice(AD_STABLE, 1, 1, 1, 100000, 1, 2)).toBe(1, "slow against fast");
    expect(choice(AD_STABLE, 0, 0, 3, 10000, 1, 2)).toBe(1, "no link left");
    expect(choice(AD_STABLE, 0, 1, 3, 10000, 0, 2)).toBe(1, "no partner, and the other has one");
    expect(choice(AD_STABLE, 0, 1, 3, 10000, 0, 0)).toBe(0, "nobody has a partner");
  });
  it("bandwidth takes the larger sum of links, whatever was", () => {
    expect(choice(AD_BANDWIDTH, 0, 1, 3, 10000, 1, 2)).toBe(1);
    expect(choice(AD_BANDWIDTH, 1, 1, 3, 100000, 1, 2)).toBe(0, "100 against 30");
    expect(choice(AD_BANDWIDTH, 0, 1, 1, 10000, 1, 2)).toBe(0, "equals keep what is there");
    expect(choice(AD_BANDWIDTH, 1, 1, 1, 10000, 1, 2)).toBe(1);
    expect(choice(AD_BANDWIDTH, 0, 1, 3, 10000, 1, 0)).toBe(0, "a partner comes before bandwidth");
  });
  it("count takes more links, and bandwidth between equals", () => {
    expect(choice(AD_COUNT, 0, 1, 3, 100000, 1, 2)).toBe(1, "three slow against one fast");
    expect(choice(AD_COUNT, 1, 1, 1, 100000, 1, 2)).toBe(0, "one against one: the faster");
    expect(choice(AD_COUNT, 1, 1, 1, 10000, 1, 2)).toBe(1, "equals keep what is there");
    expect(choice(AD_COUNT, 1, 1, 3, 10000, 1, 0)).toBe(0, "a partner comes before count");
  });
  it("a member of an aggregator that is not the active one is attached, out of sync, and carries nothing", () => {
    wire(true, true, 2);
    member(B(), 1).speedMbps = 25000; member(A(), 1).speedMbps = 25000; // another key: an aggregator of its own
    A().adSelect = AD_STABLE;
    powerOn(A());
    powerOn(B());
    runTo(10 * SEC);
    const other = member(A(), 0).aggregator == A().activeAggregator ? 1 : 0;
    expect(usableMembers(A())).toBe(1);
    expect(member(A(), other).muxState).toBe(MUX_ATTACHED);
    expect(member(A(), other).actorState & (LACP_SYNCHRONIZATION | LACP_EXPIRED | LACP_DEFAULTED)).toBe(0);
    expect(member(A(), 1 - other).muxState).toBe(MUX_COLLECTING_DISTRIBUTING);
    expect(member(A(), other).actorState & LACP_AGGREGATION).toBe(LACP_AGGREGATION);
  });
});
assert(SILENT_AB > 0 && T_LACP_MUX > 0);
