// Every export of the engine and nothing else. The order of use: reserve, add…, begin, run … run.
// MACs are u64 (48 bits), addresses u32 (core/address.ts), times i64 nanoseconds since the start of the run.

import { ABI_VERSION, LAG_ALB, LAG_TLB, NODE_HOST, STP_PORT_AUTO_EDGE, STP_PORT_BPDU_GUARD, STP_PORT_EDGE, STP_PORT_LOOP_GUARD, STP_PORT_SHARED, T_START } from "./abi";
import { reserveArp } from "./sim/neighbour-tables";
import { reserveFdb } from "./collections/fdb";
import { NEVER } from "./collections/event-queue";
import { isIpv6, reserveAddresses, setAddress } from "./core/address";
import { seal, sealed, take, usedBytes } from "./core/memory";
import { STREAM_BOOT, STREAM_ECMP, STREAM_TICK, draw, drawBelow, setSeed } from "./core/rng";
import { drainTrace as drain, reserveTrace, trace, traceAt as ringAt, traceCapacity, traceDrained, traceWritten, now, setCause, setNow } from "./core/trace";
import { trapCode as code, trapDetail as detail } from "./core/trap";
import { addTarget, reserveHeard, hasActive, optionsOf, reserveBonds } from "./sim/bond-tables";
import { RLB_BYTES } from "./bond/rlb";
import { reserveCounters, reserveProbeCounts } from "./sim/counters";
import { flowOf, newFlow, newService, reserveFlows, serviceOf, wayOf, setEveryWalk as everyWalks, walksDone } from "./flow/flow";
import { reserveHolds } from "./flow/holds";
import { setBroadcasts, setProbes as probes, startProbes } from "./flow/probe";
import { reserveAgeing } from "./sim/ageing";
import { reserveTrial } from "./flow/trial";
import { reserveVisits, setGoals } from "./flow/visits";
import { reserveWalk } from "./flow/walk";
import { peerOf, reservePeers } from "./mclag/peer";
import { indexPrefix, longestMatch, reservePrefixes } from "./routing/prefixes";
import { addRoutedPort, addRoutingNode, reserveRoutes } from "./routing/table";
import { reserveUpdate } from "./routing/update";
import { setRouting as routing } from "./routing/adjacency";
import { captureAt as capturesAt, captured as captureCount, drainCapture as drainFrames, reserveCapture } from "./sim/capture";
import { addFhrpAddress, fhrpOf, glbpOf, hsrpOf, newFhrp, newTrack, newTrackPort, reserveFhrps } from "./sim/fhrp-tables";
import { newStep, reserveSteps, stepOf, stepRoom, steps } from "./sim/steps";
import { configureFallback, reserveFallback } from "./events/lacp-fallback";
import { addServer, reservePxe, startPxes } from "./events/pxe";
import { bootOf, newBoot } from "./pxe/boot";
import { reserveDirty } from "./sim/dirty";
import { formDomains, reserveDomains } from "./sim/domain";
import { reserveAhead } from "./sim/ahead";
import { formVoiceCompanies } from "./sim/rest-voices";
import { formTrees, reserveTrees } from "./sim/rest-stp";
import { formCompanies, reserveRestLacp } from "./sim/rest-lacp";
import { reserveNotes } from "./sim/rest-neighbour";
import { reserveRestRouting } from "./sim/rest-routing";
import { leftOut, setEveryHello as everyHellos } from "./sim/rest-rules";
import { placeFrames, reserveFrames } from "./sim/frames";
import { eventsDone, framesDone, readyLoop, run as go } from "./events/loop";
import {
  BRIDGE_LAG, bridgeOf, groupOf, l3Of, lacpPortAddress, lacpPortOf, lagOf, linkOf, maxNodes, maxPrefixes, memberOf, newBridge, newBridgePort, newGroup, newL3, newLag, newLink, newMember, newNode,
  newPort, newPrefix, newVip, newVrrp, nodeOf, nodes, portOf, prefixOf, reserveTables, vrrpOf, vrrpPlaceOf,
} from "./sim/tables";
import { stirNode } from "./sim/rest";
import { reserveState } from "./state-rows";
import { reserveVoices } from "./sim/voice";
import { reserveStorm } from "./sim/storm";
import { newStp, newStpPort, placeOf, reserveStpTables, stpOf, stpPortOf } from "./sim/stp-tables";
import { TIMER_BOOT, TIMER_SCENARIO, reserveTimers, setTimer } from "./sim/timers";
import { virtualMac, virtualMac6 } from "./wire/vrrp";
import { reserveOuts } from "./switching/bridge";
import { reserveChoose } from "./bond/choose";

