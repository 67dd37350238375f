// Each machine alone: state by state, input by input, from the tables of the clause.

import {
  MUX_ATTACHED, MUX_COLLECTING, MUX_COLLECTING_DISTRIBUTING, MUX_DETACHED, MUX_DISTRIBUTING, MUX_WAITING, PERIODIC_FAST, PERIODIC_NONE,
  PERIODIC_SLOW, PERIODIC_TX, RX_CURRENT, RX_DEFAULTED, RX_EXPIRED, RX_LACP_DISABLED, RX_PORT_DISABLED, SELECTED, STANDBY, UNSELECTED,
} from "../../assembly/abi";
import { setNow, traceWritten } from "../../assembly/core/trace";
import * as mux from "../../assembly/lacp/mux";
import * as periodic from "../../assembly/lacp/periodic";
import { LacpGroup, NEVER } from "../../assembly/lacp/port";
import * as receive from "../../assembly/lacp/receive";
import * as selection from "../../assembly/lacp/selection";
import { MS, SEC, frameFor, knows, makeGroup, portIn } from "./lacp-support";
import { member } from "../../assembly/lacp/port";

// state bits: 1 act, 2 short, 4 agg, 8 sync, 16 col, 32 dist, 64 defaulted, 128 expired
const T: i64 = 100 * SEC; // "now" of all rows
const ANY: i32 = -1;

// --- receive ---------------------------------------------------------------------------------------

const NOTHING = 0;
const TIMER = 1; // current_while runs out
const HELLO = 2; // a frame that says what is known
const STRANGER = 3; // a frame of another system
const OUTDATED = 4; // a frame that believes we are out of sync when we are in sync
const DOWN = 5; // port_enabled false
const UP = 6; // port_enabled true
const OFF = 7; // LACP_Enabled false
const BEGIN = 8;
const UNMATCHED = 9; // a frame in sync with someone else
const INDIVIDUAL = 10; // a frame with Aggregation 0

/** One row: from `state` on `input` to `next`; Selected; actor and partner bits after; current_while in s from now (-1 off); NTT. */
function rx(fast: bool, linux: bool, state: i32, input: i32, next: i32, selected: i32, actor: u32, partner: u32, seconds: i64, ntt: bool): void {
  const g = makeGroup(0, linux, 1);
  g.fast = fast;
  if (linux) { g.systemPriority = 32768; member(g, 0).priority = 32768; }
  const p = portIn(g, state);
  setNow(T);
  g.clock = T;
  g.tick = 1000; // the tick at T
  p.key = 7;
  p.selected = SELECTED;
  p.actorState |= 8 | (state == RX_EXPIRED ? 128 : 0) | (state == RX_DEFAULTED ? 64 : 0);
  knows(p, 0x3f);
  p.currentWhileAt = state == RX_CURRENT || state == RX_EXPIRED ? T + SEC : NEVER;
  if (input == TIMER) p.currentWhileAt = T;
  if (input == DOWN) p.enabled = false;
  if (input == UP) p.enabled = true;
  if (input == OFF) { p.enabled = true; p.lacpEnabled = false; }
  if (input == BEGIN) p.begin = true;
  if (input == HELLO || input == STRANGER || input == OUTDATED || input == UNMATCHED || input == INDIVIDUAL) {
    const f = frameFor(g, p, 0x3f);
    if (input == STRANGER) f.actorSystem = 0x02cc00000000;
    if (input == OUTDATED) f.partnerState &= ~8;
    if (input == UNMATCHED) f.partnerSystem = 0x02cc00000000;
    if (input == INDIVIDUAL) f.actorState &= ~4;
    receive.deliver(g, p, f);
  } else receive.run(g, p, T);
  const row = "state " + state.toString() + " input " + input.toString();
  expect(p.rxState).toBe(next, row);
  expect(p.selected).toBe(selected, row + ": Selected");
  expect(p.actorState).toBe(actor, row + ": actor bits");
  expect(p.partnerState).toBe(partner, row + ": partner bits");
  expect(p.ntt).toBe(ntt, row + ": NTT");
  if (seconds >= 0) expect(p.currentWhileAt).toBe(T + seconds * SEC, row + ": current_while");
}

