// Lags and their members, LACP, what bonds have beyond it; servers that boot over the network; MC-LAG pairs.

import { LAG_ALB, LAG_TLB } from "../abi";
import { NEVER } from "../collections/event-queue";
import { take } from "../core/memory";
import { STREAM_TICK, drawBelow } from "../core/rng";
import { addTarget, reserveHeard, optionsOf } from "../sim/bond-tables";
import { RLB_BYTES } from "../bond/rlb";
import { peerOf } from "../mclag/peer";
import { configureFallback } from "../events/lacp-fallback";
import { addServer } from "../events/pxe";
import { bootOf, newBoot } from "../pxe/boot";
import { groupOf, lacpPortAddress, lacpPortOf, lagOf, memberOf, newGroup, newLag, newMember, nodeOf, portOf } from "../sim/tables";

/** A node's lags are added one after another. */
export function addLag(node: i32, mode: i32, linux: i32, hash: i32, minLinks: i32, miimonNs: i64, updelayNs: i64, downdelayNs: i64, primary: i32, reselect: i32, garpCount: i32, key: u32): i32 {
  const i = newLag();
  const l = lagOf(i);
  l.node = node; l.mode = mode; l.linux = linux; l.hash = hash; l.minLinks = minLinks; l.miimonNs = miimonNs; l.updelayNs = updelayNs; l.downdelayNs = downdelayNs;
  l.primary = primary; l.reselect = reselect; l.garpCount = garpCount; l.key = key;
  l.group = -1; l.twin = -1; l.peerLink = -1; l.l3 = -1; l.active = -1;
  const n = nodeOf(node);
  if (n.lagCount == 0) n.firstLag = i;
  n.lagCount += 1;
  return i;
}

/** Members are added right after their lag. */
export function addMember(lag: i32, port: i32, priority: i32, number: i32): i32 {
  const i = newMember();
  const l = lagOf(lag);
  const m = memberOf(i);
  if (l.count == 0) l.first = i;
  l.count += 1;
  m.port = port; m.lag = lag; m.mii = 2;
  portOf(port).lag = lag; portOf(port).member = i;
  const p = lacpPortOf(i);
  p.port = port; p.number = <u32>number; p.priority = <u32>priority; p.speedMbps = portOf(port).speed;
  return i;
}

/** LACP for a lag whose members are all there. */
export function addLacp(lag: i32, systemPriority: i32, system: u64, key: i32, active: i32, fast: i32, independent: i32, tickNs: i64, maxBundle: i32, adSelect: i32, keepsSync: i32): i32 {
  const i = newGroup();
  const l = lagOf(lag);
  const g = groupOf(i);
  l.group = i;
  for (let k = 0; k < l.count; k++) portOf(memberOf(l.first + k).port).group = i;
  g.lag = lag; g.node = l.node; g.first = lacpPortAddress(l.first); g.count = l.count;
  g.systemPriority = <u32>systemPriority; g.system = system; g.key = <u32>key; g.active = active != 0; g.fast = fast != 0; g.independent = independent != 0;
  g.linux = l.linux != 0; g.tickNs = tickNs; g.minLinks = l.minLinks; g.maxBundle = maxBundle; g.adSelect = adSelect; g.keepsSync = keepsSync != 0;
  if (tickNs > 0) g.tickPhaseNs = <i64>drawBelow(STREAM_TICK, l.key, 1, <u64>tickNs);
  return i;
}

/** What a bond has beyond a lag (abi.ts: FAIL_OVER_MAC_, VALIDATE_, BALANCE_). Its members are all there. */
export function addBond(lag: i32, packetsPerSlave: i32, failOverMac: i32, notifyNs: i64, learnNs: i64, dynamic: i32, balance: i32, arpNs: i64, validate: i32, missedMax: i32, allTargets: i32): void {
  const o = optionsOf(lag);
  o.packetsPerSlave = packetsPerSlave; o.failOverMac = failOverMac; o.notifyNs = notifyNs; o.learnNs = learnNs; o.dynamic = dynamic; o.balance = balance;
  o.arpNs = arpNs; o.validate = validate; o.missedMax = missedMax; o.allTargets = allTargets; o.arpSlave = -1;
  const l = lagOf(lag);
  if (l.mode == LAG_TLB || l.mode == LAG_ALB) o.tables = take(RLB_BYTES);
  if (allTargets != 0) reserveHeard();
  if (arpNs > 0) for (let k = 0; k < l.count; k++) portOf(memberOf(l.first + k).port).monitored = 1;
}
export function addArpTarget(lag: i32, ip: u32): void { addTarget(lag, ip); }

