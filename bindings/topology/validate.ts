// Mistakes that show only in the whole: aggregates whose ends do not fit, virtual routers that clash, subnets that overlap.

import type { Draft } from "./draft.ts";
import { hostRange } from "./ip.ts";
import { freePlacement } from "./bond-settings.ts";
import { subnetOf } from "./addresses.ts";
import { domainsOf } from "./layer2.ts";
import type { Lag, Port, Vrrp } from "./model.ts";
import { inFileOrder } from "./order.ts";

export function validate(draft: Draft): void {
  for (const lag of draft.lags.values()) validateLag(draft, lag);
  validateVrids(draft);
  validateSubnets(draft);
  validateFamilies(draft);
  validateCards(draft);
}

/** A card's ports have cables, and a port is on one card. */
function validateCards(draft: Draft): void {
  if (draft.incomplete("links")) return;
  const told = new Set<string>();
  for (const node of draft.nodes.values()) {
    const cardOf = new Map<string, string>();
    for (const { name, ports } of node.cards ?? []) {
      const path = ["nodes", draft.entryOf.get(node.name) ?? node.name, "cards", name];
      const tell = (code: string, message: string): void => {
        if (!told.has(path.join("/"))) draft.report(code, path, message, null, { key: true });
        told.add(path.join("/"));
      };
      for (const port of ports) {
        const before = cardOf.get(port);
        if (before !== undefined) tell("DH_CARD", `${node.name}:${port} is on card ${before} already`);
        else if (!draft.ports.has(`${node.name}:${port}`)) tell("DH_UNKNOWN_PORT", `card ${name} has port ${port}, but no cable goes to ${node.name}:${port}`);
        cardOf.set(port, name);
      }
    }
  }
}

/** Nothing translates here: both ends of a flow are of one family. */
function validateFamilies(draft: Draft): void {
  const six = new Map<string, boolean>();
  for (const address of draft.addresses) if (!six.has(address.node)) six.set(address.node, address.ip.includes(":"));
  const told = new Set<string>();
  for (const { name, from, to, where, service } of draft.flows) {
    const [a, b] = [six.get(from), six.get(to)];
    if (a === undefined || b === undefined || a === b || told.has(service ?? name)) continue;
    told.add(service ?? name);
    draft.reportAt("DH_FLOW", where, `${from} has an ${a ? "IPv6" : "IPv4"} address, ${to} an ${b ? "IPv6" : "IPv4"} one: nothing translates between them`);
  }
}

function validateLag(draft: Draft, lag: Lag): void {
  if (draft.excused(lag.name)) return;
  const ports = lag.members.flatMap((member) => {
    const port = draft.ports.get(`${lag.node}:${member}`);
    if (port === undefined && !draft.incomplete("links")) {
      draft.reportAt("DH_UNKNOWN_PORT", lag.where, `${lag.name} has member ${member}, but no cable goes to ${lag.node}:${member}`, "give it a cable under links, or the bond a to:");
    }
    return port ?? [];
  });
  if (freePlacement(lag.mode)) validateActiveBackup(draft, lag, ports);
  else {
    validateSpeeds(draft, lag, ports);
    validateFarEnds(draft, lag, ports);
  }
}

function validateSpeeds(draft: Draft, lag: Lag, ports: readonly Port[]): void {
  const odd = lag.split === true ? undefined : ports.find((port) => port.speedMbps !== ports[0]?.speedMbps); // each speed is an aggregator of its own there
  if (odd === undefined || ports[0] === undefined) return;
  draft.reportAt("DH_LAG_SPEED", lag.where, `${lag.name} has members of two speeds: ${ports[0].name} ${ports[0].speedMbps / 1000}G, ${odd.name} ${odd.speedMbps / 1000}G`, "members of an aggregate have one speed");
}