describe("receive machine", () => {
  it("BEGIN: INITIALIZE, left at once; defaults recorded, UNSELECTED", () => {
    rx(true, false, RX_CURRENT, BEGIN, RX_PORT_DISABLED, UNSELECTED, 0x4f, 0x00, ANY, false);
    rx(true, true, RX_EXPIRED, BEGIN, RX_PORT_DISABLED, UNSELECTED, 0x4f, 0x00, ANY, false);
  });
  it("PORT_DISABLED", () => {
    rx(true, false, RX_PORT_DISABLED, NOTHING, RX_PORT_DISABLED, SELECTED, 0x0f, 0x3f, ANY, false);
    rx(true, false, RX_PORT_DISABLED, UP, RX_EXPIRED, SELECTED, 0x8f, 0x37, 3, false);
    rx(true, false, RX_PORT_DISABLED, OFF, RX_LACP_DISABLED, UNSELECTED, 0x4f, 0x08, ANY, false);
    rx(true, false, RX_PORT_DISABLED, HELLO, RX_PORT_DISABLED, SELECTED, 0x0f, 0x3f, ANY, false);
  });
  it("LACP_DISABLED", () => {
    rx(true, false, RX_LACP_DISABLED, UP, RX_PORT_DISABLED, UNSELECTED, 0x0f, 0x37, ANY, false);
    rx(true, false, RX_LACP_DISABLED, DOWN, RX_PORT_DISABLED, UNSELECTED, 0x0f, 0x37, ANY, false);
    rx(true, false, RX_LACP_DISABLED, HELLO, RX_LACP_DISABLED, SELECTED, 0x0f, 0x3f, ANY, false);
  });
  it("EXPIRED: short whatever the own bit says", () => {
    rx(true, false, RX_EXPIRED, NOTHING, RX_EXPIRED, SELECTED, 0x8f, 0x3f, 1, false);
    rx(true, false, RX_EXPIRED, TIMER, RX_DEFAULTED, UNSELECTED, 0x4f, 0x08, ANY, false);
    rx(true, true, RX_EXPIRED, TIMER, RX_DEFAULTED, UNSELECTED, 0x4f, 0x00, ANY, false);
    rx(true, false, RX_EXPIRED, HELLO, RX_CURRENT, SELECTED, 0x0f, 0x3f, 3, false);
    rx(false, false, RX_EXPIRED, HELLO, RX_CURRENT, SELECTED, 0x0d, 0x3f, 90, false);
    rx(true, false, RX_EXPIRED, STRANGER, RX_CURRENT, UNSELECTED, 0x0f, 0x3f, 3, false);
    rx(true, false, RX_EXPIRED, DOWN, RX_PORT_DISABLED, UNSELECTED, 0x8f, 0x37, ANY, false);
  });
  it("DEFAULTED: left by a frame only", () => {
    rx(true, false, RX_DEFAULTED, NOTHING, RX_DEFAULTED, SELECTED, 0x4f, 0x3f, ANY, false);
    rx(true, false, RX_DEFAULTED, TIMER, RX_DEFAULTED, SELECTED, 0x4f, 0x3f, ANY, false);
    rx(true, false, RX_DEFAULTED, HELLO, RX_CURRENT, SELECTED, 0x0f, 0x3f, 3, false);
    rx(true, false, RX_DEFAULTED, STRANGER, RX_CURRENT, UNSELECTED, 0x0f, 0x3f, 3, false);
    rx(true, false, RX_DEFAULTED, DOWN, RX_PORT_DISABLED, UNSELECTED, 0x4f, 0x37, ANY, false);
  });
  it("CURRENT: current_while by the own Timeout bit", () => {
    rx(true, false, RX_CURRENT, NOTHING, RX_CURRENT, SELECTED, 0x0f, 0x3f, 1, false);
    rx(true, false, RX_CURRENT, TIMER, RX_EXPIRED, SELECTED, 0x8f, 0x37, 3, false);
    rx(false, false, RX_CURRENT, TIMER, RX_EXPIRED, SELECTED, 0x8d, 0x37, 3, false);
    rx(true, false, RX_CURRENT, HELLO, RX_CURRENT, SELECTED, 0x0f, 0x3f, 3, false);
    rx(false, false, RX_CURRENT, HELLO, RX_CURRENT, SELECTED, 0x0d, 0x3f, 90, false);
    rx(true, true, RX_CURRENT, HELLO, RX_CURRENT, SELECTED, 0x0f, 0x3f, 3, false);
    rx(true, false, RX_CURRENT, DOWN, RX_PORT_DISABLED, UNSELECTED, 0x0f, 0x37, ANY, false);
    rx(true, true, RX_CURRENT, DOWN, RX_PORT_DISABLED, SELECTED, 0x0f, 0x37, ANY, false);
  });
  it("update_Selected, update_NTT, choose_matched", () => {
    rx(true, false, RX_CURRENT, STRANGER, RX_CURRENT, UNSELECTED, 0x0f, 0x3f, 3, false);
    rx(true, false, RX_CURRENT, OUTDATED, RX_CURRENT, SELECTED, 0x0f, 0x3f, 3, true);
    rx(true, false, RX_CURRENT, UNMATCHED, RX_CURRENT, SELECTED, 0x0f, 0x37, 3, true);
    rx(true, false, RX_CURRENT, INDIVIDUAL, RX_CURRENT, UNSELECTED, 0x0f, 0x3b, 3, false);
  });
  it("a hello that says what is known changes nothing; the own frame is not heard", () => {
    const g = makeGroup(0, false, 1);
    const p = portIn(g, RX_CURRENT);
    p.selected = SELECTED;
    knows(p, 0x3f);
    const mark = traceWritten();
    expect(receive.deliver(g, p, frameFor(g, p, 0x3f))).toBe(false);
    const f = frameFor(g, p, 0x3f);
    f.actorSystem = g.system;
    expect(receive.deliver(g, p, f)).toBe(false);
    expect(p.partnerSystem).toBe(0x02bb00000000);
    expect(traceWritten()).toBe(mark);
  });
  it("each part of the partner's identity counts", () => {
    for (let k = 0; k < 5; k++) {
      const g = makeGroup(0, false, 1);
      const p = portIn(g, RX_CURRENT);
      p.selected = SELECTED;
      knows(p, 0x3f);
      const f = frameFor(g, p, 0x3f);
      if (k == 0) f.actorSystem += 1;
      if (k == 1) f.actorSystemPriority += 1;
      if (k == 2) f.actorKey += 1;
      if (k == 3) f.actorPortPriority += 1;
      if (k == 4) f.actorPort += 1;
      receive.deliver(g, p, f);
      expect(p.selected).toBe(UNSELECTED, k.toString());
    }
  });
});