/** What a lag's LACP does for a silent partner; `port`: member index or -1; `peers` 1: one leg of an MC-LAG pair only. */
export function setFallback(lag: i32, rule: i32, timeoutNs: i64, port: i32, peers: i32): void { configureFallback(lagOf(lag).group, rule, timeoutNs, port, peers); }

/** The number in a member's name, by which vendors order equal port priorities. */
export function setFallbackClaim(port: i32, claim: u32): void { lacpPortOf(portOf(port).member).claim = claim; }

/** A server that boots over the network when it has power; its interface is there already. */
export function addBoot(node: i32, nicRule: i32, nic: i32, attempts: i32, discovers: i32, loadRetries: i32, powerAt: i64, postNs: i64, linkNs: i64, discoverNs: i64, loadRetryNs: i64, installNs: i64, osNs: i64, bytes: i64, limitKb: i64): i32 {
  const i = newBoot();
  const b = bootOf(i);
  const n = nodeOf(node);
  b.node = node; b.firstPort = n.firstPort; b.nics = n.portCount; b.nicRule = nicRule; b.nic = nic; b.attempts = attempts; b.discovers = discovers;
  b.loadRetries = loadRetries; b.powerAt = powerAt; b.postNs = postNs; b.linkNs = linkNs; b.discoverNs = discoverNs; b.loadRetryNs = loadRetryNs;
  b.installNs = installNs; b.osNs = osNs; b.bytes = bytes; b.limitKb = limitKb;
  b.nicNow = -1; b.server = -1; b.doneAt = NEVER; b.dueAt = NEVER;
  n.pxe = i;
  return i;
}
/** An interface that answers DHCP and serves what is loaded. */
export function addBootServer(l3: i32): void { addServer(l3); }

export function setMlag(lag: i32, mlagId: i32, twin: i32): void { lagOf(lag).mlagId = mlagId; lagOf(lag).twin = twin; }

export function addPeer(i: i32, node: i32, twin: i32, peerLinkLag: i32, keepalivePort: i32, priority: i32, suspends: i32, intervalNs: i64, timeoutNs: i64, holdNs: i64, delayRestoreNs: i64, delayL3Ns: i64, autoRecoveryNs: i64, helloNs: i64, silenceNs: i64): void {
  const p = peerOf(i);
  p.node = node; p.twin = twin; p.lag = peerLinkLag; p.keepalivePort = keepalivePort; p.priority = priority; p.suspends = suspends; p.mac = nodeOf(node).mac;
  p.intervalNs = intervalNs; p.timeoutNs = timeoutNs; p.holdNs = holdNs; p.delayRestoreNs = delayRestoreNs; p.delayL3Ns = delayL3Ns; p.autoRecoveryNs = autoRecoveryNs; p.helloNs = helloNs; p.silenceNs = silenceNs; p.helloAt = NEVER; p.deafAt = NEVER; p.aloneNs = autoRecoveryNs;
  p.sendAt = NEVER; p.silentAt = NEVER; p.listenAt = NEVER; p.verdictAt = NEVER; p.decideAt = NEVER; p.restoreAt = NEVER; p.recoverAt = NEVER;
  nodeOf(node).peer = i;
  lagOf(peerLinkLag).peerLink = i;
}

/** Where vendors differ: SUSPENDS_*, whether the other peer is asked at once, whether the standby has a LACP system of its own, and the time that a peer booted alone waits (below 0: for ever). */
export function setPeerPolicy(i: i32, scope: i32, checks: i32, ownSystem: i32, aloneNs: i64): void {
  const p = peerOf(i);
  p.scope = scope; p.checks = checks; p.ownSystem = ownSystem; p.aloneNs = aloneNs;
}
