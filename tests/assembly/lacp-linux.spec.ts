// Linux bonding against itself, in ticks, and against what a real kernel did (110 ms a tick).

import { AD_BANDWIDTH, AD_COUNT, AD_STABLE, LACP_EXPIRED, RX_CURRENT, RX_DEFAULTED, RX_EXPIRED, T_AGGREGATOR, T_FAULT, T_LACP_MUX, T_LACP_RX,
  T_MEMBER, MUX_ATTACHED, MUX_COLLECTING_DISTRIBUTING } from "../../assembly/abi";
import { setCause, trace, traceWritten } from "../../assembly/core/trace";
import { leave } from "../../assembly/lacp/lacp";
import { member, operationalKey } from "../../assembly/lacp/port";
import { A, B, MS, SEC, SILENT_AB, SILENT_BA, digest, firstTime, lastTime, link, now, powerOn, rootOf, runTo, runs, sentByA, sentByB,
  setEveryTick, setSilent, step, usableMembers, wire } from "./lacp-support";

const TICK: i64 = 110 * MS;

function bonds(phaseA: i64, phaseB: i64, count: i32): void {
  wire(true, true, count);
  A().tickNs = TICK;
  B().tickNs = TICK;
  A().tickPhaseNs = phaseA;
  B().tickPhaseNs = phaseB;
}

/** Time at which the last member of either end begins to distribute, with B's clock `phase` after A's. */
function formed(phase: i64): i64 {
  bonds(0, phase, 2);
  const mark = traceWritten();
  powerOn(A());
  powerOn(B());
  runTo(10 * SEC);
  expect(usableMembers(A())).toBe(2);
  expect(usableMembers(B())).toBe(2);
  let last: i64 = 0;
  for (let i = 0; i < 2; i++) {
    last = max(last, lastTime(mark, T_LACP_MUX, 10 + i, MUX_COLLECTING_DISTRIBUTING));
    last = max(last, lastTime(mark, T_LACP_MUX, 20 + i, MUX_COLLECTING_DISTRIBUTING));
  }
  return last;
}

describe("Linux: the key", () => {
  it("bits 1 to 5 number the speeds that the driver knows, in their order from 1 Mbit/s (bond_3ad.c, AD_LINK_SPEED_*); bit 0 is full duplex", () => {
    bonds(0, 0, 1);
    const p = member(A(), 0);
    p.enabled = true;
    const speeds: StaticArray<u32> = [1, 10, 100, 1000, 2500, 5000, 10000, 14000, 20000, 25000, 40000, 50000, 56000, 100000, 200000, 400000, 800000];
    for (let i = 0; i < speeds.length; i++) {
      p.speedMbps = speeds[i];
      expect(operationalKey(A(), p)).toBe(((i + 1) << 1) | 1);
    }
  });
  it("a speed that it does not know, and a port without carrier, have neither", () => {
    bonds(0, 0, 1);
    const p = member(A(), 0);
    p.enabled = true;
    p.speedMbps = 30000;
    expect(operationalKey(A(), p)).toBe(0);
    p.speedMbps = 10000;
    p.enabled = false;
    expect(operationalKey(A(), p)).toBe(0);
  });
});

