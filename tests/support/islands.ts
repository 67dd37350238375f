// Small random networks of which parts may have nothing to do with each other.

/** A generator with a seed: the same networks every time. */
export function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** Islands of a switch or a pair and some servers, joined by a spine or not, with flows within and between. */
export function islands(seed: number): string {
  const roll = dice(seed);
  const islands = 2 + roll(2);
  const joined = roll(2) === 1;
  const lines: Record<"networks" | "nodes" | "links" | "mlag" | "bonds" | "gateways" | "flows" | "services", string[]> = { networks: [], nodes: [], links: [], mlag: [], bonds: [], gateways: [], flows: [], services: [] };
  if (joined) lines.nodes.push("  spine1: {kind: spine, boot: 20s}");
  const servers: string[] = [];
  for (let k = 1; k <= islands; k++) {
    const paired = roll(2) === 1;
    const count = 2 + roll(2);
    lines.networks.push(`  net${k}: {vlan: ${k}, subnet: 10.0.${k}.0/24}`);
    lines.nodes.push(paired ? `  l${k}-1..2: {kind: leaf, boot: 20s}` : `  l${k}-1: {kind: leaf, boot: 20s}`);
    for (let n = 1; n <= count; n++) {
      servers.push(`s${k}${n}`);
      lines.nodes.push(`  s${k}${n}: {kind: server, network: net${k}, boot: 20s${roll(3) === 0 ? ", power: [a, b]" : ""}}`);
      lines.bonds.push(`  s${k}${n}:bond0: {to: ${paired ? `p${k}` : `l${k}-1`}, members: [eth0, eth1], mode: ${paired || roll(2) === 0 ? "802.3ad" : "active-backup"}}`);
    }
    if (paired) lines.mlag.push(`  p${k}: {peers: [l${k}-1, l${k}-2], peer-link: [Eth53], domain: ${k}}`);
    const routers = paired ? `{l${k}-1: 110, l${k}-2: 100}` : `{l${k}-1: 110}`;
    if (joined) {
      lines.gateways.push(`  net${k}: {protocol: vrrp, version: 3, vrid: ${k}, vip: 10.0.${k}.1/24, routers: ${routers}}`);
      lines.links.push(`  - l${k}-1:Eth49 -- spine1:Eth${k}`);
      if (paired) lines.links.push(`  - l${k}-2:Eth49 -- spine1:Eth${k + 10}`, `  - l${k}-1:Eth53 -- l${k}-2:Eth53`);
    } else if (paired) lines.links.push(`  - l${k}-1:Eth53 -- l${k}-2:Eth53`);
    lines.flows.push(`  f${k}: {from: s${k}1, to: s${k}2, dport: 80, max-outage: 1s}`);
  }
  if (joined) lines.flows.push(`  across: {from: ${servers[0]}, to: ${servers.at(-1)}, dport: 81}`);
  if (joined && roll(2) === 0) lines.services.push(`  shop: {clients: s12, servers: ${servers.at(-1)}, dr: {servers: s11, decision: automatic, delay: 1s}, port: 443, health-check: {interval: 1s, fall: 2, rise: 2}}`);
  const parts = Object.entries(lines).filter(([, list]) => list.length > 0).map(([name, list]) => `${name}:\n${list.join("\n")}`);
  return `dualhome: 1\nname: random-${seed}\ndefaults: {bond: {lacp-rate: fast, transmit-hash-policy: layer3+4, mii-monitor-interval: 100ms}, lacp: {rate: fast}}\n${parts.join("\n")}\n`;
}