// --- periodic ----------------------------------------------------------------------------------------

/** From `state`, timer due or not, own and partner bits: next state, NTT, seconds on the timer (-1 unchanged). */
function pt(linux: bool, state: i32, due: bool, enabled: bool, actor: u32, partner: u32, next: i32, ntt: bool, ticks: i64): void {
  const g = makeGroup(0, linux, 1);
  const p = portIn(g, RX_CURRENT);
  setNow(T);
  g.clock = T;
  g.tick = 1000;
  p.enabled = enabled;
  p.periodicState = state;
  p.periodicAt = due ? T : T + 500 * MS;
  p.actorState = actor;
  p.partnerState = partner;
  periodic.run(g, p, T);
  const row = "state " + state.toString() + (due ? " due" : "") + " actor " + actor.toString() + " partner " + partner.toString();
  expect(p.periodicState).toBe(next, row);
  expect(p.ntt).toBe(ntt, row + ": NTT");
  if (ticks >= 0) expect(p.periodicAt).toBe(T + ticks * 100 * MS, row + ": timer");
}

describe("periodic machine", () => {
  it("NO_PERIODIC: to FAST when there is somebody to talk to", () => {
    pt(false, PERIODIC_NONE, false, true, 5, 0, PERIODIC_FAST, false, 10);
    pt(false, PERIODIC_NONE, false, true, 4, 1, PERIODIC_FAST, false, 10);
    pt(false, PERIODIC_NONE, false, true, 4, 0, PERIODIC_NONE, false, ANY);
    pt(false, PERIODIC_NONE, false, false, 5, 1, PERIODIC_NONE, false, ANY);
    pt(true, PERIODIC_NONE, false, true, 5, 0, PERIODIC_FAST, false, 9);
  });
  it("FAST", () => {
    pt(false, PERIODIC_FAST, false, true, 5, 3, PERIODIC_FAST, false, 5);
    pt(false, PERIODIC_FAST, true, true, 5, 3, PERIODIC_TX, true, ANY);
    pt(false, PERIODIC_FAST, false, true, 5, 1, PERIODIC_SLOW, false, 300);
    pt(true, PERIODIC_FAST, false, true, 5, 1, PERIODIC_SLOW, false, 299);
    pt(false, PERIODIC_FAST, true, true, 5, 1, PERIODIC_TX, true, ANY);
    pt(false, PERIODIC_FAST, true, false, 5, 3, PERIODIC_NONE, false, ANY);
    pt(false, PERIODIC_FAST, true, true, 4, 2, PERIODIC_NONE, false, ANY);
  });
  it("SLOW: a partner that turns short is answered at once", () => {
    pt(false, PERIODIC_SLOW, false, true, 5, 1, PERIODIC_SLOW, false, 5);
    pt(false, PERIODIC_SLOW, true, true, 5, 1, PERIODIC_TX, true, ANY);
    pt(false, PERIODIC_SLOW, false, true, 5, 3, PERIODIC_TX, true, ANY);
    pt(false, PERIODIC_SLOW, false, false, 5, 1, PERIODIC_NONE, false, ANY);
  });
  it("PERIODIC_TX", () => {
    pt(false, PERIODIC_TX, false, true, 5, 3, PERIODIC_FAST, false, 10);
    pt(false, PERIODIC_TX, false, true, 5, 1, PERIODIC_SLOW, false, 300);
    pt(true, PERIODIC_TX, false, true, 5, 3, PERIODIC_FAST, false, 9);
    pt(true, PERIODIC_TX, false, true, 5, 1, PERIODIC_SLOW, false, 299);
    pt(false, PERIODIC_TX, false, false, 5, 3, PERIODIC_NONE, false, ANY);
  });
});

