// Who is active, and who stands by, at an instant of a run: the last record that said so, of nodes that are not dead.

import * as abi from "../../assembly/abi.ts";
import type { Run } from "../analysis/index.ts";
import type { Elected } from "../topology/expectation.ts";
import type { Lag } from "../topology/model.ts";
import type { TraceRecord } from "../trace/records.ts";

/** `last`: the record that brought it about; null: nothing was ever said. */
export interface Holders { active: string[]; standby: string[]; last: TraceRecord | null }

/** Modes of a bond in which one member is active and the others wait. */
const ONE_ACTIVE = new Set<Lag["mode"]>(["active-backup", "balance-tlb", "balance-alb"]);

interface State { value: number; record: TraceRecord }

/** Reads a trace up to ever later instants. */
export class Instants {
  readonly #run: Run;
  readonly #records: readonly TraceRecord[];
  #next = 0;
  readonly #node = new Map<string, State>();
  readonly #member = new Map<string, State>();
  readonly #activeMember = new Map<string, State>();
  readonly #router = new Map<string, State>(); // "gateway@node" → 0 neither, 1 standby, 2 active
  readonly #peer = new Map<string, State>();

  constructor(run: Run) {
    this.#run = run;
    this.#records = [...run.trace];
  }

  /** Takes in what is recorded before `atNs`, or up to it. */
  to(atNs: bigint, inclusive: boolean): void {
    for (let r = this.#records[this.#next]; r !== undefined && (r.at < atNs || (inclusive && r.at === atNs)); r = this.#records[++this.#next]) this.#see(r);
  }

  #see(r: TraceRecord): void {
    const { names } = this.#run;
    const note = (map: Map<string, State>, list: readonly string[], value: number): void => { map.set(list[r.entity] ?? "", { value, record: r }); };
    if (r.kind === abi.T_NODE) note(this.#node, names.nodes, r.b);
    else if (r.kind === abi.T_MEMBER) note(this.#member, names.ports, r.b);
    else if (r.kind === abi.T_BOND_ACTIVE) note(this.#activeMember, names.lags, r.b);
    else if (r.kind === abi.T_VRRP) note(this.#router, names.vrrps, r.b === abi.VRRP_MASTER ? 2 : r.b === abi.VRRP_BACKUP ? 1 : 0);
    else if (r.kind === abi.T_HSRP || r.kind === abi.T_GLBP) note(this.#router, names.fhrps, r.b === abi.HSRP_ACTIVE ? 2 : r.b === abi.HSRP_STANDBY ? 1 : 0);
    else if (r.kind === abi.T_MLAG_ROLE) note(this.#peer, names.peers, r.b === abi.MLAG_PRIMARY ? 2 : r.b === abi.MLAG_SECONDARY ? 1 : 0);
  }

  of(elected: Elected): Holders {
    const { topology } = this.#run;
    if (elected.kind === "bond") return this.#bond(topology.lags.find((lag) => lag.name === elected.name));
    if (elected.kind === "pair") return this.#ranked(topology.pairs.find((pair) => pair.name === elected.name)?.peers ?? [], (node) => this.#peer.get(node));
    const routers = [...topology.vrrps, ...topology.fhrps].filter((router) => router.gateway === elected.name).map((router) => router.node);
    return this.#ranked(routers, (node) => this.#router.get(`${elected.name}@${node}`));
  }

  #ranked(nodes: readonly string[], stateOf: (node: string) => State | undefined): Holders {
    const alive = nodes.filter((node) => this.#works(node));
    const of = (value: number): string[] => alive.filter((node) => stateOf(node)?.value === value);
    return { active: of(2), standby: of(1), last: newest(nodes.flatMap((node) => [stateOf(node), this.#node.get(node)])) };
  }

  #bond(lag: Lag | undefined): Holders {
    if (lag === undefined) return { active: [], standby: [], last: null };
    const states = lag.members.map((member) => this.#member.get(`${lag.node}:${member}`));
    const chosen = this.#activeMember.get(lag.name);
    const one = ONE_ACTIVE.has(lag.mode);
    const active = lag.members.filter((member, i) => (one ? chosen !== undefined && this.#run.names.ports[chosen.value] === `${lag.node}:${member}` : ((states[i]?.value ?? 0) & DISTRIBUTING) !== 0));
    const node = this.#node.get(lag.node);
    return { active: this.#works(lag.node) ? active : [], standby: [], last: newest([node, ...(one ? [chosen] : states)]) };
  }

  /** A node that hangs still forwards, and its neighbours may still take it for active. */
  #works(node: string): boolean {
    const state = this.#node.get(node)?.value ?? abi.NODE_UP;
    return state === abi.NODE_UP || state === abi.NODE_HUNG;
  }
}

const DISTRIBUTING = 2;

function newest(states: readonly (State | undefined)[]): TraceRecord | null {
  return states.reduce<TraceRecord | null>((last, state) => (state !== undefined && (last === null || state.record.id > last.id) ? state.record : last), null);
}
