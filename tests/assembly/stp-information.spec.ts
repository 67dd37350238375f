// 802.1D-2004 17.27, port information: each state with each input, each message with each thing that the port may hold; what is
// taken from it (17.21); and 17.28, role selection.

import {
  STP_ROLE_ALTERNATE, STP_ROLE_BACKUP, STP_ROLE_DESIGNATED, STP_ROLE_DISABLED, STP_ROLE_ROOT, STP_RSTP,
} from "../../assembly/abi";
import * as information from "../../assembly/stp/information";
import { INFO_AGED, INFO_DISABLED, INFO_MINE, INFO_RECEIVED, SECOND, StpBridge, StpPort, ageNextHop, portOf } from "../../assembly/stp/port";
import * as selection from "../../assembly/stp/selection";
import {
  BPDU_CONFIG, BPDU_RST, BPDU_TCN, FLAG_AGREEMENT, FLAG_FORWARDING, FLAG_LEARNING, FLAG_PROPOSAL, FLAG_ROLE_ALTERNATE, FLAG_ROLE_DESIGNATED, FLAG_ROLE_ROOT, FLAG_TC, FLAG_TCA,
} from "../../assembly/wire/bpdu";
import { BETTER, OWN, SEC, T0, WORSE, bit, makeBridge, named } from "./stp-support";

const FAR_PORT: u32 = 0x8007;

/** The port holds BETTER's information, received in the hello before. */
function received(b: StpBridge, i: i32): StpPort {
  const p = portOf(b, i);
  p.infoIs = INFO_RECEIVED; p.role = STP_ROLE_ROOT; p.selectedRole = STP_ROLE_ROOT;
  p.portRoot = BETTER; p.portCost = 20000; p.portBridge = BETTER + 1; p.portPort = FAR_PORT;
  p.portMessageAge = 1 * SEC; p.portMaxAge = 20 * SEC; p.portHelloTime = 2 * SEC; p.portForwardDelay = 15 * SEC;
  p.rcvdInfoAt = T0 + 4 * SECOND;
  return p;
}
/** The port says what the bridge says. */
function mine(b: StpBridge, i: i32): StpPort {
  const p = portOf(b, i);
  p.infoIs = INFO_MINE; p.role = STP_ROLE_DESIGNATED; p.selectedRole = STP_ROLE_DESIGNATED;
  p.portRoot = OWN; p.portCost = 0; p.portBridge = OWN; p.portPort = p.portId;
  p.portMaxAge = 20 * SEC; p.portHelloTime = 2 * SEC; p.portForwardDelay = 15 * SEC;
  return p;
}
/** A message that says just what the port holds. */
function hear(p: StpPort, type: u32, flags: u32): void {
  p.rcvdMsg = true; p.msgType = type; p.msgFlags = flags;
  p.msgRoot = p.portRoot; p.msgCost = p.portCost; p.msgBridge = p.portBridge; p.msgPort = p.portPort;
  p.msgMessageAge = p.portMessageAge; p.msgMaxAge = p.portMaxAge; p.msgHelloTime = p.portHelloTime; p.msgForwardDelay = p.portForwardDelay;
}

// --- figure 17-18: BEGIN, portEnabled, selected, updtInfo, rcvdMsg, rcvdInfoWhile = 0 ------------------------------------
const TO_DISABLED: i32 = 1; const TO_AGED: i32 = 2; const TO_UPDATE: i32 = 3; const TO_RECEIVE: i32 = 4;

function allowed(infoIs: i32, word: u32): i32 {
  if (bit(word, 0)) return TO_DISABLED;
  if (!bit(word, 1)) return infoIs == INFO_DISABLED ? 0 : TO_DISABLED;
  if (infoIs == INFO_DISABLED) return TO_AGED;
  const updates = bit(word, 2) && bit(word, 3);
  if (infoIs == INFO_AGED) return updates ? TO_UPDATE : 0;
  if (updates) return TO_UPDATE;
  if (infoIs == INFO_RECEIVED && bit(word, 5) && !bit(word, 3) && !bit(word, 4)) return TO_AGED;
  return bit(word, 4) && !bit(word, 3) ? TO_RECEIVE : 0;
}

