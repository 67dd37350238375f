// A switch's MAC table is what 802.1Q 8.7 and 8.8.3 make of the frames that it has heard (tests/reference/mac-table.ts): a plain list is taught by each captured frame,
// and has the same addresses at the same ports, of the same age, a second after the last fault and a minute after it. Without flows, whose frames are walked and not
// captured. In networks of one VLAN (captures have no tags), without GLBP (of which not all is captured), on switches that are no pair and whose tree, if any, is RSTP:
// STP shortens the ageing time. Which ports are flushed is told to the list: spanning tree and carriers have their own judges.

import { NODE_HUNG, STP_DISCARDING, STP_GUARD_BPDU, STP_GUARD_LOOP, T_FDB_FLUSH, T_MEMBER, T_NODE, T_STP_GUARD, T_STP_STATE } from "../../../assembly/abi.ts";
import type { RunResult } from "../../../bindings/engine/index.ts";
import { State } from "../../../bindings/show/state.ts";
import { macTable } from "../../../bindings/show/switching.ts";
import type { Node, Topology } from "../../../bindings/topology/model.ts";
import { MacTable } from "../../reference/mac-table.ts";
import type { Invariant } from "../invariant.ts";
import { inTime } from "../replay/telling.ts";

interface Tables { who: string; engine: string[]; model: string[] }

const MS = 1_000_000n;
const SOON_NS = 1_000_000_000n;
const LATE_NS = 60_000_000_000n;

export const macReference: Invariant<Tables[]> = {
  name: "mac-reference",
  async gather(world) {
    const { topology, scenario, faultsNs } = world.of;
    const paired = new Set(topology.pairs.flatMap((p) => p.peers));
    const switches = topology.nodes.filter((n) => n.kind === "switch" && !paired.has(n.name) && n.stp?.mode !== "stp");
    if (topology.networks.length > 1 || topology.fhrps.some((f) => f.glbp !== undefined) || switches.length === 0) return null;
    const quiet = { ...topology, flows: [], services: [], applications: [], vms: [] };
    const session = await world.open({ everyHello: true, capturePorts: topology.links.flatMap((l) => [l.a, l.b]) }, scenario, quiet);
    const found: Tables[] = [];
    for (const at of [faultsNs + SOON_NS, faultsNs + LATE_NS]) {
      await world.drive(session, at);
      const state = new State(session.moment());
      const run = session.result({ ways: false });
      for (const node of switches) {
        found.push({ who: `${node.name} at ${at} ns`, engine: macTable(state, node.name).map((e) => `${e.mac} at ${e.port} for ${e.ageMs} ms`).sort(), model: taught(run, quiet, node, at) });
      }
    }
    return found;
  },
  judge: (all) => all.flatMap(({ who, engine, model }) => {
    const only = (a: string[], b: string[]): string[] => a.filter((line) => !b.includes(line));
    const [more, less] = [only(engine, model), only(model, engine)];
    return more.length + less.length === 0 ? [] : [`${who}: the engine's table has ${more.join(", ") || "nothing more"}; the list has ${less.join(", ") || "nothing more"}`];
  }),
};

/** Of a switch that a frame reaches: what is bridged, and not for the switch's own protocols. */
const BRIDGED: ReadonlySet<number> = new Set([0x0800, 0x0806, 0x86dd]);

function taught(run: RunResult, topology: Topology, node: Node, atNs: bigint): string[] {
  const { names } = run;
  const ports = new Set<string>(topology.ports.filter((p) => p.node === node.name && p.mode !== "routed").map((p) => `${p.node}:${p.name}`));
  const lagOf = new Map<string, string>(topology.lags.filter((l) => l.node === node.name).flatMap((l) => l.members.map((m) => [`${l.node}:${m}`, l.name] as const)));
  const outs = [...ports, ...new Set(lagOf.values())]; // a bridge port is a number to the list
  const outOf = (port: string): number => outs.indexOf(lagOf.get(port) ?? port);
  const table = new MacTable(node.macAgeNs);
  const collecting = new Set<string>();
  const closed = new Set<string>(node.stp === undefined ? [] : [...ports].filter((port) => !lagOf.has(port)));
  const guarded = new Set<string>();
  const put = (set: Set<string>, port: string, on: boolean): void => { if (on) set.add(port); else set.delete(port); };
  const hardware = [...run.trace.ofKinds(T_NODE, T_FDB_FLUSH, T_MEMBER, T_STP_STATE, T_STP_GUARD)].map((r) => ({ at: r.at, do: () => {
    if (r.kind === T_NODE) {
      if (names.nodes[r.entity] !== node.name || r.b === NODE_HUNG) return; // its hardware bridges on
      table.entries = [];
      collecting.clear(); guarded.clear();
      if (node.stp !== undefined) for (const port of ports) if (!lagOf.has(port)) closed.add(port);
      return;
    }
    const port = names.ports[r.entity] ?? names.lags[r.entity & 0xfff_ffff] ?? "";
    if (!port.startsWith(`${node.name}:`)) return;
    if (r.kind === T_FDB_FLUSH) table.flush(outOf(port));
    else if (r.kind === T_MEMBER) put(collecting, port, (r.b & 1) !== 0);
    else if (r.kind === T_STP_STATE) put(closed, port, r.b === STP_DISCARDING);
    else if (r.a !== STP_GUARD_BPDU) put(guarded, port, r.a === STP_GUARD_LOOP);
  } }));
  const frames = run.frames.filter((f) => f.direction === "received" && ports.has(f.port)).map((f) => ({ at: f.at, do: () => {
    const bytes = Buffer.from(f.bytes);
    if (!BRIDGED.has(bytes.readUInt16BE(12)) || closed.has(f.port) || guarded.has(f.port) || (lagOf.has(f.port) && !collecting.has(f.port))) return;
    table.now = f.at;
    table.learn(0, BigInt(bytes.readUIntBE(6, 6)), outOf(f.port));
  } }));
  for (const each of inTime([...hardware, ...frames])) { if (each.at <= atNs) { table.now = each.at; each.do(); } }
  table.now = atNs;
  return table.entries.filter((e) => table.lookUp(0, e.key) >= 0).map((e) => `${macOf(e.key)} at ${outs[e.out]!.slice(node.name.length + 1)} for ${(atNs - e.seenAt) / MS} ms`).sort();
}

const macOf = (key: bigint): string => key.toString(16).padStart(12, "0").replace(/(..)(?!$)/g, "$1:");
