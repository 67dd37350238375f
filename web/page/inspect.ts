// What is told of one thing that was chosen: facts, machines, and the tables that its node would print.

import { outages, type Outage } from "../../bindings/analysis/index.ts";
import { dropPlace } from "../../bindings/analysis/describe.ts";
import { dropWords } from "../../bindings/analysis/words.ts";
import { showText } from "../../bindings/report/show.ts";
import { plain } from "../../bindings/report/style.ts";
import { Simulation } from "../../bindings/show/simulation.ts";
import { State } from "../../bindings/show/state.ts";
import type { Fact, FlowDetail, Group, Inspection, Reached, Scene } from "./messages.ts";
import { machinesOf } from "./machines.ts";
import type { PageSession } from "./session.ts";

const WIDTH = 66;

/** `open`: the views whose text is wanted; null: those that one asks first. */
export function inspect(page: PageSession, scene: Scene, target: string, open: readonly string[] | null): Inspection {
  const group = scene.groups.find((g) => g.target === target);
  if (group !== undefined) return ofGroup(scene, group);
  const link = page.topology.links.find((l) => l.name === target);
  if (link !== undefined) return ofLink(page, link.a, link.b, target);
  if (target.includes(":")) return ofPort(page, target, open);
  return ofNode(page, target, open);
}

function ofGroup(scene: Scene, group: Group): Inspection {
  const names = [...group.nodes.map((i) => scene.drawing.nodes[i]![0]), ...group.links.map((i) => scene.linkNames[i]!)];
  return { title: group.target, kind: "group", ports: [], facts: [{ name: "what fails with it", value: names.length === 0 ? "a path outside the drawing" : names.join(", ") }], machines: [], tables: [] };
}

function ofLink(page: PageSession, a: string, b: string, name: string): Inspection {
  const state = new State(page.session.moment());
  const link = page.topology.links.find((l) => l.name === name)!;
  const facts: Fact[] = [{ name: "delay, one way", value: `${Number(link.delayNs) / 1000} µs` }, { name: "a loss is noticed after", value: `${Number(link.detectNs) / 1e6} ms` }];
  if (link.risk.length > 0) facts.push({ name: "risk groups", value: link.risk.join(", ") });
  return { title: name, kind: "link", ports: [a, b], facts, machines: [...machinesOf(state, a), ...machinesOf(state, b)], tables: [] };
}

function ofPort(page: PageSession, port: string, open: readonly string[] | null): Inspection {
  return { title: port, kind: "port", ports: [], facts: [], machines: machinesOf(new State(page.session.moment()), port), tables: tablesOf(page, port.slice(0, port.indexOf(":")), open) };
}

function ofNode(page: PageSession, name: string, open: readonly string[] | null): Inspection {
  const node = page.topology.nodes.find((n) => n.name === name);
  if (node === undefined) throw new RangeError(`there is no "${name}"`);
  const simulation = new Simulation(page.session);
  const state = simulation.nodeState(name);
  const facts: Fact[] = [{ name: "kind", value: `${node.kind}, profile ${node.profile}` }, { name: "state", value: state, tone: state === "up" ? "good" : "bad" }];
  if (node.site !== null) facts.push({ name: "site", value: node.site });
  if (node.power !== undefined) facts.push({ name: "power feeds", value: node.power.join(", ") });
  const ports = page.topology.ports.filter((p) => p.node === name).map((p) => `${name}:${p.name}`);
  return { title: name, kind: "node", ports, facts, machines: [], tables: tablesOf(page, name, open) };
}

function tablesOf(page: PageSession, node: string, open: readonly string[] | null): Inspection["tables"] {
  const simulation = new Simulation(page.session);
  const state = simulation.nodeState(node);
  if (state === "crashed" || state === "off") return [];
  const { all, first } = simulation.views(node);
  const wanted = open ?? first.slice(0, 1);
  return all.map((view) => ({ view, text: wanted.includes(view) ? showText(view, simulation.show(node, view), { paint: plain, width: WIDTH }) : null }));
}

const OUTAGES_MAX = 20;