// --- mux ---------------------------------------------------------------------------------------------

/** From `state` with Selected, partner bits, wait over or not: next state, own Sync|Col|Dist, NTT. */
function mx(independent: bool, state: i32, selected: i32, partner: u32, waited: bool, next: i32, bits: u32, ntt: bool): void {
  const g = makeGroup(0, false, 1);
  g.independent = independent;
  const p = portIn(g, RX_CURRENT);
  setNow(T);
  g.clock = T;
  p.muxState = state;
  p.selected = selected;
  p.partnerState = partner;
  p.waitWhileAt = waited ? T : T + SEC;
  let own: u32 = 0;
  if (state == MUX_ATTACHED) own = 8;
  if (state == MUX_COLLECTING) own = 24;
  if (state == MUX_DISTRIBUTING || state == MUX_COLLECTING_DISTRIBUTING) own = 56;
  p.actorState |= own;
  mux.run(g, p, T);
  const row = "state " + state.toString() + " selected " + selected.toString() + " partner " + partner.toString() + (waited ? " waited" : "");
  expect(p.muxState).toBe(next, row);
  expect(p.actorState & 56).toBe(bits, row + ": bits");
  expect(p.ntt).toBe(ntt, row + ": NTT");
  if (state == MUX_DETACHED && next == MUX_WAITING) expect(p.waitWhileAt).toBe(T + 2 * SEC, row + ": wait_while");
}

