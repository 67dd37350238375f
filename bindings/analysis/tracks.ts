// Tracks of a run: one a service (a flow, where there are none), one a bundle, one a gateway. Those to which nothing happens are counted.

import * as abi from "../../assembly/abi.ts";
import type { Outage } from "./outages.ts";
import { firstStepNs, type Run } from "./run.ts";

/** What a track shows, one thing after the other. ns as numbers: for drawings. */
export interface Stretch { from: number; to: number; tone: "good" | "warn" | "bad"; text: string }
/** `outage`: which one this is. */
export interface Span extends Stretch { outage: Outage | null }
export interface Track<S extends Stretch = Span> { group: string; name: string; spans: S[] }

export interface Tracks<S extends Stretch = Span> {
  /** from the first step to the end */
  startNs: number;
  endNs: number;
  /** instants at which something is done, with its words */
  steps: { at: number; text: string }[];
  tracks: Track<S>[];
  /** things of the same kinds to which nothing happened */
  still: { group: string; count: number }[];
}

type Tone = Span["tone"];
/** A track before it is cut to what is shown: what it is from each instant on. */
type State = [fromNs: number, tone: Tone, text: string];

export function tracks(run: Run, outages: readonly Outage[]): Tracks {
  const startNs = Number(firstStepNs(run));
  const endNs = Number(run.endNs);
  const groups = [subjects(run, outages, startNs), changes("Bundles", bundles(run), startNs, endNs, run.names.lags.length), changes("Gateways", gateways(run), startNs, endNs, gatewayNames(run).size)];
  return {
    startNs, endNs, steps: run.scenario.steps.map((s, i) => ({ at: Number(s.atNs), text: run.names.steps[i] ?? `${s.op} ${s.target}` })).sort((a, b) => a.at - b.at),
    tracks: groups.flatMap((g) => g.tracks), still: groups.filter((g) => g.still > 0).map((g) => ({ group: g.name, count: g.still })),
  };
}

interface Group { name: string; tracks: Track[]; still: number }

function subjects(run: Run, outages: readonly Outage[], startNs: number): Group {
  const kind = run.names.services.length > 0 && outages.some((o) => o.subject === "service") ? ["service", "flow"] : ["flow"];
  const tracks = new Map<string, Track>();
  for (const subject of kind) {
    for (const o of outages) {
      if (o.subject !== subject) continue;
      const key = `${subject} ${o.name}`;
      const track = tracks.get(key) ?? { group: subject === "service" ? "Services" : "Flows", name: o.name, spans: [] };
      tracks.set(key, track);
      track.spans.push({ from: Math.max(startNs, Number(o.startNs)), to: Number(o.endNs ?? run.endNs), tone: "bad", text: o.endNs === null ? "down until the end" : "down", outage: o });
    }
  }
  const all = run.names.flows.length + run.names.services.length;
  return { name: "Services and flows", tracks: [...tracks.values()], still: all - tracks.size };
}

const DISTRIBUTING = 2;

/** Up or down, with how many members send, of the most that it has had. */
function bundles(run: Run): Map<string, State[]> {
  const states = new Map<string, State[]>();
  const lagOf = new Map<string, string>(run.topology.lags.flatMap((l) => l.members.map((m) => [`${l.node}:${m}`, l.name] as const)));
  const all = new Map<string, { up: boolean; sending: Set<number>; most: number }>();
  for (const r of run.trace.ofKinds(abi.T_LAG, abi.T_MEMBER)) {
    const name = r.kind === abi.T_LAG ? run.names.lags[r.entity] : lagOf.get(run.names.ports[r.entity] ?? "");
    if (name === undefined) continue;
    const lag = all.get(name) ?? { up: false, sending: new Set<number>(), most: 0 };
    all.set(name, lag);
    if (r.kind === abi.T_LAG) lag.up = r.a === 1;
    else if ((r.b & DISTRIBUTING) !== 0) lag.sending.add(r.entity);
    else lag.sending.delete(r.entity);
    lag.most = Math.max(lag.most, lag.sending.size);
    const { size } = lag.sending;
    push(states, name, [Number(r.at), !lag.up ? "bad" : size < lag.most ? "warn" : "good", !lag.up ? "down" : `${size} of ${lag.most} members send`]);
  }
  return states;
}

const VRRP_MASTER = 2;
const HSRP_ACTIVE = 5;

function gatewayNames({ names }: Run): Set<string> { return new Set([...names.vrrps, ...names.fhrps].map((name) => name.slice(0, name.lastIndexOf("@")))); }

/** Who forwards for the gateway: nobody is an outage, two of them a split. */
function gateways(run: Run): Map<string, State[]> {
  const states = new Map<string, State[]>();
  const masters = new Map<string, Set<string>>();
  for (const r of run.trace.ofKinds(abi.T_VRRP, abi.T_HSRP, abi.T_GLBP)) {
    const name = (r.kind === abi.T_VRRP ? run.names.vrrps : run.names.fhrps)[r.entity] ?? "?@?";
    const at = name.lastIndexOf("@");
    const gateway = name.slice(0, at);
    const now = masters.get(gateway) ?? new Set<string>();
    masters.set(gateway, now);
    const master = r.b === (r.kind === abi.T_VRRP ? VRRP_MASTER : HSRP_ACTIVE);
    if (now.has(name) === master) continue;
    if (master) now.add(name); else now.delete(name);
    const who = [...now].map((each) => each.slice(at + 1)).sort();
    push(states, gateway, [Number(r.at), who.length === 0 ? "bad" : who.length > 1 ? "warn" : "good", who.length === 0 ? "nobody" : who.join(" and ")]);
  }
  return states;
}

function push(states: Map<string, State[]>, name: string, state: State): void {
  const list = states.get(name);
  if (list === undefined) states.set(name, [state]); else list.push(state);
}

function changes(name: string, states: ReadonlyMap<string, State[]>, startNs: number, endNs: number, all: number): Group {
  const tracks: Track[] = [];
  for (const [of, list] of states) {
    if (!list.some(([at]) => at >= startNs)) continue;
    const spans = list.flatMap(([from, tone, text], i): Span[] => {
      const to = list[i + 1]?.[0] ?? endNs;
      return to <= startNs || to === from ? [] : [{ from: Math.max(from, startNs), to, tone, text, outage: null }];
    });
    tracks.push({ group: name, name: of, spans });
  }
  return { name, tracks, still: Math.max(0, all - tracks.length) };
}