export function abiVersion(): i32 { return ABI_VERSION; }
export function trapCode(): i32 { return code; }
export function trapDetail(): i32 { return detail; }

/** Takes the configuration tables. */
export function reserve(nodeRows: i32, portRows: i32, linkRows: i32, lagRows: i32, memberRows: i32, bridgeRows: i32, bridgePortRows: i32, l3Rows: i32, prefixRows: i32, groupRows: i32, vrrpRows: i32, vipRows: i32): void {
  reserveTables(nodeRows, portRows, linkRows, lagRows, memberRows, bridgeRows, bridgePortRows, l3Rows, prefixRows, groupRows, vrrpRows, vipRows);
  reserveBonds();
  reserveCounters(nodeRows, portRows);
  reserveRoutes(nodeRows, portRows, prefixRows);
  reserveUpdate();
  reservePrefixes(prefixRows);
  reserveOuts(portRows);
  reserveChoose();
  reserveWalk();
  reserveAgeing();
  reserveDirty(nodeRows);
  reserveState();
}

/** Takes the IPv6 addresses of the run, after `reserve`; each is then set by its halves. Rows 0 to IPV6_ROWS_KNOWN - 1 are there. */
export function reserveIpv6(rows: i32): void { reserveAddresses(rows); }
export function setIpv6(row: i32, high: u64, low: u64): void { setAddress(row, high, low); }

/** Takes the tables of spanning tree: after `reserve`, before `reserveRun`. */
export function reserveStp(bridgeRows: i32, portRows: i32, vlanRows: i32): void {
  reserveStpTables(bridgeRows, portRows);
  reserveStorm(vlanRows);
}

/** Takes what network boots need; before reserveRun. */
export function reserveBoots(bootRows: i32, serverRows: i32): void { reservePxe(bootRows, serverRows); }

/** Takes what a run needs: state tables, timers, frames, trace and capture rings. */
export function reserveRun(stepRows: i32, fdbRows: i32, arpRows: i32, peerRows: i32, flowRows: i32, serviceRows: i32, frameRows: i32, traceRows: i32, captureRows: i32, portRows: i32, lagRows: i32): void {
  reserveFdb(fdbRows, portRows, lagRows);
  reserveArp(arpRows);
  reservePeers(peerRows);
  reserveFlows(flowRows, serviceRows);
  reserveProbeCounts(flowRows << 1);
  reserveHolds(flowRows << 1);
  reserveVisits(flowRows, maxNodes, maxPrefixes);
  reserveTrial();
  reserveSteps(stepRows);
  reserveTrace(traceRows);
  reserveCapture(captureRows);
  reserveFrames(frameRows);
  reserveFallback();
  reserveVoices();
  reserveRestLacp(); reserveAhead();
  reserveRestRouting();
  reserveDomains();
  reserveNotes(min(arpRows, flowRows << 3));
  reserveTrees();
  placeFrames(reserveTimers(stepRows, arpRows, peerRows, serviceRows, flowRows << 1, frameRows));
}

export function setRunSeed(seed: u64): void { setSeed(seed); }
export function setRouting(helloNs: i64, holdNs: i64, processNs: i64): void { routing(helloNs, holdNs, processNs); }
export function setProbes(intervalNs: i64, fromNs: i64): void { probes(intervalNs, fromNs); }

export function setBroadcastProbes(on: i32): void { setBroadcasts(on != 0); }

