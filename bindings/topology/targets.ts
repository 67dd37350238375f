// What a fault is done to: a node, a port, a link, or a name that stands for several.

import { didYouMean } from "./problems.ts";
import { splitLink, splitPort } from "./ranges.ts";
import type { FaultOp, Lag, Link, Ns, Pair, Step, Topology } from "./model.ts";
import { parseDuration } from "../duration.ts";

export { formatDuration, parseDuration } from "../duration.ts";

export type Target = Step["targets"][number];
export interface TargetError { error: string; didYouMean: string | null }

/** The parts of a topology that targets are made of. */
export type Targetable = Pick<Topology, "nodes" | "ports" | "links" | "lags" | "pairs" | "vrrps" | "fhrps" | "networks" | "addresses">;

/** A topology made ready for many look-ups. */
export interface TargetIndex {
  nodes: Map<string, { site: string | null }>;
  ports: Map<string, unknown>;
  links: Map<string, Link>;
  lags: Map<string, Pick<Lag, "name" | "node" | "members" | "linux">>;
  pairs: Map<string, Pair>;
  topology: Targetable;
}

export function indexTargets(topology: Targetable): TargetIndex {
  return {
    nodes: new Map(topology.nodes.map((node) => [node.name, node])),
    ports: new Map(topology.ports.map((port) => [`${port.node}:${port.name}`, port])),
    links: new Map(topology.links.map((link) => [link.name, link])),
    lags: new Map(topology.lags.map((lag) => [lag.name, lag])),
    pairs: new Map(topology.pairs.map((pair) => [pair.name, pair])),
    topology,
  };
}

/**
 * node · node:port · node:lag (its member ports) · a:p--b:q in either order · mlag/PAIR/peer-link · mlag/PAIR/keepalive ·
 * site/NAME · risk/NAME · gateway/NAME (the router of highest priority) · card/NODE/NAME · power/FEED · power/FEED+FEED
 */
export function resolveTarget(topology: Targetable | TargetIndex, text: string): Target[] | TargetError {
  const index = "topology" in topology ? topology : indexTargets(topology);
  const name = text.trim();
  const link = splitLink(name);
  if (link !== null) return linkTarget(index, link);
  if (name.includes("/") && GROUPS.some((group) => name.startsWith(`${group}/`))) return groupTarget(index, name.split("/"));
  if (name.includes(":")) return portTarget(index, name);
  if (index.nodes.has(name)) return [{ kind: "node", name }];
  return failed(`there is no node "${name}"`, name, [...index.nodes.keys(), ...GROUPS.map((group) => `${group}/`)]);
}

export const isTargetError = (result: Target[] | TargetError): result is TargetError => !Array.isArray(result);

const GROUPS = ["mlag", "site", "risk", "gateway", "card", "power"];
const failed = (error: string, name: string, known: Iterable<string>): TargetError => ({ error, didYouMean: didYouMean(name, known) });

function linkTarget(index: TargetIndex, [a, b]: readonly [string, string]): Target[] | TargetError {
  const name = `${a}--${b}`;
  const link = index.links.get(name) ?? index.links.get(`${b}--${a}`);
  if (link !== undefined) return [{ kind: "link", name: link.name }];
  return failed(`there is no link "${name}"`, name, index.topology.links.flatMap((each) => [each.name, `${each.b}--${each.a}`]));
}

function portTarget(index: TargetIndex, name: string): Target[] | TargetError {
  if (index.ports.has(name)) return [{ kind: "port", name }];
  const lag = index.lags.get(name);
  if (lag !== undefined) return lag.members.map((member) => ({ kind: "port", name: `${lag.node}:${member}` }));
  const [node = ""] = splitPort(name) ?? [];
  if (!index.nodes.has(node)) return failed(`there is no node "${node}"`, node, index.nodes.keys());
  const known = [...index.ports.keys(), ...index.lags.keys()].filter((port) => port.startsWith(`${node}:`));
  return failed(`there is no port "${name}"`, name, known);
}

