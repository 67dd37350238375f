// 802.1D-1998 clause 8: port states, configuration messages and their age, timers, topology change and its acknowledgement.

import { STP_BLOCKING, STP_CLASSIC, STP_DISABLED, STP_FORWARDING, STP_LEARNING, STP_LISTENING, STP_ROLE_ALTERNATE, STP_ROLE_BACKUP, STP_ROLE_DESIGNATED, STP_ROLE_ROOT } from "../../assembly/abi";
import * as procedures from "../../assembly/stp/classic-procedures";
import { NEVER, SECOND, SEND_CONFIG, SEND_NONE, SEND_TCN, StpBridge, StpPort, portOf } from "../../assembly/stp/port";
import { begin, deliver, fellSilent, fillBpdu, nextDeadline, run, setEnabled } from "../../assembly/stp/stp";
import { BPDU_CONFIG, BPDU_RST, BPDU_TCN, Bpdu, FLAG_TC, FLAG_TCA, bpduAt } from "../../assembly/wire/bpdu";
import { BETTER, FORWARD_DELAY, HELLO, MAX_AGE, OWN, SEC, T0, WORSE, makeBridge } from "./stp-support";

const message: Bpdu = bpduAt(memory.data(64));
const out: Bpdu = bpduAt(memory.data(64));
const FAR_PORT: u32 = 0x8007;

/** A bridge that was powered on at T0 with `count` ports up: the root, all ports designated and listening. */
function started(count: i32): StpBridge {
  const b = makeBridge(count, STP_CLASSIC);
  begin(b, T0);
  for (let i = 0; i < count; i++) taken(portOf(b, i));
  return b;
}
/** What the port has to say, written to `out`. */
function taken(p: StpPort): i32 {
  const kind = p.send;
  p.send = SEND_NONE;
  return kind;
}
function said(b: StpBridge, i: i32, now: i64): i32 {
  const p = portOf(b, i);
  if (p.send != SEND_NONE) fillBpdu(b, p, out, now);
  return taken(p);
}
function quiet(b: StpBridge, now: i64): void { for (let i = 0; i < b.count; i++) said(b, i, now); }

function config(root: u64, cost: u32, bridge: u64, age: u32, flags: u32): Bpdu {
  message.type = BPDU_CONFIG; message.flags = flags; message.root = root; message.cost = cost; message.bridge = bridge; message.port = FAR_PORT;
  message.messageAge = age; message.maxAge = 20 * SEC; message.helloTime = 2 * SEC; message.forwardDelay = 15 * SEC;
  return message;
}
function tcn(): Bpdu { message.type = BPDU_TCN; message.flags = 0; return message; }

/** Runs every deadline up to `until`. */
function runTo(b: StpBridge, until: i64): void {
  for (let i = 0; i < 1000; i++) {
    const at = nextDeadline(b);
    if (at > until) return;
    run(b, at);
  }
  assert(false, "never at rest");
}

// --- 8.6.11 to 8.6.13: what each state becomes ---------------------------------------------------------------------------
const AS_ROOT: i32 = 0; const AS_DESIGNATED: i32 = 1; const AS_NEITHER: i32 = 2;
/** state before, what the port is chosen for, state after, is it a topology change, does the forward delay timer start */
const SELECTION_ROWS: i32[] = [
  STP_BLOCKING, AS_ROOT, STP_LISTENING, 0, 1,
  STP_BLOCKING, AS_DESIGNATED, STP_LISTENING, 0, 1,
  STP_BLOCKING, AS_NEITHER, STP_BLOCKING, 0, 0,
  STP_LISTENING, AS_ROOT, STP_LISTENING, 0, 0,
  STP_LISTENING, AS_DESIGNATED, STP_LISTENING, 0, 0,
  STP_LISTENING, AS_NEITHER, STP_BLOCKING, 0, 0,
  STP_LEARNING, AS_ROOT, STP_LEARNING, 0, 0,
  STP_LEARNING, AS_DESIGNATED, STP_LEARNING, 0, 0,
  STP_LEARNING, AS_NEITHER, STP_BLOCKING, 1, 0,
  STP_FORWARDING, AS_ROOT, STP_FORWARDING, 0, 0,
  STP_FORWARDING, AS_DESIGNATED, STP_FORWARDING, 0, 0,
  STP_FORWARDING, AS_NEITHER, STP_BLOCKING, 1, 0,
  STP_DISABLED, AS_DESIGNATED, STP_DISABLED, 0, 0,
  STP_DISABLED, AS_NEITHER, STP_DISABLED, 0, 0,
];

