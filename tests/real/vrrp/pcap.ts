// What the host's port saw: advertisements, announcements of addresses (gratuitous ARP, unsolicited neighbour advertisements) and joins
// of the routers' group, out of a pcap file or out of the engine's own frames, over IPv4 and IPv6.

import { readFileSync } from "node:fs";
import { formatIp } from "../../../bindings/topology/ip.ts";

/** `perhaps`: it may answer a question of who had no address yet, and be no announcement. `t`: seconds since the first event of the run. `router`: which one, worked out by identify(). */
export type Sighting =
  | { kind: "advert"; t: number; router: number; from: string; mac: string; version: number; priority: number; interval: number }
  | { kind: "garp"; t: number; mac: string; ip: string; perhaps: boolean }
  | { kind: "solicit"; t: number; mac: string }
  | { kind: "join"; t: number; router: number; from: string; mac: string };

/** Not known yet (of a join: not known at all). */
export const NOBODY = 0;

/** A question for an address by who has none yet (RFC 4862 5.4.2): it is answered to all nodes, as an announcement is sent. */
type Seen = Sighting | { kind: "dad"; t: number; ip: string };

/** The clock of the recordings reads this when the run's own clock reads 0. */
const EPOCH = 1000;
const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
const VRRP_GROUP = "224.0.0.18";
const VRRP_GROUP6 = "ff02::12";
const ALL_NODES = "ff02::1";
const IS_EXCLUDE = 2; // IGMPv3 and MLDv2: these two record types, with no sources, join
const TO_EXCLUDE = 4;
const DAD_WITHIN = 1; // RFC 4862: RetransTimer, after which the asker has the address

export function readPcap(file: string): Sighting[] {
  const bytes = readFileSync(file);
  const magic = bytes.readUInt32LE(0);
  if (magic !== MICROSECONDS && magic !== NANOSECONDS) throw new Error(`${file}: not a little-endian pcap file`);
  const unit = magic === MICROSECONDS ? 1e-6 : 1e-9;
  const frames: { t: number; bytes: Uint8Array }[] = [];
  for (let at = 24; at + 16 <= bytes.length;) {
    const t = bytes.readUInt32LE(at) - EPOCH + bytes.readUInt32LE(at + 4) * unit;
    const length = bytes.readUInt32LE(at + 8);
    frames.push({ t, bytes: bytes.subarray(at + 16, at + 16 + length) });
    at += 16 + length;
  }
  return sightings(frames);
}

/** Frames in their order → what of them counts. */
export function sightings(frames: readonly { t: number; bytes: Uint8Array }[]): Sighting[] {
  const found: Sighting[] = [];
  const asked: { t: number; ip: string }[] = [];
  for (const frame of frames) {
    const seen = sight(frame.bytes, frame.t);
    if (seen === null) continue;
    if (seen.kind === "dad") { asked.push(seen); continue; }
    const question = seen.kind === "garp" ? asked.findIndex((q) => q.ip === seen.ip && seen.t - q.t < DAD_WITHIN) : -1;
    if (question >= 0) asked.splice(question, 1);
    found.push(question >= 0 && seen.kind === "garp" ? { ...seen, perhaps: true } : seen);
  }
  return found;
}

function sight(frame: Uint8Array, t: number): Seen | null {
  const b = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  const tag = b.readUInt16BE(12) === 0x8100 ? 4 : 0;
  const type = b.readUInt16BE(12 + tag);
  const mac = b.subarray(6, 12).toString("hex");
  const body = b.subarray(14 + tag);
  if (type === 0x0806) return gratuitous(body, mac, t);
  if (type === 0x86dd) return ipv6(body, mac, t);
  if (type !== 0x0800) return null;
  const payload = body.subarray((body[0]! & 15) * 4);
  if (body[9] === 112) return advert(address(body, 12), payload, mac, t);
  if (body[9] === 2) return igmp(address(body, 12), payload, mac, t);
  return null;
}

const address = (b: Buffer, at: number): string => [...b.subarray(at, at + 4)].join(".");
const address6 = (b: Buffer, at: number): string => {
  const ip = BigInt(`0x${b.subarray(at, at + 16).toString("hex")}`);
  return ip === 0n ? "::" : formatIp(ip);
};

/** A request whose sender and target address are the same. */
function gratuitous(arp: Buffer, mac: string, t: number): Sighting | null {
  const ip = address(arp, 14);
  return arp.readUInt16BE(6) === 1 && ip === address(arp, 24) ? { kind: "garp", t, mac, ip, perhaps: false } : null;
}

function advert(from: string, vrrp: Buffer, mac: string, t: number): Sighting {
  const version = vrrp[0]! >> 4;
  const interval = version === 2 ? vrrp[5]! : (vrrp.readUInt16BE(4) & 0xfff) / 100;
  return { kind: "advert", t, router: NOBODY, from, mac, version, priority: vrrp[2]!, interval };
}

/** An IGMPv3 report of one group: VRRP was started. */
function igmp(from: string, report: Buffer, mac: string, t: number): Sighting | null {
  const joins = report[0] === 0x22 && (report[8] === IS_EXCLUDE || report[8] === TO_EXCLUDE);
  return joins && address(report, 12) === VRRP_GROUP ? { kind: "join", t, router: NOBODY, from, mac } : null;
}

const HOP_BY_HOP = 0;
const ICMPV6 = 58;

function ipv6(body: Buffer, mac: string, t: number): Seen | null {
  let [next, payload] = [body[6]!, body.subarray(40)];
  if (next === HOP_BY_HOP) [next, payload] = [payload[0]!, payload.subarray((payload[1]! + 1) * 8)];
  const from = address6(body, 8);
  if (next === 112) return advert(from, payload, mac, t);
  if (next !== ICMPV6) return null;
  const type = payload[0];
  if (type === 133) return { kind: "solicit", t, mac };
  if (type === 135 && from === "::") return { kind: "dad", t, ip: address6(payload, 8) };
  if (type === 136) {
    const solicited = (payload[4]! & 0x40) !== 0;
    return !solicited && address6(body, 24) === ALL_NODES ? { kind: "garp", t, mac, ip: address6(payload, 8), perhaps: false } : null;
  }
  return type === 143 ? mld(from, payload, mac, t) : null;
}

/** An MLDv2 report that has the routers' group among its records. */
function mld(from: string, report: Buffer, mac: string, t: number): Sighting | null {
  let at = 8;
  for (let left = report.readUInt16BE(6); left > 0 && at + 20 <= report.length; left--) {
    const [type, auxiliary, sources] = [report[at], report[at + 1]!, report.readUInt16BE(at + 2)];
    if ((type === IS_EXCLUDE || type === TO_EXCLUDE) && address6(report, at + 4) === VRRP_GROUP6) return { kind: "join", t, router: NOBODY, from, mac };
    at += 20 + 16 * sources + 4 * auxiliary;
  }
  return null;
}
