// What each captured frame did, in words. The trace does not know frames: a record names the record that caused it. So a frame is told
// together with what its protocol did at its port, or its node, in the same nanosecond; and one that was sent is lost when the other end,
// recorded too, has not got it after the cable's delay.

import * as abi from "../../assembly/abi.ts";
import { faultTarget } from "../analysis/describe.ts";
import { describer, type Describe, type Run } from "../analysis/index.ts";
import { NODE_STATES, RX_STATES, VRRP_STATES } from "../analysis/words.ts";
import type { Link, Vrrp } from "../topology/model.ts";
import type { TraceRecord } from "../trace/records.ts";
import { advertisement, kindOf, type FrameKind } from "./frame-kind.ts";
import type { Frame } from "./pcapng.ts";

const LACP = [abi.T_LACP_RX, abi.T_LACP_SELECTED, abi.T_LACP_MUX, abi.T_LACP_PERIODIC, abi.T_LACP_PARTNER, abi.T_LACP_CHURN];
const NEIGHBOURS = [abi.T_ARP, abi.T_FDB_MOVE, abi.T_GARP, abi.T_PROXY_ARP, abi.T_RLB_CLIENT];

/** Records that a frame of this kind may have to do with. */
const RECORDS: Record<FrameKind, ReadonlySet<number>> = {
  lacp: new Set(LACP), bpdu: new Set([abi.T_STP_ROOT, abi.T_STP_ROLE, abi.T_STP_STATE, abi.T_STP_TC, abi.T_STP_GUARD]),
  arp: new Set(NEIGHBOURS), nd: new Set(NEIGHBOURS), vrrp: new Set([abi.T_VRRP]), hsrp: new Set([abi.T_HSRP]), glbp: new Set([abi.T_GLBP, abi.T_FORWARDER]),
  keepalive: new Set([abi.T_MLAG_KEEPALIVE, abi.T_MLAG_ROLE]), other: new Set(),
};
const TOLD_MAX = 6;

/** One for each frame, in order; null: nothing is known of it that its bytes do not say. */
export function* comments(run: Run, frames: readonly Frame[]): Generator<string | null> {
  const clock = new Clock(run);
  const fate = new Fate(run, frames);
  for (const frame of frames) {
    clock.goTo(frame.at);
    const said = frame.direction === "received" ? clock.received(frame) : [fate.lost(frame), clock.sent(frame)].filter((part) => part !== null).join("; ");
    yield said === "" ? null : said;
  }
}

/** "Eth1 of leaf1, cabled to srv1:eth0, member of Po11". */
export function descriptions({ topology }: Run): Map<string, string> {
  const far = new Map(topology.links.flatMap((l) => [[l.a, l.b], [l.b, l.a]] as const));
  const lagOf = new Map(topology.lags.flatMap((l) => l.members.map((m) => [`${l.node}:${m}`, l.name] as const)));
  return new Map(topology.ports.map(({ node, name }) => {
    const [cable, lag] = [far.get(`${node}:${name}`), lagOf.get(`${node}:${name}`)];
    return [`${node}:${name}`, `${name} of ${node}${cable === undefined ? "" : `, cabled to ${cable}`}${lag === undefined ? "" : `, member of ${lag}`}`];
  }));
}

/** The trace, read along with the frames: what has just happened, and the states that say what a frame without consequence did. */
class Clock {
  readonly #run: Run;
  readonly #describe: Describe;
  readonly #records: Iterator<TraceRecord>;
  readonly #routers: ReadonlyMap<string, Vrrp[]>; // by node
  readonly #tracked: ReadonlySet<string>;
  readonly #states = new Map<string, number>(); // "rx leaf1:Eth1", "vrrp gw@leaf1", "node leaf1"
  #next: TraceRecord | null;
  #now: TraceRecord[] = []; // of this instant
  #atNs: bigint | null = null;

