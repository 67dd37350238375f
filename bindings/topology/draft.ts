// The topology while it is worked out: indices for look-ups, the problems found so far, the values assumed.

import { parseDuration } from "../duration.ts";
import type { Address, Demand, Fhrp, Flow, Lag, Link, Network, Node, Ns, Pair, Port, ProxyArp, PxeBoot, Scenario, Service, Topology, Track, Vm, Vrrp, Where } from "./model.ts";
import type { Application } from "./application.ts";
import type { Failures } from "./failures.ts";
import { meant, type Path } from "./problems.ts";
import { inFileOrder } from "./order.ts";
import { PROFILES, type Profile, type ProfileName, type Sourced } from "./profiles.ts";
import { expandRange } from "./ranges.ts";
import type { FileInput, LinkFields } from "./schema/file.ts";
import type { At, Source } from "./source.ts";

/** What the file says of a server beyond the model: used when addresses are given out. */
export interface ServerInput { network: string | undefined; address: string | undefined; gateway: string | undefined; prefixLength: number | undefined; path: Path; index: number }

/** Links of explicit network lists, before VLANs are worked out. */
export type Carried = Map<Link, Network[]>;

export interface Cable { speed: number; delayNs: Ns; detectNs: Ns; risk: string[]; converter?: boolean }

/** Ports that servers are given begin at Eth1; a leaf's own uplinks at Eth49. */
export const UPLINKS_FROM = 49;

/** What all ranges, meshes and flows of a file may make together, and how many problems get a search for what was meant. */
const PARTS_MAX = 1_000_000;
const MEANT_MAX = 200;

export class Draft {
  readonly nodes = new Map<string, Node>();
  readonly servers = new Map<string, ServerInput>();
  readonly hypervisors = new Set<string>();
  readonly vms: Vm[] = [];
  /** Networks that a hypervisor's uplinks carry */
  readonly hypervisorNetworks = new Map<string, Set<Network>>();
  readonly sites = new Set<string>();
  readonly networks = new Map<string, Network>();
  readonly networksOfVlan = new Map<number, Network[]>();
  readonly ports = new Map<string, Port>();
  readonly links: Link[] = [];
  readonly linkAt = new Map<string, Link>();
  readonly carried: Carried = new Map();
  /** node → key of the entry that made it */
  readonly entryOf = new Map<string, string>();
  readonly lags = new Map<string, Lag>();
  readonly lagAt = new Map<string, Lag>();
  /** Networks that the file names for a lag of its own */
  readonly lagNetworks = new Map<Lag, Network[]>();
  readonly bondNetwork = new Map<Lag, string>();
  readonly pairs = new Map<string, Pair>();
  readonly pairOf = new Map<string, Pair>();
  readonly addresses: Address[] = [];
  readonly vrrps: Vrrp[] = [];
  readonly fhrps: Fhrp[] = [];
  readonly tracks: Track[] = [];
  readonly proxyArps: ProxyArp[] = [];
  readonly gateways = new Map<string, { network: Network; vips: string[] }>();
  readonly flows: Flow[] = [];
  readonly services: Service[] = [];
  readonly demands: Demand[] = [];
  readonly applications: Application[] = [];
  readonly scenarios: Scenario[] = [];
  readonly pxeBoots: PxeBoot[] = [];
  readonly bootServers: string[] = [];
  failures: Failures | null = null;
  readonly input: FileInput;
  readonly source: Source;
  /** Some server boots over the network */
  readonly boots: boolean;
  readonly #removed: ReadonlySet<string>;
  readonly #excused = new Set<string>();
  readonly #assumed = new Map<string, { value: string; source: string }>();
  #parts = 0;
  readonly #nextPort = new Map<string, number>();

  constructor(input: FileInput, source: Source, removed: ReadonlySet<string>) {
    this.input = input;
    this.source = source;
    this.boots = Object.values(input.nodes).some((node) => node.pxe !== undefined);
    this.#removed = removed;
    for (const name of removed) for (const part of [name, ...name.split(":")]) for (const each of quietRange(part)) this.#excused.add(each);
  }

  report(code: string, path: Path, message: string, help: string | null = null, at: At = {}): void {
    this.source.report(code, this.source.locate(path, at), message, help);
  }

  reportAt(code: string, where: Where, message: string, help: string | null = null): void {
    this.source.report(code, where, message, help);
  }

  /** Where the part named by a key stands: what the model remembers. */
  whereKey(...path: (string | number)[]): Where {
    return this.source.locate(path, { key: true });
  }