function groupTarget(index: TargetIndex, [group = "", name = "", part, ...more]: string[]): Target[] | TargetError {
  if (group === "card") return cardTarget(index.topology, name, part ?? "");
  if (more.length > 0 || (part !== undefined && group !== "mlag")) return { error: `"${group}/${name}/${part}" is no target`, didYouMean: `${group}/${name}` };
  if (group === "mlag") return pairTarget(index, name, part ?? "");
  if (group === "site") {
    const nodes = index.topology.nodes.filter((node) => node.site === name);
    const known = index.topology.nodes.flatMap((node) => node.site ?? []);
    return nodes.length === 0 ? failed(`no node is at site "${name}"`, name, new Set(known)) : nodes.map((node) => ({ kind: "node", name: node.name }));
  }
  if (group === "risk") {
    const links = index.topology.links.filter((link) => link.risk.includes(name));
    const known = index.topology.links.flatMap((link) => link.risk);
    return links.length === 0 ? failed(`no link has risk "${name}"`, name, new Set(known)) : links.map((link) => ({ kind: "link", name: link.name }));
  }
  return group === "power" ? powerTarget(index.topology, name.split("+")) : gatewayTarget(index.topology, name);
}

function cardTarget(topology: Targetable, node: string, name: string): Target[] | TargetError {
  const found = topology.nodes.find((each) => each.name === node);
  if (found === undefined) return failed(`there is no node "${node}"`, node, topology.nodes.map((each) => each.name));
  const card = found.cards?.find((each) => each.name === name);
  if (card === undefined) return failed(`${node} has no card "${name}"`, name, (found.cards ?? []).map((each) => each.name));
  return card.ports.map((port) => ({ kind: "port", name: `${node}:${port}` }));
}

/** Who has no other feed than these. */
function powerTarget(topology: Targetable, feeds: readonly string[]): Target[] | TargetError {
  const known = new Set(topology.nodes.flatMap((node) => node.power ?? []));
  const odd = feeds.find((feed) => !known.has(feed));
  if (odd !== undefined) return failed(`no node has the power feed "${odd}"`, odd, known);
  const dead = topology.nodes.filter((node) => node.power !== undefined && node.power.length > 0 && node.power.every((feed) => feeds.includes(feed)));
  if (dead.length > 0) return dead.map((node) => ({ kind: "node", name: node.name }));
  return { error: `every node of power/${feeds.join("+")} has another feed: nothing dies of it; power/a+b names several that fail together`, didYouMean: null };
}

function pairTarget(index: TargetIndex, name: string, part: string): Target[] | TargetError {
  const pair = index.pairs.get(name);
  if (pair === undefined) return failed(`there is no MC-LAG pair "${name}"`, name, index.pairs.keys());
  if (part === "keepalive") {
    // The management network between the peers is a link that is made when tables are.
    return [{ kind: "link", name: pair.keepalive.via === "link" ? pair.keepalive.link : `mlag/${name}/keepalive` }];
  }
  if (part !== "peer-link") return failed(`of a pair, "peer-link" and "keepalive" can be named, not "${part}"`, part, ["peer-link", "keepalive"]);
  const lag = index.lags.get(pair.peerLinks[0]);
  const ports = new Set((lag?.members ?? []).map((member) => `${lag?.node}:${member}`));
  return index.topology.links.filter((link) => ports.has(link.a) || ports.has(link.b)).map((link) => ({ kind: "link", name: link.name }));
}

function gatewayTarget(topology: Targetable, name: string): Target[] | TargetError {
  const vrrps = [...topology.vrrps, ...topology.fhrps].filter((router) => router.gateway === name).sort((a, b) => b.priority - a.priority);
  if (vrrps[0] !== undefined) return [{ kind: "node", name: vrrps[0].node }];
  const vlan = topology.networks.find((network) => network.name === name || `vlan${network.vlan}` === name)?.vlan;
  const address = topology.addresses.find((each) => vlan !== undefined && each.on.endsWith(`:vlan${vlan}`));
  if (address !== undefined) return [{ kind: "node", name: address.node }];
  return failed(`there is no gateway "${name}"`, name, new Set([...topology.vrrps, ...topology.fhrps].map((router) => router.gateway)));
}

export interface StepFlag { atNs: Ns; op: FaultOp; target: string; perMillion?: number; delayNs?: Ns }

const FORMS: Partial<Record<FaultOp, string>> = { loss: "leaf1:Eth1=20%@10s", slow: "leaf1:Eth1=50ms@10s" };
const PERCENT = /^(\d{1,3}(?:\.\d{1,4})?)%$/;