describe("Linux: bring-up", () => {
  it("both ends distribute 2.3 to 2.9 s after the later one is up, whatever the phase of the clocks", () => {
    for (let ms: i64 = 0; ms < 110; ms += 7) {
      const at = formed(ms * MS);
      expect(at >= 2300 * MS && at <= 2900 * MS).toBe(true, "phase " + ms.toString() + " ms: " + (at / MS).toString());
    }
  });
  it("first frame in the third tick; then every third tick looks: 9, 9 and 12 ticks apart", () => {
    bonds(0, 50 * MS, 1);
    powerOn(A());
    powerOn(B());
    runTo(2 * TICK - 1);
    expect(sentByA).toBe(0);
    runTo(2 * TICK);
    expect(sentByA).toBe(1);
    runTo(30 * SEC);
    const before = sentByA;
    runTo(30 * SEC + 300 * TICK);
    expect(sentByA - before).toBe(30, "a second is ten ticks on average");
  });
  it("before the partner is known one member carries the traffic, in the first aggregator", () => {
    bonds(0, 0, 3);
    setSilent(0, 3); setSilent(1, 3); setSilent(2, 3);
    const mark = traceWritten();
    powerOn(A());
    powerOn(B());
    expect(member(A(), 0).usable).toBe(3);
    expect(firstTime(mark, T_AGGREGATOR, 0, 10)).toBe(0);
    runTo(30 * SEC);
    expect(usableMembers(A())).toBe(1);
    expect(member(A(), 0).actorState).toBe(79, "act short agg sync defl, as recorded");
    expect(member(A(), 1).actorState).toBe(71, "act short agg defl, as recorded");
    link(0, false);
    expect(member(A(), 1).usable).toBe(3, "the next one at once");
    expect(member(A(), 0).usable).toBe(0);
    link(0, true);
    runTo(60 * SEC);
    expect(member(A(), 1).usable).toBe(3, "stable: it stays");
    expect(usableMembers(A())).toBe(1);
  });
  it("the second member is attached one tick before the first: the driver's order", () => {
    bonds(0, 50 * MS, 2);
    const mark = traceWritten();
    powerOn(A());
    powerOn(B());
    runTo(10 * SEC);
    expect(firstTime(mark, T_LACP_MUX, 10, MUX_ATTACHED) - firstTime(mark, T_LACP_MUX, 11, MUX_ATTACHED)).toBe(TICK);
  });
});

describe("Linux: a silent failure", () => {
  it("fast: EXPIRED 30 ticks after the last frame, DEFAULTED 30 later, another aggregator", () => {
    bonds(0, 50 * MS, 2);
    powerOn(A());
    powerOn(B());
    runTo(20 * SEC);
    const mark = traceWritten();
    setSilent(1, SILENT_AB | SILENT_BA);
    runTo(40 * SEC);
    const expired = firstTime(mark, T_LACP_RX, 11, RX_EXPIRED) - 20 * SEC;
    expect(expired > 18 * TICK && expired <= 30 * TICK).toBe(true, (expired / MS).toString());
    expect(firstTime(mark, T_LACP_RX, 11, RX_DEFAULTED) - firstTime(mark, T_LACP_RX, 11, RX_EXPIRED)).toBe(30 * TICK);
    expect(firstTime(mark, T_MEMBER, 11, 0)).toBe(firstTime(mark, T_LACP_RX, 11, RX_EXPIRED), "in the same tick");
    expect(member(A(), 1).aggregator).toBe(1);
    expect(usableMembers(A())).toBe(1);
    const back = traceWritten();
    setSilent(1, 0);
    runTo(80 * SEC);
    expect(usableMembers(A())).toBe(2);
    const found = firstTime(back, T_LACP_RX, 11, RX_CURRENT) - 40 * SEC;
    expect(found > 15 * SEC && found < 33 * SEC).toBe(true, "defaulted ends speak each 300 ticks: recorded 26.9 to 30.9 s");
    expect(lastTime(back, T_MEMBER, 11, 3) - 40 * SEC - found < 1500 * MS).toBe(true, "no second wait: never seen UNSELECTED");
  });
  it("EXPIRED keeps its own Sync, as recorded: act short agg sync exp", () => {
    bonds(0, 50 * MS, 2);
    powerOn(A());
    powerOn(B());
    runTo(20 * SEC);
    setSilent(1, SILENT_AB | SILENT_BA);
    runTo(24 * SEC);
    expect(member(A(), 1).actorState).toBe(143);
    expect(member(A(), 1).partnerState).toBe(55);
  });
  it("slow: 900 ticks", () => {
    bonds(0, 50 * MS, 1);
    A().fast = false;
    B().fast = false;
    powerOn(A());
    powerOn(B());
    runTo(200 * SEC);
    const mark = traceWritten();
    setSilent(0, SILENT_AB | SILENT_BA);
    runTo(400 * SEC);
    const expired = firstTime(mark, T_LACP_RX, 10, RX_EXPIRED) - 200 * SEC;
    expect(expired > 597 * TICK && expired <= 900 * TICK).toBe(true);
    expect(firstTime(mark, T_LACP_RX, 10, RX_DEFAULTED) - firstTime(mark, T_LACP_RX, 10, RX_EXPIRED)).toBe(30 * TICK);
  });
  it("a dropped frame's reason becomes the cause", () => {
    bonds(0, 50 * MS, 2);
    powerOn(A());
    powerOn(B());
    runTo(20 * SEC);
    const mark = traceWritten();
    setSilent(1, SILENT_BA);
    setCause(0);
    const fault = trace(T_FAULT, 0, 0, 0, 0);
    member(A(), 1).cause = fault; // what the simulation does when it drops a frame on its way to this port
    runTo(24 * SEC);
    expect(rootOf(mark, T_MEMBER, 11, 0)).toBe(fault);
  });
});