  constructor(run: Run) {
    this.#run = run;
    this.#describe = describer(run.names, run.topology);
    this.#records = run.trace[Symbol.iterator]();
    this.#next = this.#read();
    const routers = new Map<string, Vrrp[]>();
    for (const v of run.topology.vrrps) routers.set(v.node, [...(routers.get(v.node) ?? []), v]);
    this.#routers = routers;
    this.#tracked = new Set(run.names.tracks.map((name) => name.split(" ")[0]!));
  }

  goTo(atNs: bigint): void {
    if (this.#atNs === atNs) return;
    this.#atNs = atNs;
    this.#now = [];
    for (; this.#next !== null && this.#next.at <= atNs; this.#next = this.#read()) {
      this.#keep(this.#next);
      if (this.#next.at === atNs) this.#now.push(this.#next);
    }
  }

  received(frame: Frame): string {
    const node = nodeOf(frame.port);
    const state = this.#states.get(`node ${node}`) ?? abi.NODE_UP;
    if (state !== abi.NODE_UP) return `nobody looks at it: ${node} is ${NODE_STATES[state] ?? state}`;
    const kind = kindOf(frame.bytes);
    const direct = this.#own(frame, kind);
    const ids = new Set(direct.map((r) => r.id));
    for (const r of this.#now) if (ids.has(r.cause)) ids.add(r.id);
    const all = this.#now.filter((r) => ids.has(r.id));
    if (all.length > 0) return this.#told(all);
    return (kind === "lacp" ? this.#lacp(frame) : kind === "vrrp" ? this.#vrrp(frame) : null) ?? "";
  }

  sent(frame: Frame): string | null {
    const own = this.#own(frame, kindOf(frame.bytes));
    return own.length === 0 ? null : this.#told(own);
  }

  /** What the frame's protocol did in this instant, where the frame is. */
  #own(frame: Frame, kind: FrameKind): TraceRecord[] {
    const records = RECORDS[kind];
    const node = nodeOf(frame.port);
    const vrid = kind === "vrrp" ? advertisement(frame.bytes).vrid : 0;
    return this.#now.filter((r) => {
      if (!records.has(r.kind)) return false;
      if (kind === "lacp") return this.#run.names.ports[r.entity] === frame.port;
      if (kind === "vrrp") return this.#routersOf(node, vrid).some((v) => nameOf(v) === this.#run.names.vrrps[r.entity]);
      return this.#describe(r).node === node;
    });
  }

  /** 802.1AX-2014 6.4.12: in CURRENT each LACPDU enters the state anew. */
  #lacp(frame: Frame): string | null {
    const state = this.#states.get(`rx ${frame.port}`);
    if (state === undefined) return null;
    return state === abi.RX_CURRENT ? "nothing changes: current_while starts anew" : `nothing changes: the receive machine is ${RX_STATES[state] ?? state}`;
  }