function selectionRow(i: i32): void {
  const row = "row " + (i / 5).toString();
  const b = started(2); const p = portOf(b, 0);
  p.state = SELECTION_ROWS[i]; p.forwardDelayAt = NEVER; p.messageAgeAt = T0 + SECOND; p.configPending = true; p.topologyChangeAck = true;
  const as = SELECTION_ROWS[i + 1];
  if (as != AS_DESIGNATED) p.portBridge = BETTER;
  if (as == AS_ROOT) b.rootPort = 0;
  if (as == AS_NEITHER) { b.rootPort = 1; portOf(b, 1).portBridge = BETTER; }
  procedures.portStateSelection(b, T0);
  expect(p.state).toBe(SELECTION_ROWS[i + 2], row);
  expect(b.topologyChangeDetected).toBe(SELECTION_ROWS[i + 3] != 0, row + ": topology change");
  expect(p.forwardDelayAt).toBe(SELECTION_ROWS[i + 4] != 0 ? T0 + FORWARD_DELAY : NEVER, row + ": forward delay timer");
  if (p.state == STP_DISABLED) return;
  expect(p.configPending).toBe(as == AS_DESIGNATED, row + ": config pending");
  expect(p.topologyChangeAck).toBe(as == AS_DESIGNATED, row + ": acknowledgement");
  expect(p.messageAgeAt).toBe(as == AS_DESIGNATED ? NEVER : T0 + SECOND, row + ": message age timer");
}

// --- 8.6.2.2 --------------------------------------------------------------------------------------------------------------
/** Root, cost, bridge, port of a message against those that the port holds: -1 lower, 0 the same, 1 higher; does it supersede? */
const SUPERSEDES_ROWS: i32[] = [
  -1, 1, 1, 1, 1,
  1, -1, -1, -1, 0,
  0, -1, 1, 1, 1,
  0, 1, -1, -1, 0,
  0, 0, -1, 1, 1,
  0, 0, 1, -1, 0,
  0, 0, 0, 1, 1, // the same bridge, not this one: whatever its port
  0, 0, 0, 0, 1,
  0, 0, 0, -1, 1,
];

function supersedesRow(i: i32, own: bool): void {
  const b = started(1); const p = portOf(b, 0);
  const bridge: u64 = own ? OWN : BETTER + 8;
  p.portRoot = BETTER; p.portCost = 100; p.portBridge = bridge; p.portPort = 0x8005;
  p.msgRoot = BETTER + SUPERSEDES_ROWS[i]; p.msgCost = 100 + SUPERSEDES_ROWS[i + 1]; p.msgBridge = bridge + SUPERSEDES_ROWS[i + 2]; p.msgPort = 0x8005 + SUPERSEDES_ROWS[i + 3];
  const tied = SUPERSEDES_ROWS[i] == 0 && SUPERSEDES_ROWS[i + 1] == 0 && SUPERSEDES_ROWS[i + 2] == 0;
  const expected = own && tied ? SUPERSEDES_ROWS[i + 3] <= 0 : SUPERSEDES_ROWS[i + 4] != 0;
  expect(procedures.supersedes(b, p)).toBe(expected, "row " + (i / 5).toString() + (own ? " own" : ""));
}

/** A bridge whose port 0 has heard the root BETTER, by BETTER itself, `age` old; port 1 is designated. */
function behindRoot(age: u32): StpBridge {
  const b = started(2);
  runTo(b, T0 + SECOND); quiet(b, T0 + SECOND);
  deliver(b, portOf(b, 0), config(BETTER, 0, BETTER, age, 0), T0 + SECOND);
  return b;
}
const T1: i64 = T0 + SECOND;

