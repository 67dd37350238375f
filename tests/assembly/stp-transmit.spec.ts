// 802.1D-2004 17.26, port transmit; 17.21.19 to 17.21.21, what is sent; 9.3.4, what is taken; 17.22, timers as deadlines.

import { STP_ROLE_ALTERNATE, STP_ROLE_BACKUP, STP_ROLE_DESIGNATED, STP_ROLE_DISABLED, STP_ROLE_ROOT, STP_RSTP } from "../../assembly/abi";
import { INFO_RECEIVED, NEVER, SECOND, SEND_CONFIG, SEND_NONE, SEND_RST, SEND_TCN, TX_HOLD_COUNT, StpPort, portOf } from "../../assembly/stp/port";
import * as rstp from "../../assembly/stp/rstp";
import { deliver } from "../../assembly/stp/stp";
import * as transmit from "../../assembly/stp/transmit";
import { BPDU_CONFIG, BPDU_RST, BPDU_TCN, Bpdu, FLAG_AGREEMENT, FLAG_FORWARDING, FLAG_LEARNING, FLAG_PROPOSAL, FLAG_TC, FLAG_TCA, bpduAt } from "../../assembly/wire/bpdu";
import { BETTER, HELLO, OWN, SEC, T0, bit, makeBridge, named, theBridge } from "./stp-support";

const out: Bpdu = bpduAt(memory.data(64));

// Figure 17-17: newInfo, helloWhen = 0, txCount < TxHoldCount, sendRSTP, selected, updtInfo, tcWhile != 0
function transmitRow(role: i32, word: u32): void {
  const row = named("IDLE role " + role.toString(), word, 7);
  const p = portOf(makeBridge(1, STP_RSTP), 0);
  p.role = role; p.selectedRole = role;
  p.newInfo = bit(word, 0); p.helloAt = bit(word, 1) ? T0 : T0 + 1;
  p.txCount = bit(word, 2) ? TX_HOLD_COUNT - 1 : TX_HOLD_COUNT; p.txSecondAt = T0 - 1;
  p.sendRstp = bit(word, 3); p.selected = bit(word, 4); p.updtInfo = bit(word, 5); p.tcAt = bit(word, 6) ? T0 + 1 : T0; p.tcAck = true;
  const count = p.txCount;
  transmit.run(p, T0);
  const active = p.selected && !p.updtInfo;
  const periodic = active && bit(word, 1) && (role == STP_ROLE_DESIGNATED || (role == STP_ROLE_ROOT && bit(word, 6)));
  const wants = bit(word, 0) || periodic;
  // By protocol and role; a port that is neither root nor designated has nothing to say in STP.
  const kind = p.sendRstp ? SEND_RST : role == STP_ROLE_ROOT ? SEND_TCN : role == STP_ROLE_DESIGNATED ? SEND_CONFIG : SEND_NONE;
  const sends = active && wants && bit(word, 2) && kind != SEND_NONE;
  expect(p.send).toBe(sends ? kind : SEND_NONE, row);
  expect(p.newInfo).toBe(wants && !sends, row + ": newInfo");
  expect(p.txCount).toBe(count + (sends ? 1 : 0), row + ": txCount");
  if (active && bit(word, 1)) expect(p.helloAt).toBe(T0 + HELLO, row + ": helloWhen");
  if (sends) {
    transmit.fill(p, out, T0);
    expect(p.tcAck).toBe(kind == SEND_TCN, row + ": TRANSMIT_CONFIG and TRANSMIT_RSTP clear tcAck");
  }
}

/** 17.21.19 to 21: agree, proposing, learning, forwarding, tcWhile != 0, tcAck. */
function flagsRow(role: i32, kind: i32, word: u32): void {
  const row = named("flags role " + role.toString() + " kind " + kind.toString(), word, 6);
  const p = portOf(makeBridge(1, STP_RSTP), 0);
  p.role = role; p.send = kind;
  p.agree = bit(word, 0); p.proposing = bit(word, 1); p.learning = bit(word, 2); p.forwarding = bit(word, 3); p.tcAt = bit(word, 4) ? T0 + 1 : T0; p.tcAck = bit(word, 5);
  p.designatedRoot = BETTER; p.designatedCost = 7; p.designatedMessageAge = 3 * SEC;
  transmit.fill(p, out, T0);
  expect(out.type).toBe(kind == SEND_RST ? BPDU_RST : BPDU_CONFIG, row);
  expect(out.root == BETTER && out.cost == 7 && out.bridge == OWN && out.port == p.portId).toBeTruthy(row + ": designatedPriority");
  expect(out.messageAge == 3 * SEC && out.maxAge == 20 * SEC && out.helloTime == 2 * SEC && out.forwardDelay == 15 * SEC).toBeTruthy(row + ": designatedTimes");
  let flags: u32 = bit(word, 4) ? FLAG_TC : 0;
  if (kind == SEND_CONFIG) flags |= bit(word, 5) ? FLAG_TCA : 0;
  else {
    flags |= role == STP_ROLE_ROOT ? 0x08 : role == STP_ROLE_DESIGNATED ? 0x0c : 0x04; // table of 9.3.3
    flags |= (bit(word, 0) ? FLAG_AGREEMENT : 0) | (bit(word, 1) ? FLAG_PROPOSAL : 0) | (bit(word, 2) ? FLAG_LEARNING : 0) | (bit(word, 3) ? FLAG_FORWARDING : 0);
  }
  expect(out.flags).toBe(flags, row);
}

