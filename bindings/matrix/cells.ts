// The small topologies of the matrix: a server with two members of one mode, four clients, and one kind of switch side.
// The file format refuses most of these pairs, for they are mistakes. So the two sides are read apart and put together here.

import { parseTopology } from "../topology/index.ts";
import type { Lag, Topology } from "../topology/model.ts";
import { DualhomeError } from "../errors.ts";

export const HOST_MODES = [
  { id: "balance-rr", short: "0 rr" }, { id: "active-backup", short: "1 act-bkp" }, { id: "balance-xor", short: "2 xor" }, { id: "broadcast", short: "3 broadcast" },
  { id: "802.3ad", short: "4 802.3ad" }, { id: "balance-tlb", short: "5 tlb" }, { id: "balance-alb", short: "6 alb" },
  { id: "windows-switch-independent", short: "Win indep." }, { id: "windows-lacp", short: "Win LACP" }, { id: "windows-static", short: "Win static" },
] as const;
export type HostMode = (typeof HOST_MODES)[number]["id"];

export const SWITCH_SIDES = [
  { id: "plain-one", short: "plain, 1 sw", says: "plain ports on one switch" },
  { id: "plain-two", short: "plain, 2 sw", says: "plain ports on two switches, joined by a cable" },
  { id: "static", short: "static", says: "port-channel, mode on" },
  { id: "lacp-active", short: "LACP act", says: "port-channel, LACP active" },
  { id: "lacp-passive", short: "LACP pas", says: "port-channel, LACP passive" },
  { id: "mclag-static", short: "MC static", says: "MC-LAG pair, port-channel mode on" },
  { id: "mclag-lacp", short: "MC LACP", says: "MC-LAG pair, LACP active" },
] as const;
export type SwitchSide = (typeof SWITCH_SIDES)[number]["id"];

const HEAD = (mode: string): string => `dualhome: 1
defaults: {bond: {mode: ${mode}, transmit-hash-policy: layer3+4, lacp-rate: fast}, lacp: {rate: fast, hash: layer3+4}}
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
`;
const SERVERS = `
  srv1: {kind: server, network: lan, address: 10.1.10.11}
  c1..4: {kind: server, network: lan, address: 10.1.10.21}
`;
/** Four flows a client: enough for every hash to use both members. */
const FLOWS = ["flows:", ...[0, 1, 2, 3].map((i) => `  f${i}: {from: c1..4, to: srv1, protocol: udp, sport: ${40001 + 2 * i}, dport: 53}`)].join("\n");

const ONE = `nodes:
  sw1: {kind: l2switch}${SERVERS}`;
const ONE_CLIENTS = `
  - sw1:Eth11 -- c1:eth0
  - sw1:Eth12 -- c2:eth0
  - sw1:Eth13 -- c3:eth0
  - sw1:Eth14 -- c4:eth0`;
const TWO = (names: readonly [string, string]): string => `
  - ${names[0]}:Eth11 -- c1:eth0
  - ${names[0]}:Eth12 -- c2:eth0
  - ${names[1]}:Eth13 -- c3:eth0
  - ${names[1]}:Eth14 -- c4:eth0`;
const MCLAG = `nodes:
  leaf1: {kind: leaf}
  leaf2: {kind: leaf}${SERVERS}mlag: {pair: {peers: [leaf1, leaf2], peer-link: [Eth49, Eth50]}}
links:${TWO(["leaf1", "leaf2"])}
bonds: {"srv1:bond0": {to: pair, members: [eth0, eth1]}}
`;

function switchFile(side: SwitchSide): string {
  switch (side) {
    case "plain-one": return `${HEAD("active-backup")}${ONE}links:${ONE_CLIENTS}\nbonds: {"srv1:bond0": {to: sw1, members: [eth0, eth1]}}\n${FLOWS}`;
    case "plain-two": return `${HEAD("active-backup")}nodes:
  sw1: {kind: l2switch}
  sw2: {kind: l2switch}${SERVERS}links:${TWO(["sw1", "sw2"])}
  - {endpoints: ["sw1:Eth48", "sw2:Eth48"], networks: lan}
bonds: {"srv1:bond0": {to: [sw1, sw2], members: [eth0, eth1]}}\n${FLOWS}`;
    case "static": return `${HEAD("balance-xor")}${ONE}links:${ONE_CLIENTS}\nbonds: {"srv1:bond0": {to: sw1, members: [eth0, eth1]}}\n${FLOWS}`;
    case "lacp-active": case "lacp-passive": return `${HEAD("802.3ad")}${ONE}links:${ONE_CLIENTS}
  - sw1:Eth1 -- srv1:eth0
  - sw1:Eth2 -- srv1:eth1
lags: {"sw1:Po1": {members: [Eth1, Eth2], mode: ${side}}}
bonds: {"srv1:bond0": {members: [eth0, eth1]}}\n${FLOWS}`;
    case "mclag-static": return `${HEAD("balance-xor")}${MCLAG}${FLOWS}`;
    case "mclag-lacp": return `${HEAD("802.3ad")}${MCLAG}${FLOWS}`;
  }
}

function read(text: string, what: string): Topology {
  const parsed = parseTopology(text, what);
  if ("topology" in parsed) return parsed.topology;
  throw new DualhomeError("DH_INTERNAL", `${what}: ${parsed.problems.map((p) => p.message).join("; ")}`, 3);
}

function hostSide(mode: HostMode): Lag {
  const topology = read(`${HEAD(mode)}${ONE}links:${ONE_CLIENTS}\nbonds: {"srv1:bond0": {to: sw1, members: [eth0, eth1]}}\n`, mode);
  const lag = topology.lags.find((l) => l.node === "srv1");
  if (lag === undefined) throw new DualhomeError("DH_INTERNAL", `${mode}: the server has no bond`, 3);
  return lag;
}

export function cell(mode: HostMode, side: SwitchSide): Topology {
  const topology = read(switchFile(side), side);
  const host = hostSide(mode);
  return {
    ...topology,
    name: `${mode} against ${side}`,
    lags: topology.lags.map((lag) => (lag.node === "srv1" ? { ...host, members: lag.members, vlans: lag.vlans } : lag)),
  };
}
