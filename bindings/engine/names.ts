// Index ↔ name. The engine knows indices; names come back here. Plain JSON, stored beside a trace.

/**
 * A name as a number, by which the engine's random draws are asked for (FNV-1a, 32 bits): what a node draws depends
 * neither on the order of the file nor on what else there is.
 */
export function nameKey(name: string): number {
  let hash = OFFSET;
  for (let i = 0; i < name.length; i++) {
    const sign = name.charCodeAt(i);
    if (sign > ASCII_MAX) return keyOfBytes(new TextEncoder().encode(name));
    hash = Math.imul(hash ^ sign, PRIME);
  }
  return hash >>> 0;
}

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;
const ASCII_MAX = 0x7f; // up to here a sign is its byte

function keyOfBytes(bytes: Uint8Array): number {
  let hash = OFFSET;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, PRIME);
  return hash >>> 0;
}

export interface Names {
  nodes: string[];
  ports: string[]; // "node:port"
  links: string[]; // index = engine link
  lags: string[];
  pairs: string[];
  /** MC-LAG peer index (2 per pair) → node name */
  peers: string[];
  l3ifs: string[]; // "node vlan10" or "node:port"
  vrrps: string[]; // "gateway@node"
  fhrps: string[]; // "gateway@node"
  tracks: string[]; // "gateway@node uplinks"
  prefixes: string[]; // "10.1.10.0/24"
  ipv6: string[]; // by row of the address table: "fd00:10::5"
  flows: string[];
  services: string[];
  /** scenario event index → what it does, as written */
  steps: string[];
}
