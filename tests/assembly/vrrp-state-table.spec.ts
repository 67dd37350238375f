// The state tables of RFC 5798 6.4.1-6.4.3 (version 3), RFC 3768 6.4 (version 2) and what RFC 9568, keepalived and FRR
// change in them, row by row. Every row runs for both versions and all implementations that it is true of.

import { IPV6_TAG, T_VRRP, VRRP_BACKUP, VRRP_INITIALIZE, VRRP_MASTER, VRRP_RFC5798, VRRP_RFC9568 } from "../../assembly/abi";
import {
  VRRP_WHY_HIGHER, VRRP_WHY_OWNER, VRRP_WHY_PREEMPT, VRRP_WHY_PRIORITY_ZERO, VRRP_WHY_SHUTDOWN, VRRP_WHY_STARTUP, VRRP_WHY_TIMER,
} from "../../assembly/abi";
import { NEVER } from "../../assembly/collections/event-queue";
import { reserveTrace, traceAt, traceCapacity, traceWritten } from "../../assembly/core/trace";
import {
  NO_ADVERT, VRRP_BYTES, VRRP_FRR, VRRP_KEEPALIVED, crash, deliver, fault, lowerOutputs, masterDownNs, nextDeadline, run, setPriority, shutdown,
  skewNs, startup, vrrpAt,
} from "../../assembly/fhrp/vrrp";
import { shareMemory } from "./share-memory";

const MS: i64 = 1000000;
const SECOND: i64 = 1000 * MS;
const T0: i64 = 77 * SECOND + 123456789; // nothing may depend on where a second begins
const OWN_IP: u32 = 0x0a630002;
const LOWER_IP: u32 = 0x0a630001;
const HIGHER_IP: u32 = 0xc0a80001; // above 2^31: the comparison is unsigned
const ENTITY = 5;

shareMemory();
reserveTrace(4096);

assert(VRRP_BYTES <= 256);
const v = vrrpAt(memory.data(256));
let now: i64 = T0;

function router(implementation: i32, version: u32, priority: u32, preempt: bool): void {
  memory.fill(changetype<usize>(v), 0, VRRP_BYTES);
  v.index = ENTITY; v.version = version; v.vrid = 10; v.priority = priority; v.primaryIp = OWN_IP;
  v.implementation = implementation; v.preempt = preempt; v.intervalNs = SECOND;
  now = T0;
}
function inBackup(): void { startup(v, now); lowerOutputs(v); now += 400 * MS; }
function inMaster(): void {
  startup(v, now);
  if (v.state == VRRP_BACKUP) { now = v.masterDownAt; run(v, now); }
  lowerOutputs(v);
  v.garpAt = NEVER; // its own rows below
  now += 400 * MS;
}
function hear(priority: u32, senderIp: u32): void { deliver(v, v.version, priority, SECOND, senderIp, now); }

function outputs(label: string, advert: i32, garp: i32): void {
  expect(v.sendAdvert).toBe(advert, label + ": advertisement");
  expect(v.sendGarp).toBe(garp, label + ": gratuitous ARP");
}
function traced(label: string, from: i32, to: i32, why: i32): void {
  const p = traceAt() + <usize>((traceWritten() - 1) % traceCapacity()) * 32;
  expect(load<i32>(p, 8)).toBe(T_VRRP, label);
  expect(load<i32>(p, 12)).toBe(ENTITY, label);
  expect(load<i32>(p, 20)).toBe(from, label + ": from");
  expect(load<i32>(p, 24)).toBe(to, label + ": to");
  expect(load<i32>(p, 28)).toBe(why, label + ": why");
}
function name(label: string, implementation: i32, version: u32): string {
  return label + " [implementation " + implementation.toString() + ", version " + version.toString() + "]";
}

/** Skew_Time at priority 100 and an interval of 1 s: 156/256 s = 609.375 ms; FRR counts 60 whole centiseconds. */
function skew100(implementation: i32): i64 { return implementation == VRRP_FRR ? 600 * MS : 609375000; }

// --- 6.4.2 -----------------------------------------------------------------------------------------
const RESET = 0; // Master_Down_Timer := Master_Down_Interval
const KEPT = 1; // discarded: the timer runs on
const SKEW = 2; // Master_Down_Timer := Skew_Time

