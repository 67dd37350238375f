// Demands: traffic between groups of servers, as a list, a matrix or by gravity. What each flow of it is, bindings/capacity says.

import { speedMbps, type Draft } from "../draft.ts";
import { serversOf } from "./flows.ts";
import type { Demand } from "../model.ts";
import type { Path } from "../problems.ts";
import type { DemandInput } from "../schema/file.ts";

/** Flows of a demand that does not say how many. */
export const FLOWS_DEFAULT = 64;

export function expandDemands(draft: Draft): void {
  for (const [name, input] of Object.entries(draft.input.demands ?? {})) {
    if (input.matrix !== undefined) expandMatrix(draft, name, input, input.matrix);
    else if (input.gravity !== undefined) expandGravity(draft, name, input, input.gravity);
    else expandPlain(draft, name, input);
  }
}

interface Share { name: string; from: string[]; to: string[]; rateMbps: number; backMbps: number; path: Path }

function add(draft: Draft, input: DemandInput, share: Share): void {
  const { from, to, path } = share;
  if (from.length === 0 || to.length === 0) return; // told already
  if (from.length === 1 && to.length === 1 && from[0] === to[0]) {
    draft.report("DH_DEMAND", path, `traffic from ${from[0]} to itself meets no network`, null, { key: true });
    return;
  }
  const flows = input.flows ?? FLOWS_DEFAULT;
  if (input.flows === undefined) draft.assume("demands: flows that the rate is dealt among", String(FLOWS_DEFAULT), "dualhome's own default");
  if (!draft.affords(flows, path, { key: true })) return;
  const demand: Demand = {
    name: share.name, from, to, rateMbps: share.rateMbps, backMbps: share.backMbps, flows, protocol: input.protocol ?? "tcp", sport: input.sport ?? null, dport: input.dport ?? 443,
    where: draft.whereKey(...path),
  };
  if (sameFamily(draft, demand)) draft.demands.push(demand);
}

/** Nothing translates here: all servers of a demand are of one family. */
function sameFamily(draft: Draft, demand: Demand): boolean {
  const six = new Map<string, boolean>();
  for (const address of draft.addresses) if (!six.has(address.node)) six.set(address.node, address.ip.includes(":"));
  const all = [...demand.from, ...demand.to];
  const bare = all.find((server) => !six.has(server));
  if (bare !== undefined) {
    draft.reportAt("DH_DEMAND", demand.where, `${bare} has no address: nothing can be sent to it`, "give it a network");
    return false;
  }
  const odd = all.find((server) => six.get(server) !== six.get(all[0]!));
  if (odd === undefined) return true;
  draft.reportAt("DH_DEMAND", demand.where, `${all[0]} has an ${six.get(all[0]!) === true ? "IPv6" : "IPv4"} address, ${odd} one of the other family: nothing translates between them`);
  return false;
}

function expandPlain(draft: Draft, name: string, input: DemandInput): void {
  const path = ["demands", name];
  add(draft, input, {
    name, path, from: serversOf(draft, input.from ?? [], [...path, "from"]), to: serversOf(draft, input.to ?? [], [...path, "to"]),
    rateMbps: speedMbps(input.rate ?? "1M"), backMbps: input.back === undefined ? 0 : speedMbps(input.back),
  });
}

function expandMatrix(draft: Draft, name: string, input: DemandInput, matrix: Record<string, Record<string, string>>): void {
  for (const [from, row] of Object.entries(matrix)) {
    for (const [to, rate] of Object.entries(row)) {
      const path = ["demands", name, "matrix", from, to];
      add(draft, input, { name: `${name}/${from} to ${to}`, path, from: serversOf(draft, from, path), to: serversOf(draft, to, path), rateMbps: speedMbps(rate), backMbps: 0 });
    }
  }
}

/** T_ij = T w_i w_j / sum of w_k w_l over all k, l that differ; flows are dealt by pairs of groups. */
function expandGravity(draft: Draft, name: string, input: DemandInput, gravity: Record<string, number>): void {
  const path = ["demands", name, "gravity"];
  const groups = Object.entries(gravity).map(([key, weight]) => ({ key, weight, servers: serversOf(draft, key, [...path, key]) }));
  const seen = new Map<string, string>();
  for (const { key, servers } of groups) {
    const twice = servers.find((server) => seen.has(server));
    if (twice !== undefined) draft.report("DH_DEMAND", [...path, key], `${twice} has a weight already, in ${seen.get(twice)}`, null, { key: true });
    for (const server of servers) seen.set(server, key);
  }
  const pairs = groups.flatMap((a) => groups.map((b) => ({ a, b, count: a === b ? a.servers.length * (a.servers.length - 1) : a.servers.length * b.servers.length }))).filter((p) => p.count > 0);
  const sum = pairs.reduce((total, p) => total + p.a.weight * p.b.weight * p.count, 0);
  if (pairs.length === 0 && groups.length > 0 && groups.every((g) => g.servers.length > 0)) draft.report("DH_DEMAND", path, "gravity needs two servers at least", null, { key: true });
  for (const { a, b, count } of pairs) {
    const rateMbps = (speedMbps(input.rate ?? "1M") * a.weight * b.weight * count) / sum;
    add(draft, input, { name: `${name}/${a.key} to ${b.key}`, path: [...path, a.key], from: a.servers, to: b.servers, rateMbps, backMbps: 0 });
  }
}
