// What in a design, or in what a run did, is a matter of security rather than of outages.

import * as abi from "../../assembly/abi.ts";
import type { Run } from "./run.ts";
import * as w from "./words.ts";

export interface SecurityFinding {
  key: "proxy-arp";
  node: string;
  place: string; // "vlan10"
  words: string;
  /** who got out by it, for how many addresses; empty: nobody in this run */
  users: { host: string; address: string; targets: number }[];
}

export function securityFindings(run: Run): SecurityFinding[] {
  return run.topology.proxyArps.map(({ node, vlan }) => {
    const users = proxyUsers(run, `${node} vlan${vlan}`);
    const use = users.length === 0 ? "nobody needed it in this run" : `${users.map((u) => u.host).join(", ")} got out by it`;
    return {
      key: "proxy-arp", node, place: `vlan${vlan}`, users,
      words: `proxy ARP is on: hosts with a wrong mask or without a gateway go unnoticed, and a host can reach whatever the router has a route to; ${use}`,
    };
  });
}

function proxyUsers(run: Run, name: string): SecurityFinding["users"] {
  const l3 = run.names.l3ifs.indexOf(name);
  const targets = new Map<string, Set<number>>();
  for (const r of run.trace.ofKinds(abi.T_PROXY_ARP)) {
    if (r.entity !== l3) continue;
    const address = w.address(r.b, run.names);
    const known = targets.get(address) ?? new Set();
    targets.set(address, known.add(r.a));
  }
  return [...targets].map(([address, asked]) => ({ host: run.topology.addresses.find((a) => a.ip === address)?.node ?? address, address, targets: asked.size }));
}
