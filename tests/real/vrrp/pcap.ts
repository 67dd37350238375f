// What the host's port saw: advertisements, gratuitous ARPs and joins, out of a pcap file or out of the engine's own frames.

import { readFileSync } from "node:fs";

/** `t`: seconds since the first event of the run. `router`: last byte of the router's address, 10.99.0.N. */
export type Sighting =
  | { kind: "advert"; t: number; router: number; mac: string; version: number; priority: number; interval: number }
  | { kind: "garp"; t: number; mac: string; ip: string }
  | { kind: "join"; t: number; router: number };

/** The clock of the recordings reads this when the run's own clock reads 0. */
const EPOCH = 1000;
const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
const VRRP_GROUP = "224.0.0.18";
const IS_EXCLUDE = 2; // IGMPv3: these two record types, with no sources, join
const TO_EXCLUDE = 4;

export function readPcap(file: string): Sighting[] {
  const bytes = readFileSync(file);
  const magic = bytes.readUInt32LE(0);
  if (magic !== MICROSECONDS && magic !== NANOSECONDS) throw new Error(`${file}: not a little-endian pcap file`);
  const unit = magic === MICROSECONDS ? 1e-6 : 1e-9;
  const found: Sighting[] = [];
  for (let at = 24; at + 16 <= bytes.length;) {
    const t = bytes.readUInt32LE(at) - EPOCH + bytes.readUInt32LE(at + 4) * unit;
    const length = bytes.readUInt32LE(at + 8);
    const sighting = sight(bytes.subarray(at + 16, at + 16 + length), t);
    if (sighting !== null) found.push(sighting);
    at += 16 + length;
  }
  return found;
}

/** One Ethernet frame. Null: none of the three. */
export function sight(frame: Uint8Array, t: number): Sighting | null {
  const b = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  const tag = b.readUInt16BE(12) === 0x8100 ? 4 : 0;
  const type = b.readUInt16BE(12 + tag);
  const mac = b.subarray(6, 12).toString("hex");
  const body = b.subarray(14 + tag);
  if (type === 0x0806) return gratuitous(body, mac, t);
  if (type !== 0x0800) return null;
  const payload = body.subarray((body[0]! & 15) * 4);
  if (body[9] === 112) return advert(body, payload, mac, t);
  if (body[9] === 2) return join(body, payload, t);
  return null;
}

const address = (b: Buffer, at: number): string => [...b.subarray(at, at + 4)].join(".");

/** A request whose sender and target address are the same. */
function gratuitous(arp: Buffer, mac: string, t: number): Sighting | null {
  const ip = address(arp, 14);
  return arp.readUInt16BE(6) === 1 && ip === address(arp, 24) ? { kind: "garp", t, mac, ip } : null;
}

function advert(ip: Buffer, vrrp: Buffer, mac: string, t: number): Sighting {
  const version = vrrp[0]! >> 4;
  const interval = version === 2 ? vrrp[5]! : (vrrp.readUInt16BE(4) & 0xfff) / 100;
  return { kind: "advert", t, router: ip[15]!, mac, version, priority: vrrp[2]!, interval };
}

/** An IGMPv3 report of one group: VRRP was started. */
function join(ip: Buffer, igmp: Buffer, t: number): Sighting | null {
  const joins = igmp[0] === 0x22 && (igmp[8] === IS_EXCLUDE || igmp[8] === TO_EXCLUDE);
  return joins && address(igmp, 12) === VRRP_GROUP ? { kind: "join", t, router: ip[15]! } : null;
}
