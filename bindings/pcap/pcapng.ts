// pcapng writer (draft-ietf-opsawg-pcapng): one section, one interface a port, nanosecond stamps.
// Frames carry no FCS. Time 0 of the capture is that of the scenario's clock; bring-up has negative times, which stamps cannot
// hold: then all stamps are shifted by whole seconds, and if_tsoffset says by how many.

/** A frame of the capture ring, as the engine hands it over. */
export interface Frame {
  at: bigint; // ns, negative during bring-up
  port: string; // "leaf1:Eth1"
  direction: "sent" | "received";
  bytes: Uint8Array;
}

export interface PcapOptions {
  /** ports in interface order; others follow as their first frame comes */
  ports?: readonly string[];
  /** what wrote the file */
  application?: string;
  comment?: string;
  /** of a port: what it is and where it leads */
  descriptions?: ReadonlyMap<string, string>;
  /** what each frame did, in order; null: nothing to say */
  comments?: Iterable<string | null>;
}

export const BLOCK_SECTION = 0x0a0d0d0a;
export const BLOCK_INTERFACE = 1;
export const BLOCK_PACKET = 6;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const LINKTYPE_ETHERNET = 1;
const OPT_END = 0;
const OPT_COMMENT = 1;
const SHB_USERAPPL = 4;
const IF_NAME = 2;
const IF_DESCRIPTION = 3;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;
const EPB_FLAGS = 2;
const TSRESOL_NS = 9; // 10^-9 s
const SECOND_NS = 1_000_000_000n;
const FLAG_INBOUND = 1;
const FLAG_OUTBOUND = 2;

/** A whole file. Frames keep their order: that of the run. */
export function pcapng(frames: readonly Frame[], options: PcapOptions = {}): Uint8Array {
  return joined([...pcapngBlocks(frames, options)]);
}

/** The same, block by block, for files larger than memory likes. Interfaces come before their first packet. */
export function* pcapngBlocks(frames: readonly Frame[], options: PcapOptions = {}): Generator<Uint8Array> {
  yield section(options);
  const shiftS = shiftSeconds(frames);
  const interfaces = new Map<string, number>();
  const comments = options.comments?.[Symbol.iterator]();
  for (const port of options.ports ?? []) {
    if (interfaces.has(port)) continue;
    interfaces.set(port, interfaces.size);
    yield interfaceBlock(port, shiftS, options);
  }
  for (const frame of frames) {
    let index = interfaces.get(frame.port);
    if (index === undefined) {
      index = interfaces.size;
      interfaces.set(frame.port, index);
      yield interfaceBlock(frame.port, shiftS, options);
    }
    yield packet(index, frame, frame.at + shiftS * SECOND_NS, (comments?.next().value as string | null | undefined) ?? null);
  }
}

/** Seconds that make the earliest stamp positive. */
function shiftSeconds(frames: readonly Frame[]): bigint {
  let earliest = 0n;
  for (const f of frames) if (f.at < earliest) earliest = f.at;
  return (-earliest + SECOND_NS - 1n) / SECOND_NS;
}

function section(options: PcapOptions): Uint8Array {
  const head = new Uint8Array(16);
  const v = new DataView(head.buffer);
  v.setUint32(0, BYTE_ORDER_MAGIC, true);
  v.setUint16(4, 1, true); // version 1.0
  v.setUint16(6, 0, true);
  v.setBigInt64(8, -1n, true); // section length not given
  const texts: [number, string | undefined][] = [[OPT_COMMENT, options.comment], [SHB_USERAPPL, options.application]];
  const present = texts.flatMap(([code, text]) => (text === undefined ? [] : [option(code, utf8(text))]));
  return block(BLOCK_SECTION, [head, ...withEnd(present)]);
}

function interfaceBlock(port: string, shiftS: bigint, { descriptions }: PcapOptions): Uint8Array {
  const head = new Uint8Array(8);
  const v = new DataView(head.buffer);
  v.setUint16(0, LINKTYPE_ETHERNET, true); // then 2 reserved bytes and snaplen 0: no limit
  const description = descriptions?.get(port);
  const options = [option(IF_NAME, utf8(port)), ...(description === undefined ? [] : [option(IF_DESCRIPTION, utf8(description))]), option(IF_TSRESOL, Uint8Array.of(TSRESOL_NS))];
  if (shiftS > 0n) options.push(option(IF_TSOFFSET, int64(-shiftS)));
  return block(BLOCK_INTERFACE, [head, ...withEnd(options)]);
}

function packet(index: number, frame: Frame, stamp: bigint, comment: string | null): Uint8Array {
  const head = new Uint8Array(20);
  const v = new DataView(head.buffer);
  v.setUint32(0, index, true);
  v.setUint32(4, Number(BigInt.asUintN(32, stamp >> 32n)), true); // high half first, then low
  v.setUint32(8, Number(BigInt.asUintN(32, stamp)), true);
  v.setUint32(12, frame.bytes.length, true);
  v.setUint32(16, frame.bytes.length, true);
  const flags = new Uint8Array(4);
  flags[0] = frame.direction === "received" ? FLAG_INBOUND : FLAG_OUTBOUND;
  return block(BLOCK_PACKET, [head, padded(frame.bytes), ...withEnd([...(comment === null ? [] : [option(OPT_COMMENT, utf8(comment))]), option(EPB_FLAGS, flags)])]);
}

function block(type: number, parts: Uint8Array[]): Uint8Array {
  const body = joined(parts);
  const all = new Uint8Array(body.length + 12);
  const v = new DataView(all.buffer);
  v.setUint32(0, type, true);
  v.setUint32(4, all.length, true);
  all.set(body, 8);
  v.setUint32(all.length - 4, all.length, true);
  return all;
}

function option(code: number, value: Uint8Array): Uint8Array {
  const head = new Uint8Array(4);
  const v = new DataView(head.buffer);
  v.setUint16(0, code, true);
  v.setUint16(2, value.length, true);
  return joined([head, padded(value)]);
}

function withEnd(options: Uint8Array[]): Uint8Array[] {
  return options.length === 0 ? [] : [...options, option(OPT_END, new Uint8Array(0))];
}

function padded(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length % 4;
  return rest === 0 ? bytes : joined([bytes, new Uint8Array(4 - rest)]);
}

function int64(n: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, n, true);
  return bytes;
}

function utf8(text: string): Uint8Array { return new TextEncoder().encode(text); }

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const p of parts) { all.set(p, at); at += p.length; }
  return all;
}
