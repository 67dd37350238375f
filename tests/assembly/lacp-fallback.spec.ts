// The fallback machine alone: when it is entered, whom it opens, when it is left.

import { FALLBACK_BYPASS, FALLBACK_EDGE_PORT, FALLBACK_FORCE_UP, FALLBACK_INDIVIDUAL, FALLBACK_NONE, FALLBACK_STATIC, RX_CURRENT, RX_DEFAULTED, RX_EXPIRED } from "../../assembly/abi";
import { FALLBACK_BYTES, FALLBACK_ENTERED, FALLBACK_NORMAL, Fallback, alone, bestOf, heard, reset, run } from "../../assembly/lacp/fallback";
import { LacpGroup, NEVER, member } from "../../assembly/lacp/port";
import { SEC, makeGroup } from "./lacp-support";

const memoryOf = memory.data(256);

function make(rule: i32, seconds: i64): Fallback {
  assert(FALLBACK_BYTES <= 256);
  memory.fill(memoryOf, 0, FALLBACK_BYTES);
  const f = changetype<Fallback>(memoryOf);
  f.rule = rule; f.timeoutNs = seconds * SEC; f.port = -1;
  reset(f);
  return f;
}

/** A group of `count` members with a link, all in the same receive state. */
function silentGroup(count: i32, state: i32): LacpGroup {
  const g = makeGroup(0, false, count);
  for (let i = 0; i < count; i++) {
    const p = member(g, i);
    p.enabled = true; p.rxState = state; p.claim = <u32>(i + 1);
  }
  return g;
}

describe("LACP fallback", () => {
  it("waits for its time since link-up, and tells when", () => {
    const g = silentGroup(2, RX_EXPIRED);
    const f = make(FALLBACK_STATIC, 90);
    expect(run(f, g, 0)).toBe(false);
    expect(f.dueAt).toBe(NEVER, "EXPIRED members still listen");
    for (let i = 0; i < 2; i++) member(g, i).rxState = RX_DEFAULTED;
    expect(run(f, g, 3 * SEC)).toBe(false);
    expect(f.dueAt).toBe(90 * SEC, "counted from the link, not from DEFAULTED");
    expect(run(f, g, 90 * SEC)).toBe(true);
    expect(f.state).toBe(FALLBACK_ENTERED);
    expect(f.set).toBe(1);
  });

  it("time 0: with the last member that defaults", () => {
    const g = silentGroup(2, RX_DEFAULTED);
    member(g, 1).rxState = RX_EXPIRED;
    const f = make(FALLBACK_INDIVIDUAL, 0);
    run(f, g, 0);
    expect(f.set).toBe(0);
    member(g, 1).rxState = RX_DEFAULTED;
    run(f, g, 3 * SEC);
    expect(f.set).toBe(3);
  });

  it("none: nothing is opened", () => {
    const f = make(FALLBACK_NONE, 0);
    expect(run(f, silentGroup(2, RX_DEFAULTED), SEC)).toBe(false);
    expect(f.set).toBe(0);
  });

  it("opens one member by port priority, then by the number in its name", () => {
    const g = silentGroup(3, RX_DEFAULTED);
    const f = make(FALLBACK_STATIC, 0);
    run(f, g, SEC);
    expect(f.set).toBe(1);
    member(g, 2).priority = 1;
    run(f, g, SEC);
    expect(f.set).toBe(4);
    member(g, 2).enabled = false;
    member(g, 0).claim = 9;
    run(f, g, SEC);
    expect(f.set).toBe(2);
  });

  it("opens the named member, and no other when it has no link", () => {
    const g = silentGroup(2, RX_DEFAULTED);
    const f = make(FALLBACK_FORCE_UP, 0);
    f.port = 1;
    run(f, g, SEC);
    expect(f.set).toBe(2);
    member(g, 1).enabled = false;
    run(f, g, SEC);
    expect(f.set).toBe(0);
    expect(bestOf(f, g)).toBe(-1);
  });

  it("members alone, or as the port-channel", () => {
    expect(alone(make(FALLBACK_INDIVIDUAL, 0))).toBe(true);
    expect(alone(make(FALLBACK_EDGE_PORT, 0))).toBe(true);
    expect(alone(make(FALLBACK_BYPASS, 0))).toBe(true);
    expect(alone(make(FALLBACK_STATIC, 0))).toBe(false);
    expect(alone(make(FALLBACK_FORCE_UP, 0))).toBe(false);
  });

  it("is left at any LACPDU, and the time runs anew from it", () => {
    const g = silentGroup(2, RX_DEFAULTED);
    const f = make(FALLBACK_STATIC, 10);
    run(f, g, 0);
    run(f, g, 10 * SEC);
    expect(f.state).toBe(FALLBACK_ENTERED);
    heard(f, 20 * SEC);
    expect(f.set).toBe(0);
    member(g, 0).rxState = RX_CURRENT;
    run(f, g, 20 * SEC);
    expect(f.state).toBe(FALLBACK_NORMAL);
    expect(f.dueAt).toBe(NEVER);
    member(g, 0).rxState = RX_DEFAULTED;
    run(f, g, 26 * SEC);
    expect(f.dueAt).toBe(30 * SEC);
  });

  it("is left with the last link; one link that remains keeps it", () => {
    const g = silentGroup(2, RX_DEFAULTED);
    const f = make(FALLBACK_STATIC, 0);
    run(f, g, SEC);
    member(g, 0).enabled = false;
    run(f, g, 2 * SEC);
    expect(f.set).toBe(2);
    member(g, 1).enabled = false;
    run(f, g, 3 * SEC);
    expect(f.state).toBe(FALLBACK_NORMAL);
    expect(f.set).toBe(0);
  });

  it("yields to the other peer's leg: entered, with nothing open", () => {
    const g = silentGroup(1, RX_DEFAULTED);
    const f = make(FALLBACK_STATIC, 0);
    f.yields = true;
    run(f, g, SEC);
    expect(f.state).toBe(FALLBACK_ENTERED);
    expect(f.set).toBe(0);
  });
});