describe("802.1D-1998 port states", () => {
  it("8.8.1: the bridge begins as the root, its ports listen", () => {
    const b = makeBridge(2, STP_CLASSIC);
    portOf(b, 1).portEnabled = false;
    begin(b, T0);
    expect(b.rootPort).toBe(-1); expect(b.rootRoot).toBe(OWN);
    expect(portOf(b, 0).state).toBe(STP_LISTENING); expect(portOf(b, 1).state).toBe(STP_DISABLED);
    expect(said(b, 0, T0)).toBe(SEND_CONFIG); expect(said(b, 1, T0)).toBe(SEND_NONE);
    expect(out.root == OWN && out.bridge == OWN && out.cost == 0 && out.messageAge == 0 && out.maxAge == 20 * SEC && out.flags == 0).toBe(true);
  });
  it("8.6.11 to 8.6.13: every state, whatever the port is chosen for", () => { for (let i = 0; i < SELECTION_ROWS.length; i += 5) selectionRow(i); });
  it("8.7.5: Forward Delay in listening, Forward Delay in learning, and not a nanosecond less", () => {
    const b = started(1); const p = portOf(b, 0);
    runTo(b, T0 + FORWARD_DELAY - 1);
    expect(p.state).toBe(STP_LISTENING); expect(p.learning || p.forwarding).toBe(false);
    runTo(b, T0 + FORWARD_DELAY);
    expect(p.state).toBe(STP_LEARNING); expect(p.learning && !p.forwarding).toBe(true);
    expect(b.topologyChangeDetected).toBe(false);
    runTo(b, T0 + 2 * FORWARD_DELAY - 1);
    expect(p.forwarding).toBe(false);
    runTo(b, T0 + 2 * FORWARD_DELAY);
    expect(p.state).toBe(STP_FORWARDING); expect(p.forwarding).toBe(true);
    expect(b.topologyChangeDetected).toBe(true, "it serves a LAN");
  });
  it("8.7.5: a bridge that serves no LAN detects no change when its root port forwards", () => {
    const b = started(1);
    deliver(b, portOf(b, 0), config(BETTER, 0, BETTER, 0, 0), T0);
    for (let s = 1; s <= 31; s++) { runTo(b, T0 + s * SECOND); deliver(b, portOf(b, 0), config(BETTER, 0, BETTER, 0, 0), T0 + s * SECOND); }
    expect(portOf(b, 0).state).toBe(STP_FORWARDING);
    expect(b.topologyChangeDetected).toBe(false);
  });
  it("8.8.2, 8.8.3: a port is disabled and enabled", () => {
    const b = started(2); const p = portOf(b, 0);
    runTo(b, T0 + 2 * FORWARD_DELAY);
    setEnabled(b, p, false, T0 + 31 * SECOND);
    expect(p.state).toBe(STP_DISABLED); expect(p.forwarding || p.learning).toBe(false);
    expect(p.messageAgeAt == NEVER && p.forwardDelayAt == NEVER).toBe(true);
    setEnabled(b, p, true, T0 + 40 * SECOND);
    expect(p.state).toBe(STP_LISTENING); expect(p.forwardDelayAt).toBe(T0 + 55 * SECOND);
  });
  it("an edge port forwards at once and is no change; a bridge that is heard there makes it a common one", () => {
    const b = makeBridge(2, STP_CLASSIC); const p = portOf(b, 0);
    p.portEnabled = false; p.adminEdge = true;
    begin(b, T0);
    setEnabled(b, p, true, T0);
    expect(p.forwarding).toBe(true); expect(b.topologyChangeDetected).toBe(false);
    deliver(b, p, config(WORSE, 0, WORSE, 0, 0), T0 + 1);
    expect(p.operEdge).toBe(false);
  });
});

