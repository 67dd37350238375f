// PXE in the simulation: frames of DHCP really travel; a transfer goes on while the way between NIC and server works.

import {
  DHCP_ACK, DHCP_DISCOVER, DHCP_OFFER, DHCP_REQUEST, DROP_NONE, DROP_NOT_COLLECTING, DROP_NOT_FOUND, FRAME_DHCP, LAG_LACP, NODE_OFF, PXE_BOND, PXE_LINK, PXE_LOADING, PXE_OFF, PXE_WHY_ANSWER_LOST, PXE_WHY_CLOSED,
  PXE_WHY_LOAD, PXE_WHY_NO_LINK, PXE_WHY_UNHEARD, T_PXE_FAILED,
} from "../abi";
import { take } from "../core/memory";
import { cause, now, setCause, trace } from "../core/trace";
import { collectNothing } from "../flow/holds";
import { visitsForNothing } from "../flow/visits";
import { walkFrame, why, whyCause, whyNode, whyPort } from "../flow/walk";
import { member as lacpMember } from "../lacp/port";
import {
  ACT_NONE, ACT_REBOOT, ACT_START_OS, Boot, acknowledged, bootOf, boots, deadline, networkUp, next, offered, powerOff, powerOn, reserveBoots, run, setRate, stall, started, nicPort,
} from "../pxe/boot";
import { BROADCAST } from "../wire/ethernet";
import { chooseMember } from "../bond/choose";
import { markDirty } from "../sim/dirty";
import { Frame, blame, deaf, makeFrame, obstacle, refused, send } from "../sim/frames";
import { startLag } from "./lag";
import { sendOut } from "../switching/l3-out";
import { setL3 } from "./l3-state";
import { crash } from "./node";
import { stirNode } from "../sim/rest";
import { L3if, groupOf, l3Of, lacpPortOf, lagOf, memberOf, nodeOf, otherEnd, portOf } from "../sim/tables";
import { TIMER_BOOT, TIMER_PXE, followDeadline, setTimer, stopTimer } from "../sim/timers";

let serversAt: usize = 0; // a server's interface each
let servers: i32 = 0;
let restarting: bool = false;

export function reservePxe(bootRows: i32, serverRows: i32): void {
  reserveBoots(bootRows);
  serversAt = take(<usize>serverRows << 2);
}
export function addServer(l3: i32): void { store<i32>(serversAt + (<usize>servers << 2), l3); servers += 1; }
function serverL3(i: i32): i32 { return load<i32>(serversAt + (<usize>i << 2)); }
function serverAt(l3: i32): i32 {
  for (let i = 0; i < servers; i++) if (serverL3(i) == l3) return i;
  return -1;
}

export function startPxes(): void {
  for (let i = 0; i < boots; i++) { bootOf(i).cause = cause; setTimer(TIMER_PXE, i, bootOf(i).powerAt); }
}

/** Power comes, by the plan or by a repair. */
export function powered(i: i32): void {
  const b = bootOf(i);
  const before = cause;
  powerOn(b);
  b.cause = cause;
  setTimer(TIMER_BOOT, b.node, now + b.postNs);
  setCause(before);
}

/** The node is up, and its firmware has the NICs. */
export function firmwareUp(i: i32): void {
  const b = bootOf(i);
  setCause(b.cause);
  started(b, now);
  b.cause = cause;
  settlePxe(i);
}

/** The node goes down: by a fault, or because its firmware restarts it. */
export function stopPxe(i: i32): void {
  if (restarting) return;
  const b = bootOf(i);
  const server = b.server;
  stopTimer(TIMER_PXE, i);
  powerOff(b);
  if (server >= 0) share(server);
}

export function pxeFired(i: i32): void {
  const b = bootOf(i);
  if (b.state == PXE_OFF) { powered(i); return; }
  if (b.state == PXE_LOADING && !b.way) b.way = wayWorks(b);
  settlePxe(i);
}

export function pxeCarrier(port: i32, present: bool): void {
  const p = portOf(port);
  const b = bootOf(nodeOf(p.node).pxe);
  const bit = (<u64>1) << <u64>(port - b.firstPort);
  b.links = present ? b.links | bit : b.links & ~bit;
  if (b.state == PXE_LINK && present) settlePxe(nodeOf(p.node).pxe);
}

function settlePxe(i: i32): void {
  const b = bootOf(i);
  const before = cause;
  const server = b.server;
  setCause(b.cause);
  do {
    run(b, now);
    if (b.gaveUp) explain(b);
  } while (b.state == PXE_LINK && b.dueAt > now && b.tried != 0 && b.send == 0 && turn(b));
  b.cause = cause;
  deeds(i, b);
  if (server >= 0 || b.server >= 0) share(b.server >= 0 ? b.server : server);
  followDeadline(TIMER_PXE, i, deadline(b), now);
  setCause(before);
}
/** The next NIC has its link already: it is tried at once. */
function turn(b: Boot): bool { return (b.links & ~b.tried) != 0; }