  /** RFC 5798 6.4.2 and 6.4.3. A priority that is tracked, or a delayed preemption, is not followed here. */
  #vrrp(frame: Frame): string | null {
    const { vrid, priority } = advertisement(frame.bytes);
    const [router, ...more] = this.#routersOf(nodeOf(frame.port), vrid);
    if (router === undefined || more.length > 0 || this.#tracked.has(nameOf(router)) || router.preemptDelayNs > 0n) return null;
    const name = nameOf(router);
    const state = VRRP_STATES[this.#states.get(`vrrp ${name}`) ?? 0];
    if (state === "BACKUP" && priority === 0) return `${name} is BACKUP: the master says farewell, the skew time runs`;
    if (state === "BACKUP") return !router.preempt || priority >= router.priority ? `${name} is BACKUP: the master-down timer starts anew` : `${name} is BACKUP: a lesser advertisement, not heeded`;
    return state === "MASTER" ? `${name} stays MASTER` : null;
  }

  #routersOf(node: string, vrid: number): Vrrp[] { return (this.#routers.get(node) ?? []).filter((v) => v.vrid === vrid); }

  #told(records: readonly TraceRecord[]): string {
    const words = records.slice(0, TOLD_MAX).map((r) => this.#describe(r).sentence);
    const more = records.length - words.length;
    return `at this instant: ${words.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
  }

  #keep(r: TraceRecord): void {
    const { names } = this.#run;
    if (r.kind === abi.T_LACP_RX) this.#states.set(`rx ${names.ports[r.entity]}`, r.b);
    else if (r.kind === abi.T_VRRP) this.#states.set(`vrrp ${names.vrrps[r.entity]}`, r.b);
    else if (r.kind === abi.T_NODE) this.#states.set(`node ${names.nodes[r.entity]}`, r.b);
  }

  #read(): TraceRecord | null {
    const { done, value } = this.#records.next();
    return done === true ? null : value;
  }
}

/** Which frames that were sent have arrived, and what was wrong where they have not. */
class Fate {
  readonly #run: Run;
  readonly #links = new Map<string, { link: Link; far: string }>();
  readonly #delays = new Map<Link, bigint[]>();
  readonly #faults = new Map<string, TraceRecord[]>(); // by link, port or node
  readonly #arrived = new Map<string, Uint8Array[]>();
  readonly #recorded: ReadonlySet<string>;
  readonly #describe: Describe;

  constructor(run: Run, frames: readonly Frame[]) {
    this.#run = run;
    this.#describe = describer(run.names, run.topology);
    this.#recorded = new Set(frames.filter((f) => f.direction === "received").map((f) => f.port));
    for (const link of run.topology.links) {
      this.#links.set(link.a, { link, far: link.b });
      this.#links.set(link.b, { link, far: link.a });
      this.#delays.set(link, [link.delayNs]);
    }
    for (const r of run.trace.ofKinds(abi.T_FAULT)) this.#fault(r);
    for (const f of frames) {
      if (f.direction !== "received") continue;
      const key = `${f.port} ${f.at}`;
      this.#arrived.set(key, [...(this.#arrived.get(key) ?? []), f.bytes]);
    }
  }

  /** Null: it arrives, or nobody knows: the other end is not recorded, or the run ends first. */
  lost(frame: Frame): string | null {
    const cable = this.#links.get(frame.port);
    if (cable === undefined || !this.#recorded.has(cable.far)) return null;
    const delays = this.#delays.get(cable.link)!;
    const arrived = delays.some((delay) => (this.#arrived.get(`${cable.far} ${frame.at + delay}`) ?? []).some((bytes) => Buffer.compare(bytes, frame.bytes) === 0));
    const lastNs = frame.at + delays.reduce((max, d) => (d > max ? d : max), 0n);
    if (arrived || lastNs > this.#run.endNs) return null;
    const why = [cable.link.name, frame.port, cable.far, nodeOf(cable.far)].flatMap((name) => this.#faults.get(name) ?? []).filter((r) => r.at <= lastNs).sort((a, b) => a.id - b.id).at(-1);
    return `lost: ${cable.far} does not get it${why === undefined || RETURNS.has(why.a) ? "" : `; ${this.#describe(why).sentence}`}`;
  }

  #fault(r: TraceRecord): void {
    const target = faultTarget(r, this.#run.names);
    const list = this.#faults.get(target);
    if (list === undefined) this.#faults.set(target, [r]); else list.push(r);
    if (r.a !== abi.FAULT_SLOW) return;
    const link = this.#run.topology.links.find((l) => l.name === target || l.a === target || l.b === target);
    if (link !== undefined) this.#delays.get(link)!.push(BigInt(r.c) * 1000n);
  }
}

const RETURNS = new Set<number>([abi.FAULT_REPAIR, abi.FAULT_UP, abi.FAULT_ENSLAVE, abi.FAULT_NOTHING, abi.FAULT_SLOW]);
const nameOf = (v: Vrrp): string => `${v.gateway}@${v.node}`;
const nodeOf = (port: string): string => port.slice(0, port.indexOf(":"));
