// RFC 2281 5.6 and 5.7, row by row: the events a to l in each state, with preemption and without.

import {
  HSRP_ACTIVE, HSRP_COUP, HSRP_HELLO, HSRP_INITIAL, HSRP_LEARN, HSRP_LISTEN, HSRP_RESIGN, HSRP_SPEAK, HSRP_STANDBY, T_HSRP,
} from "../../assembly/abi";
import { NEVER } from "../../assembly/collections/event-queue";
import { reserveTrace } from "../../assembly/core/trace";
import {
  HSRP_BYTES, HSRP_MESSAGE_BYTES, HsrpMessage, crash, deliver, hsrpAt, lowerOutputs, nextDeadline, run, setPriority, shutdown, startup,
} from "../../assembly/fhrp/hsrp";
import { shareMemory } from "./share-memory";

const SECOND: i64 = 1000000000;
const T0: i64 = 77 * SECOND + 123456789;
const OWN_IP: u32 = 0x0a630002;
const LOWER_IP: u32 = 0x0a630001;
const HIGHER_IP: u32 = 0xc0a80001;

shareMemory();
reserveTrace(4096);

assert(HSRP_BYTES <= 256 && HSRP_MESSAGE_BYTES <= 64);
const r = hsrpAt(memory.data(256));
const m = changetype<HsrpMessage>(memory.data(64));
let now: i64 = T0;

function router(preempt: bool): void {
  memory.fill(changetype<usize>(r), 0, HSRP_BYTES);
  r.index = 3; r.kind = T_HSRP; r.priority = 100; r.ip = OWN_IP; r.preempt = preempt; r.knowsAddress = true; r.helloNs = 3 * SECOND; r.holdNs = 10 * SECOND;
  r.activeAt = NEVER; r.standbyAt = NEVER; r.helloAt = NEVER;
  now = T0;
}
function say(op: i32, state: i32, priority: i32, ip: u32): void {
  m.op = op; m.state = state; m.priority = priority; m.ip = ip; m.from = 9; m.holdNs = 10 * SECOND;
  deliver(r, m, now);
}
function toDeadline(): void { now = nextDeadline(r); run(r, now); }
function inListen(preempt: bool): void { router(preempt); startup(r, now); lowerOutputs(r); }
function inSpeak(preempt: bool): void { inListen(preempt); while (r.state == HSRP_LISTEN) toDeadline(); lowerOutputs(r); }
function inStandby(preempt: bool): void {
  inSpeak(preempt);
  say(HSRP_HELLO, HSRP_ACTIVE, 200, HIGHER_IP);
  while (r.state == HSRP_SPEAK) { say(HSRP_HELLO, HSRP_ACTIVE, 200, HIGHER_IP); toDeadline(); }
  lowerOutputs(r);
}
function inActive(preempt: bool): void { inListen(preempt); while (r.state != HSRP_ACTIVE) toDeadline(); lowerOutputs(r); }
function quiet(label: string): void {
  expect(r.sendCoup || r.sendHello || r.sendResign || r.announce).toBe(false, label + ": sends nothing");
}

describe("Initial", () => {
  test("a: Listen with a virtual address, both timers at the hold time", () => {
    inListen(false);
    expect(r.state).toBe(HSRP_LISTEN);
    expect(r.activeAt).toBe(T0 + 10 * SECOND);
    expect(r.standbyAt).toBe(T0 + 10 * SECOND);
    expect(r.helloAt).toBe(NEVER);
    quiet("a");
  });
  test("a: Learn without one; g and h: E, A, B and Listen", () => {
    for (let k = 0; k < 2; k++) {
      router(false);
      r.knowsAddress = false;
      startup(r, now);
      expect(r.state).toBe(HSRP_LEARN);
      now += SECOND;
      say(HSRP_HELLO, HSRP_ACTIVE, k == 0 ? 200 : 50, LOWER_IP);
      expect(r.state).toBe(HSRP_LISTEN);
      expect(r.knowsAddress).toBe(true);
      expect(r.activeAt).toBe(now + 10 * SECOND);
      expect(r.standbyAt).toBe(now + 10 * SECOND);
    }
  });
  test("Learn alone stays: it has no address to speak for", () => {
    router(false);
    r.knowsAddress = false;
    startup(r, now);
    for (let k = 0; k < 4 && nextDeadline(r) != NEVER; k++) toDeadline();
    expect(r.state).toBe(HSRP_LEARN);
  });
  test("hears nothing", () => {
    router(true);
    say(HSRP_HELLO, HSRP_ACTIVE, 50, LOWER_IP);
    expect(r.state).toBe(HSRP_INITIAL);
    expect(nextDeadline(r)).toBe(NEVER);
  });
});

