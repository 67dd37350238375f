// A topology file of two sites for so many servers, as an operator would write it: racks of forty servers, each rack behind an MC-LAG
// pair of leaves with four networks and their VRRP gateways, two LACP links a server, spines, two ducts between the sites, flows and services.
//
// explicit: a line for each server, cable and bond, as an inventory exports it. ranges: the same network in the format's short forms.
//
// node --import tsx bench/topologies/two-sites.ts SERVERS [explicit|ranges] > FILE

import { fileURLToPath } from "node:url";

export type Style = "explicit" | "ranges";
export const styles: readonly Style[] = ["explicit", "ranges"];

const RACK_SERVERS = 40;
const RACK_NETWORKS = 4; // one VRRP group each
const SPINES = 4; // of a site
export const SERVERS_MIN = 2 * RACK_SERVERS; // a rack at each site
export const SERVERS_MAX = 40_000; // a VLAN for each network: 4,094 of them
const SITES = [{ name: "fra", role: "primary" }, { name: "ams", role: "dr" }] as const;
const SERVICES = ["erp", "shop", "mail", "ledger"];

interface Rack { index: number; site: 0 | 1; name: string; pair: string; leaves: [string, string]; servers: number; number: number }

/** Racks in turn to the two sites; the last one may be part full. */
function racksOf(servers: number): Rack[] {
  return Array.from({ length: Math.ceil(servers / RACK_SERVERS) }, (_, index) => {
    const site = (index % 2) as 0 | 1;
    const number = (index >> 1) + 1;
    const name = `${SITES[site].name}-r${pad(number, 3)}`;
    const leaves: [string, string] = [`${name}-leaf1`, `${name}-leaf2`];
    return { index, site, name, pair: `${name}-pair`, leaves, servers: Math.min(RACK_SERVERS, servers - index * RACK_SERVERS), number };
  });
}

const pad = (n: number, width: number): string => String(n).padStart(width, "0");
const serverOf = (rack: Rack, n: number): string => `${rack.name}-srv${pad(n, 2)}`;
const networkOf = (rack: Rack, k: number): string => `${rack.name}-net${k}`;

/** A /24 a network: 10.0.0.0 and up at the first site, 10.128.0.0 and up at the second. */
function subnetOf(rack: Rack, k: number): string {
  const index = (rack.number - 1) * RACK_NETWORKS + k - 1;
  return `10.${rack.site * 128 + (index >> 8)}.${index & 255}`;
}

/** Which of a rack's networks its nth server is in: quarters of the rack. */
const networkNumber = (n: number): number => Math.floor((n - 1) / (RACK_SERVERS / RACK_NETWORKS)) + 1;

export function twoSites(servers: number, style: Style): string {
  const racks = racksOf(servers);
  const explicit = style === "explicit";
  return [
    ...head(servers),
    "", "networks:", ...racks.flatMap(networks),
    "", "nodes:", ...SITES.map((site) => `  ${site.name}-spine1..${SPINES}: {kind: spine, site: ${site.name}}`), ...racks.flatMap(explicit ? nodes : nodesInRanges),
    "", "links:", ...ducts(), ...(explicit ? racks.flatMap(cables) : meshes(racks)),
    "", "mlag:", ...racks.flatMap(pair),
    "", "bonds:", ...racks.flatMap(explicit ? bonds : bondsInRanges),
    "", "gateways:", ...racks.flatMap(gateways),
    "", "flows:", ...racks.flatMap((rack, i) => flows(rack, racks[(i + 1) % racks.length]!)),
    "", "services:", ...racks.flatMap((rack, i) => service(rack, racks[(i + 1) % racks.length]!)),
    "", ...scenarios(racks), "",
  ].join("\n");
}

function head(servers: number): string[] {
  return [
    `# Two sites, ${servers} servers.`,
    "dualhome: 1",
    `name: two-sites-${servers}`,
    "",
    "defaults:",
    "  link: {speed: 25G, delay: 500ns, loss-detect: 10ms}",
    "  bond: {mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: layer3+4, mii-monitor-interval: 100ms}",
    "  lacp: {rate: fast, hash: layer3+4}",
    "  switch: {boot: 3m, profile: nxos-vpc}",
    "  flow: {max-outage: 5s}",
    "",
    "sites:",
    ...SITES.map((site) => `  ${site.name}: {role: ${site.role}}`),
  ];
}

function networks(rack: Rack): string[] {
  return numbers(RACK_NETWORKS).map((k) =>
    `  ${networkOf(rack, k)}: {vlan: ${rack.index * RACK_NETWORKS + k + 1}, subnet: ${subnetOf(rack, k)}.0/24, site: ${SITES[rack.site].name}}`);
}

function nodes(rack: Rack): string[] {
  return [
    ...rack.leaves.map((leaf) => `  ${leaf}: {kind: leaf, site: ${SITES[rack.site].name}}`),
    ...numbers(rack.servers).map((n) => {
      const k = networkNumber(n);
      return `  ${serverOf(rack, n)}: {kind: server, site: ${SITES[rack.site].name}, network: ${networkOf(rack, k)}, address: ${subnetOf(rack, k)}.${n + 10}}`;
    }),
  ];
}

function nodesInRanges(rack: Rack): string[] {
  return [
    `  ${rack.name}-leaf1..2: {kind: leaf, site: ${SITES[rack.site].name}}`,
    ...quarters(rack).map(({ k, from, to }) => `  ${rack.name}-srv${pad(from, 2)}..${to}: {kind: server, site: ${SITES[rack.site].name}, network: ${networkOf(rack, k)}, address: ${subnetOf(rack, k)}.${from + 10}}`),
  ];
}

