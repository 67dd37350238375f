// RFC 4861 appendix C, the states of a neighbour cache entry, row by row; the times of section 10. One host whose port has no cable:
// what it sends goes nowhere, so that every event is this table's.

import { ARP_DELAY, ARP_FAILED, ARP_INCOMPLETE, ARP_PROBE, ARP_REACHABLE, ARP_STALE, FRAME_ND, NODE_HOST } from "../../assembly/abi";
import { findNeighbour, neighbourOf } from "../../assembly/sim/neighbour-tables";
import { holdNeighbour, resolve } from "../../assembly/neighbour/cache";
import { now } from "../../assembly/core/trace";
import { addL3, addNode, addPort, begin, drainTrace, reserve, reserveGateways, reserveIpv6, reserveRun, reserveStp, reserveBoots, run, setIpv6, setLinkLocal, setRunSeed } from "../../assembly/index";
import { learnAdvertisement, learnSolicitation } from "../../assembly/neighbour/nd-learn";
import { Frame } from "../../assembly/sim/frames";
import { NA_OVERRIDE, NA_SOLICITED, ND_ADVERTISEMENT } from "../../assembly/wire/nd";
import { shareMemory } from "./share-memory";

const SECOND: i64 = 1000000000;
const BASE: u32 = 0xf0000000;
const OWN: u32 = BASE + 4; // fd00::5
const GATEWAY: u32 = BASE + 5; // fd00::fe
const OLD: u64 = 0x00005e00020a;
const NEW: u64 = 0x020000000201;

