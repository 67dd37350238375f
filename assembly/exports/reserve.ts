// What a run needs is taken here: first the tables of the configuration, then those of the run, and what holds for all of it.

import { ABI_VERSION } from "../abi";
import { reserveArp } from "../sim/neighbour-tables";
import { reserveFdb } from "../collections/fdb";
import { reserveAddresses, setAddress } from "../core/address";
import { setSeed } from "../core/rng";
import { reserveTrace } from "../core/trace";
import { trapCode as code, trapDetail as detail } from "../core/trap";
import { reserveBonds } from "../sim/bond-tables";
import { reserveCounters, reserveProbeCounts } from "../sim/counters";
import { reserveFlows } from "../flow/flow";
import { reserveHolds } from "../flow/holds";
import { setBroadcasts, setProbes as probes } from "../flow/probe";
import { reserveAgeing } from "../sim/ageing";
import { reserveTrial } from "../flow/trial";
import { reserveVisits } from "../flow/visits";
import { reserveWalk } from "../flow/walk";
import { reservePeers } from "../mclag/peer";
import { reservePrefixes } from "../routing/prefixes";
import { reserveRoutes } from "../routing/table";
import { reserveUpdate } from "../routing/update";
import { setRouting as routing } from "../routing/adjacency";
import { reserveCapture } from "../sim/capture";
import { reserveSteps } from "../sim/steps";
import { reserveFallback } from "../events/lacp-fallback";
import { reservePxe } from "../events/pxe";
import { reserveDirty } from "../sim/dirty";
import { reserveDomains } from "../sim/domain";
import { reserveAhead } from "../sim/ahead";
import { reserveTrees } from "../sim/rest-stp";
import { reserveRestLacp } from "../sim/rest-lacp";
import { reserveNotes } from "../sim/rest-neighbour";
import { reserveRestRouting } from "../sim/rest-routing";
import { placeFrames, reserveFrames } from "../sim/frames";
import { maxNodes, maxPrefixes, reserveTables } from "../sim/tables";
import { reserveState } from "../state-rows";
import { reserveVoices } from "../sim/voice";
import { reserveStorm } from "../sim/storm";
import { reserveStpTables } from "../sim/stp-tables";
import { reserveTimers } from "../sim/timers";
import { reserveOuts } from "../switching/bridge";
import { reserveChoose } from "../bond/choose";

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