/** "leaf1@10s" → when and what; of loss "leaf1:Eth1=20%@10s", of slow "leaf1:Eth1=50ms@10s". Throws a RangeError that says what is wrong. */
export function parseStepFlag(text: string, op: FaultOp): StepFlag {
  const form = FORMS[op] ?? "leaf1@10s";
  const at = text.lastIndexOf("@");
  if (at < 1) throw new RangeError(`"${text}" has no time: write it as ${form}`);
  const atNs = parseDuration(text.slice(at + 1));
  const said = text.slice(0, at).trim();
  if (FORMS[op] === undefined) return { atNs, op, target: said };
  const equals = said.lastIndexOf("=");
  if (equals < 1) throw new RangeError(`"${text}" does not say how much: write it as ${form}`);
  const [target, much] = [said.slice(0, equals).trim(), said.slice(equals + 1).trim()];
  if (op === "loss") return { atNs, op, target, perMillion: perMillionOf(much, form) };
  const delayNs = parseDuration(much);
  const wrong = wrongDelay(delayNs);
  if (wrong !== null) throw new RangeError(wrong);
  return { atNs, op, target, delayNs };
}

function perMillionOf(percent: string, form: string): number {
  const share = Number(PERCENT.exec(percent)?.[1] ?? 101);
  if (share > 100) throw new RangeError(`"${percent}" is no share from 0% to 100%: write it as ${form}`);
  return Math.round(share * 10_000);
}

/** Null, or why a cable cannot be so slow: the engine holds what is on the way. */
export function wrongDelay(delayNs: Ns): string | null {
  return delayNs < 1_000n || delayNs > 10_000_000_000n ? "a slow cable takes 1us to 10s" : null;
}

/** What an operation can be done to. */
const KINDS: Record<FaultOp, readonly Target["kind"][]> = {
  fail: ["node", "link", "port"], repair: ["node", "link", "port"], hang: ["node"], shutdown: ["node"],
  silent: ["link", "port"], carrier: ["link", "port"], loss: ["link", "port"], nothing: ["node", "link", "port"],
  down: ["port", "lag"], up: ["port", "lag"], release: ["port"], enslave: ["port"], slow: ["link", "port"],
};

/** Null, or why `op` cannot be done to one of the targets. */
export function checkOp(op: FaultOp, targets: readonly Target[], index?: TargetIndex): string | null {
  const odd = targets.find((target) => !KINDS[op].includes(target.kind));
  if (odd !== undefined) return `"${op}" is done to a ${KINDS[op].map((kind) => (kind === "lag" ? "bond" : kind)).join(" or a ")}; ${odd.name} is a ${odd.kind}`;
  if (index === undefined || (op !== "release" && op !== "enslave")) return null;
  const other = targets.find((target) => bondOf(index, target.name) === undefined);
  return other === undefined ? null : `"${op}" is done to a member of a Linux bond; ${other.name} is none`;
}

function bondOf(index: TargetIndex, port: string): { name: string } | undefined {
  return [...index.lags.values()].find((lag) => lag.linux && lag.members.some((m) => `${lag.node}:${m}` === port));
}

/** The whole of a Linux bond can be set down; a port-channel is set down by its ports, as a switch does it. */
export function wholeBond(op: FaultOp, index: TargetIndex, text: string, targets: Target[]): Target[] {
  const lag = index.lags.get(text.trim());
  return (op === "down" || op === "up") && lag?.linux === true ? [{ kind: "lag", name: lag.name }] : targets;
}

/** A port that loses carrier, or goes silent, is one direction of its link: the one that ends, or begins, there. */
export function aimed(index: TargetIndex, step: Step): Step {
  const [target] = step.targets;
  if ((step.op !== "carrier" && step.op !== "silent") || step.targets.length !== 1 || target?.kind !== "port") return step;
  const link = index.topology.links.find((each) => each.a === target.name || each.b === target.name);
  if (link === undefined) return step;
  const atA = link.a === target.name;
  const towards = step.op === "carrier" ? (atA ? "b-to-a" : "a-to-b") : atA ? "a-to-b" : "b-to-a";
  return { ...step, targets: [{ kind: "link", name: link.name }], direction: towards };
}
