// Slow reference of the transmit hash, from the formulas in docs/hashing.md, byte by byte on a description of the packet. It
// shares no code with assembly/bond: no frame is parsed here and no 32-bit word is folded.

export interface Ip {
  version: 4 | 6;
  src: number[]; // 4 or 16 bytes
  dst: number[];
  /** IPv4: a fragment, the first one too. */
  fragment: boolean;
  /** IPv6: extension headers in front of the payload: 0, 43, 60 or, as the last one, 44. */
  extensions: number[];
  payload: Payload;
}

export type Payload =
  | { kind: "ports"; proto: number; sport: number; dport: number } // TCP, UDP, UDP-Lite, DCCP, SCTP
  | { kind: "spi"; proto: 50 | 51; spi: number } // ESP, AH
  | { kind: "icmp"; type: number; code: number; id: number }
  | { kind: "icmp-error"; type: number; code: number; quoted: Ip }
  | { kind: "ip"; inner: Ip } // IPIP, 6in4, 4in6, 6in6
  | { kind: "gre"; key: boolean; checksum: boolean; sequence: boolean; ethernet: boolean; inner: Ip }
  | { kind: "mpls"; inner: Ip } // MPLS-in-IP
  | { kind: "other"; proto: number };

export interface Packet {
  dstMac: number[];
  srcMac: number[];
  /** TCI of the offloaded tag, 0 when there is none. */
  tci: number;
  /** Tags inside the frame, outermost first. */
  tags: { tpid: number; tci: number }[];
  body: Ip | { ethertype: number; known: boolean }; // known: the dissector accepts it without addresses (ARP, MPLS, ...)
}

interface Seen {
  addresses: number[][];
  ports: number[]; // four bytes on the wire
}

const NO_PORTS = [0, 0, 0, 0];
const WITH_ID = [0, 8, 13, 14, 128, 129];

function ethertypeOf(packet: Packet): number {
  const tag = packet.tags[0];
  if (tag) return tag.tpid;
  return "version" in packet.body ? (packet.body.version === 4 ? 0x0800 : 0x86dd) : packet.body.ethertype;
}

function transportPorts(payload: Payload): number[] {
  if (payload.kind === "ports") {
    const { sport, dport } = payload;
    return [Math.floor(sport / 256), sport % 256, Math.floor(dport / 256), dport % 256];
  }
  if (payload.kind === "spi") return [24, 16, 8, 0].map((shift) => Math.floor(payload.spi / 2 ** shift) % 256);
  return NO_PORTS;
}

function icmpPorts(payload: { type: number; code: number; id: number }): number[] {
  if (!WITH_ID.includes(payload.type)) return NO_PORTS;
  const id = payload.id === 0 ? 1 : payload.id;
  return [payload.type, payload.code, id % 256, Math.floor(id / 256)];
}

/** One header: what layer2+3 and layer3+4 look at. */
function plain(ip: Ip): Seen {
  const addresses = [ip.src, ip.dst];
  if (ip.fragment || ip.extensions.length > 0) return { addresses, ports: NO_PORTS };
  const { payload } = ip;
  if (payload.kind === "icmp") return { addresses, ports: icmpPorts(payload) };
  if (payload.kind === "icmp-error") {
    const { quoted } = payload;
    const hidden = quoted.fragment || quoted.extensions.length > 0;
    return { addresses: [quoted.src, quoted.dst], ports: hidden ? NO_PORTS : transportPorts(quoted.payload) };
  }
  return { addresses, ports: transportPorts(payload) };
}

/** What the flow dissector finds: the innermost header that it reaches. */
function innermost(ip: Ip): Seen {
  const here = { addresses: [ip.src, ip.dst], ports: NO_PORTS };
  if (ip.fragment || ip.extensions.includes(44)) return here;
  const { payload } = ip;
  switch (payload.kind) {
    case "ip":
    case "gre":
      return innermost(payload.inner);
    case "icmp":
      return { ...here, ports: icmpPorts(payload) };
    default:
      return { ...here, ports: transportPorts(payload) };
  }
}

/** Bytes of the link term, least significant first. */
function linkBytes(packet: Packet): number[] {
  const type = ethertypeOf(packet);
  const low = (packet.dstMac[5] ?? 0) ^ (packet.srcMac[5] ?? 0) ^ type % 256;
  return [low, Math.floor(type / 256), 0, 0];
}

function number32(bytes: number[]): number {
  return bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
}

/** XOR of everything, one byte column at a time, then the fold written out for each byte of the result. */
function folded(start: number[], addresses: number[][]): number {
  const b = [...start];
  for (const address of addresses) address.forEach((byte, i) => { b[i % 4] = (b[i % 4] ?? 0) ^ byte; });
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0] = b;
  return number32([b0 ^ b1 ^ b2 ^ b3, b1 ^ b2 ^ b3, b2 ^ b3, b3]);
}

export function referenceHash(policy: string, packet: Packet): number {
  const link = linkBytes(packet);
  const { body, tags } = packet;
  if (policy === "vlan+srcmac") {
    const part = (from: number): number => number32(packet.srcMac.slice(from, from + 3).reverse());
    return packet.tci ^ part(0) ^ part(3);
  }
  // A tag in the frame hides the packet from every policy: docs/hashing.md.
  if (policy === "layer2" || tags.length > 0) return number32(link);
  const nested = policy.startsWith("encap");
  if (!("version" in body)) {
    if (!nested || !body.known) return number32(link);
    return policy === "encap2+3" ? folded(link, []) : 0;
  }
  const seen = nested ? innermost(body) : plain(body);
  if (policy.endsWith("2+3")) return folded(link, seen.addresses);
  return Math.floor(folded(seen.ports, seen.addresses) / 2);
}
