// What is asked of a server: how long its flows may be down, and how much they carry.

import type { Ns } from "../topology/model.ts";
import type { Design } from "./design.ts";

export interface Budget { ns: Ns; name: string }

interface Asked { budget: Budget | null; sendMbps: number; receiveMbps: number; largest: { mbps: number; name: string } | null }

const known = new WeakMap<Design, Map<string, Asked>>();

/** The tightest budget of the flows and services that a server takes part in; null: none has one. */
export const budgetOf = (design: Design, server: string): Budget | null => askedOf(design).get(server)?.budget ?? null;

/** What a server sends and receives in Mbit/s, by flows with a rate and by demands. Standby flows carry nothing. */
export function trafficOf(design: Design, server: string): { sendMbps: number; receiveMbps: number; largest: { mbps: number; name: string } | null } {
  return askedOf(design).get(server) ?? { sendMbps: 0, receiveMbps: 0, largest: null };
}

function askedOf(design: Design): Map<string, Asked> {
  const before = known.get(design);
  if (before !== undefined) return before;
  const map = new Map<string, Asked>();
  known.set(design, map);
  const of = (server: string): Asked => {
    const asked = map.get(server) ?? { budget: null, sendMbps: 0, receiveMbps: 0, largest: null };
    map.set(server, asked);
    return asked;
  };
  const tighten = (server: string, ns: Ns | null, name: string): void => {
    const asked = of(server);
    if (ns !== null && (asked.budget === null || ns < asked.budget.ns)) asked.budget = { ns, name };
  };
  const carry = (server: string, send: number, receive: number, single: number, name: string): void => {
    const asked = of(server);
    asked.sendMbps += send;
    asked.receiveMbps += receive;
    if (single > (asked.largest?.mbps ?? 0)) asked.largest = { mbps: single, name };
  };
  const services = new Map(design.topology.services.map((service) => [service.name, service]));
  for (const flow of design.topology.flows) {
    const service = flow.service === null ? undefined : services.get(flow.service);
    for (const server of [flow.from, flow.to]) {
      tighten(server, flow.maxOutageNs ?? service?.maxOutageNs ?? null, flow.service ?? flow.name);
      if (flow.rateMbps !== null && flow.role !== "standby") carry(server, flow.rateMbps, flow.rateMbps, flow.rateMbps, flow.name);
    }
  }
  for (const demand of design.topology.demands ?? []) {
    const [share, back] = [demand.rateMbps, demand.backMbps];
    const single = Math.max(share, back) / demand.flows;
    for (const server of demand.from) carry(server, share / demand.from.length, back / demand.from.length, single, demand.name);
    for (const server of demand.to) carry(server, back / demand.to.length, share / demand.to.length, single, demand.name);
  }
  return map;
}
