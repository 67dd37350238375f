// GLBP's forwarders: who is given a number, who takes one over and when, what the AVG answers.

import {
  FORWARDER_ACTIVE, FORWARDER_DISABLED, FORWARDER_LISTEN, GLBP_HOST_DEPENDENT, GLBP_ROUND_ROBIN, GLBP_WEIGHTED,
} from "../../assembly/abi";
import { NEVER } from "../../assembly/collections/event-queue";
import { reserveTrace } from "../../assembly/core/trace";
import {
  GLBP_BYTES, GLBP_MESSAGE_BYTES, GlbpMessage, activeBits, assign, choose, deliver, forwarderMac, forwarderOf, glbpAt, left, nextDeadline, run, setOwnerIn, setWeight,
  startup, stop,
} from "../../assembly/fhrp/glbp";
import { shareMemory } from "./share-memory";

const SECOND: i64 = 1000000000;
const T0: i64 = 77 * SECOND;
const A: u32 = 0x0a630001;
const B: u32 = 0x0a630002;
const C: u32 = 0x0a630003;

shareMemory();
reserveTrace(4096);

assert(GLBP_BYTES <= 512 && GLBP_MESSAGE_BYTES <= 64);
const g = glbpAt(memory.data(512));
const m = changetype<GlbpMessage>(memory.data(64));
let now: i64 = T0;

/** Router B of the group. */
function router(): void {
  memory.fill(changetype<usize>(g), 0, GLBP_BYTES);
  g.ip = B; g.weight = 100; g.lower = 1; g.upper = 100; g.preempt = 1; g.preemptDelayNs = 30 * SECOND;
  g.holdNs = 10 * SECOND; g.redirectNs = 600 * SECOND; g.timeoutNs = 14400 * SECOND;
  now = T0;
  startup(g);
}
/** A hello of A, which is the AVG and has given 1 to itself and 2 to B. */
function avg(active: i32): void { hello(A, active, true); }
function hello(ip: u32, active: i32, isAvg: bool): void {
  memory.fill(changetype<usize>(m), 0, GLBP_MESSAGE_BYTES);
  m.ip = ip; m.weight = 100; m.active = active; m.isAvg = isAvg ? 1 : 0; m.from = 4;
  if (isAvg) { setOwnerIn(m, 0, A); setOwnerIn(m, 1, B); }
  deliver(g, m, false, now);
}
function two(method: i32): void { router(); avg(1); g.method = method; }
function state(k: i32): i32 { return forwarderOf(g, k).state; }
function toDeadline(): void { now = nextDeadline(g); run(g, now); }

describe("numbers", () => {
  test("0007.b4XX.XXYY", () => {
    expect(forwarderMac(10, 0)).toBe(0x0007b4000a01);
    expect(forwarderMac(1023, 3)).toBe(0x0007b403ff04);
  });
  test("a forwarder is what the AVG says, and forwards at once", () => {
    router();
    avg(1);
    expect(state(0)).toBe(FORWARDER_LISTEN);
    expect(state(1)).toBe(FORWARDER_ACTIVE);
    expect(state(2)).toBe(FORWARDER_DISABLED);
    expect(g.sendHello).toBe(1);
    expect(g.moved).toBe(2);
  });
  test("the AVG gives 1 to itself, then the next free one to each; a fifth gets none", () => {
    router();
    assign(g, B, now);
    for (let k = 0; k < 4; k++) { hello(C + <u32>k, 0, false); assign(g, C + <u32>k, now); }
    expect(forwarderOf(g, 0).owner).toBe(B);
    for (let k = 1; k < 4; k++) expect(forwarderOf(g, k).owner).toBe(C + <u32>k - 1);
    assign(g, C, now);
    expect(activeBits(g)).toBe(1, "none twice");
  });
});

describe("answers at once", () => {
  test("the owner to another that forwards for its number, once until it says its regular hello", () => {
    two(GLBP_ROUND_ROBIN);
    g.sendHello = 0;
    hello(C, 2, false);
    expect(state(1)).toBe(FORWARDER_ACTIVE, "the owner stays");
    expect(g.sendHello).toBe(1);
    g.sendHello = 0;
    hello(C, 2, false);
    expect(g.sendHello).toBe(0, "C has heard it, or has it on the way");
    g.answered = 0; // events/fhrp.ts, on saying a regular hello
    hello(C, 2, false);
    expect(g.sendHello).toBe(1);
  });
  test("to an AVG that has no number for it, once", () => {
    router();
    memory.fill(changetype<usize>(m), 0, GLBP_MESSAGE_BYTES);
    m.ip = A; m.weight = 100; m.isAvg = 1;
    deliver(g, m, false, now);
    expect(g.sendHello).toBe(1);
    g.sendHello = 0;
    deliver(g, m, false, now);
    expect(g.sendHello).toBe(0);
  });
});