function backupRow(label: string, preempt: bool, heard: u32, expected: i32): void {
  for (let version: u32 = 2; version <= 3; version++) {
    for (let implementation = 0; implementation <= VRRP_FRR; implementation++) {
      const row = name(label, implementation, version);
      router(implementation, version, 100, preempt);
      inBackup();
      const before = v.masterDownAt;
      const records = traceWritten();
      hear(heard, LOWER_IP);
      const skew = skew100(implementation);
      expect(v.masterDownAt).toBe(expected == KEPT ? before : expected == SKEW ? now + skew : now + 3 * SECOND + skew, row);
      expect(v.state).toBe(VRRP_BACKUP, row);
      expect(traceWritten()).toBe(records, row + ": no record");
      outputs(row, NO_ADVERT, 0);
      expect(v.masterIp).toBe(heard == 0 ? 0 : LOWER_IP, row);
      // The nanosecond before the deadline is not the deadline.
      now = v.masterDownAt;
      run(v, now - 1);
      expect(v.state).toBe(VRRP_BACKUP, row + ": 1 ns early");
      run(v, now);
      expect(v.state).toBe(VRRP_MASTER, row + ": on time");
      const why = expected == SKEW ? VRRP_WHY_PRIORITY_ZERO : expected == KEPT ? VRRP_WHY_PREEMPT : VRRP_WHY_TIMER;
      traced(row, VRRP_BACKUP, VRRP_MASTER, why);
    }
  }
}

// --- 6.4.3 -----------------------------------------------------------------------------------------
const ANSWERS = 3; // sends an advertisement and restarts Adver_Timer
const YIELDS = 4; // becomes Backup
const STANDS = 5; // stays; what it says then depends on the implementation

function masterRow(label: string, heard: u32, senderIp: u32, expected: i32): void {
  for (let version: u32 = 2; version <= 3; version++) {
    for (let implementation = 0; implementation <= VRRP_FRR; implementation++) {
      const row = name(label, implementation, version);
      router(implementation, version, 100, true);
      inMaster();
      const before = v.adverAt;
      const records = traceWritten();
      hear(heard, senderIp);
      if (expected == YIELDS) {
        expect(v.state).toBe(VRRP_BACKUP, row);
        expect(v.adverAt).toBe(NEVER, row);
        expect(v.masterDownAt).toBe(now + 3 * SECOND + skew100(implementation), row);
        expect(v.masterIp).toBe(senderIp, row);
        outputs(row, NO_ADVERT, 0);
        traced(row, VRRP_MASTER, VRRP_BACKUP, VRRP_WHY_HIGHER);
        continue;
      }
      expect(v.state).toBe(VRRP_MASTER, row);
      expect(v.masterDownAt).toBe(NEVER, row);
      expect(traceWritten()).toBe(records, row + ": no record");
      const keepalived = implementation == VRRP_KEEPALIVED;
      const speaks = expected == ANSWERS || keepalived || (implementation == VRRP_RFC9568 && version == 3); // RFC 3768 6.4.3: "Discard the ADVERTISEMENT"
      const restarts = expected == ANSWERS || keepalived;
      outputs(row, speaks ? 100 : NO_ADVERT, expected == STANDS && keepalived ? 5 : 0);
      expect(v.adverAt).toBe(restarts ? now + SECOND : before, row);
    }
  }
}