describe("mux machine", () => {
  it("DETACHED", () => {
    mx(false, MUX_DETACHED, UNSELECTED, 8, false, MUX_DETACHED, 0, false);
    mx(false, MUX_DETACHED, SELECTED, 0, false, MUX_WAITING, 0, false);
    mx(false, MUX_DETACHED, STANDBY, 8, false, MUX_WAITING, 0, false);
  });
  it("WAITING", () => {
    mx(false, MUX_WAITING, SELECTED, 8, false, MUX_WAITING, 0, false);
    mx(false, MUX_WAITING, SELECTED, 0, true, MUX_ATTACHED, 8, true);
    mx(false, MUX_WAITING, STANDBY, 8, true, MUX_WAITING, 0, false);
    mx(false, MUX_WAITING, UNSELECTED, 8, true, MUX_DETACHED, 0, true);
  });
  it("ATTACHED, coupled", () => {
    mx(false, MUX_ATTACHED, SELECTED, 0, false, MUX_ATTACHED, 8, false);
    mx(false, MUX_ATTACHED, SELECTED, 8, false, MUX_COLLECTING_DISTRIBUTING, 56, true);
    mx(false, MUX_ATTACHED, STANDBY, 8, false, MUX_DETACHED, 0, true);
    mx(false, MUX_ATTACHED, UNSELECTED, 8, false, MUX_DETACHED, 0, true);
  });
  it("COLLECTING_DISTRIBUTING", () => {
    mx(false, MUX_COLLECTING_DISTRIBUTING, SELECTED, 8, false, MUX_COLLECTING_DISTRIBUTING, 56, false);
    mx(false, MUX_COLLECTING_DISTRIBUTING, SELECTED, 0, false, MUX_ATTACHED, 8, true);
    mx(false, MUX_COLLECTING_DISTRIBUTING, STANDBY, 8, false, MUX_ATTACHED, 8, true);
    mx(false, MUX_COLLECTING_DISTRIBUTING, UNSELECTED, 8, false, MUX_ATTACHED, 8, true);
  });
  it("ATTACHED, independent", () => {
    mx(true, MUX_ATTACHED, SELECTED, 8, false, MUX_COLLECTING, 24, true);
    mx(true, MUX_ATTACHED, SELECTED, 0, false, MUX_ATTACHED, 8, false);
    mx(true, MUX_ATTACHED, STANDBY, 8, false, MUX_DETACHED, 0, true);
  });
  it("COLLECTING", () => {
    mx(true, MUX_COLLECTING, SELECTED, 8, false, MUX_COLLECTING, 24, false);
    mx(true, MUX_COLLECTING, SELECTED, 24, false, MUX_DISTRIBUTING, 56, true);
    mx(true, MUX_COLLECTING, SELECTED, 16, false, MUX_ATTACHED, 8, true);
    mx(true, MUX_COLLECTING, STANDBY, 24, false, MUX_ATTACHED, 8, true);
    mx(true, MUX_COLLECTING, UNSELECTED, 24, false, MUX_ATTACHED, 8, true);
  });
  it("DISTRIBUTING", () => {
    mx(true, MUX_DISTRIBUTING, SELECTED, 24, false, MUX_DISTRIBUTING, 56, false);
    mx(true, MUX_DISTRIBUTING, SELECTED, 8, false, MUX_COLLECTING, 24, true);
    mx(true, MUX_DISTRIBUTING, SELECTED, 16, false, MUX_COLLECTING, 24, true);
    mx(true, MUX_DISTRIBUTING, STANDBY, 24, false, MUX_COLLECTING, 24, true);
    mx(true, MUX_DISTRIBUTING, UNSELECTED, 24, false, MUX_COLLECTING, 24, true);
  });
  it("ready: selected members that wait are waited for, standby ones are not", () => {
    const g = makeGroup(0, false, 3);
    portIn(g, RX_CURRENT);
    for (let i = 0; i < 3; i++) {
      const p = member(g, i);
      p.begin = false; p.enabled = true; p.selected = i == 2 ? STANDBY : SELECTED; p.muxState = MUX_WAITING;
      p.waitWhileAt = i == 0 ? T : T + SEC;
    }
    mux.run(g, member(g, 0), T);
    expect(member(g, 0).muxState).toBe(MUX_WAITING);
    member(g, 1).waitWhileAt = T;
    mux.run(g, member(g, 1), T);
    mux.run(g, member(g, 0), T);
    expect(member(g, 1).muxState).toBe(MUX_ATTACHED);
    expect(member(g, 0).muxState).toBe(MUX_ATTACHED);
  });
});