describe("b: disabled", () => {
  test("every state goes to Initial, Active resigns", () => {
    inListen(false); shutdown(r, now); expect(r.state).toBe(HSRP_INITIAL); quiet("Listen");
    inSpeak(false); shutdown(r, now); expect(r.state).toBe(HSRP_INITIAL); quiet("Speak");
    inStandby(false); shutdown(r, now); expect(r.state).toBe(HSRP_INITIAL); quiet("Standby");
    inActive(false); shutdown(r, now); expect(r.state).toBe(HSRP_INITIAL); expect(r.sendResign).toBe(true);
    expect(nextDeadline(r)).toBe(NEVER);
    inActive(false); crash(r, now); expect(r.state).toBe(HSRP_INITIAL); quiet("crash");
  });
});

describe("timers", () => {
  test("a router alone: Speak after one hold time, Standby and Active after two", () => {
    inListen(false);
    toDeadline();
    expect(r.state).toBe(HSRP_SPEAK);
    expect(now).toBe(T0 + 10 * SECOND);
    while (r.state == HSRP_SPEAK) toDeadline();
    expect(r.state).toBe(HSRP_ACTIVE, "by way of Standby, in one instant");
    expect(now).toBe(T0 + 20 * SECOND);
    expect(r.announce).toBe(true);
    expect(r.sendHello).toBe(true);
    expect(r.sendCoup).toBe(false, "c in Standby: C, D, F, I");
  });
  test("c in Listen: A, B, Speak", () => {
    inListen(false);
    r.standbyAt = now + 60 * SECOND;
    toDeadline();
    expect(r.state).toBe(HSRP_SPEAK);
    expect(r.activeAt).toBe(now + 10 * SECOND);
    expect(r.standbyAt).toBe(now + 10 * SECOND);
  });
  test("d in Listen while the active router is heard: Speak", () => {
    inListen(false);
    now += 5 * SECOND;
    say(HSRP_HELLO, HSRP_ACTIVE, 200, HIGHER_IP);
    toDeadline();
    expect(r.state).toBe(HSRP_SPEAK);
    expect(now).toBe(T0 + 10 * SECOND);
  });
  test("c in Standby: the hold time after the last hello, not the hello time", () => {
    inStandby(false);
    say(HSRP_HELLO, HSRP_ACTIVE, 200, HIGHER_IP);
    const last = now;
    while (r.state == HSRP_STANDBY) toDeadline();
    expect(r.state).toBe(HSRP_ACTIVE);
    expect(now).toBe(last + 10 * SECOND);
  });
  test("the active router's own hold time counts", () => {
    inStandby(false);
    m.op = HSRP_HELLO; m.state = HSRP_ACTIVE; m.priority = 200; m.ip = HIGHER_IP; m.from = 9; m.holdNs = 4 * SECOND;
    deliver(r, m, now);
    expect(r.activeAt).toBe(now + 4 * SECOND);
  });
  test("e: hello every 3 s in Speak, Standby, Active; none in Listen", () => {
    inSpeak(false); expect(r.helloAt).toBe(now + 3 * SECOND);
    inActive(false);
    const at = r.helloAt;
    toDeadline();
    expect(now).toBe(at);
    expect(r.sendHello).toBe(true);
    expect(r.helloAt).toBe(at + 3 * SECOND);
    inListen(false); expect(r.helloAt).toBe(NEVER);
  });
});