describe("6.4.1 Initialize", () => {
  test("startup below 255: Backup, Master_Down_Timer from the own interval", () => {
    for (let version: u32 = 2; version <= 3; version++) {
      for (let implementation = 0; implementation <= VRRP_FRR; implementation++) {
        const row = name("startup", implementation, version);
        router(implementation, version, 100, true);
        startup(v, now);
        expect(v.state).toBe(VRRP_BACKUP, row);
        expect(v.masterDownAt).toBe(T0 + 3 * SECOND + skew100(implementation), row);
        expect(nextDeadline(v)).toBe(v.masterDownAt, row);
        outputs(row, NO_ADVERT, 0);
        traced(row, VRRP_INITIALIZE, VRRP_BACKUP, VRRP_WHY_STARTUP);
      }
    }
  });
  test("startup of the owner: Master at once, advertisement and gratuitous ARP", () => {
    for (let version: u32 = 2; version <= 3; version++) {
      for (let implementation = 0; implementation <= VRRP_FRR; implementation++) {
        if (implementation == VRRP_KEEPALIVED) continue;
        const row = name("owner", implementation, version);
        router(implementation, version, 255, false);
        startup(v, now);
        expect(v.state).toBe(VRRP_MASTER, row);
        outputs(row, 255, 1);
        expect(v.adverAt).toBe(T0 + SECOND, row);
        traced(row, VRRP_INITIALIZE, VRRP_MASTER, VRRP_WHY_OWNER);
      }
    }
  });
  test("FRR over IPv6 announces its addresses when it becomes Master, and is heard an interval later", () => {
    router(VRRP_FRR, 3, 100, true);
    v.primaryIp = <u32>IPV6_TAG << 24;
    inBackup();
    now = v.masterDownAt;
    run(v, now);
    expect(v.state).toBe(VRRP_MASTER);
    outputs("becomes Master", NO_ADVERT, 1);
    lowerOutputs(v);
    now = v.adverAt;
    run(v, now);
    outputs("an interval later", 100, 0);
  });
  test("keepalived's owner listens for Master_Down_Interval, which has a skew of 1/256 s", () => {
    router(VRRP_KEEPALIVED, 2, 255, true);
    startup(v, now);
    expect(v.state).toBe(VRRP_BACKUP);
    expect(v.masterDownAt).toBe(T0 + 3 * SECOND + 3906 * 1000); // whole microseconds
    hear(100, LOWER_IP); // no lesser master holds it up
    now = v.masterDownAt;
    expect(now).toBe(T0 + 3 * SECOND + 3906 * 1000);
    run(v, now);
    traced("owner", VRRP_BACKUP, VRRP_MASTER, VRRP_WHY_OWNER);
  });
  test("hears nothing, has no timer", () => {
    router(VRRP_RFC5798, 3, 100, true);
    deliver(v, 3, 200, SECOND, HIGHER_IP, now);
    run(v, now + 1000 * SECOND);
    expect(v.state).toBe(VRRP_INITIALIZE);
    expect(nextDeadline(v)).toBe(NEVER);
  });
  test("a second startup is none", () => {
    router(VRRP_RFC5798, 3, 100, true);
    inBackup();
    const before = v.masterDownAt;
    startup(v, now);
    expect(v.masterDownAt).toBe(before);
  });
});

describe("6.4.2 Backup", () => {
  test("an advertisement, by priority and Preempt_Mode", () => {
    //         row                     preempt  heard  Master_Down_Timer
    backupRow("farewell, preempt",     true,      0,   SKEW);
    backupRow("farewell, no preempt",  false,     0,   SKEW);
    backupRow("lower, preempt",        true,     99,   KEPT);
    backupRow("lowest, preempt",       true,      1,   KEPT);
    backupRow("lower, no preempt",     false,    99,   RESET);
    backupRow("lowest, no preempt",    false,     1,   RESET);
    backupRow("equal, preempt",        true,    100,   RESET); // a settled master is not displaced by an equal
    backupRow("equal, no preempt",     false,   100,   RESET);
    backupRow("higher, preempt",       true,    101,   RESET);
    backupRow("owner, preempt",        true,    255,   RESET);
    backupRow("higher, no preempt",    false,   101,   RESET);
  });
  test("Master_Down_Timer: Master, advertisement, gratuitous ARP, Adver_Timer", () => {
    for (let version: u32 = 2; version <= 3; version++) {
      for (let implementation = 0; implementation <= VRRP_FRR; implementation++) {
        const row = name("timer", implementation, version);
        router(implementation, version, 100, true);
        inBackup();
        now = v.masterDownAt;
        run(v, now);
        outputs(row, 100, implementation == VRRP_KEEPALIVED ? 5 : 1);
        expect(v.adverAt).toBe(now + SECOND, row);
        expect(v.masterDownAt).toBe(NEVER, row);
        traced(row, VRRP_BACKUP, VRRP_MASTER, VRRP_WHY_TIMER);
      }
    }
  });
  test("shutdown: Initialize, silently", () => {
    router(VRRP_RFC9568, 3, 100, true);
    inBackup();
    shutdown(v, now);
    outputs("shutdown", NO_ADVERT, 0);
    expect(nextDeadline(v)).toBe(NEVER);
    traced("shutdown", VRRP_BACKUP, VRRP_INITIALIZE, VRRP_WHY_SHUTDOWN);
  });
  test("the farewell explains the take-over even if a lesser router speaks before it", () => {
    router(VRRP_RFC5798, 3, 100, true);
    inBackup();
    hear(0, HIGHER_IP);
    hear(50, LOWER_IP);
    now = v.masterDownAt;
    run(v, now);
    traced("farewell", VRRP_BACKUP, VRRP_MASTER, VRRP_WHY_PRIORITY_ZERO);
  });
});