describe("take-over", () => {
  test("silent for the hold time: 10 s after the last hello", () => {
    router(); avg(1);
    now += 3 * SECOND; avg(1);
    const last = now;
    toDeadline();
    expect(now).toBe(last + 10 * SECOND);
    expect(activeBits(g)).toBe(3, "both numbers");
    expect(forwarderOf(g, 0).redirectAt).toBe(now + 600 * SECOND);
    expect(forwarderOf(g, 0).timeoutAt).toBe(now + 14400 * SECOND);
  });
  test("given up, or left: at once", () => {
    router(); avg(1); now += SECOND;
    avg(0); run(g, now);
    expect(state(0)).toBe(FORWARDER_ACTIVE);
    router(); avg(1); now += SECOND;
    left(g, A, now); run(g, now);
    expect(state(0)).toBe(FORWARDER_ACTIVE);
  });
  test("the owner outranks; of two others the weighting, then the address", () => {
    router(); avg(1); left(g, A, now); run(g, now);
    hello(C, 1, false);
    expect(state(0)).toBe(FORWARDER_LISTEN, "higher address");
    router(); avg(1); left(g, A, now); run(g, now);
    g.weight = 120; hello(C, 1, false);
    expect(state(0)).toBe(FORWARDER_ACTIVE, "higher weighting");
    expect(g.sendHello).toBe(1, "and says so");
    hello(A, 1, true);
    expect(state(0)).toBe(FORWARDER_LISTEN, "the owner");
    expect(forwarderOf(g, 0).timeoutAt).toBe(NEVER);
  });
  test("the owner takes its number back after the delay", () => {
    router();
    hello(A, 3, true); // B came back while A forwards for its number
    expect(state(1)).toBe(FORWARDER_LISTEN);
    const since = now;
    while (state(1) == FORWARDER_LISTEN) { const due = nextDeadline(g); if (due > now + 3 * SECOND) { now += 3 * SECOND; hello(A, 3, true); } else toDeadline(); }
    expect(now).toBe(since + 30 * SECOND);
  });
});

describe("redirect, timeout, weighting", () => {
  test("not handed out after the redirect time, not forwarded after the timeout", () => {
    router(); avg(1); left(g, A, now); run(g, now);
    const since = now;
    expect(choose(g, 0)).toBe(0);
    expect(choose(g, 0)).toBe(1);
    toDeadline();
    expect(now).toBe(since + 600 * SECOND);
    for (let k = 0; k < 4; k++) expect(choose(g, <u64>k)).toBe(1);
    expect(state(0)).toBe(FORWARDER_ACTIVE);
    toDeadline();
    expect(now).toBe(since + 14400 * SECOND);
    expect(state(0)).toBe(FORWARDER_DISABLED);
    expect(forwarderOf(g, 0).owner).toBe(0, "the number is free");
  });
  test("below the lower threshold it gives all up, at the upper one it may take again", () => {
    router(); g.lower = 80; avg(1);
    g.sendHello = 0;
    setWeight(g, 79);
    expect(activeBits(g)).toBe(0);
    expect(g.sendHello).toBe(1);
    run(g, now + 60 * SECOND);
    expect(activeBits(g)).toBe(0, "whoever is silent");
    setWeight(g, 99); expect(g.unfit).toBe(1);
    setWeight(g, 100); expect(g.unfit).toBe(0);
  });
  test("stop", () => {
    router(); avg(1); stop(g);
    expect(activeBits(g)).toBe(0);
    expect(nextDeadline(g)).toBe(NEVER);
  });
});

describe("answers", () => {
  test("round-robin", () => {
    two(GLBP_ROUND_ROBIN);
    for (let k = 0; k < 6; k++) expect(choose(g, 7)).toBe(k & 1);
  });
  test("host-dependent: a host always gets the same", () => {
    two(GLBP_HOST_DEPENDENT);
    for (let mac: u64 = 100; mac < 110; mac++) { const first = choose(g, mac); expect(choose(g, mac)).toBe(first); expect(first).toBe(<i32>(mac & 1)); }
  });
  test("weighted: as the weightings", () => {
    two(GLBP_WEIGHTED);
    forwarderOf(g, 0).weight = 50; forwarderOf(g, 1).weight = 150;
    let first = 0;
    for (let k = 0; k < 200; k++) if (choose(g, 7) == 0) first += 1;
    expect(first).toBe(50);
  });
  test("none, when nobody forwards", () => {
    router();
    expect(choose(g, 7)).toBe(-1);
  });
});