/** A flow, or a service. */
export function flowDetail(page: PageSession, scene: Scene, name: string): FlowDetail {
  const run = page.result({ ways: true });
  const i = run.names.flows.indexOf(name);
  const flow = page.topology.flows.find((f) => f.name === name);
  const service = page.topology.services.find((s) => s.name === name);
  const of = (o: Outage): boolean => o.name === name && o.subject === (i < 0 ? "service" : "flow");
  const linkOf = new Map(scene.linkNames.map((link, k) => [link, k]));
  const cable = new Map(page.topology.links.flatMap((l) => [[`${l.a} ${l.b}`, l.name], [`${l.b} ${l.a}`, l.name]] as const));
  const ways = run.paths.filter((p) => p.flow === name);
  const hops = (direction: number): string[] => (ways.find((p) => p.direction === direction)?.hops ?? []).flatMap((h, k) => (k === 0 ? [h.from, h.to] : [h.to]));
  const up = i >= 0 && page.picture.flows[2 * i] === 1 && page.picture.flows[2 * i + 1] === 1;
  return {
    name, ends: flow !== undefined ? `${flow.from} ↔ ${flow.to}` : service !== undefined ? `${service.client} → ${service.name}` : "", up, reason: i >= 0 && !up ? reasonOf(page, i) : null, forth: hops(0), back: hops(1),
    links: [...new Set(ways.flatMap((p) => p.hops.flatMap((h) => linkOf.get(cable.get(`${h.from} ${h.to}`) ?? "") ?? [])))],
    outages: outages(run).filter(of).slice(-OUTAGES_MAX).map((o) => ({
      fromNs: Number(o.startNs), toNs: o.endNs === null ? null : Number(o.endNs),
      why: o.why.down.map((l) => [Number(l.atNs), l.text]), back: o.why.up.map((l) => [Number(l.atNs), l.text]),
    })),
  };
}

function reasonOf(page: PageSession, flow: number): string {
  const { picture, names } = page;
  const direction = picture.flows[2 * flow] === 0 ? 2 * flow : 2 * flow + 1;
  const id = picture.dropAt[direction]!;
  const place = id === 0 ? null : dropPlace(page.session.trace.get(id), names);
  return `${dropWords(picture.drops[direction]!)}${place === null ? "" : ` at ${place}`}`;
}

/** So many flows at a time are taught, and so long they have for asking for addresses. */
const CROWD = 64;
const MS = 1_000_000n;
const LEARN_NS = 1_000n * MS;

/** Whom a server would reach: a TCP flow to each, walked once the network has had some seconds to learn of it. On a copy, since trying teaches. */
export async function reach(page: PageSession, server: string): Promise<Reached[]> {
  const addressed = new Set(page.topology.addresses.map((a) => a.node));
  const others = page.topology.nodes.filter((n) => n.kind === "server" && n.name !== server && addressed.has(n.name)).map((n) => n.name);
  if (!addressed.has(server)) throw new RangeError(`"${server}" has no address`);
  const copy = page.session.branch();
  const flows = others.map((to) => ({ from: server, to, protocol: "tcp" as const, sport: SPORT, dport: DPORT }));
  for (let at = 0; at < flows.length; at += CROWD) {
    copy.tryFlows(flows.slice(at, at + CROWD));
    await copy.runTo(copy.nowNs + MS);
  }
  // An address is learned hop by hop: it is looked until nothing changes any more.
  for (let before = "", round = 1; ; round++) {
    await copy.runTo(copy.nowNs + LEARN_NS);
    const found: Reached[] = [];
    for (let at = 0; at < flows.length; at += CROWD) {
      copy.tryFlows(flows.slice(at, at + CROWD)).forEach((trial, i) => found.push({ to: others[at + i]!, forth: trial.forth.some((w) => w.arrives), back: trial.back.some((w) => w.arrives) }));
    }
    const now = found.map((r) => `${r.forth}${r.back}`).join();
    if (now === before || round === ROUNDS_MAX) return found;
    before = now;
  }
}

const ROUNDS_MAX = 6;
const SPORT = 40_000;
const DPORT = 443;