describe("Linux: a cable is cut", () => {
  it("not used at once; back after about 2.6 s; the other member is not disturbed", () => {
    bonds(0, 50 * MS, 2);
    powerOn(A());
    powerOn(B());
    runTo(20 * SEC);
    const mark = traceWritten();
    link(0, false);
    expect(member(A(), 0).usable).toBe(0);
    runTo(30 * SEC);
    expect(member(A(), 0).actorState).toBe(15, "attached, as recorded of 6.1.192");
    expect(member(A(), 0).partnerState).toBe(55, "the partner is not in sync any more (ad_rx_machine, AD_RX_PORT_DISABLED)");
    link(0, true);
    runTo(30 * SEC + 110 * MS);
    expect(member(A(), 0).aggregator).toBe(1, "as recorded");
    runTo(40 * SEC);
    expect(usableMembers(A())).toBe(2);
    const back = lastTime(mark, T_MEMBER, 10, 3) - 30 * SEC;
    expect(back > 2300 * MS && back < 2900 * MS).toBe(true, (back / MS).toString());
    expect(firstTime(mark, T_MEMBER, 11, -2)).toBe(-1);
    expect(firstTime(mark, T_MEMBER, 21, -2)).toBe(-1);
  });
  it("an older kernel leaves the bits as they were", () => {
    bonds(0, 50 * MS, 2);
    A().keepsSync = true;
    powerOn(A());
    powerOn(B());
    runTo(20 * SEC);
    link(0, false);
    runTo(30 * SEC);
    expect(member(A(), 0).actorState).toBe(63, "as recorded of 6.1.176");
    expect(member(A(), 0).partnerState).toBe(63);
    expect(member(A(), 0).usable).toBe(0);
    link(0, true);
    runTo(40 * SEC);
    expect(usableMembers(A())).toBe(2);
  });
  it("min_links drops the carrier only", () => {
    bonds(0, 50 * MS, 2);
    A().minLinks = 2;
    powerOn(A());
    powerOn(B());
    runTo(10 * SEC);
    expect(A().carrier).toBe(true);
    link(1, false);
    expect(A().carrier).toBe(false);
    runTo(12 * SEC);
    expect(usableMembers(A())).toBe(1, "the member itself goes on");
    expect(usableMembers(B())).toBe(1);
    link(1, true);
    runTo(12 * SEC + 2 * TICK);
    expect(A().carrier).toBe(false, "it is in no aggregator with the other yet");
    runTo(20 * SEC);
    expect(A().carrier).toBe(true);
  });
  it("leave: Sync, Collecting, Distributing and Aggregation cleared, the partner stops", () => {
    bonds(0, 50 * MS, 2);
    powerOn(A());
    powerOn(B());
    runTo(10 * SEC);
    leave(A(), now);
    expect(member(A(), 0).actorState).toBe(3, "act short, as recorded");
    step();
    const mark = traceWritten();
    runTo(11 * SEC);
    const at = firstTime(mark, T_MEMBER, 20, 0) - 10 * SEC;
    expect(at > 0 && at <= TICK + 1000).toBe(true);
  });
});

