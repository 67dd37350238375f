// Groups of HSRP, GLBP and anycast gateways, and what is tracked for them and for VRRP.

import { FHRP_ANYCAST, FHRP_GLBP, FHRP_HSRP, T_GLBP, T_HSRP } from "../abi";
import { NEVER } from "../collections/event-queue";
import { take } from "../core/memory";
import { TRAP_BAD_INDEX, TRAP_TABLE_FULL, trap } from "../core/trap";
import { GLBP_BYTES, GlbpRouter, glbpAt } from "../fhrp/glbp";
import { HSRP_BYTES, HsrpRouter, hsrpAt } from "../fhrp/hsrp";
import { l3Of, newVip } from "./tables";

@unmanaged export class Fhrp {
  kind: i32; l3: i32; group: i32; version: i32;
  firstVip: i32; vipCount: i32;
  both: i32; // 1: forwards to the virtual MAC when not active too (MC-LAG all-active)
  seen: i32; // what forwarding last looked at
  cause: u32; pad: i32;
  mac: u64; // GLBP: of no forwarder, see forwarderMac
}

/** Something that a group's priority or weighting depends on: down when all its ports are. */
@unmanaged export class Track {
  node: i32;
  vrrp: i32; fhrp: i32; // one of them, the other -1
  base: i32; // configured priority or weighting
  decrement: i32;
  firstPort: i32; portCount: i32;
  down: i32;
}

let fhrpsAt: usize = 0; let hsrpsAt: usize = 0; let glbpsAt: usize = 0; let tracksAt: usize = 0; let trackPortsAt: usize = 0;
export let fhrps: i32 = 0; export let tracks: i32 = 0; let trackPorts: i32 = 0;
export let maxFhrps: i32 = 0; let maxTracks: i32 = 0; let maxTrackPorts: i32 = 0;

export function reserveFhrps(rows: i32, trackRows: i32, portRows: i32): void {
  maxFhrps = rows; maxTracks = trackRows; maxTrackPorts = portRows;
  fhrpsAt = take(<usize>rows * offsetof<Fhrp>());
  hsrpsAt = take(<usize>rows * HSRP_BYTES);
  glbpsAt = take(<usize>rows * GLBP_BYTES);
  tracksAt = take(<usize>trackRows * offsetof<Track>());
  trackPortsAt = take(<usize>portRows << 2);
}

export function fhrpOf(i: i32): Fhrp { return changetype<Fhrp>(fhrpsAt + <usize>i * offsetof<Fhrp>()); }
export function hsrpOf(i: i32): HsrpRouter { return hsrpAt(hsrpsAt + <usize>i * HSRP_BYTES); }
export function glbpOf(i: i32): GlbpRouter { return glbpAt(glbpsAt + <usize>i * GLBP_BYTES); }
export function trackOf(i: i32): Track { return changetype<Track>(tracksAt + <usize>i * offsetof<Track>()); }
export function trackPortOf(i: i32): i32 { return load<i32>(trackPortsAt + (<usize>i << 2)); }

/** Groups of an interface are added one after another, each followed by its addresses. */
export function newFhrp(l3: i32, kind: i32, group: i32, version: i32, mac: u64): i32 {
  if (fhrps >= maxFhrps) trap(TRAP_TABLE_FULL, 13);
  if (kind < FHRP_HSRP || kind > FHRP_ANYCAST) trap(TRAP_BAD_INDEX, 13);
  const i = fhrps++;
  const f = fhrpOf(i);
  f.kind = kind; f.l3 = l3; f.group = group; f.version = version; f.mac = mac;
  const r = hsrpOf(i);
  r.index = i; r.kind = kind == FHRP_GLBP ? T_GLBP : T_HSRP; r.ip = l3Of(l3).ip; r.always = kind == FHRP_GLBP; r.knowsAddress = true; r.activeFrom = -1;
  r.activeAt = NEVER; r.standbyAt = NEVER; r.helloAt = NEVER;
  const owner = l3Of(l3);
  if (owner.fhrpCount == 0) owner.firstFhrp = i;
  owner.fhrpCount += 1;
  return i;
}
export function addFhrpAddress(fhrp: i32, ip: u32): void {
  const at = newVip(ip);
  const f = fhrpOf(fhrp);
  if (f.vipCount == 0) f.firstVip = at;
  f.vipCount += 1;
}

export function newTrack(node: i32, vrrp: i32, fhrp: i32, base: i32, decrement: i32): i32 {
  if (tracks >= maxTracks) trap(TRAP_TABLE_FULL, 14);
  const t = trackOf(tracks);
  t.node = node; t.vrrp = vrrp; t.fhrp = fhrp; t.base = base; t.decrement = decrement;
  return tracks++;
}
export function newTrackPort(track: i32, port: i32): void {
  if (trackPorts >= maxTrackPorts) trap(TRAP_TABLE_FULL, 15);
  store<i32>(trackPortsAt + (<usize>trackPorts << 2), port);
  const t = trackOf(track);
  if (t.portCount == 0) t.firstPort = trackPorts;
  t.portCount += 1;
  trackPorts += 1;
}