describe("6.4.3 Master", () => {
  test("an advertisement, by priority and address", () => {
    //         row                    heard  sender      then
    masterRow("farewell",               0,   HIGHER_IP,  ANSWERS);
    masterRow("higher",               101,   LOWER_IP,   YIELDS);
    masterRow("owner",                255,   LOWER_IP,   YIELDS);
    masterRow("equal, higher sender", 100,   HIGHER_IP,  YIELDS);
    masterRow("equal, lower sender",  100,   LOWER_IP,   STANDS);
    masterRow("lower",                 99,   HIGHER_IP,  STANDS);
    masterRow("lowest",                 1,   HIGHER_IP,  STANDS);
  });
  test("Adver_Timer: advertisement, restart; not a nanosecond early", () => {
    for (let implementation = 0; implementation <= VRRP_FRR; implementation++) {
      router(implementation, 3, 100, true);
      inMaster();
      const at = v.adverAt;
      run(v, at - 1);
      outputs("early", NO_ADVERT, 0);
      const records = traceWritten();
      run(v, at);
      outputs("on time", 100, 0);
      expect(v.adverAt).toBe(at + SECOND);
      expect(traceWritten()).toBe(records); // a hello is no record
    }
  });
  test("shutdown: farewell, Initialize", () => {
    for (let implementation = 0; implementation <= VRRP_FRR; implementation++) {
      router(implementation, 2, 100, true);
      inMaster();
      shutdown(v, now);
      outputs("shutdown", 0, 0);
      expect(nextDeadline(v)).toBe(NEVER);
      traced("shutdown", VRRP_MASTER, VRRP_INITIALIZE, VRRP_WHY_SHUTDOWN);
    }
  });
  test("two owners: 5798 does not listen, 9568 compares addresses, keepalived steps down", () => {
    router(VRRP_RFC5798, 3, 255, true); inMaster(); hear(255, HIGHER_IP);
    expect(v.state).toBe(VRRP_MASTER); outputs("5798", NO_ADVERT, 0);
    router(VRRP_FRR, 3, 255, true); inMaster(); hear(0, HIGHER_IP);
    expect(v.state).toBe(VRRP_MASTER); outputs("FRR", NO_ADVERT, 0);
    router(VRRP_RFC9568, 3, 255, true); inMaster(); hear(255, HIGHER_IP);
    expect(v.state).toBe(VRRP_BACKUP);
    router(VRRP_RFC9568, 3, 255, true); inMaster(); hear(255, LOWER_IP);
    expect(v.state).toBe(VRRP_MASTER); outputs("9568", 255, 0);
    router(VRRP_RFC9568, 2, 255, true); inMaster(); hear(255, HIGHER_IP); // RFC 3768 7.1
    expect(v.state).toBe(VRRP_MASTER); outputs("3768", NO_ADVERT, 0);
    router(VRRP_KEEPALIVED, 3, 255, true); inMaster(); hear(255, LOWER_IP);
    expect(v.state).toBe(VRRP_BACKUP); expect(v.priority).toBe(254);
  });
});