export function addNode(kind: i32, tier: i32, routed: i32, mac: u64, bootNs: i64, macAgeNs: i64, arpAgeNs: i64, key: u32): i32 {
  const i = newNode();
  const n = nodeOf(i);
  n.kind = kind; n.tier = tier; n.routed = routed; n.mac = mac; n.bootNs = bootNs; n.macAgeNs = macAgeNs; n.arpAgeNs = arpAgeNs;
  n.state = 3; n.peer = -1; n.pxe = -1;
  n.key = key;
  n.ecmpSeed = <u32>draw(STREAM_ECMP, key, 0);
  if (kind != NODE_HOST) addRoutingNode(i);
  return i;
}

/** A switch's hash seed, where it is known: equal ones on two tiers polarise. */
export function setHashSeed(node: i32, seed: u32): void { nodeOf(node).ecmpSeed = seed; }

export function addPort(node: i32, speedMbps: i32, mac: u64, routed: i32, pvid: i32, watched: i32, key: u32): i32 {
  const i = newPort(node);
  const p = portOf(i);
  p.node = node; p.link = -1; p.lag = -1; p.member = -1; p.group = -1; p.l3 = -1; p.speed = <u32>speedMbps; p.mac = mac; p.routed = routed;
  p.pvid = <u32>pvid; p.admin = 1; p.watched = watched; p.number = nodeOf(node).portCount; p.key = key;
  if (routed != 0) addRoutedPort(i);
  return i;
}

export function addLink(a: i32, b: i32, delayNs: i64, detectNs: i64): i32 {
  const i = newLink();
  const l = linkOf(i);
  l.a = a; l.b = b; l.delayNs = delayNs; l.ownDelayNs = delayNs; l.detectNs = detectNs;
  portOf(a).link = i; portOf(a).end = 0;
  portOf(b).link = i; portOf(b).end = 1;
  return i;
}

/** A cable that is not plugged in when the run begins. */
export function unplug(link: i32): void { linkOf(link).cut = 1; }