  /** True when `name` was already reported as faulty: what refers to it is no second mistake. */
  excused(name: string): boolean {
    return this.#excused.has(name);
  }

  excuse(name: string): void {
    this.#excused.add(name);
  }

  /** True when an entry of the list or map was taken out as faulty, so that what it made may be missing. */
  incomplete(list: "links" | "networks" | "bonds"): boolean {
    const ends = list === "links" && (this.#removed.has(".endpoints") || this.#removed.has(".mesh"));
    return ends || this.#removed.has(`${list}[]`);
  }

  names(text: string, path: Path, at: At = {}): string[] {
    try {
      const names = expandRange(text);
      return this.affords(names.length, path, at) ? names : [];
    } catch (error) {
      this.report("DH_RANGE", path, error instanceof Error ? error.message : String(error), null, at);
      for (const part of text.split("..")) this.#excused.add(part);
      return [];
    }
  }

  /** False, with a problem, when the file would make more parts than a memory holds. */
  affords(parts: number, path: Path, at: At = {}): boolean {
    if (this.#parts + parts > PARTS_MAX) {
      this.report("DH_RANGE", path, `the file makes more than ${PARTS_MAX} parts: this one makes ${parts}`, null, at);
      return false;
    }
    this.#parts += parts;
    return true;
  }

  /** The names of a key that was read before: faults in it are told already. */
  quietNames(text: string): string[] {
    return quietRange(text);
  }

  /** A name, a range or a list of them. */
  namesOf(value: string | readonly string[], path: Path): { name: string; path: Path; part: string }[] {
    const list = typeof value === "string" ? [{ text: value, path }] : value.map((text, i) => ({ text, path: [...path, i] }));
    return list.flatMap((item) => this.names(item.text, item.path).map((name) => ({ name, path: item.path, part: item.text })));
  }

  node(name: string, path: Path, at: At = {}): Node | null {
    const node = this.nodes.get(name);
    if (node === undefined && !this.excused(name)) {
      this.report("DH_UNKNOWN_NODE", path, `there is no node "${name}"`, this.source.problems.length < MEANT_MAX ? meant(name, this.nodes.keys()) : null, at);
    }
    return node ?? null;
  }

  network(name: string, path: Path): Network | null {
    const network = this.networks.get(name);
    if (network === undefined && !this.excused(name)) {
      this.report("DH_UNKNOWN_NETWORK", path, `there is no network "${name}"`, meant(name, this.networks.keys()));
    }
    return network ?? null;
  }

  networksOf(value: string | readonly string[], path: Path): Network[] {
    return this.namesOf(value, path).flatMap((item) => this.network(item.name, item.path) ?? []);
  }

  profile(node: Node): Profile {
    return PROFILES[node.profile as ProfileName];
  }

  duration(text: string | undefined, path: Path): Ns | null {
    if (text === undefined) return null;
    try {
      return parseDuration(text);
    } catch (error) {
      this.report("DH_DURATION", path, error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  assume(what: string, value: string, source: string): void {
    if (!this.#assumed.has(what)) this.#assumed.set(what, { value, source });
  }

  /** What the file says, else what the profile says, noted as assumed. */
  choose<T>(written: T | null | undefined, profile: Sourced<T>, what: string, show: (value: T) => string = String): T {
    if (written !== null && written !== undefined) return written;
    this.assume(what, show(profile[0]), profile[1]);
    return profile[0];
  }

  /** Speed, delay and detection of a cable: its own, the file's defaults, ours. */
  cable(own: LinkFields, path: Path, risk: string[]): Cable {
    const defaults = this.input.defaults?.link ?? {};
    const speed = own.speed ?? defaults.speed;
    const delay = this.duration(own.delay, [...path, "delay"]) ?? this.duration(defaults.delay, ["defaults", "link", "delay"]);
    const detect = this.duration(own["loss-detect"], [...path, "loss-detect"]) ?? this.duration(defaults["loss-detect"], ["defaults", "link", "loss-detect"]);
    const ours = "dualhome's own default";
    const delayNs = this.choose(delay, [500n, ours], "links: one-way delay", () => "500ns");
    return {
      speed: this.choose(speed === undefined ? null : speedMbps(speed), [10_000, ours], "links: speed", () => "10G"),
      delayNs: delayNs < 1n ? 1n : delayNs,
      detectNs: this.choose(detect, [10_000_000n, ours], "links: lost carrier is noticed after", () => "10ms"),
      risk,
      ...((own["media-converter"] ?? defaults["media-converter"]) === true ? { converter: true } : {}),
    };
  }

  /** The lowest free port EthN of a node, N at least `from`. */
  freePort(node: string, from: number): string {
    const key = `${node} ${from}`;
    let n = this.#nextPort.get(key) ?? from;
    while (this.ports.has(`${node}:Eth${n}`)) n++;
    this.#nextPort.set(key, n + 1);
    return `Eth${n}`;
  }

  /** Joins two ports. Null, with a problem, when one of them already has a cable. */
  connect(a: [string, string], b: [string, string], cable: Cable, path: Path): Link | null {
    const endA = `${a[0]}:${a[1]}`;
    const endB = `${b[0]}:${b[1]}`;
    for (const end of [endA, endB]) {
      const taken = this.linkAt.get(end);
      if (taken === undefined && endA !== endB) continue;
      this.report("DH_PORT_TWICE", path, `port ${end} is used twice${taken === undefined ? "" : `: it is already in ${taken.name}`}`, null, { part: end });
      return null;
    }
    const where = this.source.locate(path, { key: true });
    this.#port(endA, a, cable.speed, where);
    this.#port(endB, b, cable.speed, where);
    const link: Link = {
      name: `${endA}--${endB}`, a: endA, b: endB, delayNs: cable.delayNs, detectNs: cable.detectNs, risk: cable.risk, where,
      ...(cable.converter === true ? { converter: true } : {}),
    };
    this.links.push(link);
    this.linkAt.set(endA, link).set(endB, link);
    return link;
  }

  #port(end: string, [node, name]: readonly [string, string], speedMbps: number, where: Where): void {
    this.ports.set(end, { node, name, speedMbps, vlans: [], mode: "access", peerLink: false, where });
  }

  /** "node:port" at the other end of `port`'s cable. */
  farName(port: string): string | null {
    const link = this.linkAt.get(port);
    return link === undefined ? null : link.a === port ? link.b : link.a;
  }

  /** The port at the other end of `port`'s cable. */
  far(port: string): Port | null {
    const name = this.farName(port);
    return name === null ? null : (this.ports.get(name) ?? null);
  }

  addLag(lag: Lag, path: Path): boolean {
    if (this.lags.has(lag.name)) {
      this.report("DH_DUPLICATE_NAME", path, `there are two of ${lag.name}`, null, { key: true });
      return false;
    }
    for (const member of lag.members) {
      const port = `${lag.node}:${member}`;
      const other = this.lagAt.get(port);
      if (other !== undefined) this.report("DH_PORT_TWICE", path, `port ${port} is a member of ${other.name} and of ${lag.name}`, null, { part: member });
      else this.lagAt.set(port, lag);
    }
    this.lags.set(lag.name, lag);
    return true;
  }

  finish(): Topology {
    return {
      name: this.input.name ?? this.source.file.replace(/^.*[\\/]/, "").replace(/\.dh\.ya?ml$/, ""),
      nodes: [...this.nodes.values()], ports: [...this.ports.values()], links: this.links, lags: [...this.lags.values()],
      pairs: [...this.pairs.values()], networks: [...this.networks.values()], addresses: this.addresses, vrrps: this.vrrps, fhrps: this.fhrps, tracks: this.tracks,
      proxyArps: this.proxyArps, vms: this.vms,
      flows: inFileOrder(this.flows), services: inFileOrder(this.services), applications: inFileOrder(this.applications), scenarios: this.scenarios,
      ...(this.demands.length === 0 ? {} : { demands: inFileOrder(this.demands) }),
      ...(this.input.costs === undefined ? {} : { costs: { currency: this.input.costs.currency ?? null, cable: this.input.costs.cable ?? null } }),
      boots: this.pxeBoots, bootServers: this.bootServers,
      ...(this.failures === null ? {} : { failures: this.failures }),
      assumptions: [...this.#assumed].map(([what, { value, source }]) => ({ what, value, source })),
    };
  }
}

function quietRange(text: string): string[] {
  try {
    return expandRange(text);
  } catch {
    return [];
  }
}

/** "25G" → 25000 */
export function speedMbps(text: string): number {
  const scale = { M: 1, G: 1_000, T: 1_000_000 }[text.slice(-1)] ?? 1;
  return Math.max(1, Math.round(Number(text.slice(0, -1)) * scale));
}