describe("802.1D-1998 configuration messages", () => {
  it("8.6.2.2: what supersedes what a port holds", () => { for (let i = 0; i < SUPERSEDES_ROWS.length; i += 5) { supersedesRow(i, false); supersedesRow(i, true); } });
  it("8.6.8: the root port by root, cost, bridge, port and own port, in this order", () => {
    for (let what = 0; what < 5; what++) {
      const b = started(3);
      for (let i = 0; i < 2; i++) { const p = portOf(b, i); p.portRoot = BETTER; p.portCost = 10; p.portBridge = BETTER + 4; p.portPort = FAR_PORT; }
      const worse = portOf(b, 0);
      if (what == 0) worse.portRoot += 1;
      if (what == 1) worse.cost += 1;
      if (what == 2) worse.portBridge += 1;
      if (what == 3) worse.portPort += 1;
      if (what == 4) worse.portId += 9;
      procedures.configurationUpdate(b);
      expect(b.rootPort).toBe(1, "component " + what.toString());
      expect(b.rootCost).toBe(20010);
    }
  });
  it("8.6.9: who is designated", () => {
    // cost, bridge and port of what is held there, against what this bridge would say; does this bridge serve the LAN?
    const rows: i32[] = [1, -1, -1, 1, -1, 1, 1, 0, 0, 1, -1, 1, 0, -1, 1, 0, 0, 0, 1, 1, 0, 0, -1, 0];
    for (let i = 0; i < rows.length; i += 4) {
      const b = behindRoot(0); const p = portOf(b, 1);
      p.portRoot = BETTER; p.portCost = 20000 + rows[i]; p.portBridge = OWN + rows[i + 1]; p.portPort = p.portId + rows[i + 2];
      procedures.configurationUpdate(b);
      expect(p.portBridge == OWN && p.portPort == p.portId).toBe(rows[i + 3] != 0, "row " + (i / 4).toString());
      expect(b.rootPort).toBe(0);
      const other = behindRoot(0); const q = portOf(other, 1);
      q.portRoot = WORSE; q.portCost = 0; q.portBridge = BETTER; // of another root: replaced
      procedures.configurationUpdate(other);
      expect(q.portRoot).toBe(BETTER);
    }
  });
  it("8.7.1: better news by the root port are told on at once, an older hop on", () => {
    const b = behindRoot(2 * SEC);
    expect(b.rootRoot).toBe(BETTER); expect(b.rootPort).toBe(0); expect(b.rootCost).toBe(20000);
    expect(portOf(b, 0).role).toBe(STP_ROLE_ROOT); expect(portOf(b, 1).role).toBe(STP_ROLE_DESIGNATED);
    expect(b.helloAt).toBe(NEVER, "only the root says hello of itself");
    expect(said(b, 0, T1)).toBe(SEND_NONE);
    expect(said(b, 1, T1)).toBe(SEND_CONFIG);
    expect(out.root == BETTER && out.cost == 20000 && out.bridge == OWN && out.port == portOf(b, 1).portId && out.messageAge == 3 * SEC).toBe(true);
  });
  it("8.6.1: what is as old as Max Age is not told on", () => {
    const b = behindRoot(19 * SEC);
    expect(said(b, 1, T1)).toBe(SEND_NONE);
    expect(portOf(b, 0).messageAgeAt).toBe(T1 + SECOND);
    const c = behindRoot(18 * SEC);
    expect(said(c, 1, T1)).toBe(SEND_CONFIG);
    expect(out.messageAge).toBe(19 * SEC);
  });
  it("8.7.1: a designated port answers inferior news", () => {
    const b = behindRoot(0);
    quiet(b, T1); runTo(b, T1 + SECOND); quiet(b, T1 + SECOND);
    deliver(b, portOf(b, 1), config(WORSE, 0, WORSE, 0, 0), T1 + SECOND);
    expect(said(b, 1, T1 + SECOND)).toBe(SEND_CONFIG); expect(said(b, 0, T1 + SECOND)).toBe(SEND_NONE);
    expect(out.root).toBe(BETTER);
    // and a port that is not designated does not
    deliver(b, portOf(b, 0), config(WORSE, 0, WORSE, 0, 0), T1 + SECOND);
    expect(said(b, 0, T1 + SECOND)).toBe(SEND_NONE);
  });
  it("a port that hears of a better way to the root for its LAN blocks; one that hears its own bridge is its backup", () => {
    const b = behindRoot(0);
    deliver(b, portOf(b, 1), config(BETTER, 100, BETTER + 3, 0, 0), T1);
    expect(portOf(b, 1).state).toBe(STP_BLOCKING); expect(portOf(b, 1).role).toBe(STP_ROLE_ALTERNATE);
    const c = started(2);
    config(OWN, 0, OWN, 0, 0).port = portOf(c, 0).portId;
    deliver(c, portOf(c, 1), message, T0);
    expect(portOf(c, 1).state).toBe(STP_BLOCKING); expect(portOf(c, 1).role).toBe(STP_ROLE_BACKUP);
  });
  it("8.10: one configuration message a second; what waits is sent then", () => {
    const b = started(1); const p = portOf(b, 0);
    deliver(b, p, config(WORSE, 0, WORSE, 0, 0), T0 + 1000);
    expect(said(b, 0, T0 + 1000)).toBe(SEND_NONE); expect(p.configPending).toBe(true);
    runTo(b, T0 + SECOND - 1);
    expect(said(b, 0, T0 + SECOND - 1)).toBe(SEND_NONE);
    runTo(b, T0 + SECOND);
    expect(said(b, 0, T0 + SECOND)).toBe(SEND_CONFIG); expect(p.configPending).toBe(false);
  });
  it("8.7.3: the root says hello", () => {
    const b = started(1);
    for (let k = 1; k <= 3; k++) {
      runTo(b, T0 + k * HELLO - 1);
      expect(said(b, 0, T0)).toBe(SEND_NONE);
      runTo(b, T0 + k * HELLO);
      expect(said(b, 0, T0 + k * HELLO)).toBe(SEND_CONFIG);
    }
  });
  it("8.7.4: information dies at Max Age less its age when it came; the bridge takes itself for the root and says so", () => {
    const b = behindRoot(3 * SEC);
    quiet(b, T1);
    const dies = T1 + MAX_AGE - 3 * SECOND;
    runTo(b, dies - 1);
    expect(b.rootRoot).toBe(BETTER); expect(fellSilent(b, portOf(b, 0), dies - 1)).toBe(false);
    expect(fellSilent(b, portOf(b, 0), dies)).toBe(true);
    quiet(b, dies);
    runTo(b, dies);
    expect(b.rootRoot).toBe(OWN); expect(b.rootPort).toBe(-1);
    expect(portOf(b, 0).role).toBe(STP_ROLE_DESIGNATED);
    expect(said(b, 0, dies)).toBe(SEND_CONFIG); expect(said(b, 1, dies)).toBe(SEND_CONFIG);
    expect(b.topologyChange).toBe(true); expect(b.tcnAt).toBe(NEVER);
    expect(out.flags & FLAG_TC).toBe(FLAG_TC);
  });
  it("an RST BPDU is a type that 802.1D-1998 does not know", () => {
    const b = started(1);
    config(BETTER, 0, BETTER, 0, 0).type = BPDU_RST;
    deliver(b, portOf(b, 0), message, T0);
    expect(b.rootRoot).toBe(OWN);
  });
});