/** A cable with media converters in it, which do not pass on that the far end is dark. */
export function addConverters(link: i32): void { linkOf(link).converter = 1; }

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
export function addLacp(lag: i32, systemPriority: i32, system: u64, key: i32, active: i32, fast: i32, independent: i32, tickNs: i64, maxBundle: i32, adSelect: i32): i32 {
  const i = newGroup();
  const l = lagOf(lag);
  const g = groupOf(i);
  l.group = i;
  for (let k = 0; k < l.count; k++) portOf(memberOf(l.first + k).port).group = i;
  g.lag = lag; g.node = l.node; g.first = lacpPortAddress(l.first); g.count = l.count;
  g.systemPriority = <u32>systemPriority; g.system = system; g.key = <u32>key; g.active = active != 0; g.fast = fast != 0; g.independent = independent != 0;
  g.linux = l.linux != 0; g.tickNs = tickNs; g.minLinks = l.minLinks; g.maxBundle = maxBundle; g.adSelect = adSelect;
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

/** A node's bridges are added one after another, each with its bridge ports (`lag` 1: a lag). */
export function addBridge(node: i32, vlan: i32): i32 {
  const i = newBridge();
  const b = bridgeOf(i);
  b.node = node; b.vlan = <u32>vlan; b.l3 = -1;
  const n = nodeOf(node);
  if (n.bridgeCount == 0) n.firstBridge = i;
  n.bridgeCount += 1;
  return i;
}
export function addBridgePort(bridge: i32, index: i32, lag: i32): void {
  const at = newBridgePort(lag != 0 ? BRIDGE_LAG | index : index);
  const b = bridgeOf(bridge);
  if (b.count == 0) b.first = at;
  b.count += 1;
}

/** Spanning tree of a switch, or of both peers of a pair (`twin`; -1 none). Times in 1/256 s. */
export function addStp(node: i32, twin: i32, mode: i32, id: u64, maxAge: i32, helloTime: i32, forwardDelay: i32): i32 {
  const i = newStp();
  const b = stpOf(i);
  b.node = node; b.twin = twin; b.mode = mode; b.id = id; b.maxAge = <u32>maxAge; b.helloTime = <u32>helloTime; b.forwardDelay = <u32>forwardDelay;
  nodeOf(node).stp = i + 1;
  if (twin >= 0) nodeOf(twin).stp = i + 1;
  return i;
}
/** A switch without spanning tree that lets BPDUs through. */
export function setTransparent(node: i32): void { nodeOf(node).transparent = 1; }
/** `options`: STP_PORT_*. A bridge's ports, right after it: a port or lag (`lag` 1), with the other peer's leg of a dual-homed one (-1 none). */
export function addStpPort(stp: i32, index: i32, lag: i32, twin: i32, portId: i32, cost: i32, options: i32): void {
  const k = newStpPort(stp);
  const p = stpPortOf(k);
  const place = placeOf(k);
  place.bridge = stp; place.bp = lag != 0 ? BRIDGE_LAG | index : index; place.twinBp = twin >= 0 ? BRIDGE_LAG | twin : -1;
  p.entity = place.bp; p.portId = <u32>portId; p.cost = <u32>cost;
  p.adminEdge = (options & STP_PORT_EDGE) != 0; p.autoEdge = (options & STP_PORT_AUTO_EDGE) != 0; p.pointToPoint = (options & STP_PORT_SHARED) == 0;
  place.guards = options & (STP_PORT_BPDU_GUARD | STP_PORT_LOOP_GUARD);
  if (lag != 0) lagOf(index).stpPort = k + 1; else portOf(index).stpPort = k + 1;
  if (twin >= 0) lagOf(twin).stpPort = k + 1;
}

export function addPrefix(ip: u32, len: i32): i32 {
  const i = newPrefix();
  prefixOf(i).ip = ip; prefixOf(i).len = len;
  indexPrefix(i);
  return i;
}

/** An interface on a bridge, a lag or a port (the two others -1). A node's interfaces are added one after another. */
export function addL3(node: i32, bridge: i32, lag: i32, port: i32, vlan: i32, ip: u32, prefixLen: i32, gateway: u32, mac: u64, prefix: i32, peerMac: u64, key: u32): i32 {
  const i = newL3();
  const l = l3Of(i);
  l.node = node; l.bridge = bridge; l.lag = lag; l.port = port; l.vlan = <u32>vlan; l.ip = ip; l.prefixLen = prefixLen; l.gateway = gateway; l.mac = mac;
  l.prefix = prefix; l.peerMac = peerMac; l.arpHead = -1; l.key = key;
  if (bridge >= 0) bridgeOf(bridge).l3 = i;
  if (lag >= 0) lagOf(lag).l3 = i;
  if (port >= 0) portOf(port).l3 = i;
  const n = nodeOf(node);
  if (n.l3Count == 0) n.firstL3 = i;
  n.l3Count += 1;
  return i;
}

/** An IPv6 interface's address in fe80::/64: before its virtual routers. */
export function setLinkLocal(l3: i32, address: u32): void { l3Of(l3).linkLocal = address; }

/** Virtual routers of an interface are added one after another, each followed by its addresses. */
export function addVrrp(l3: i32, version: i32, vrid: i32, priority: i32, intervalNs: i64, preempt: i32, preemptDelayNs: i64, implementation: i32, both: i32, ownMac: i32): i32 {
  const i = newVrrp();
  const v = vrrpOf(i);
  v.index = i; v.version = <u32>version; v.vrid = <u32>vrid; v.priority = <u32>priority; v.intervalNs = intervalNs; v.preempt = preempt != 0;
  v.preemptDelayNs = preemptDelayNs; v.primaryIp = isIpv6(l3Of(l3).ip) ? l3Of(l3).linkLocal : l3Of(l3).ip; v.implementation = implementation; v.sendAdvert = -1;
  const place = vrrpPlaceOf(i);
  place.l3 = l3; place.master = -1; place.both = both; place.mac = ownMac != 0 ? l3Of(l3).mac : isIpv6(v.primaryIp) ? virtualMac6(vrid) : virtualMac(vrid); // keepalived without use_vmac speaks with the interface's own MAC
  const owner = l3Of(l3);
  if (owner.vrrpCount == 0) owner.firstVrrp = i;
  owner.vrrpCount += 1;
  return i;
}
export function addVip(vrrp: i32, ip: u32): void {
  const at = newVip(ip);
  const place = vrrpPlaceOf(vrrp);
  if (place.vipCount == 0) place.firstVip = at;
  place.vipCount += 1;
}

/** Takes what HSRP, GLBP, anycast gateways and tracking need: before reserveRun. */
export function reserveGateways(fhrpRows: i32, trackRows: i32, trackPortRows: i32): void { reserveFhrps(fhrpRows, trackRows, trackPortRows); }
/** Groups of an interface are added one after another, each followed by its addresses. */
export function addFhrp(l3: i32, kind: i32, group: i32, version: i32, mac: u64, priority: i32, helloNs: i64, holdNs: i64, preempt: i32, preemptDelayNs: i64, both: i32): i32 {
  const i = newFhrp(l3, kind, group, version, mac);
  fhrpOf(i).both = both;
  const r = hsrpOf(i);
  r.priority = priority; r.helloNs = helloNs; r.holdNs = holdNs; r.preempt = preempt != 0; r.preemptDelayNs = preemptDelayNs;
  return i;
}
export function addFhrpVip(fhrp: i32, ip: u32): void { addFhrpAddress(fhrp, ip); }
export function setGlbp(fhrp: i32, method: i32, weight: i32, lower: i32, upper: i32, redirectNs: i64, timeoutNs: i64, forwarderPreempt: i32, forwarderDelayNs: i64): void {
  const g = glbpOf(fhrp);
  const r = hsrpOf(fhrp);
  g.index = fhrp; g.ip = r.ip; g.method = method; g.weight = weight; g.lower = lower; g.upper = upper; g.holdNs = r.holdNs; g.redirectNs = redirectNs; g.timeoutNs = timeoutNs;
  g.preempt = forwarderPreempt; g.preemptDelayNs = forwarderDelayNs;
}
/** Of a virtual router or of a group (the other -1); `base`: its configured priority or weighting. */
export function addTrack(node: i32, vrrp: i32, fhrp: i32, base: i32, decrement: i32): i32 { return newTrack(node, vrrp, fhrp, base, decrement); }
export function addTrackPort(track: i32, port: i32): void { newTrackPort(track, port); }
export function setProxyArp(l3: i32): void { l3Of(l3).proxyArp = 1; }

export function addFlow(fromL3: i32, toL3: i32, proto: i32, sport: i32, dport: i32): i32 {
  const i = newFlow();
  const f = flowOf(i);
  f.from = fromL3; f.to = toL3; f.proto = proto; f.sport = sport; f.dport = dport; f.service = -1;
  setGoals(i, longestMatch(l3Of(toL3).ip), longestMatch(l3Of(fromL3).ip));
  return i;
}
export function addService(primary: i32, standby: i32, intervalNs: i64, decisionNs: i64, fall: i32, rise: i32, automatic: i32, failback: i32): i32 {
  const i = newService();
  const s = serviceOf(i);
  s.primary = primary; s.standby = standby; s.intervalNs = intervalNs; s.decisionNs = decisionNs; s.fall = fall; s.rise = rise; s.automatic = automatic; s.failback = failback;
  flowOf(primary).service = i;
  if (standby >= 0) flowOf(standby).service = i;
  return i;
}
/** Also while it runs, within the rows that were reserved; `at` may be now, never before. */
export function addStep(at: i64, op: i32, kind: i32, target: i32, value: i32): void {
  const i = newStep();
  const s = stepOf(i);
  if (sealed) setTimer(TIMER_SCENARIO, i, at);
  s.at = at; s.op = op; s.kind = kind; s.target = target; s.value = value;
}

/** How many more steps there is room for. */
export function stepsLeft(): i32 { return stepRoom(); }

/** Nothing is allocated from here on. All nodes are switched on, spread over `spreadNs`. */
export function begin(spreadNs: i64): void {
  readyLoop();
  formDomains();
  formTrees();
  formVoiceCompanies();
  formCompanies();
  seal();
  setCause(0);
  trace(T_START, 0, 0, 0, 0);
  for (let i = 0; i < steps; i++) setTimer(TIMER_SCENARIO, i, stepOf(i).at);
  startPxes();
  for (let i = 0; i < nodes; i++) if (nodeOf(i).pxe < 0) setTimer(TIMER_BOOT, i, spreadNs > 0 ? <i64>drawBelow(STREAM_BOOT, nodeOf(i).key, 0, <u64>spreadNs) : 0);
  startProbes();
}

/** Runs until `until` (inclusive), at most `limit` events. Returns STOP_*. */
export function run(until: i64, limit: u32): i32 { return go(until, limit); }
export function events(): f64 { return <f64>eventsDone; }
/** Where a run stands that was stopped on its way. */
export function clock(): i64 { return now; }
/** Frames of hellos that were left out. Those at rest now are counted when they wake. */
export function hellosLeftOut(): f64 { return <f64>leftOut; }
/** 1: every hello is simulated. Before begin(). */
export function setEveryHello(on: i32): void { everyHellos(on != 0); }
/** For who looks in, on a copy: what rests wakes, as before anything that happens at this instant. Nothing else is due before it. */
export function wake(at: i64): void {
  setNow(at);
  for (let i = 0; i < nodes; i++) stirNode(i);
}
/** 1: all flows are walked at each change. Before begin(). */
export function setEveryWalk(on: i32): void { everyWalks(on != 0); }
/** Flows walked so far, both directions of each. */
export function walks(): f64 { return <f64>walksDone; }
/** Frames that have arrived. */
export function frames(): f64 { return <f64>framesDone; }

export function traceAt(): usize { return ringAt(); }
export function traceRows(): u32 { return traceCapacity(); }
export function traceTotal(): u32 { return traceWritten(); }
export function traceTaken(): u32 { return traceDrained(); }
export function drainTrace(): void { drain(); }
export function captureAt(): usize { return capturesAt(); }
export function captured(): u32 { return captureCount(); }
export function drainCapture(): void { drainFrames(); }
export function memoryUsed(): usize { return usedBytes(); }

// State, for views and tests.
export function portCarrier(port: i32): i32 { return portOf(port).carrier; }
export function lagActivePort(lag: i32): i32 {
  const l = lagOf(lag);
  return hasActive(l) && l.active >= 0 ? memberOf(l.first + l.active).port : -1;
}
export function memberUsable(port: i32): i32 { const p = portOf(port); return p.member < 0 ? -1 : memberOf(p.member).usable; }
export function memberMii(port: i32): i32 { const p = portOf(port); return p.member < 0 ? -1 : memberOf(p.member).mii; }
export function lacpState(port: i32): i32 { const p = portOf(port); return p.member < 0 ? -1 : <i32>lacpPortOf(p.member).actorState; }
/** What the end knows of its partner: state byte and port number. */
export function lacpPartnerState(port: i32): i32 { const p = portOf(port); return p.member < 0 ? -1 : <i32>lacpPortOf(p.member).partnerState; }
export function lacpPartnerPort(port: i32): i32 { const p = portOf(port); return p.member < 0 ? -1 : <i32>lacpPortOf(p.member).partnerPort; }
/** Linux: the member whose aggregator this port is in, and the bond's active aggregator, as ports of their owners; -1 none. */
export function lacpAggregator(port: i32): i32 {
  const p = portOf(port);
  const owner = p.member < 0 ? -1 : lacpPortOf(p.member).aggregator;
  return owner < 0 ? -1 : memberOf(lagOf(p.lag).first + owner).port;
}
export function lagAggregator(lag: i32): i32 {
  const l = lagOf(lag);
  const owner = l.group < 0 ? -1 : groupOf(l.group).activeAggregator;
  return owner < 0 ? -1 : memberOf(l.first + owner).port;
}
/** 1: released from its bond. 1: the bond is administratively down. */
export function memberGone(port: i32): i32 { const p = portOf(port); return p.member < 0 ? 0 : memberOf(p.member).gone; }
export function lagClosed(lag: i32): i32 { return lagOf(lag).closed; }
export function lagCarrier(lag: i32): i32 { const l = lagOf(lag); return l.group < 0 ? l.up : groupOf(l.group).carrier ? 1 : 0; }
/** Address of the way of a flow's direction (0 forth, 1 back): hops i32, then port | PATH_* for each. 0 hops: it does not arrive. */
export function flowWayAt(flow: i32, back: i32): usize { return wayOf((flow << 1) | back); }

export { endTrials, trial, trialShareOf, trialWayAt } from "./flow/trial";
export * from "./views";
