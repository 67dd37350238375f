// Of which protocol a recorded control frame is, by its first bytes.

const ETHERTYPES: Record<number, string> = { 0x8809: "LACP", 0x0806: "ARP", 0x88cc: "LLDP" };
const IP_PROTOCOLS: Record<number, string> = { 112: "VRRP", 1: "ICMP" };
const UDP_PORTS: Record<number, string> = { 1985: "HSRP", 2029: "HSRP", 3222: "GLBP", 67: "DHCP", 68: "DHCP" };
const VLAN_TAG = 0x8100;

export function frameKind(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number): number => (at + 2 <= bytes.length ? view.getUint16(at) : 0);
  let at = 12;
  while (word(at) === VLAN_TAG) at += 4;
  const type = word(at);
  if (type < 0x600) return bytes[at + 2] === 0x42 ? "BPDU" : "LLC";
  if (type === 0x0800) return ofIp(bytes[at + 11] ?? 0, word(at + 2 + 4 * ((bytes[at + 2] ?? 0x45) & 15) + 2));
  if (type === 0x86dd) return bytes[at + 8] === 58 ? "ND" : ofIp(bytes[at + 8] ?? 0, word(at + 2 + 40 + 2));
  return ETHERTYPES[type] ?? `0x${type.toString(16)}`;
}

const ofIp = (protocol: number, port: number): string => (protocol === 17 ? UDP_PORTS[port] ?? "keepalive" : IP_PROTOCOLS[protocol] ?? `IP ${protocol}`);