/** Takes what the port has to say, as its owner does. */
function taken(p: StpPort): i32 { const kind = p.send; p.send = SEND_NONE; return kind; }

describe("802.1D-2004 17.26, port transmit", () => {
  it("figure 17-17: every role, every input", () => {
    const roles: i32[] = [STP_ROLE_DISABLED, STP_ROLE_ROOT, STP_ROLE_DESIGNATED, STP_ROLE_ALTERNATE, STP_ROLE_BACKUP];
    for (let i = 0; i < 5; i++) for (let word: u32 = 0; word < 128; word++) transmitRow(roles[i], word);
  });
  it("the flags of RST and Configuration BPDUs", () => {
    for (let word: u32 = 0; word < 64; word++) {
      flagsRow(STP_ROLE_ROOT, SEND_RST, word); flagsRow(STP_ROLE_DESIGNATED, SEND_RST, word); flagsRow(STP_ROLE_ALTERNATE, SEND_RST, word);
      flagsRow(STP_ROLE_BACKUP, SEND_RST, word); flagsRow(STP_ROLE_DESIGNATED, SEND_CONFIG, word);
    }
  });
  it("TxHoldCount: six at once, then one a second", () => {
    const p = portOf(makeBridge(1, STP_RSTP), 0);
    p.role = STP_ROLE_DESIGNATED; p.selectedRole = STP_ROLE_DESIGNATED;
    for (let i = 0; i < 6; i++) { p.newInfo = true; transmit.run(p, T0); expect(taken(p)).toBe(SEND_RST); }
    p.newInfo = true;
    transmit.run(p, T0);
    expect(taken(p)).toBe(SEND_NONE);
    for (let s = 1; s <= 4; s++) {
      expect(transmit.deadline(p)).toBe(T0 + s * SECOND);
      transmit.run(p, T0 + s * SECOND - 1);
      expect(taken(p)).toBe(SEND_NONE);
      transmit.run(p, T0 + s * SECOND);
      expect(taken(p)).toBe(SEND_RST);
      p.newInfo = true;
    }
  });
});

/** A port that takes BETTER for the root by this very port. */
function listener(): StpPort {
  const b = makeBridge(1, STP_RSTP);
  portOf(b, 0).begin = true;
  rstp.run(b, T0);
  out.type = BPDU_RST; out.flags = 0x0c; out.root = BETTER; out.bridge = BETTER; out.cost = 0; out.port = 0x8001;
  out.messageAge = 0; out.maxAge = 20 * SEC; out.helloTime = 2 * SEC; out.forwardDelay = 15 * SEC;
  return portOf(b, 0);
}

describe("802.1D-2004 9.3.4, which BPDUs are taken", () => {
  it("an RST BPDU that is too old is recorded, and given up at once", () => {
    const p = listener(); const b = theBridge();
    deliver(b, p, out, T0);
    expect(b.rootRoot).toBe(BETTER);
    out.messageAge = 20 * SEC;
    deliver(b, p, out, T0 + 1);
    expect(b.rootRoot).toBe(OWN);
    expect(p.role).toBe(STP_ROLE_DESIGNATED);
  });
  it("a Configuration BPDU that is too old is discarded", () => {
    const p = listener(); const b = theBridge();
    deliver(b, p, out, T0);
    out.type = BPDU_CONFIG; out.flags = 0; out.messageAge = 20 * SEC;
    deliver(b, p, out, T0 + 1);
    expect(b.rootRoot).toBe(BETTER);
    expect(p.rcvdStp).toBe(false);
  });
  it("a Configuration BPDU that the port itself has sent is discarded", () => {
    const p = listener(); const b = theBridge();
    out.type = BPDU_CONFIG; out.flags = 0; out.root = OWN; out.bridge = OWN; out.port = p.portId;
    deliver(b, p, out, T0);
    expect(p.sendRstp).toBe(true);
    expect(p.role).toBe(STP_ROLE_DESIGNATED);
    out.port = p.portId + 1; // by another port of this bridge: this one is its backup
    deliver(b, p, out, T0 + 1);
    expect(p.role).toBe(STP_ROLE_DESIGNATED); // a higher port number is the worse one
    out.port = p.portId - 1;
    deliver(b, p, out, T0 + 2);
    expect(p.role).toBe(STP_ROLE_BACKUP);
  });
  it("nothing is taken by a port that is disabled or a bridge without power", () => {
    const p = listener(); const b = theBridge();
    p.portEnabled = false; rstp.run(b, T0);
    deliver(b, p, out, T0);
    expect(b.rootRoot).toBe(OWN);
    p.portEnabled = true; b.running = false;
    deliver(b, p, out, T0);
    expect(b.rootRoot).toBe(OWN);
    expect(BPDU_TCN).toBe(0x80);
  });
});

describe("802.1D-2004 17.22, timers", () => {
  it("a deadline is acted on when it is due and not before: information, edge, migration, forward delay", () => {
    const p = listener(); const b = theBridge();
    deliver(b, p, out, T0);
    expect(p.infoIs).toBe(INFO_RECEIVED);
    let at = T0;
    let aged: i64 = 0;
    for (let i = 0; i < 64 && aged == 0; i++) {
      const next = rstp.nextDeadline(b);
      expect(next).toBeGreaterThan(at);
      at = next; b.clock = at;
      p.send = SEND_NONE;
      rstp.run(b, at);
      if (p.infoIs != INFO_RECEIVED) aged = at;
    }
    expect(aged).toBe(T0 + 3 * HELLO);
    expect(NEVER).toBeGreaterThan(at);
  });
});