/** LACP talks to LACP, one end at least is active, and all members end on one system. */
function validateFarEnds(draft: Draft, lag: Lag, ports: readonly Port[]): void {
  const lags = new Set<Lag>();
  let bare: Port | undefined;
  for (const port of ports) {
    const far = draft.farName(`${port.node}:${port.name}`);
    if (far === null) continue;
    const other = draft.lagAt.get(far);
    if (other !== undefined) lags.add(other);
    else bare ??= draft.ports.get(far);
  }
  for (const other of lags) {
    if (freePlacement(other.mode) || (lag.name > other.name && sameWhere(lag, other))) continue;
    if ((lag.lacp === null) !== (other.lacp === null)) {
      if (lag.lacp !== null) draft.reportAt("DH_LACP_STATIC", lag.where, `${lag.name} speaks LACP, ${other.name} is static: the aggregate does not form`);
    } else if (lag.lacp?.active === false && other.lacp?.active === false && lag.name < other.name) {
      draft.reportAt("DH_LACP_PASSIVE", lag.where, `${lag.name} and ${other.name} are both passive: neither sends the first LACPDU`, "make one of them lacp-active");
    }
  }
  for (const other of lags) validateDomains(draft, lag, other);
  if (bare !== undefined && draft.nodes.get(lag.node)?.kind === "switch") {
    draft.reportAt("DH_LACP_STATIC", lag.where, `${lag.name} bundles the port towards ${bare.node}:${bare.name}, which is in no aggregate there`);
  }
  if (lags.size > 1 && !onePair([...lags]) && lag.split !== true) {
    draft.reportAt("DH_LAG_SPLIT", lag.where, `${lag.name} ends on ${[...lags].map((each) => each.name).join(" and ")}: not one system, nor one aggregate of an MC-LAG pair`);
  }
}

/** Two pairs with one LACP system: each takes the other's frames for its own that came back (the system MAC is made of the domain id). */
function validateDomains(draft: Draft, lag: Lag, other: Lag): void {
  const [own, far] = [draft.pairOf.get(lag.node), draft.pairOf.get(other.node)];
  if (own === undefined || far === undefined || lag.peerLinkOf !== null || own.name >= far.name || own.systemMac !== far.systemMac) return;
  draft.reportAt("DH_PAIR_DOMAIN", far.where, `${far.name} and ${own.name} are joined and show one system to LACP, domain ${far.domain}: the aggregate does not form`, "give each pair a domain of its own");
}

const sameWhere = (a: Lag, b: Lag): boolean => a.where.line === b.where.line && a.where.col === b.where.col;

function onePair(lags: readonly Lag[]): boolean {
  const [first] = lags;
  return first !== undefined && first.pair !== null && lags.length === 2 && lags.every((lag) => lag.pair === first.pair && lag.mlagId === first.mlagId);
}

function validateActiveBackup(draft: Draft, lag: Lag, ports: readonly Port[]): void {
  for (const port of ports) {
    const far = draft.far(`${port.node}:${port.name}`);
    const other = far === null ? undefined : draft.lagAt.get(`${far.node}:${far.name}`);
    if (other === undefined || (other.members.length < 2 && other.mlagId === 0) || other.peerLinkOf !== null) continue; // both legs of a pair are one bundle
    draft.reportAt("DH_LACP_STATIC", lag.where, `${lag.name} is ${lag.mode}, but ${other.name} bundles its ports`, "this mode wants plain ports on the switch");
    return;
  }
}

/** Two gateways with one VRID clash where their routers hear each other. The same VLAN id may be another VLAN elsewhere. */
function validateVrids(draft: Draft): void {
  const seen = new Map<string, Vrrp[]>();
  for (const vrrp of inFileOrder(draft.vrrps)) {
    const key = `${vrrp.vlan} ${vrrp.vrid}`;
    const same = seen.get(key);
    if (same === undefined) seen.set(key, [vrrp]); else same.push(vrrp);
  }
  for (const routers of seen.values()) {
    if (routers.every((r) => r.gateway === routers[0]?.gateway)) continue;
    const domain = domainsOf(draft, routers[0]!.vlan);
    const first = new Map<string, string>();
    for (const { node, gateway, vlan, vrid } of routers) {
      const other = first.get(domain(node)) ?? gateway;
      first.set(domain(node), other);
      if (other !== gateway) draft.report("DH_VRID_CLASH", ["gateways", gateway, "vrid"], `VRID ${vrid} in VLAN ${vlan} is already that of gateway ${other}`, "each virtual router of a VLAN has its own VRID");
    }
  }
}

function validateSubnets(draft: Draft): void {
  const spans = [...draft.networks.values()].flatMap((network) => {
    const subnet = subnetOf(network);
    return subnet === null ? [] : [{ network, low: hostRange(subnet)[0], high: hostRange(subnet)[1] }];
  });
  spans.sort((a, b) => (a.low < b.low ? -1 : 1));
  for (const [i, span] of spans.entries()) {
    const before = spans[i - 1];
    if (before === undefined || before.high < span.low) continue;
    draft.report("DH_SUBNET_OVERLAP", ["networks", span.network.name, "subnet"], `subnet ${span.network.subnet} overlaps that of ${before.network.name} (${before.network.subnet})`);
    if (before.high > span.high) span.high = before.high;
  }
}
