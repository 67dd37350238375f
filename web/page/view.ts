// From the state of everything to what is drawn: one code a node and a cable.

import * as abi from "../../assembly/abi.ts";
import type { CapturedFrame, Names } from "../../bindings/engine/index.ts";
import type { Topology } from "../../bindings/topology/model.ts";
import { frameKind } from "./frames.ts";
import { LINK, type Frame, type Scene, type View } from "./messages.ts";
import type { Picture } from "./picture.ts";

interface Cable { link: number; a: number; b: number; standby: boolean }

const DISTRIBUTING = 2;
const VRRP_MASTER = abi.VRRP_MASTER;
const STANDBY_MODES = new Set(["active-backup"]);

/** Where the engine has what the scene draws. */
export class Viewer {
  readonly #scene: Scene;
  readonly #nodes: Int32Array;
  readonly #flows: Int32Array;
  readonly #cables: Cable[];
  /** lag of a member port, -1: none */
  readonly #lagOf: Int32Array;
  readonly #gateways: { node: number; row: number; fhrp: boolean }[];
  readonly #linkOfPort = new Map<string, { link: number; a: boolean }>();

  constructor(topology: Topology, scene: Scene, names: Names) {
    this.#scene = scene;
    const place = (list: readonly string[]): Map<string, number> => new Map(list.map((name, i) => [name, i]));
    const [nodes, links, ports, lags] = [place(names.nodes), place(names.links), place(names.ports), place(names.lags)];
    const drawnNodes = place(topology.nodes.map((n) => n.name));
    const flows = place(names.flows);
    this.#flows = Int32Array.from(scene.flows, (f) => flows.get(f.name) ?? -1);
    this.#nodes = Int32Array.from(topology.nodes, (n) => nodes.get(n.name) ?? -1);
    this.#lagOf = new Int32Array(names.ports.length).fill(-1);
    const waits = new Set<number>();
    for (const lag of topology.lags) {
      for (const member of lag.members) {
        const port = ports.get(`${lag.node}:${member}`) ?? -1;
        this.#lagOf[port] = lags.get(lag.name) ?? -1;
        if (STANDBY_MODES.has(lag.mode) || lag.split === true || lag.maxBundle > 0) waits.add(port);
      }
    }
    const byName = new Map(topology.links.map((l) => [l.name, l]));
    this.#cables = scene.linkNames.map((name, i) => {
      const { a, b } = byName.get(name)!;
      this.#linkOfPort.set(a, { link: i, a: true }).set(b, { link: i, a: false });
      const [portA, portB] = [ports.get(a) ?? -1, ports.get(b) ?? -1];
      return { link: links.get(name) ?? -1, a: portA, b: portB, standby: waits.has(portA) || waits.has(portB) };
    });
    const nodeOf = (name: string): number => drawnNodes.get(name.slice(name.lastIndexOf("@") + 1)) ?? -1;
    this.#gateways = [...names.vrrps.map((name, row) => ({ node: nodeOf(name), row, fhrp: false })), ...names.fhrps.map((name, row) => ({ node: nodeOf(name), row, fhrp: true }))].filter((g) => g.node >= 0);
  }

  view(p: Picture, nowNs: bigint, frames: readonly CapturedFrame[]): View {
    const { flows, drawing } = this.#scene;
    const hurt = new Uint16Array(drawing.nodes.length);
    const up = new Uint8Array(flows.length);
    let flowsDown = 0;
    flows.forEach(({ from, to }, i) => {
      const row = this.#flows[i]!;
      if (p.flows[2 * row] === 1 && p.flows[2 * row + 1] === 1) { up[i] = 1; return; }
      flowsDown++;
      for (const end of [from, to]) if (end >= 0) hurt[end]!++;
    });
    const masters = new Uint8Array(drawing.nodes.length);
    for (const { node, row, fhrp } of this.#gateways) if (fhrp ? p.fhrps[row] === abi.HSRP_ACTIVE : p.vrrps[row] === VRRP_MASTER) masters[node] = 1;
    return {
      ns: Number(nowNs), hurt, flows: up, flowsDown, masters, events: p.seen,
      nodes: Uint8Array.from(this.#nodes, (node) => p.nodes[node] ?? 0), links: Uint8Array.from(this.#cables, (cable) => codeOf(p, cable, this.#lagOf)),
      frames: frames.flatMap((f): Frame[] => {
        const at = f.direction === "sent" ? this.#linkOfPort.get(f.port) : undefined;
        return at === undefined ? [] : [{ atNs: Number(f.at), link: at.link, fromA: at.a, kind: frameKind(f.bytes) }];
      }),
    };
  }
}

function codeOf(p: Picture, { link, a, b, standby }: Cable, lagOf: Int32Array): number {
  const fault = Math.max(p.linkFaults[link] ?? 0, p.portFaults[a] ?? 0, p.portFaults[b] ?? 0);
  const broken = (of: number | undefined): boolean => of === abi.FAULT_FAIL || of === abi.FAULT_DOWN || of === abi.FAULT_RELEASE || of === abi.FAULT_CARRIER;
  if (broken(p.linkFaults[link]) || broken(p.portFaults[a]) || broken(p.portFaults[b])) return LINK.cut;
  if (p.carrier[a] !== 1 || p.carrier[b] !== 1) return LINK.dark;
  if (fault !== 0) return LINK.impaired;
  const closed = closedByTree(p, a, lagOf) || closedByTree(p, b, lagOf);
  const idle = unused(p, a, lagOf) || unused(p, b, lagOf);
  if (closed || (idle && standby)) return LINK.standby;
  return idle ? LINK.unused : LINK.fine;
}

/** A member of a bundle that sends nothing, or whose bundle is suspended. */
function unused(p: Picture, port: number, lagOf: Int32Array): boolean {
  const lag = lagOf[port] ?? -1;
  return lag >= 0 && ((p.usable[port]! & DISTRIBUTING) === 0 || p.suspended[lag] === 1);
}

function closedByTree(p: Picture, port: number, lagOf: Int32Array): boolean {
  const lag = lagOf[port] ?? -1;
  const state = lag >= 0 ? p.lagTree[lag]! : p.portTree[port]!;
  return state === abi.STP_DISCARDING || state === abi.STP_BLOCKING || state === abi.STP_LISTENING || state === abi.STP_LEARNING;
}
