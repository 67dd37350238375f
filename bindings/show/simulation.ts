/// <reference lib="esnext.disposable" preserve="true" />
// A run that is looked into: to an instant, what a node would show there, and on.

import { DualhomeError } from "../errors.ts";
import { Session, type RunOptions } from "../engine/index.ts";
import { meant } from "../topology/problems.ts";
import type { Scenario, Topology } from "../topology/model.ts";
import { bondingText } from "./bonding.ts";
import { State } from "./state.ts";
import { VIEWS, type View, type Views } from "./types.ts";
import { defaultViews, read, viewsOf, whyNot } from "./views.ts";

export type NodeState = ReturnType<State["nodeState"]>;

/** Nothing happens. */
const QUIET: Scenario = { name: "nothing", untilNs: 0n, steps: [], where: { line: 1, col: 1, length: 0 } };

export class Simulation {
  #session: Session | null;

  constructor(session: Session) { this.#session = session; }

  /** the same run, to put steps in, copy and branch */
  get session(): Session {
    if (this.#session === null) throw new DualhomeError("DH_DISPOSED", "the simulation was disposed of", 2);
    return this.#session;
  }

  /** Lets go of the engine's memory; snapshots stay good for other simulations of the topology. Nothing else works afterwards. */
  dispose(): void { this.#session = null; }
  [Symbol.dispose](): void { this.dispose(); }

  /** Loads a topology. The clock stands at 0, on a network that has settled, after the first `runTo`. */
  static async open(topology: Topology, scenario: Scenario = QUIET, options: RunOptions = {}): Promise<Simulation> {
    return new Simulation(await Session.open(topology, scenario, options));
  }

  runTo(atNs: bigint): Promise<void> { return this.session.runTo(atNs); }

  /** What a node shows now. Throws DualhomeError with exit code 2 for a node that is not there and for a view that it has not. */
  show<V extends View>(node: string, view: V): Views[V] {
    const state = this.#state(node);
    if (!(VIEWS as readonly string[]).includes(view)) throw new DualhomeError("DH_VIEW", `there is no view "${view}"; ${meant(view, VIEWS) ?? `there are ${VIEWS.join(", ")}`}`, 2);
    const not = whyNot(state, node, view);
    if (not !== null) throw new DualhomeError("DH_VIEW", `${node} has no view "${view}": ${not}; it has ${viewsOf(state, node).join(", ")}`, 2);
    return read(state, node, view);
  }

  /** The text of /proc/net/bonding/NAME; `kernel`: the release that the first line names. */
  procNetBonding(node: string, name: string, kernel?: string): string {
    const bonds = this.show(node, "bonding");
    const bond = bonds.find((b) => b.name === name);
    if (bond === undefined) throw new DualhomeError("DH_VIEW", `${node} has no bond "${name}"; ${meant(name, bonds.map((b) => b.name)) ?? `it has ${bonds.map((b) => b.name).join(", ")}`}`, 2);
    return bondingText(bond, kernel);
  }

  /** The views that a node has, and those that one asks first. */
  views(node: string): { all: View[]; first: View[] } {
    const state = this.#state(node);
    return { all: viewsOf(state, node), first: defaultViews(state, node) };
  }

  nodeState(node: string): NodeState { return this.#state(node).nodeState(node); }

  #state(node: string): State {
    const moment = this.session.moment();
    const { nodes } = moment.tables.names;
    if (!nodes.includes(node)) throw new DualhomeError("DH_NODE", `there is no node "${node}"; ${meant(node, nodes) ?? `there are ${list(nodes)}`}`, 2);
    return new State(moment);
  }
}

const SHOWN = 12;
const list = (names: readonly string[]): string => (names.length <= SHOWN ? names.join(", ") : `${names.slice(0, SHOWN).join(", ")} and ${names.length - SHOWN} more`);