describe("Linux: lacp_active off", () => {
  it("on one end: forms and keeps going", () => {
    bonds(0, 50 * MS, 2);
    B().active = false;
    powerOn(A());
    powerOn(B());
    runTo(3 * SEC);
    const mark = traceWritten();
    runTo(60 * SEC);
    expect(usableMembers(A())).toBe(2);
    expect(usableMembers(B())).toBe(2);
    expect(firstTime(mark, T_MEMBER, 10, 0)).toBe(-1);
  });
  it("on both ends: forms all the same, then expires every 30 ticks and recovers in the next exchange, as recorded", () => {
    bonds(0, 40 * MS, 2);
    A().active = false;
    B().active = false;
    powerOn(A());
    powerOn(B());
    runTo(2900 * MS);
    expect(usableMembers(A())).toBe(2);
    expect(usableMembers(B())).toBe(2);
    const mark = traceWritten();
    const frames = sentByA + sentByB;
    runTo(23 * SEC);
    const lost = firstTime(mark, T_MEMBER, 10, 0) >= 0 || firstTime(mark, T_MEMBER, 20, 0) >= 0;
    expect(lost).toBe(true);
    expect(usableMembers(A()) + usableMembers(B()) >= 2).toBe(true);
    const sent = sentByA + sentByB - frames;
    expect(sent > 12 && sent < 60).toBe(true, "frames of both ends in 20 s: " + sent.toString());
  });
});

/** A's members 0.. see partner X until `split`, the others Y (another system). */
function partners(policy: i32): void {
  wire(true, true, 4);
  A().adSelect = policy;
  powerOn(A());
  powerOn(B());
}

describe("Linux: ad_select", () => {
  it("stable keeps an aggregator with a partner, bandwidth and count take the bigger one", () => {
    for (let policy = AD_STABLE; policy <= AD_COUNT; policy++) {
      partners(policy);
      // member 0 alone first, then three more with a partner of another key: here by speed
      member(A(), 0).speedMbps = 25000; member(B(), 0).speedMbps = 25000;
      for (let i = 0; i < 4; i++) link(i, false);
      runTo(SEC);
      link(0, true);
      runTo(10 * SEC);
      expect(A().activeAggregator).toBe(member(A(), 0).aggregator);
      for (let i = 1; i < 4; i++) link(i, true);
      runTo(20 * SEC);
      const moved = A().activeAggregator != member(A(), 0).aggregator;
      expect(moved).toBe(policy != AD_STABLE, policy == AD_BANDWIDTH ? "30 G against 25 G" : "three against one");
    }
  });
});

// --- frame by frame against kernel 6.1.176 ------------------------------------------------------------
// Times of member 0's frames in ms since A's first one, as recorded (first repetition of the scenario).

let at: i32 = 0;
let misses: i32 = 0;

/** The next frame of either end is `end`'s, `ms` after A's first. The real tick is a little longer: 30 ms and 1 % are allowed. */
function frame(end: string, ms: i64): void {
  const a = sentByA;
  const b = sentByB;
  while (sentByA == a && sentByB == b && now < 60 * SEC) runTo(now + MS);
  const who = sentByA > a ? "A" : "B";
  const off = now - 2 * TICK - ms * MS;
  at += 1;
  const allowed = 30 * MS + ms * MS / 100;
  if (who == end && off >= -allowed && off <= allowed) return;
  misses += 1;
  expect(false).toBe(true, "frame " + at.toString() + ": " + who + " " + ((now - 2 * TICK) / MS).toString() + ", recorded " + end + " " + ms.toString());
}