function informationRow(infoIs: i32, word: u32): void {
  const row = named("infoIs " + infoIs.toString(), word, 6);
  const b = makeBridge(1, STP_RSTP);
  const p = infoIs == INFO_RECEIVED ? received(b, 0) : mine(b, 0);
  p.infoIs = infoIs;
  hear(p, BPDU_TCN, 0); // OtherInfo: nothing is taken from it but that there is a change
  p.begin = bit(word, 0); p.portEnabled = bit(word, 1); p.selected = bit(word, 2); p.updtInfo = bit(word, 3); p.rcvdMsg = bit(word, 4);
  p.rcvdInfoAt = bit(word, 5) ? T0 : T0 + 1;
  p.proposing = true; p.proposed = true; p.agree = true; p.agreed = true; p.synced = true;
  const to = allowed(infoIs, word);
  const moved = information.run(b, p, T0);
  expect(moved).toBe(to != 0, row + ": moves");
  const disabled = to == TO_DISABLED; const updated = to == TO_UPDATE;
  expect(p.infoIs).toBe(disabled ? INFO_DISABLED : to == TO_AGED ? INFO_AGED : updated ? INFO_MINE : infoIs, row + ": infoIs");
  expect(p.reselect).toBe(disabled || to == TO_AGED, row + ": reselect");
  expect(p.selected).toBe(disabled || to == TO_AGED ? false : bit(word, 2), row + ": selected");
  expect(p.rcvdMsg).toBe(disabled || to == TO_RECEIVE ? false : bit(word, 4), row + ": rcvdMsg");
  expect(p.rcvdTcn).toBe(to == TO_RECEIVE, row + ": rcvdTcn");
  expect(p.proposing).toBe(!disabled && !updated, row + ": proposing");
  expect(p.proposed).toBe(!disabled && !updated, row + ": proposed");
  expect(p.agree).toBe(!disabled, row + ": agree");
  // agreed && betterorsameInfo(Mine): only where the port held what the bridge itself said
  expect(p.agreed).toBe(disabled ? false : updated ? infoIs == INFO_MINE : true, row + ": agreed");
  expect(p.synced).toBe(updated ? infoIs == INFO_MINE : true, row + ": synced");
  expect(p.newInfo).toBe(updated, row + ": newInfo");
  expect(p.updtInfo).toBe(updated ? false : bit(word, 3), row + ": updtInfo");
  if (updated) expect(p.portRoot == OWN && p.portBridge == OWN && p.portCost == 0 && p.portPort == p.portId).toBeTruthy(row + ": portPriority");
}

// --- 17.21.8: what a message is -----------------------------------------------------------------------------------------
const SUPERIOR: i32 = 1; const REPEATED: i32 = 2; const INFERIOR_DESIGNATED: i32 = 3; const NOT_DESIGNATED: i32 = 4; const OTHER: i32 = 5;
// How a message differs from what the port holds
const SAME: i32 = 0; const SAME_OTHER_TIMES: i32 = 1; const BETTER_ROOT: i32 = 2; const BETTER_COST: i32 = 3; const BETTER_BRIDGE: i32 = 4; const BETTER_PORT: i32 = 5;
const WORSE_ROOT: i32 = 6; const WORSE_COST: i32 = 7; const WORSE_BRIDGE: i32 = 8; const WORSE_PORT: i32 = 9;

function differ(p: StpPort, how: i32): void {
  switch (how) {
    case SAME_OTHER_TIMES: p.msgMessageAge += SEC; break;
    case BETTER_ROOT: p.msgRoot -= 1; p.msgCost += 1; break; // the first component decides
    case BETTER_COST: p.msgCost -= 1; p.msgBridge += 1; break;
    case BETTER_BRIDGE: p.msgBridge -= 1; p.msgPort += 1; break;
    case BETTER_PORT: p.msgPort -= 1; break;
    case WORSE_ROOT: p.msgRoot += 1; p.msgPort -= 1; p.msgBridge += 8; break;
    case WORSE_COST: p.msgCost += 1; p.msgBridge += 8; break;
    case WORSE_BRIDGE: p.msgBridge += 8; break;
    case WORSE_PORT: p.msgPort += 1; break;
    default: break;
  }
}

function kindOf(role: u32, how: i32, infoIs: i32): i32 {
  const better = how >= BETTER_ROOT && how <= BETTER_PORT;
  const same = how <= SAME_OTHER_TIMES;
  if (role == FLAG_ROLE_DESIGNATED) {
    if (better || how == SAME_OTHER_TIMES) return SUPERIOR;
    // Choice: what the bridge itself says, coming back, is not news of a neighbour (802.1Q 13.29 adds "and infoIs is Received").
    if (same) return infoIs == INFO_RECEIVED ? REPEATED : OTHER;
    return INFERIOR_DESIGNATED;
  }
  if (role == FLAG_ROLE_ROOT || role == FLAG_ROLE_ALTERNATE) return better ? OTHER : NOT_DESIGNATED;
  return OTHER;
}