shareMemory();
reserve(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
reserveIpv6(8);
reserveGateways(1, 1, 1);
reserveStp(1, 1, 1);
reserveBoots(1, 1);
reserveRun(1, 16, 16, 1, 1, 1, 16, 4096, 0, 1, 1);
setRunSeed(1);
setIpv6(4, 0xfd00000000000000, 5);
setIpv6(5, 0xfd00000000000000, 0xfe);
setIpv6(6, 0xfe80000000000000, 5);
addNode(NODE_HOST, 0, 0, 0x020000006400, 0, 300 * SECOND, 300 * SECOND, 1);
addPort(0, 10000, 0x020000006401, 0, 0, 0, 1);
addL3(0, -1, -1, 0, 0, OWN, 31, GATEWAY, 0x020000006401, -1, 0, 1);
setLinkLocal(0, BASE + 6);
begin(0);
run(SECOND, 1000);

const frame = changetype<Frame>(memory.data(256));
/** A Neighbour Advertisement for the gateway. */
function hear(mac: u64, flags: u32): void {
  memory.fill(changetype<usize>(frame), 0, offsetof<Frame>());
  frame.kind = FRAME_ND; frame.a = ND_ADVERTISEMENT; frame.b = <i32>flags; frame.c = GATEWAY; frame.d = GATEWAY; frame.e = mac;
  learnAdvertisement(0, frame);
}
function row(): i32 { return findNeighbour(0, GATEWAY); }
function state(): i32 { return row() < 0 ? -1 : neighbourOf(row()).state; }
function mac(): u64 { return neighbourOf(row()).mac; }
function pass(seconds: i64): void { run(now + seconds * SECOND, 1000); drainTrace(); }

const S: u32 = NA_SOLICITED;
const O: u32 = NA_OVERRIDE;

function inFailed(): void { if (row() >= 0) { resolve(0, GATEWAY); while (state() != ARP_FAILED) { resolve(0, GATEWAY); pass(1); } } }
function inIncomplete(): void { inFailed(); resolve(0, GATEWAY); expect(state()).toBe(ARP_INCOMPLETE); }
function inReachable(): void { inIncomplete(); hear(OLD, S | O); expect(state()).toBe(ARP_REACHABLE); expect(mac()).toBe(OLD); }
function inStale(): void { inReachable(); pass(46); expect(state()).toBe(ARP_STALE); }
function inDelay(): void { inStale(); expect(resolve(0, GATEWAY)).toBe(OLD); expect(state()).toBe(ARP_DELAY); }
function inProbe(): void { inDelay(); pass(5); expect(state()).toBe(ARP_PROBE); }

describe("no entry", () => {
  test("an advertisement, solicited or not, makes none", () => {
    hear(OLD, O); expect(row()).toBe(-1);
    hear(OLD, S | O); expect(row()).toBe(-1);
  });
  test("a packet to send: INCOMPLETE, no address", () => { expect(resolve(0, GATEWAY)).toBe(0); expect(state()).toBe(ARP_INCOMPLETE); });
});

describe("INCOMPLETE", () => {
  test("3 solicitations 1 s apart, then it has failed (MAX_MULTICAST_SOLICIT, RETRANS_TIMER)", () => {
    inIncomplete();
    pass(2); expect(state()).toBe(ARP_INCOMPLETE);
    pass(1); expect(state()).toBe(ARP_FAILED);
  });
  test("NA S=1: REACHABLE; S=0: STALE; O means nothing", () => {
    inIncomplete(); hear(OLD, S); expect(state()).toBe(ARP_REACHABLE); expect(mac()).toBe(OLD);
    inIncomplete(); hear(OLD, S | O); expect(state()).toBe(ARP_REACHABLE);
    inIncomplete(); hear(OLD, 0); expect(state()).toBe(ARP_STALE); expect(mac()).toBe(OLD);
    inIncomplete(); hear(OLD, O); expect(state()).toBe(ARP_STALE);
  });
  test("NA without an address: unchanged", () => { inIncomplete(); hear(0, S | O); expect(state()).toBe(ARP_INCOMPLETE); });
  test("NS: STALE", () => { inIncomplete(); learnSolicitation(0, GATEWAY, OLD); expect(state()).toBe(ARP_STALE); expect(mac()).toBe(OLD); });
});

describe("REACHABLE", () => {
  test("for 15 s at least, 45 s at most (30 s, half as much to half as much again)", () => {
    inReachable();
    pass(14); expect(state()).toBe(ARP_REACHABLE);
    pass(32); expect(state()).toBe(ARP_STALE);
  });
  test("a packet changes nothing", () => { inReachable(); expect(resolve(0, GATEWAY)).toBe(OLD); expect(state()).toBe(ARP_REACHABLE); });
  test("NA S=1 with the same address: confirmed anew", () => { inReachable(); pass(10); hear(OLD, S); expect(state()).toBe(ARP_REACHABLE); });
  test("NA O=0 with another address: STALE, and the address is kept", () => {
    inReachable(); hear(NEW, 0); expect(state()).toBe(ARP_STALE); expect(mac()).toBe(OLD);
    inReachable(); hear(NEW, S); expect(state()).toBe(ARP_STALE); expect(mac()).toBe(OLD);
  });
  test("NA S=1 O=1 with another address: REACHABLE by it", () => { inReachable(); hear(NEW, S | O); expect(state()).toBe(ARP_REACHABLE); expect(mac()).toBe(NEW); });
  test("NA S=0 O=1: with the same address unchanged, with another STALE by it", () => {
    inReachable(); hear(OLD, O); expect(state()).toBe(ARP_REACHABLE);
    hear(NEW, O); expect(state()).toBe(ARP_STALE); expect(mac()).toBe(NEW);
  });
  test("NS with the same address unchanged, with another STALE by it", () => {
    inReachable(); learnSolicitation(0, GATEWAY, OLD); expect(state()).toBe(ARP_REACHABLE);
    learnSolicitation(0, GATEWAY, NEW); expect(state()).toBe(ARP_STALE); expect(mac()).toBe(NEW);
  });
});

describe("STALE, DELAY, PROBE", () => {
  test("STALE lasts until a packet is sent", () => { inStale(); pass(600); expect(state()).toBe(ARP_STALE); });
  test("DELAY 5 s (DELAY_FIRST_PROBE_TIME), then PROBE: 3 unicast solicitations 1 s apart (MAX_UNICAST_SOLICIT)", () => {
    inDelay();
    pass(4); expect(state()).toBe(ARP_DELAY);
    pass(1); expect(state()).toBe(ARP_PROBE); expect(resolve(0, GATEWAY)).toBe(OLD);
    pass(2); expect(state()).toBe(ARP_PROBE);
    pass(1); expect(state()).toBe(ARP_FAILED);
  });
  test("NA S=1 with the same address, O or not: REACHABLE from each", () => {
    inStale(); hear(OLD, S); expect(state()).toBe(ARP_REACHABLE);
    inDelay(); hear(OLD, S | O); expect(state()).toBe(ARP_REACHABLE);
    inProbe(); hear(OLD, S); expect(state()).toBe(ARP_REACHABLE);
  });
  test("NA O=0 with another address: unchanged", () => {
    inStale(); hear(NEW, S); expect(state()).toBe(ARP_STALE); expect(mac()).toBe(OLD);
    inProbe(); hear(NEW, 0); expect(state()).toBe(ARP_PROBE); expect(mac()).toBe(OLD);
  });
  test("NA S=0 O=1 with another address: STALE by it, as on the take-over of a virtual router", () => {
    inDelay(); hear(NEW, O); expect(state()).toBe(ARP_STALE); expect(mac()).toBe(NEW);
    inProbe(); hear(NEW, O); expect(state()).toBe(ARP_STALE); expect(mac()).toBe(NEW);
  });
  test("upper layers confirm (7.3.1): DELAY ends in REACHABLE, and REACHABLE goes on", () => {
    inDelay(); holdNeighbour(row(), GATEWAY, 1, true, true);
    pass(5); expect(state()).toBe(ARP_REACHABLE);
    pass(200); expect(state()).toBe(ARP_REACHABLE);
    holdNeighbour(row(), GATEWAY, -1, true, true);
    pass(46); expect(state()).toBe(ARP_STALE);
  });
});