describe("802.1D-1998 topology change", () => {
  it("8.7.2: a designated port acknowledges a notification, others do not hear it", () => {
    const b = behindRoot(0);
    quiet(b, T1); runTo(b, T1 + SECOND); quiet(b, T1 + SECOND);
    deliver(b, portOf(b, 0), tcn(), T1 + SECOND);
    expect(b.topologyChangeDetected).toBe(false);
    deliver(b, portOf(b, 1), tcn(), T1 + SECOND);
    expect(said(b, 1, T1 + SECOND)).toBe(SEND_CONFIG);
    expect(out.flags).toBe(FLAG_TCA);
    expect(said(b, 0, T1 + SECOND)).toBe(SEND_TCN, "and told on towards the root");
    expect(out.type).toBe(BPDU_TCN);
  });
  it("8.7.6: it is told every hello until it is acknowledged", () => {
    const b = behindRoot(0);
    quiet(b, T1);
    procedures.topologyChangeDetection(b, T1);
    expect(said(b, 0, T1)).toBe(SEND_TCN);
    procedures.topologyChangeDetection(b, T1); // known already: not said twice
    expect(said(b, 0, T1)).toBe(SEND_NONE);
    for (let k = 1; k <= 3; k++) {
      runTo(b, T1 + k * HELLO - 1);
      expect(said(b, 0, T1)).toBe(SEND_NONE);
      runTo(b, T1 + k * HELLO);
      expect(said(b, 0, T1 + k * HELLO)).toBe(SEND_TCN);
    }
    deliver(b, portOf(b, 0), config(BETTER, 0, BETTER, 0, FLAG_TCA), T1 + 7 * SECOND);
    expect(b.topologyChangeDetected).toBe(false); expect(b.tcnAt).toBe(NEVER);
  });
  it("8.6.14, 8.7.7: the root tells it for Max Age and Forward Delay", () => {
    const b = started(1);
    runTo(b, T0 + 5 * SECOND); quiet(b, T0 + 5 * SECOND);
    deliver(b, portOf(b, 0), tcn(), T0 + 5 * SECOND);
    expect(b.topologyChange && b.fastAgeing).toBe(true);
    expect(said(b, 0, T0 + 5 * SECOND)).toBe(SEND_CONFIG); expect(out.flags).toBe(FLAG_TC | FLAG_TCA);
    runTo(b, T0 + 6 * SECOND);
    expect(said(b, 0, T0 + 6 * SECOND)).toBe(SEND_CONFIG); expect(out.flags).toBe(FLAG_TC, "acknowledged once");
    const over = T0 + 5 * SECOND + MAX_AGE + FORWARD_DELAY;
    // the port itself begins to forward at 30 s: one more change, which begins the time anew
    runTo(b, T0 + 2 * FORWARD_DELAY);
    expect(b.topologyChangeAt).toBe(T0 + 2 * FORWARD_DELAY + MAX_AGE + FORWARD_DELAY);
    runTo(b, over);
    expect(b.topologyChange).toBe(true);
    runTo(b, T0 + 2 * FORWARD_DELAY + MAX_AGE + FORWARD_DELAY);
    expect(b.topologyChange || b.fastAgeing || b.topologyChangeDetected).toBe(false);
  });
  it("8.6.3: bridges age their tables in Forward Delay while the root says so", () => {
    const b = behindRoot(0);
    deliver(b, portOf(b, 0), config(BETTER, 0, BETTER, 0, FLAG_TC), T1);
    expect(b.topologyChange && b.fastAgeing).toBe(true);
    quiet(b, T1); runTo(b, T1 + SECOND);
    deliver(b, portOf(b, 1), config(WORSE, 0, WORSE, 0, 0), T1 + SECOND);
    expect(said(b, 1, T1 + SECOND)).toBe(SEND_CONFIG); expect(out.flags).toBe(FLAG_TC);
    deliver(b, portOf(b, 0), config(BETTER, 0, BETTER, 0, 0), T1 + SECOND);
    expect(b.topologyChange || b.fastAgeing).toBe(false);
  });
  it("8.7.1: a bridge that stops being the root hands its change to the new one", () => {
    const b = started(2);
    deliver(b, portOf(b, 1), tcn(), T0);
    quiet(b, T0);
    deliver(b, portOf(b, 0), config(BETTER, 0, BETTER, 0, 0), T0 + 1);
    expect(said(b, 0, T0 + 1)).toBe(SEND_TCN);
    expect(b.topologyChangeAt).toBe(NEVER);
    expect(b.tcnAt).toBe(T0 + 1 + HELLO);
  });
});