function quarters(rack: Rack): { k: number; from: number; to: number }[] {
  const size = RACK_SERVERS / RACK_NETWORKS;
  return numbers(RACK_NETWORKS).map((k) => ({ k, from: (k - 1) * size + 1, to: Math.min(k * size, rack.servers) })).filter(({ from, to }) => from <= to);
}

function ducts(): string[] {
  return ["north", "south"].map((duct, i) =>
    `  - {endpoints: ["fra-spine${i + 1}:Eth1/1", "ams-spine${i + 1}:Eth1/1"], speed: 100G, delay: ${4 + i}ms, risk: duct-${duct}}`);
}

function cables(rack: Rack): string[] {
  const site = SITES[rack.site].name;
  return [
    ...rack.leaves.flatMap((leaf, side) => numbers(SPINES).map((s) =>
      `  - {endpoints: ["${leaf}:Eth1/${48 + s}", "${site}-spine${s}:Eth2/${rack.number * 2 - 1 + side}"], speed: 100G}`)),
    ...numbers(rack.servers).flatMap((n) => rack.leaves.map((leaf, side) => `  - ${leaf}:Eth1/${n} -- ${serverOf(rack, n)}:eth${side}`)),
  ];
}

function meshes(racks: readonly Rack[]): string[] {
  return racks.map((rack) => `  - mesh: {from: ${rack.name}-leaf1..2, to: ${SITES[rack.site].name}-spine1..${SPINES}, speed: 100G}`);
}

function pair(rack: Rack): string[] {
  return [
    `  ${rack.pair}:`,
    `    peers: [${rack.leaves.join(", ")}]`,
    "    peer-link: {ports: [Eth1/53, Eth1/54], speed: 100G}",
    "    keepalive: {via: mgmt, interval: 1s, timeout: 5s}",
    `    domain: ${rack.index + 1}`,
  ];
}

function bonds(rack: Rack): string[] {
  return numbers(rack.servers).map((n) => `  ${serverOf(rack, n)}:bond0: {members: [eth0, eth1]}`);
}

function bondsInRanges(rack: Rack): string[] {
  return [`  ${rack.name}-srv01..${pad(rack.servers, 2)}:bond0: {to: ${rack.pair}, members: [eth0, eth1]}`];
}

function gateways(rack: Rack): string[] {
  return numbers(RACK_NETWORKS).map((k) => {
    const [first, second] = k % 2 === 1 ? [110, 100] : [100, 110]; // the load is shared out
    return `  ${networkOf(rack, k)}: {protocol: vrrp, version: 3, vrid: ${k}, vip: ${subnetOf(rack, k)}.1/24, routers: {${rack.leaves[0]}: ${first}, ${rack.leaves[1]}: ${second}}}`;
  });
}

/** Within the network, through the gateway, to the next rack, which is at the other site. */
function flows(rack: Rack, next: Rack): string[] {
  const last = rack.servers;
  const far = serverOf(next, next.servers);
  return [
    ...numbers(Math.min(6, last - 1)).map((n) => `  ${rack.name}-db${n}: {from: ${serverOf(rack, n)}, to: ${serverOf(rack, n + 1)}, protocol: tcp, dport: 5432, max-outage: 2s}`),
    ...numbers(Math.min(4, last - 1)).map((n) => `  ${rack.name}-api${n}: {from: ${serverOf(rack, n)}, to: ${serverOf(rack, last - n + 1)}, dport: 8443}`).filter((_, i) => last - i !== i + 1),
    ...(rack === next ? [] : numbers(Math.min(2, last)).map((n) => `  ${rack.name}-copy${n}: {from: ${serverOf(rack, n)}, to: ${far}, protocol: tcp, dport: 873, max-outage: 10s}`)),
  ];
}

function service(rack: Rack, next: Rack): string[] {
  if (rack.servers < 6 || next.servers < 6 || rack === next) return [];
  return [
    `  ${rack.name}-${SERVICES[rack.index % SERVICES.length]}:`,
    `    clients: ${serverOf(rack, 5)}`,
    `    servers: ${serverOf(rack, 6)}`,
    `    dr: {servers: ${serverOf(next, 6)}, decision: manual, delay: 15m}`,
    "    port: 443",
    "    health-check: {interval: 2s, fall: 3, rise: 2}",
  ];
}

function scenarios(racks: readonly Rack[]): string[] {
  const [rack] = racks;
  return [
    "scenarios:",
    `  leaf-crash: [{at: 10s, fail: ${rack?.leaves[0]}}, {at: 60s, repair: ${rack?.leaves[0]}}]`,
    `  peer-link-cut: [{at: 10s, fail: mlag/${rack?.pair}/peer-link}, {at: 40s, repair: mlag/${rack?.pair}/peer-link}]`,
    "  duct-cut: [{at: 10s, fail: risk/duct-north}, {at: 60s, repair: risk/duct-north}]",
    "  site-loss: {until: 30m, steps: [{at: 10s, fail: site/fra}, {at: 20m, repair: site/fra}]}",
  ];
}

const numbers = (count: number): number[] => Array.from({ length: Math.max(0, count) }, (_, i) => i + 1);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [servers = "10000", style = "explicit"] = process.argv.slice(2);
  if (!/^[1-9]\d{0,4}$/.test(servers) || Number(servers) < SERVERS_MIN || Number(servers) > SERVERS_MAX || !styles.includes(style as Style)) {
    console.error(`usage: two-sites.ts SERVERS [explicit|ranges], SERVERS from ${SERVERS_MIN} to ${SERVERS_MAX}`);
    process.exitCode = 2;
  } else process.stdout.write(twoSites(Number(servers), style as Style));
}