function deeds(i: i32, b: Boot): void {
  const op = b.send;
  b.send = 0;
  if (op != 0) sendDhcp(i, b, op);
  const act = b.act;
  b.act = ACT_NONE;
  if (act == ACT_REBOOT) {
    restarting = true;
    crash(b.node, NODE_OFF);
    restarting = false;
    setCause(b.cause);
    setTimer(TIMER_BOOT, b.node, now + b.postNs);
  } else if (act == ACT_START_OS) startOs(b);
}

function startOs(b: Boot): void {
  const n = nodeOf(b.node);
  stirNode(b.node);
  n.firmware = 0;
  for (let k = n.firstLag, end = n.firstLag + n.lagCount; k < end; k++) { startLag(k); setCause(b.cause); }
  for (let p = n.firstPort, end = n.firstPort + n.portCount; p < end; p++) {
    if (portOf(p).lag < 0 && portOf(p).l3 >= 0 && portOf(p).carrier != 0) { setL3(portOf(p).l3, true); setCause(b.cause); }
  }
  markDirty(b.node);
}

// --- DHCP ------------------------------------------------------------------------------------------

function sendDhcp(i: i32, b: Boot, op: i32): void {
  const port = nicPort(b);
  firstHop(b, port);
  const f = makeFrame(FRAME_DHCP, b.node, portOf(port).mac, BROADCAST);
  f.a = op; f.b = i; f.c = <u32>b.server;
  send(port, f);
}

/** What stands between the NIC and its switch now: remembered for the reason why nobody answered. */
function firstHop(b: Boot, port: i32): void {
  b.blockedWhy = obstacle(port);
  b.blockedPort = port; b.blockedBy = blame;
  if (b.blockedWhy != DROP_NONE) return;
  const far = otherEnd(port);
  b.blockedPort = far;
  b.blockedWhy = deaf(far);
  b.blockedBy = blame;
  if (b.blockedWhy != DROP_NONE) return;
  b.blockedWhy = refused(far, true);
  const p = portOf(far);
  b.blockedBy = p.group >= 0 && lacpPortOf(p.member).cause != 0 ? lacpPortOf(p.member).cause : blame;
}

/** A frame of DHCP at a host: a server's interface, or the NIC that the firmware uses. Choice: answers go to the NIC's own MAC. */
export function dhcpArrived(port: i32, l3: i32, f: Frame): void {
  const n = nodeOf(portOf(port).node);
  const op = f.a; const i = f.b; const from = <i32>f.c; const mac = f.srcMac;
  if (n.firmware != 0) {
    const b = bootOf(n.pxe);
    if (nicPort(b) != port || f.dstMac != portOf(port).mac || i != n.pxe) return;
    setCause(b.cause);
    if (op == DHCP_OFFER) offered(b, from, now);
    else if (op == DHCP_ACK) acknowledged(b, from, now);
    b.cause = cause;
    settlePxe(i);
    return;
  }
  const server = l3 < 0 || l3Of(l3).up == 0 ? -1 : serverAt(l3);
  if (server < 0) return;
  if (op == DHCP_DISCOVER) { bootOf(i).heardBy = server; answer(server, DHCP_OFFER, i, mac); }
  else if (op == DHCP_REQUEST && from == server) answer(server, DHCP_ACK, i, mac);
}

function answer(server: i32, op: i32, boot: i32, mac: u64): void {
  const l3 = serverL3(server);
  const f = makeFrame(FRAME_DHCP, l3Of(l3).node, l3Of(l3).mac, mac);
  f.a = op; f.b = boot; f.c = <u32>server;
  sendOut(l3, f);
}

// --- the way to the server and back ------------------------------------------------------------------

function wayTo(b: Boot, server: i32): bool {
  collectNothing();
  visitsForNothing();
  const port = nicPort(b);
  return walkFrame(port, makeFrame(FRAME_DHCP, b.node, portOf(port).mac, l3Of(serverL3(server)).mac));
}
function wayBack(b: Boot, server: i32): bool {
  collectNothing();
  visitsForNothing();
  const i = l3Of(serverL3(server));
  const f = makeFrame(FRAME_DHCP, i.node, i.mac, portOf(nicPort(b)).mac);
  if (i.lag < 0) return walkFrame(i.port, f);
  const member = chooseMember(i.lag, f);
  return member >= 0 && walkFrame(memberOf(member).port, f);
}
function wayWorks(b: Boot): bool {
  const before = cause;
  const works = l3Of(serverL3(b.server)).up != 0 && wayTo(b, b.server) && wayBack(b, b.server);
  setCause(before);
  return works;
}