describe("Linux: the frames of a real pair", () => {
  it("lacp_active_Aoff_Boff_fast__k6.1: both passive", () => {
    bonds(0, 107 * MS, 1);
    A().active = false;
    B().active = false;
    powerOn(A());
    runTo(107 * MS);
    powerOn(B());
    at = 0; misses = 0;
    frame("A", 0); frame("B", 107); frame("A", 2307); frame("B", 2417); frame("A", 2637);
    frame("A", 5607); frame("B", 5717); frame("A", 5937); frame("A", 8907); frame("B", 9017); frame("A", 9237);
    frame("A", 12257); frame("B", 12367); frame("A", 12587); frame("A", 15607); frame("B", 15739); frame("A", 15957);
    expect(misses).toBe(0);
  });
  it("handshake_fast_fast_2m_late0__k6.1: both active", () => {
    bonds(0, 70 * MS, 1);
    powerOn(A());
    runTo(70 * MS);
    powerOn(B());
    at = 0; misses = 0;
    frame("A", 0); frame("B", 70); frame("A", 990); frame("B", 1060); frame("A", 1980); frame("B", 2050);
    frame("A", 2310); frame("B", 2380); frame("A", 2640); frame("A", 3300); frame("B", 3370); frame("A", 4290); frame("B", 4360);
    frame("A", 5280); frame("B", 5350); frame("A", 6600); frame("B", 6670);
    expect(misses).toBe(0);
  });
});

// --- nothing is lost by sleeping -------------------------------------------------------------------

function story(sleepless: bool, phase: i64): u64 {
  bonds(0, phase, 3);
  setEveryTick(sleepless);
  B().fast = false;
  const mark = traceWritten();
  powerOn(A());
  powerOn(B());
  runTo(13 * SEC);
  link(1, false);
  runTo(25 * SEC + 17 * MS);
  link(1, true);
  runTo(31 * SEC + 333 * MS);
  setSilent(0, SILENT_BA);
  runTo(180 * SEC);
  setSilent(0, 0);
  setSilent(2, SILENT_AB);
  runTo(320 * SEC);
  setSilent(2, 0);
  link(0, false);
  link(2, false);
  runTo(330 * SEC + 5 * MS); // not a tick: whether an input at a tick comes before it is the caller's to say
  link(2, true);
  runTo(400 * SEC);
  return digest(mark) ^ (<u64>sentByA << 32) ^ <u64>sentByB;
}

describe("Linux: event driven", () => {
  it("calling run in every tick gives the same trace and the same frames", () => {
    for (let ms: i64 = 0; ms < 110; ms += 11) {
      const asleep = story(false, ms * MS);
      const fewer = runs;
      const awake = story(true, ms * MS);
      expect(asleep).toBe(awake, "phase " + ms.toString());
      expect(fewer * 3 < runs * 2).toBe(true, fewer.toString() + " calls against " + runs.toString());
    }
  });
  it("both passive, too", () => {
    let first: u64 = 0;
    for (let k = 0; k < 2; k++) {
      bonds(0, 33 * MS, 2);
      setEveryTick(k == 1);
      A().active = false;
      B().active = false;
      const mark = traceWritten();
      powerOn(A());
      powerOn(B());
      runTo(100 * SEC);
      if (k == 0) first = digest(mark);
      else expect(digest(mark)).toBe(first);
    }
  });
  it("steady state writes nothing for ten minutes", () => {
    bonds(0, 50 * MS, 2);
    powerOn(A());
    powerOn(B());
    runTo(80 * SEC);
    const mark = traceWritten();
    runTo(680 * SEC);
    expect(traceWritten()).toBe(mark);
    expect(member(A(), 0).actorState & LACP_EXPIRED).toBe(0);
  });
});

describe("Linux bond and switch", () => {
  it("form together, also when the switch is slow and late", () => {
    wire(true, false, 2);
    A().tickNs = TICK;
    B().fast = false;
    powerOn(A());
    runTo(7 * SEC);
    powerOn(B());
    runTo(20 * SEC);
    expect(usableMembers(A())).toBe(2);
    expect(usableMembers(B())).toBe(2);
  });
});