describe("7.1 what is discarded", () => {
  test("another version, no interval, the own address", () => {
    for (let state = 0; state < 2; state++) {
      for (let version: u32 = 2; version <= 3; version++) {
        router(VRRP_RFC9568, version, 100, true);
        if (state == 0) inBackup(); else inMaster();
        const down = v.masterDownAt; const adver = v.adverAt; const was = v.state;
        deliver(v, 5 - version, 200, SECOND, HIGHER_IP, now);
        deliver(v, version, 200, 0, HIGHER_IP, now);
        deliver(v, version, 200, SECOND, OWN_IP, now);
        expect(v.state).toBe(was); expect(v.masterDownAt).toBe(down); expect(v.adverAt).toBe(adver);
        outputs("discarded", NO_ADVERT, 0);
      }
    }
  });
  test("version 2: an interval other than the own, so both become masters", () => {
    router(VRRP_KEEPALIVED, 2, 100, true);
    inBackup();
    const before = v.masterDownAt;
    deliver(v, 2, 200, 2 * SECOND, HIGHER_IP, now);
    expect(v.masterDownAt).toBe(before);
    run(v, before);
    lowerOutputs(v);
    deliver(v, 2, 200, 2 * SECOND, HIGHER_IP, before);
    deliver(v, 2, 0, 2 * SECOND, HIGHER_IP, before);
    expect(v.state).toBe(VRRP_MASTER); outputs("mismatch", NO_ADVERT, 0);
  });
  test("version 3: the master's interval is learned in both states", () => {
    router(VRRP_RFC5798, 3, 100, true);
    inBackup();
    deliver(v, 3, 200, 100 * MS, HIGHER_IP, now);
    expect(v.masterIntervalNs).toBe(100 * MS);
    expect(v.masterDownAt).toBe(now + 300 * MS + 60937500);
    deliver(v, 3, 0, 100 * MS, HIGHER_IP, now);
    expect(v.masterDownAt).toBe(now + 60937500); // Skew_Time of the master's interval, not of the own
    const due = v.masterDownAt;
    run(v, due);
    expect(v.adverAt).toBe(due + SECOND); // it advertises at its own
    deliver(v, 3, 200, 3 * SECOND, HIGHER_IP, now + SECOND);
    expect(v.masterDownAt).toBe(now + SECOND + 9 * SECOND + 1828125000);
  });
});

describe("6.1 Skew_Time and Master_Down_Interval", () => {
  test("version 2: 256ths of a second, whatever the interval", () => {
    router(VRRP_RFC5798, 2, 100, true); v.intervalNs = 3 * SECOND; v.masterIntervalNs = v.intervalNs;
    expect(skewNs(v)).toBe(609375000); expect(masterDownNs(v)).toBe(9609375000);
    v.priority = 110; expect(skewNs(v)).toBe(570312500);
    v.priority = 254; expect(skewNs(v)).toBe(7812500);
    v.priority = 1; expect(skewNs(v)).toBe(996093750);
  });
  test("version 3: 256ths of the master's interval", () => {
    router(VRRP_RFC9568, 3, 100, true); v.masterIntervalNs = 100 * MS;
    expect(skewNs(v)).toBe(60937500); expect(masterDownNs(v)).toBe(360937500);
    v.priority = 90; expect(masterDownNs(v)).toBe(364843750);
    v.masterIntervalNs = 40950 * MS; expect(skewNs(v)).toBe(26553515625);
  });
  test("FRR: whole centiseconds, rounded down", () => {
    router(VRRP_FRR, 3, 100, true); v.masterIntervalNs = SECOND;
    v.priority = 100; expect(masterDownNs(v)).toBe(3600 * MS);
    v.priority = 110; expect(masterDownNs(v)).toBe(3570 * MS);
    v.priority = 120; expect(masterDownNs(v)).toBe(3530 * MS);
    v.priority = 150; expect(masterDownNs(v)).toBe(3410 * MS);
    v.priority = 200; expect(masterDownNs(v)).toBe(3210 * MS);
    v.priority = 254; expect(masterDownNs(v)).toBe(3000 * MS);
    v.priority = 100; v.masterIntervalNs = 100 * MS; expect(masterDownNs(v)).toBe(360 * MS);
    v.version = 2; v.masterIntervalNs = SECOND; expect(skewNs(v)).toBe(600 * MS);
  });
  test("keepalived: whole microseconds", () => {
    router(VRRP_KEEPALIVED, 2, 110, true);
    expect(skewNs(v)).toBe(570312000);
  });
});

describe("keepalived's gratuitous ARP", () => {
  test("5 on becoming master and 5 more 5 s later", () => {
    router(VRRP_KEEPALIVED, 2, 100, true);
    startup(v, now);
    now = v.masterDownAt;
    run(v, now);
    outputs("at once", 100, 5);
    for (let second = 1; second <= 5; second++) {
      lowerOutputs(v);
      run(v, now + second * SECOND);
      outputs("second " + second.toString(), 100, second == 5 ? 5 : 0);
    }
    expect(v.garpAt).toBe(NEVER);
  });
  test("5 after an inferior advertisement and 5 more 5 s later, one delayed burst at a time", () => {
    router(VRRP_KEEPALIVED, 2, 100, true);
    inMaster();
    hear(90, LOWER_IP);
    const due = now + 5 * SECOND;
    expect(v.garpLowerAt).toBe(due);
    now += SECOND;
    hear(90, LOWER_IP);
    expect(v.garpLowerAt).toBe(due);
    lowerOutputs(v);
    run(v, due);
    outputs("delayed", 100, 5);
    expect(v.garpLowerAt).toBe(NEVER);
  });
  test("none once it is Backup", () => {
    router(VRRP_KEEPALIVED, 2, 100, true);
    startup(v, now); run(v, v.masterDownAt);
    hear(200, LOWER_IP);
    expect(nextDeadline(v)).toBe(v.masterDownAt);
  });
});