function messageRow(infoIs: i32, type: u32, flags: u32, how: i32): void {
  const b = makeBridge(1, STP_RSTP);
  const p = infoIs == INFO_RECEIVED ? received(b, 0) : mine(b, 0);
  hear(p, type, flags);
  differ(p, how);
  p.proposing = true; p.agreed = true; p.agree = true;
  const row = "infoIs " + infoIs.toString() + " type " + type.toString() + " flags " + flags.toString() + " how " + how.toString();
  const role: u32 = type == BPDU_RST ? flags & 0x0c : FLAG_ROLE_DESIGNATED; // NOTE of 17.21.8: a Configuration BPDU conveys Designated
  const kind = kindOf(role, how, infoIs);
  const proposal = type == BPDU_RST && (flags & FLAG_PROPOSAL) != 0; const agreement = type == BPDU_RST && (flags & FLAG_AGREEMENT) != 0;
  const disputed = kind == INFERIOR_DESIGNATED && type == BPDU_RST && (flags & FLAG_LEARNING) != 0;
  information.run(b, p, T0);
  expect(p.rcvdMsg).toBe(false, row + ": rcvdMsg");
  expect(p.reselect).toBe(kind == SUPERIOR, row + ": reselect");
  expect(p.infoIs).toBe(kind == SUPERIOR ? INFO_RECEIVED : infoIs, row + ": infoIs");
  expect(p.portCost == p.msgCost && p.portRoot == p.msgRoot && p.portBridge == p.msgBridge && p.portPort == p.msgPort).toBe(kind == SUPERIOR || how <= SAME_OTHER_TIMES, row + ": recordPriority");
  expect(p.proposed).toBe((kind == SUPERIOR || kind == REPEATED) && proposal, row + ": recordProposal");
  expect(p.disputed).toBe(disputed, row + ": recordDispute");
  const takesTc = kind == SUPERIOR || kind == REPEATED || kind == NOT_DESIGNATED;
  expect(p.rcvdTc).toBe(takesTc && (flags & FLAG_TC) != 0, row + ": setTcFlags");
  expect(p.rcvdTcAck).toBe(takesTc && (flags & FLAG_TCA) != 0, row + ": setTcFlags");
  expect(p.agreed).toBe(kind == SUPERIOR || disputed ? false : kind == NOT_DESIGNATED ? agreement : true, row + ": agreed");
  expect(p.proposing).toBe(kind == SUPERIOR ? false : kind == NOT_DESIGNATED ? !agreement : true, row + ": proposing");
  // agree && betterorsameInfo(Received): the promise holds if the new information is no worse than what it was given for
  expect(p.agree).toBe(kind != SUPERIOR || infoIs == INFO_RECEIVED, row + ": agree");
  if (kind == SUPERIOR || kind == REPEATED) expect(p.rcvdInfoAt).toBe(T0 + 6 * SECOND, row + ": three hellos");
}

/** The same designated port says something worse of itself: 17.6 takes it at once. */
function worseFromSamePort(flags: u32, how: i32, priorityOnly: bool): void {
  const b = makeBridge(1, STP_RSTP); const p = received(b, 0);
  hear(p, BPDU_RST, FLAG_ROLE_DESIGNATED | flags);
  if (how == WORSE_ROOT) p.msgRoot += 1; else if (how == WORSE_COST) p.msgCost += 1;
  if (priorityOnly) { p.msgBridge += <u64>0x1000 << 48; p.msgPort += 0x1000; } // priorities are no part of who it is
  p.agree = true;
  information.run(b, p, T0);
  expect(p.reselect).toBe(true);
  expect(p.portRoot == p.msgRoot && p.portCost == p.msgCost && p.portBridge == p.msgBridge).toBe(true);
  expect(p.agree).toBe(false);
}

// --- 17.28 -----------------------------------------------------------------------------------------------------------
function select(b: StpBridge): void { portOf(b, 0).reselect = true; portOf(b, 0).selected = false; selection.run(b); }

