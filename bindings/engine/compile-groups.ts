// HSRP, GLBP and anycast groups, what routers track, and proxy ARP: names become indices.

import { FHRP_ANYCAST, FHRP_GLBP, FHRP_HSRP, GLBP_HOST_DEPENDENT, GLBP_ROUND_ROBIN, GLBP_WEIGHTED } from "../../assembly/abi.ts";
import type { Topology } from "../topology/model.ts";
import type { FlatTables } from "./flat.ts";
import type { Indices } from "./indices.ts";

const KINDS = { hsrp: FHRP_HSRP, glbp: FHRP_GLBP, anycast: FHRP_ANYCAST } as const;
const METHODS = { "round-robin": GLBP_ROUND_ROBIN, "weighted": GLBP_WEIGHTED, "host-dependent": GLBP_HOST_DEPENDENT } as const;

interface Numbers { node(name: string): number; port(name: string): number; l3(name: string): number; address(ip: string): number }

export function compileGroups(topology: Topology, tables: FlatTables, of: Indices, index: Numbers): void {
  const byL3 = topology.fhrps.map((f) => ({ f, l3: index.l3(`${f.node}/${f.vlan}`) })).sort((a, b) => a.l3 - b.l3);
  for (const { f, l3 } of byL3) {
    const pair = of.pairOf(f.node);
    tables.names.fhrps.push(`${f.gateway}@${f.node}`);
    tables.fhrps.push({
      l3, kind: KINDS[f.protocol], group: f.group, version: f.version, mac: f.mac, priority: f.priority, helloNs: f.helloNs, holdNs: f.holdNs, preempt: f.preempt ? 1 : 0,
      preemptDelayNs: f.preemptDelayNs, both: pair?.gatewayActive === true ? 1 : 0, vips: f.vips.map((ip) => index.address(ip)),
      glbp: f.glbp === null ? null : {
        method: METHODS[f.glbp.method], weight: f.glbp.weight, lower: f.glbp.lower, upper: f.glbp.upper, redirectNs: f.glbp.redirectNs, timeoutNs: f.glbp.timeoutNs,
        preempt: 1, forwarderDelayNs: f.glbp.forwarderDelayNs,
      },
    });
  }
  const vrrps = firsts(tables.names.vrrps);
  const fhrps = firsts(tables.names.fhrps);
  for (const t of topology.tracks) {
    const router = `${t.gateway}@${t.node}`;
    const vrrp = vrrps.get(router) ?? -1;
    const fhrp = fhrps.get(router) ?? -1;
    const base = vrrp >= 0 ? tables.vrrps[vrrp]!.priority : (tables.fhrps[fhrp]!.glbp?.weight ?? tables.fhrps[fhrp]!.priority);
    tables.names.tracks.push(`${router} ${t.what}`);
    tables.tracks.push({ node: index.node(t.node), vrrp, fhrp, base, decrement: t.decrement, ports: t.ports.map(index.port) });
  }
  tables.proxyArps = topology.proxyArps.map((p) => index.l3(`${p.node}/${p.vlan}`));
}

/** Name → where it first stands. */
function firsts(names: readonly string[]): Map<string, number> {
  return new Map(names.map((name, i) => [name, i] as const).reverse());
}