describe("preempt delay, tracking, faults: the RFC is silent", () => {
  test("from startup an inferior master is kept for the delay", () => {
    router(VRRP_RFC5798, 3, 100, true); v.preemptDelayNs = 10 * SECOND;
    startup(v, now);
    now = T0 + 10 * SECOND - 1; hear(90, LOWER_IP);
    const last = v.masterDownAt;
    expect(last).toBe(now + 3609375000);
    now = T0 + 10 * SECOND; hear(90, LOWER_IP);
    expect(v.masterDownAt).toBe(last);
    run(v, last);
    traced("delay", VRRP_BACKUP, VRRP_MASTER, VRRP_WHY_PREEMPT);
  });
  test("the delay does not hold up a take-over from a dead master", () => {
    router(VRRP_RFC5798, 3, 100, true); v.preemptDelayNs = 100 * SECOND;
    startup(v, now); hear(90, LOWER_IP);
    run(v, v.masterDownAt);
    expect(v.state).toBe(VRRP_MASTER);
  });
  test("keepalived: from the first inferior advertisement, anew after a better one", () => {
    router(VRRP_KEEPALIVED, 2, 100, true); v.preemptDelayNs = 5 * SECOND;
    startup(v, now);
    now += SECOND; hear(120, HIGHER_IP); expect(v.preemptAt).toBe(NEVER);
    now += SECOND; hear(90, LOWER_IP); expect(v.preemptAt).toBe(now + 5 * SECOND);
    now += SECOND; hear(90, LOWER_IP); expect(v.masterDownAt).toBe(now + 3609375000);
    now += SECOND; hear(120, HIGHER_IP); expect(v.preemptAt).toBe(NEVER);
    now += SECOND; hear(90, LOWER_IP); expect(v.preemptAt).toBe(now + 5 * SECOND);
    now = v.preemptAt; const before = v.masterDownAt; hear(90, LOWER_IP); expect(v.masterDownAt).toBe(before);
  });
  test("tracking: clamped, said with the next advertisement, never the owner's", () => {
    router(VRRP_RFC5798, 3, 100, true); inMaster();
    setPriority(v, 80, now); outputs("tracking", NO_ADVERT, 0);
    run(v, v.adverAt); outputs("tracking", 80, 0);
    setPriority(v, 0, now); expect(v.priority).toBe(1);
    setPriority(v, 300, now); expect(v.priority).toBe(254);
    router(VRRP_RFC5798, 3, 255, true); inMaster();
    setPriority(v, 80, now); expect(v.priority).toBe(255);
  });
  test("tracking in Backup: keepalived moves the running timer by the change of skew", () => {
    router(VRRP_KEEPALIVED, 2, 100, true); inBackup();
    const before = v.masterDownAt;
    setPriority(v, 116, now); expect(v.masterDownAt).toBe(before - 62500000); // 16/256 s
    router(VRRP_RFC5798, 2, 100, true); inBackup();
    setPriority(v, 116, now); expect(v.masterDownAt).toBe(before);
  });
  test("crash: no farewell; fault: FRR stays master", () => {
    for (let implementation = 0; implementation <= VRRP_FRR; implementation++) {
      router(implementation, 3, 100, true); inMaster();
      crash(v);
      outputs("crash", NO_ADVERT, 0); expect(nextDeadline(v)).toBe(NEVER);
      traced("crash", VRRP_MASTER, VRRP_INITIALIZE, VRRP_WHY_SHUTDOWN);
      router(implementation, 3, 100, true); inMaster();
      fault(v, now);
      expect(v.state).toBe(implementation == VRRP_FRR ? VRRP_MASTER : VRRP_INITIALIZE);
    }
  });
});