// --- selection -----------------------------------------------------------------------------------------

/** A group of four members in CURRENT that know one partner, detached. */
function four(): LacpGroup {
  const g = makeGroup(0, false, 4);
  portIn(g, RX_CURRENT);
  for (let i = 0; i < 4; i++) {
    const p = member(g, i);
    p.begin = false; p.enabled = true; p.rxState = RX_CURRENT;
    knows(p, 0x07);
  }
  return g;
}

/** Selected of the four as digits: 1 selected, 2 standby, 0 not. */
function chosen(g: LacpGroup): i32 {
  selection.run(g);
  let n = 0;
  for (let i = 0; i < 4; i++) n = n * 10 + member(g, i).selected;
  return n;
}

describe("selection logic", () => {
  it("one LAG: all", () => { expect(chosen(four())).toBe(1111); });
  it("another partner system, priority or key: not in this LAG", () => {
    const g = four();
    member(g, 1).partnerSystem += 1;
    member(g, 2).partnerSystemPriority += 1;
    member(g, 3).partnerKey += 1;
    expect(chosen(g)).toBe(1000);
  });
  it("the reference is the best Port ID, unless somebody is selected already", () => {
    const g = four();
    member(g, 0).partnerKey = 99;
    member(g, 0).priority = 40000;
    expect(chosen(g)).toBe(111);
    const h = four();
    member(h, 0).partnerKey = 99;
    member(h, 0).priority = 40000;
    member(h, 0).selected = SELECTED;
    expect(chosen(h)).toBe(1000, "who has the aggregator keeps it");
  });
  it("no partner, an individual one, a loop, no link: none", () => {
    const g = four();
    member(g, 0).partnerSystem = 0;
    member(g, 1).partnerState &= ~4;
    member(g, 2).partnerSystem = g.system;
    member(g, 3).enabled = false;
    expect(chosen(g)).toBe(0);
  });
  it("EXPIRED keeps its place and is not selected anew", () => {
    const g = four();
    member(g, 0).selected = SELECTED;
    member(g, 0).rxState = RX_EXPIRED;
    member(g, 1).rxState = RX_EXPIRED;
    member(g, 2).rxState = RX_DEFAULTED;
    expect(chosen(g)).toBe(1001);
  });
  it("UNSELECTED must be seen DETACHED first", () => {
    const g = four();
    member(g, 1).muxState = MUX_ATTACHED;
    expect(chosen(g)).toBe(1011);
    member(g, 1).muxState = MUX_DETACHED;
    expect(chosen(g)).toBe(1111);
  });
  it("maxBundle by the own Port IDs when the own system is lower", () => {
    const g = four();
    g.maxBundle = 2;
    member(g, 0).priority = 50000;
    member(g, 3).priority = 10;
    expect(chosen(g)).toBe(2121);
  });
  it("maxBundle by the partner's Port IDs when its system is lower: by priority, then by address", () => {
    const g = four();
    g.maxBundle = 2;
    member(g, 0).partnerPortPriority = 50000;
    member(g, 3).partnerPortPriority = 10;
    expect(chosen(g)).toBe(1122, "ours is lower by address");
    const h = four();
    h.maxBundle = 2;
    member(h, 0).partnerPortPriority = 50000;
    member(h, 3).partnerPortPriority = 10;
    for (let i = 0; i < 4; i++) member(h, i).partnerSystemPriority = 100;
    expect(chosen(h)).toBe(2121);
  });
  it("equal priorities: the port number decides", () => {
    const g = four();
    g.maxBundle = 3;
    member(g, 0).number = 9;
    expect(chosen(g)).toBe(2111);
  });
  it("an individual member only where allowed, one, the best", () => {
    const g = four();
    g.individualOk = true;
    for (let i = 0; i < 4; i++) { member(g, i).partnerSystem = 0; member(g, i).rxState = RX_DEFAULTED; }
    member(g, 2).priority = 1;
    expect(chosen(g)).toBe(10);
  });
});