describe("f, k, l: candidates", () => {
  test("f in Speak and Standby: B, Listen; a lesser speaker changes nothing", () => {
    inSpeak(false); say(HSRP_HELLO, HSRP_SPEAK, 101, LOWER_IP); expect(r.state).toBe(HSRP_LISTEN);
    inSpeak(false); say(HSRP_HELLO, HSRP_SPEAK, 99, HIGHER_IP); expect(r.state).toBe(HSRP_SPEAK);
    inStandby(false); say(HSRP_HELLO, HSRP_SPEAK, 101, LOWER_IP); expect(r.state).toBe(HSRP_LISTEN);
    inStandby(false); say(HSRP_HELLO, HSRP_SPEAK, 99, LOWER_IP); expect(r.state).toBe(HSRP_STANDBY);
  });
  test("equal priority: the higher address, compared without sign", () => {
    inSpeak(false); say(HSRP_HELLO, HSRP_SPEAK, 100, HIGHER_IP); expect(r.state).toBe(HSRP_LISTEN);
    inSpeak(false); say(HSRP_HELLO, HSRP_SPEAK, 100, LOWER_IP); expect(r.state).toBe(HSRP_SPEAK);
  });
  test("k: Listen stays, Speak and Standby go to Listen, Active stays; each restarts the standby timer", () => {
    inListen(false); now += SECOND; say(HSRP_HELLO, HSRP_STANDBY, 150, LOWER_IP); expect(r.state).toBe(HSRP_LISTEN); expect(r.standbyAt).toBe(now + 10 * SECOND);
    inSpeak(false); now += SECOND; say(HSRP_HELLO, HSRP_STANDBY, 150, LOWER_IP); expect(r.state).toBe(HSRP_LISTEN); expect(r.standbyAt).toBe(now + 10 * SECOND);
    inStandby(false); now += SECOND; say(HSRP_HELLO, HSRP_STANDBY, 150, LOWER_IP); expect(r.state).toBe(HSRP_LISTEN);
    inActive(false); say(HSRP_HELLO, HSRP_STANDBY, 150, LOWER_IP); expect(r.state).toBe(HSRP_ACTIVE); expect(r.standbyAt).toBe(now + 10 * SECOND);
  });
  test("l: Listen to Speak, Speak to Standby, Standby and Active stay", () => {
    inListen(false); say(HSRP_HELLO, HSRP_STANDBY, 50, HIGHER_IP); expect(r.state).toBe(HSRP_SPEAK);
    inSpeak(false); say(HSRP_HELLO, HSRP_STANDBY, 50, HIGHER_IP); expect(r.state).toBe(HSRP_STANDBY); expect(r.standbyAt).toBe(NEVER);
    inStandby(false); say(HSRP_HELLO, HSRP_STANDBY, 50, HIGHER_IP); expect(r.state).toBe(HSRP_STANDBY);
    inActive(false); say(HSRP_HELLO, HSRP_STANDBY, 50, HIGHER_IP); expect(r.state).toBe(HSRP_ACTIVE);
  });
});

