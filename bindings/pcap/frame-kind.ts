// What a captured frame is, by its bytes. Only what the engine writes: no VLAN tags, no IPv4 options.

export type FrameKind = "lacp" | "bpdu" | "arp" | "nd" | "vrrp" | "hsrp" | "glbp" | "keepalive" | "other";

const ETHERTYPE_AT = 12;
const IPV4_AT = 14;
const IPV4_PROTOCOL_AT = IPV4_AT + 9;
const IPV4_BODY_AT = IPV4_AT + 20;
const IPV6_NEXT_AT = 14 + 6;
const IPV6_BODY_AT = 14 + 40;
const LENGTH_MAX = 1500; // below: a length, and LLC behind it
const LLC_BPDU = 0x4242;
const VRRP = 112;
const UDP = 17;
const ICMPV6 = 58;
const UDP_PORTS: Record<number, FrameKind> = { 1985: "hsrp", 3222: "glbp" };

export function kindOf(bytes: Uint8Array): FrameKind {
  const type = word(bytes, ETHERTYPE_AT);
  if (type <= LENGTH_MAX) return word(bytes, IPV4_AT) === LLC_BPDU ? "bpdu" : "other";
  if (type === 0x8809) return "lacp";
  if (type === 0x0806) return "arp";
  if (type === 0x86dd) return bytes[IPV6_NEXT_AT] === VRRP ? "vrrp" : bytes[IPV6_NEXT_AT] === ICMPV6 ? "nd" : "other";
  if (type !== 0x0800) return "other";
  if (bytes[IPV4_PROTOCOL_AT] === VRRP) return "vrrp";
  return bytes[IPV4_PROTOCOL_AT] === UDP ? (UDP_PORTS[word(bytes, IPV4_BODY_AT + 2)] ?? "keepalive") : "other";
}

/** RFC 5798 5.1, RFC 3768 5.1: the two fields that all versions have in one place. */
export function advertisement(bytes: Uint8Array): { vrid: number; priority: number } {
  const at = word(bytes, ETHERTYPE_AT) === 0x86dd ? IPV6_BODY_AT : IPV4_BODY_AT;
  return { vrid: bytes[at + 1] ?? 0, priority: bytes[at + 2] ?? 0 };
}

function word(bytes: Uint8Array, at: number): number { return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0); }
