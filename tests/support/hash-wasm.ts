// assembly/bond alone, for the hash tests and the hash bench.

import { loadEntry } from "./as-module.ts";

export const POLICIES = ["layer2", "layer3+4", "layer2+3", "encap2+3", "encap3+4", "vlan+srcmac"] as const;
export type Policy = (typeof POLICIES)[number];

type Batch = (firsts: number, srcs: number, dsts: number, out: number, count: number, members: number) => void;

interface Exports {
  memory: WebAssembly.Memory;
  frameAt(): number;
  frameBytes(): number;
  keyBytes(): number;
  keyRoom(): number;
  reserve(bytes: number): number;
  hashFrame(policy: number, length: number, vlan: number): number;
  hashIpv4(
    policy: number, srcMac: bigint, dstMac: bigint, src: number, dst: number, proto: number, sport: number, dport: number,
  ): number;
  memberOfHash(hash: number, members: number): number;
  hashLayer34Scalar: Batch;
  hashLayer34Simd: Batch;
  hashLayer23Scalar: Batch;
  hashLayer23Simd: Batch;
}

export interface HashModule {
  raw: Exports;
  /** Hash of a whole frame; `vlan` is the TCI of an offloaded tag. */
  hashFrame(policy: Policy, frame: Uint8Array, vlan: number): number;
  /** A zeroed column of 32-bit words in the module's memory, and its address. */
  column(rows: number): { at: number; words(): Uint32Array };
  bytes(at: number, length: number): Uint8Array;
}

export async function loadHash(): Promise<HashModule> {
  const raw = await loadEntry<Exports>("hash-entry.ts");
  const frameAt = raw.frameAt();
  const room = raw.frameBytes();
  return {
    raw,
    hashFrame(policy, frame, vlan) {
      if (frame.length > room) throw new RangeError(`a frame of ${frame.length} bytes; there is room for ${room}`);
      new Uint8Array(raw.memory.buffer, frameAt, frame.length).set(frame);
      return raw.hashFrame(POLICIES.indexOf(policy), frame.length, vlan) >>> 0;
    },
    column(rows) {
      const at = raw.reserve(rows * 4);
      return { at, words: () => new Uint32Array(raw.memory.buffer, at, rows) };
    },
    bytes: (at, length) => new Uint8Array(raw.memory.buffer, at, length),
  };
}
