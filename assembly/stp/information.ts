// 802.1D-2004 17.27, Port Information machine: what is known of the LAN behind the port, from whom, and for how long.

import { BPDU_RST, BPDU_TCN, FLAG_AGREEMENT, FLAG_LEARNING, FLAG_PROPOSAL, FLAG_ROLE_ALTERNATE, FLAG_ROLE_DESIGNATED, FLAG_ROLE_ROOT, FLAG_TC, FLAG_TCA } from "../wire/bpdu";
import {
  INFO_AGED, INFO_DISABLED, INFO_MINE, INFO_RECEIVED, StpBridge, StpPort, UNIT, addressOf, ageNextHop, compareVectors, copyTimes, copyVector, designatedTimes,
  designatedVector, isRstp, msgTimes, msgVector, portTimes, portVector, sameTimes,
} from "./port";
import { messageRole } from "./receive";

// 17.21.8, what rcvInfo() returns
const SUPERIOR_DESIGNATED: i32 = 1;
const REPEATED_DESIGNATED: i32 = 2;
const INFERIOR_DESIGNATED: i32 = 3;
const INFERIOR_ROOT_ALTERNATE: i32 = 4;
const OTHER_INFO: i32 = 5;

const SECOND_UNITS: u32 = 256; // also the least Hello Time, table 17-1
const PORT_NUMBER: u32 = 0xfff;

export function run(b: StpBridge, p: StpPort, now: i64): bool {
  if (p.begin || (!p.portEnabled && p.infoIs != INFO_DISABLED)) return toDisabled(p);
  if (p.infoIs == INFO_DISABLED) return p.portEnabled && toAged(p);
  if (p.selected && p.updtInfo) return toUpdate(p);
  if (p.infoIs == INFO_AGED) return false;
  if (p.infoIs == INFO_RECEIVED && now >= p.rcvdInfoAt && !p.updtInfo && !p.rcvdMsg) return toAged(p);
  return p.rcvdMsg && !p.updtInfo && toReceive(b, p, now);
}

function toDisabled(p: StpPort): bool {
  p.rcvdMsg = false;
  p.proposing = false; p.proposed = false; p.agree = false; p.agreed = false;
  p.rcvdInfoAt = 0;
  p.infoIs = INFO_DISABLED;
  p.reselect = true; p.selected = false;
  return true;
}

function toAged(p: StpPort): bool {
  p.infoIs = INFO_AGED;
  p.reselect = true; p.selected = false;
  return true;
}

function toUpdate(p: StpPort): bool {
  p.proposing = false; p.proposed = false;
  p.agreed = p.agreed && p.infoIs == INFO_MINE && compareVectors(designatedVector(p), portVector(p)) <= 0; // betterorsameInfo(Mine), 17.21.1
  p.synced = p.synced && p.agreed;
  copyVector(portVector(p), designatedVector(p));
  copyTimes(portTimes(p), designatedTimes(p));
  p.updtInfo = false;
  p.infoIs = INFO_MINE;
  p.newInfo = true;
  return true;
}

function toReceive(b: StpBridge, p: StpPort, now: i64): bool {
  switch (rcvInfo(p)) {
    case SUPERIOR_DESIGNATED: superiorDesignated(p, now); break;
    case REPEATED_DESIGNATED: recordProposal(p); setTcFlags(p); updtRcvdInfoWhile(p, now); break;
    case INFERIOR_DESIGNATED: recordDispute(p); break;
    case INFERIOR_ROOT_ALTERNATE: recordAgreement(b, p); setTcFlags(p); break;
    default: break;
  }
  p.rcvdMsg = false;
  return true;
}

function superiorDesignated(p: StpPort, now: i64): void {
  p.agreed = false; p.proposing = false;
  recordProposal(p);
  setTcFlags(p);
  p.agree = p.agree && p.infoIs == INFO_RECEIVED && compareVectors(msgVector(p), portVector(p)) <= 0; // betterorsameInfo(Received)
  copyVector(portVector(p), msgVector(p)); // recordPriority
  copyTimes(portTimes(p), msgTimes(p)); // recordTimes
  if (p.portHelloTime < SECOND_UNITS) p.portHelloTime = SECOND_UNITS;
  updtRcvdInfoWhile(p, now);
  p.infoIs = INFO_RECEIVED;
  p.reselect = true; p.selected = false;
}

/** 17.21.8 */
function rcvInfo(p: StpPort): i32 {
  if (p.msgType == BPDU_TCN) { p.rcvdTcn = true; return OTHER_INFO; }
  const role = messageRole(p);
  const order = compareVectors(msgVector(p), portVector(p));
  if (role == FLAG_ROLE_DESIGNATED) {
    if (order == 0) {
      if (!sameTimes(msgTimes(p), portTimes(p))) return SUPERIOR_DESIGNATED;
      return p.infoIs == INFO_RECEIVED ? REPEATED_DESIGNATED : OTHER_INFO;
    }
    return order < 0 || fromSamePort(p) ? SUPERIOR_DESIGNATED : INFERIOR_DESIGNATED;
  }
  return (role == FLAG_ROLE_ROOT || role == FLAG_ROLE_ALTERNATE) && order >= 0 ? INFERIOR_ROOT_ALTERNATE : OTHER_INFO;
}

/** 17.6: what the designated port itself says replaces what it said before, even if it is worse. */
function fromSamePort(p: StpPort): bool {
  return addressOf(p.msgBridge) == addressOf(p.portBridge) && (p.msgPort & PORT_NUMBER) == (p.portPort & PORT_NUMBER);
}

/** 17.21.11 */
function recordProposal(p: StpPort): void {
  if (messageRole(p) == FLAG_ROLE_DESIGNATED && p.msgType == BPDU_RST && (p.msgFlags & FLAG_PROPOSAL) != 0) p.proposed = true;
}

/** 17.21.9 */
function recordAgreement(b: StpBridge, p: StpPort): void {
  const agreement = isRstp(b) && p.pointToPoint && p.msgType == BPDU_RST && (p.msgFlags & FLAG_AGREEMENT) != 0;
  p.agreed = agreement;
  if (agreement) p.proposing = false;
}

/**
 * 17.21.10. Choice: the clause sets agreed and clears proposing here, which would open the very port that the dispute is about.
 * 802.1Q corrects it (13.29): disputed is set, agreed cleared.
 */
function recordDispute(p: StpPort): void {
  if (p.msgType != BPDU_RST || (p.msgFlags & FLAG_LEARNING) == 0) return;
  p.disputed = true;
  p.agreed = false;
}

/** 17.21.17 */
function setTcFlags(p: StpPort): void {
  if ((p.msgFlags & FLAG_TC) != 0) p.rcvdTc = true;
  if ((p.msgFlags & FLAG_TCA) != 0) p.rcvdTcAck = true;
}

/** 17.21.23: three hellos, unless the information has come too far. */
function updtRcvdInfoWhile(p: StpPort, now: i64): void {
  p.rcvdInfoAt = ageNextHop(p.portMessageAge) <= p.portMaxAge ? now + 3 * <i64>p.portHelloTime * UNIT : 0;
}