describe("g, h: the active router", () => {
  test("g in Active: A, B, Speak", () => {
    inActive(true); now += SECOND; say(HSRP_HELLO, HSRP_ACTIVE, 150, LOWER_IP);
    expect(r.state).toBe(HSRP_SPEAK);
    expect(r.activeAt).toBe(now + 10 * SECOND);
    expect(r.sendResign).toBe(false);
  });
  test("h in Active: coup, and nothing else", () => {
    inActive(false); say(HSRP_HELLO, HSRP_ACTIVE, 50, HIGHER_IP);
    expect(r.state).toBe(HSRP_ACTIVE);
    expect(r.sendCoup).toBe(true);
    expect(r.announce).toBe(false);
  });
  test("h without preemption: the active timer, no change", () => {
    inListen(false); now += SECOND; say(HSRP_HELLO, HSRP_ACTIVE, 50, LOWER_IP); expect(r.state).toBe(HSRP_LISTEN); expect(r.activeAt).toBe(now + 10 * SECOND);
    inSpeak(false); say(HSRP_HELLO, HSRP_ACTIVE, 50, LOWER_IP); expect(r.state).toBe(HSRP_SPEAK);
    inStandby(false); say(HSRP_HELLO, HSRP_ACTIVE, 50, LOWER_IP); expect(r.state).toBe(HSRP_STANDBY);
  });
  test("h with preemption: B, G, F, I, Active, from Listen, Speak and Standby", () => {
    for (let k = 0; k < 3; k++) {
      if (k == 0) inListen(true); else if (k == 1) inSpeak(true); else inStandby(true);
      say(HSRP_HELLO, HSRP_ACTIVE, 50, HIGHER_IP);
      expect(r.state).toBe(HSRP_ACTIVE);
      expect(r.sendCoup && r.sendHello && r.announce).toBe(true);
      expect(r.activeAt).toBe(NEVER);
      expect(r.standbyAt).toBe(now + 10 * SECOND);
    }
  });
  test("preempt delay: borne with until it is over", () => {
    router(true);
    r.preemptDelayNs = 30 * SECOND;
    startup(r, now);
    while (now < T0 + 30 * SECOND) { say(HSRP_HELLO, HSRP_ACTIVE, 50, LOWER_IP); expect(r.state).not.toBe(HSRP_ACTIVE); now += 3 * SECOND; }
    say(HSRP_HELLO, HSRP_ACTIVE, 50, LOWER_IP);
    expect(r.state).toBe(HSRP_ACTIVE);
  });
  test("tracking: a standby that is now better preempts at the next hello", () => {
    inStandby(true);
    say(HSRP_HELLO, HSRP_ACTIVE, 110, HIGHER_IP); expect(r.state).toBe(HSRP_STANDBY);
    say(HSRP_HELLO, HSRP_ACTIVE, 90, HIGHER_IP); expect(r.state).toBe(HSRP_ACTIVE);
    setPriority(r, -5); expect(r.priority).toBe(0);
    setPriority(r, 300); expect(r.priority).toBe(255);
  });
});

describe("i, j: resign and coup", () => {
  test("i in Standby: Active at once; Listen to Speak; Speak restarts the active timer", () => {
    inStandby(false); say(HSRP_RESIGN, HSRP_ACTIVE, 200, HIGHER_IP); expect(r.state).toBe(HSRP_ACTIVE); expect(r.announce).toBe(true);
    inListen(false); say(HSRP_HELLO, HSRP_ACTIVE, 200, HIGHER_IP); say(HSRP_RESIGN, HSRP_ACTIVE, 200, HIGHER_IP); expect(r.state).toBe(HSRP_SPEAK);
    inSpeak(false); say(HSRP_HELLO, HSRP_ACTIVE, 200, HIGHER_IP); now += SECOND; say(HSRP_RESIGN, HSRP_ACTIVE, 200, HIGHER_IP);
    expect(r.state).toBe(HSRP_SPEAK); expect(r.activeAt).toBe(now + 10 * SECOND);
  });
  test("a resignation of someone else is nothing", () => {
    inStandby(false); say(HSRP_RESIGN, HSRP_ACTIVE, 200, LOWER_IP); expect(r.state).toBe(HSRP_STANDBY);
  });
  test("j in Active: A, B, H, Speak; from a lesser router nothing", () => {
    inActive(true); say(HSRP_COUP, HSRP_ACTIVE, 150, LOWER_IP); expect(r.state).toBe(HSRP_SPEAK); expect(r.sendResign).toBe(true);
    inActive(true); say(HSRP_COUP, HSRP_ACTIVE, 50, HIGHER_IP); expect(r.state).toBe(HSRP_ACTIVE); expect(r.sendResign).toBe(false);
  });
  test("its own frame that a loop brought back", () => {
    inActive(true); say(HSRP_COUP, HSRP_ACTIVE, 255, OWN_IP); expect(r.state).toBe(HSRP_ACTIVE); quiet("own");
  });
});