/** Something that forwarding depends on has changed: who is cut off, and whose aggregate has formed? */
export function lookPxe(): void {
  for (let i = 0; i < boots; i++) {
    const b = bootOf(i);
    if (b.state == PXE_LOADING && b.way && !b.gaveUp && !wayWorks(b)) {
      const before = cause;
      setCause(whyCause != 0 ? whyCause : b.cause);
      stall(b, now);
      b.cause = cause;
      share(b.server);
      followDeadline(TIMER_PXE, i, deadline(b), now);
      setCause(before);
    } else if (b.state == PXE_BOND && formed(b)) {
      const before = cause;
      const l3 = nodeOf(b.node).firstL3;
      setCause(l3Of(l3).lag >= 0 && lagOf(l3Of(l3).lag).cause != 0 ? lagOf(l3Of(l3).lag).cause : b.cause);
      networkUp(b);
      b.cause = cause;
      setCause(before);
    }
  }
}

/** The network of the operating system is as configured: with LACP, a partner is known and each member with a link is in use. */
function formed(b: Boot): bool {
  const n = nodeOf(b.node);
  if (n.firmware != 0 || n.l3Count == 0 || l3Of(n.firstL3).up == 0) return false;
  const index = l3Of(n.firstL3).lag;
  if (index < 0) return true;
  const lag = lagOf(index);
  if (lag.mode != LAG_LACP) return true;
  const g = groupOf(lag.group);
  for (let i = 0; i < g.count; i++) {
    const p = lacpMember(g, i);
    if (p.enabled && (p.usable != 3 || p.partnerSystem == 0)) return false;
  }
  return true;
}

/** The server's link, divided by the transfers under way. Choice: equal parts, no more than a transfer or its NIC can take. */
function share(server: i32): void {
  let n: i64 = 0;
  for (let i = 0; i < boots; i++) if (loads(bootOf(i), server)) n += 1;
  if (n == 0) return;
  const part = speedKb(serverL3(server)) / n;
  for (let i = 0; i < boots; i++) {
    const b = bootOf(i);
    if (!loads(b, server)) continue;
    setRate(b, min(part, min(b.limitKb, <i64>portOf(nicPort(b)).speed * 125)), now);
    followDeadline(TIMER_PXE, i, deadline(b), now);
  }
}
function loads(b: Boot, server: i32): bool { return b.state == PXE_LOADING && b.way && b.server == server && !b.gaveUp; }

function speedKb(l3: i32): i64 {
  const i = l3Of(l3);
  if (i.lag < 0) return <i64>portOf(i.port).speed * 125;
  const lag = lagOf(i.lag);
  let sum: i64 = 0;
  for (let k = 0; k < lag.count; k++) if ((memberOf(lag.first + k).usable & 2) != 0) sum += <i64>portOf(memberOf(lag.first + k).port).speed * 125;
  return sum;
}

// --- why it failed -----------------------------------------------------------------------------------

function explain(b: Boot): void {
  const before = b.cause;
  if (b.nicNow < 0) say(b, PXE_WHY_NO_LINK, -1, 0, 0);
  else if (b.state == PXE_LOADING) {
    const works = wayWorks(b);
    say(b, PXE_WHY_LOAD, works ? -1 : place(), works ? 0 : why, works ? 0 : whyCause);
  } else if (b.heardBy >= 0) {
    const works = wayBack(b, b.server >= 0 ? b.server : b.heardBy);
    say(b, PXE_WHY_ANSWER_LOST, works ? -1 : place(), works ? 0 : why, works ? 0 : whyCause);
  } else if (b.blockedWhy != DROP_NONE) {
    say(b, b.blockedWhy == DROP_NOT_COLLECTING ? PXE_WHY_CLOSED : PXE_WHY_UNHEARD, b.blockedPort, b.blockedWhy, b.blockedBy);
  } else unheard(b);
  setCause(before);
  next(b, now);
}

/** The DISCOVER reached no server. Where a flood ended says nothing: then it is what stands at the server's side. */
function unheard(b: Boot): void {
  const near = nearServer(b);
  if (wayTo(b, near)) { say(b, PXE_WHY_UNHEARD, -1, 0, 0); return; }
  const at = place(); const drop = why; const blamed = whyCause;
  if (drop == DROP_NOT_FOUND && !wayBack(b, near) && why != DROP_NOT_FOUND) say(b, PXE_WHY_UNHEARD, place(), why, whyCause);
  else say(b, PXE_WHY_UNHEARD, at, drop, blamed);
}

/** A server of DHCP in the boot's own network: files have one (DH_PXE). */
function nearServer(b: Boot): i32 {
  const own = l3Of(nodeOf(b.node).firstL3);
  let i = 0;
  while (i < servers - 1 && !neighbours(own, l3Of(serverL3(i)))) i += 1;
  return i;
}
function neighbours(a: L3if, b: L3if): bool { return a.vlan == b.vlan && (a.ip ^ b.ip) >> (32 - a.prefixLen) == 0; }

/** A port, or -2 - node. */
function place(): i32 { return whyPort >= 0 ? whyPort : whyNode >= 0 ? -2 - whyNode : -1; }

function say(b: Boot, reason: i32, at: i32, drop: i32, blamed: u32): void {
  if (blamed != 0) setCause(blamed);
  trace(T_PXE_FAILED, b.node, reason, at, drop);
  b.cause = cause;
}