/** Two ports that received the same but for one component, of which the second is the better one. */
function rootBy(what: i32): void {
  const b = makeBridge(3, STP_RSTP);
  const worse = received(b, 0); const better = received(b, 1); mine(b, 2);
  if (what == 0) worse.portRoot += 1;
  if (what == 1) worse.cost += 1; // its own path cost counts
  if (what == 2) worse.portBridge += 1;
  if (what == 3) worse.portPort += 1;
  if (what == 4) worse.portId += 9; // all the same: the own port
  select(b);
  expect(b.rootPort).toBe(1, "component " + what.toString());
  expect(better.selectedRole).toBe(STP_ROLE_ROOT);
  expect(b.rootCost).toBe(40000);
}

describe("802.1D-2004 17.27, port information", () => {
  it("figure 17-18: every state, every input", () => { for (let is = INFO_DISABLED; is <= INFO_RECEIVED; is++) for (let word: u32 = 0; word < 64; word++) informationRow(is, word); });
  it("every RST BPDU on a port that holds received information", () => { for (let flags: u32 = 0; flags < 256; flags++) for (let how = SAME; how <= WORSE_BRIDGE; how++) messageRow(INFO_RECEIVED, BPDU_RST, flags, how); });
  it("every RST BPDU on a port that holds the bridge's own", () => { for (let flags: u32 = 0; flags < 256; flags++) for (let how = SAME; how <= WORSE_PORT; how++) if (how != BETTER_COST) messageRow(INFO_MINE, BPDU_RST, flags, how); }); // nothing is nearer than the root itself
  it("every Configuration BPDU", () => {
    for (let how = SAME; how <= WORSE_BRIDGE; how++) for (let tc: u32 = 0; tc < 2; tc++) for (let ack: u32 = 0; ack < 2; ack++) messageRow(INFO_RECEIVED, BPDU_CONFIG, tc * FLAG_TC | ack * FLAG_TCA, how);
  });
  it("17.6: worse news from the designated port itself replace what it said", () => {
    worseFromSamePort(0, WORSE_ROOT, false); worseFromSamePort(FLAG_FORWARDING, WORSE_COST, false); worseFromSamePort(0, SAME, true);
  });
  it("17.21.9: an agreement counts on a point-to-point link and under RSTP only", () => {
    for (let k = 0; k < 4; k++) {
      const b = makeBridge(1, (k & 1) != 0 ? STP_RSTP : 99); const p = mine(b, 0);
      p.pointToPoint = (k & 2) != 0; p.agreed = true; p.proposing = true;
      hear(p, BPDU_RST, FLAG_ROLE_ROOT | FLAG_AGREEMENT);
      information.run(b, p, T0);
      expect(p.agreed).toBe(k == 3);
      expect(p.proposing).toBe(k != 3);
    }
  });
  it("17.21.23: information lives three hellos, unless one hop more would be older than Max Age", () => {
    // Message Age in 1/256 s, Max Age s, Hello s, how long it lives in s
    const rows: i32[] = [0, 20, 2, 6, 18 * 256, 20, 2, 6, 19 * 256, 20, 2, 6, 19 * 256 + 127, 20, 2, 6, 19 * 256 + 128, 20, 2, 0, 20 * 256, 20, 2, 0, 5 * 256, 6, 1, 3, 6 * 256, 6, 1, 0, 0, 20, 10, 30];
    for (let i = 0; i < rows.length; i += 4) {
      const b = makeBridge(1, STP_RSTP); const p = received(b, 0);
      hear(p, BPDU_RST, FLAG_ROLE_DESIGNATED);
      p.msgMessageAge = rows[i]; p.msgMaxAge = rows[i + 1] * SEC; p.msgHelloTime = rows[i + 2] * SEC;
      information.run(b, p, T0);
      expect(p.rcvdInfoAt).toBe(rows[i + 3] == 0 ? 0 : T0 + <i64>rows[i + 3] * SECOND, "row " + (i / 4).toString());
    }
  });
  it("17.21.12: a Hello Time below a second is taken for one", () => {
    const b = makeBridge(1, STP_RSTP); const p = received(b, 0);
    hear(p, BPDU_RST, FLAG_ROLE_DESIGNATED); p.msgHelloTime = 100;
    information.run(b, p, T0);
    expect(p.portHelloTime).toBe(SEC);
  });
});

describe("802.1D-2004 17.28, port role selection", () => {
  it("nothing is selected while nobody asks", () => { const b = makeBridge(2, STP_RSTP); expect(selection.run(b)).toBe(false); });
  it("17.21.25 b: the best path by root, cost, bridge, port and own port, in this order", () => { for (let what = 0; what < 5; what++) rootBy(what); });
  it("the bridge is the root when nobody is better", () => {
    const b = makeBridge(2, STP_RSTP); const p = received(b, 0); mine(b, 1);
    p.portRoot = WORSE; p.portBridge = WORSE;
    select(b);
    expect(b.rootPort).toBe(-1); expect(b.rootRoot).toBe(OWN); expect(b.rootCost).toBe(0);
    expect(p.selectedRole).toBe(STP_ROLE_DESIGNATED); expect(p.updtInfo).toBe(true);
  });
  it("what the bridge itself has sent makes no root path, whatever its priority was", () => {
    const b = makeBridge(1, STP_RSTP); const p = received(b, 0);
    p.portBridge = OWN - (<u64>0x1000 << 48);
    select(b);
    expect(b.rootPort).toBe(-1);
  });
  it("rows f to l", () => {
    // infoIs; how the port's vector compares with what the bridge would say there: -1 the bridge's is better, 0 the same, 1 worse; the role; updtInfo
    const b = makeBridge(4, STP_RSTP);
    received(b, 0);
    portOf(b, 1).infoIs = INFO_DISABLED; portOf(b, 1).updtInfo = false;
    portOf(b, 2).infoIs = INFO_AGED;
    const own = mine(b, 3);
    select(b);
    expect(portOf(b, 0).selectedRole).toBe(STP_ROLE_ROOT); expect(portOf(b, 0).updtInfo).toBe(false);
    expect(portOf(b, 1).selectedRole).toBe(STP_ROLE_DISABLED); expect(portOf(b, 1).updtInfo).toBe(false);
    expect(portOf(b, 2).selectedRole).toBe(STP_ROLE_DESIGNATED); expect(portOf(b, 2).updtInfo).toBe(true);
    expect(own.selectedRole).toBe(STP_ROLE_DESIGNATED); expect(own.updtInfo).toBe(true, "the root is another one now");
    for (let i = 0; i < 4; i++) expect(portOf(b, i).selected && !portOf(b, i).reselect).toBe(true);
    // again, when the port already says so
    own.portRoot = own.designatedRoot; own.portCost = own.designatedCost; own.portMessageAge = own.designatedMessageAge; own.updtInfo = false;
    select(b);
    expect(own.updtInfo).toBe(false);
    own.portMaxAge += SEC; // the times differ
    select(b);
    expect(own.updtInfo).toBe(true);
  });
  it("j, k, l: who serves the LAN that is not the way to the root", () => {
    const b = makeBridge(2, STP_RSTP); received(b, 0); const p = received(b, 1);
    p.portCost = 40000; p.portBridge = OWN - 1; // the same cost as ours, a lower bridge
    select(b);
    expect(p.selectedRole).toBe(STP_ROLE_ALTERNATE); expect(p.updtInfo).toBe(false);
    p.portBridge = OWN; p.portPort = 0x8000; // ourselves, by another port
    select(b);
    expect(p.selectedRole).toBe(STP_ROLE_BACKUP); expect(p.updtInfo).toBe(false);
    p.portBridge = OWN + 1; // a higher bridge
    select(b);
    expect(p.selectedRole).toBe(STP_ROLE_DESIGNATED); expect(p.updtInfo).toBe(true);
    p.updtInfo = false; p.portBridge = OWN - 1; p.portCost = 40001; // farther than we are
    select(b);
    expect(p.selectedRole).toBe(STP_ROLE_DESIGNATED); expect(p.updtInfo).toBe(true);
  });
  it("c, d, e: the root's times a hop on; the bridge's own hello", () => {
    const b = makeBridge(2, STP_RSTP); const p = received(b, 0); mine(b, 1);
    p.portMessageAge = 3 * SEC + 100; p.portMaxAge = 30 * SEC; p.portForwardDelay = 20 * SEC; p.portHelloTime = 1 * SEC;
    b.helloTime = 3 * SEC;
    select(b);
    const d = portOf(b, 1);
    expect(d.designatedMessageAge).toBe(4 * SEC); // one second more, to the nearest second
    expect(d.designatedMaxAge).toBe(30 * SEC); expect(d.designatedForwardDelay).toBe(20 * SEC); expect(d.designatedHelloTime).toBe(3 * SEC);
    expect(d.designatedRoot).toBe(BETTER); expect(d.designatedCost).toBe(40000); expect(d.designatedBridge).toBe(OWN); expect(d.designatedPort).toBe(d.portId);
    expect(ageNextHop(0)).toBe(SEC); expect(ageNextHop(127)).toBe(SEC); expect(ageNextHop(128)).toBe(2 * SEC);
  });
});
