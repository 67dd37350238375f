// Bridges that speak RSTP do what the machines of 802.1D-2004 clause 17 do (tests/reference/rstp.ts): a model of each is shown what its bridge was shown, links and
// frames, and has the same roles and states in the same instants and sends the same BPDUs. MC-LAG pairs, which share one tree, and bridges of 1998 are not asked.

import { STP_DISCARDING, STP_FORWARDING, STP_LEARNING, STP_ROLE_ALTERNATE, STP_ROLE_BACKUP, STP_ROLE_DESIGNATED, STP_ROLE_DISABLED, STP_ROLE_ROOT, T_STP_ROLE, T_STP_STATE } from "../../../assembly/abi.ts";
import type { Node } from "../../../bindings/topology/model.ts";
import { Bridge, type Bpdu, type Flags, type PortSettings } from "../../reference/rstp.ts";
import type { Invariant } from "../invariant.ts";
import { happenings, isUp, unnoticed, type Recording } from "../replay/recording.ts";
import { firstApart, inTime, Telling, type TwoTellings } from "../replay/telling.ts";

export const rstpReference: Invariant<TwoTellings[]> = {
  name: "rstp-reference",
  async gather(world) {
    const { topology } = world.of;
    const paired = new Set(topology.pairs.flatMap((p) => p.peers));
    const bridges = topology.nodes.filter((n) => n.stp?.mode === "rstp" && !paired.has(n.name) && !topology.lags.some((l) => l.node === n.name));
    if (bridges.length === 0) return null;
    const recording = await world.recorded();
    return bridges.map((node) => ({ who: node.name, engine: engineSays(recording, node), model: modelSays(recording, node) }));
  },
  judge: (all) => all.flatMap(firstApart),
};

const ROLES = { [STP_ROLE_DISABLED]: "Disabled", [STP_ROLE_ROOT]: "Root", [STP_ROLE_DESIGNATED]: "Designated", [STP_ROLE_ALTERNATE]: "Alternate", [STP_ROLE_BACKUP]: "Backup" } as Record<number, string>;
const STATES = { [STP_DISCARDING]: "DISCARDING", [STP_LEARNING]: "LEARNING", [STP_FORWARDING]: "FORWARDING" } as Record<number, string>;

/** Ports of a node that is off, or hangs, have no role: its death is not told port by port. */
function forgotten(telling: Telling, at: bigint, ports: readonly PortSettings[]): void {
  for (const { name } of ports) { telling.changed(at, `${name} role`, "Disabled"); telling.changed(at, `${name} state`, "DISCARDING"); }
}

function hushed(recording: Recording, node: Node): Map<string, (at: bigint) => boolean> {
  return new Map(recording.run.topology.links.flatMap((l) => [l.a, l.b]).filter((port) => port.startsWith(`${node.name}:`)).map((port) => [port, unnoticed(recording, port)]));
}

function engineSays(recording: Recording, node: Node): string[] {
  const { run } = recording;
  const mine = `${node.name}:`;
  const telling = new Telling(hushed(recording, node));
  const changes = [...run.trace.ofKinds(T_STP_ROLE, T_STP_STATE)].filter((r) => run.names.ports[r.entity]?.startsWith(mine) === true)
    .map((r) => ({ at: r.at, do: () => { telling.changed(r.at, `${run.names.ports[r.entity]} ${r.kind === T_STP_ROLE ? "role" : "state"}`, r.kind === T_STP_ROLE ? ROLES[r.b]! : STATES[r.b]!); } }));
  const sent = run.frames.filter((f) => f.direction === "sent" && f.port.startsWith(mine) && bpduOf(Buffer.from(f.bytes)) !== null).map((f) => ({ at: f.at, do: () => { telling.sent(f.at, f.port, shown(f.port, bpduOf(Buffer.from(f.bytes))!)); } }));
  const ports = settings(recording, node);
  const off = happenings(recording, node.name).filter((h) => h.what === "node").map((h) => ({ at: h.at, do: () => { forgotten(telling, h.at, ports); } }));
  for (const each of inTime([...off, ...changes, ...sent])) each.do();
  return telling.lines();
}

function modelSays(recording: Recording, node: Node): string[] {
  const ports = settings(recording, node);
  const stp = node.stp!;
  const units = (ns: bigint): number => Number((ns * 256n) / 1_000_000_000n);
  const times = { messageAge: 0, maxAge: units(stp.maxAgeNs), hello: units(stp.helloNs), forwardDelay: units(stp.forwardDelayNs) };
  const guarded = (port: string): boolean => (stp.bpduGuard === "edge" ? ports.find((p) => p.name === port)!.adminEdge : stp.bpduGuard.includes(port.slice(node.name.length + 1)));
  const telling = new Telling(hushed(recording, node));
  let bridge: Bridge | null = null;
  const run = (at: bigint): void => {
    if (bridge === null) return;
    for (const { port, bpdu } of bridge.run(at)) telling.sent(at, port.of.name, shown(port.of.name, bpdu));
    bridge.all((p) => { telling.changed(at, `${p.of.name} role`, p.role); telling.changed(at, `${p.of.name} state`, p.pst); });
  };
  const timersUntil = (at: bigint, included: boolean): void => {
    for (let due = bridge?.next() ?? null; bridge !== null && due !== null && (due < at || (included && due === at)); due = bridge.next()) run(due);
  };
  for (const h of happenings(recording, node.name)) {
    timersUntil(h.at, false);
    if (h.what === "node") {
      bridge = isUp(h.state) ? new Bridge((BigInt(stp.priority) << 48n) | node.mac, times, ports) : null;
      forgotten(telling, h.at, ports);
      run(h.at);
      continue;
    }
    const port = bridge?.ports.find((p) => p.of.name === h.port);
    if (bridge === null || port === undefined) continue;
    if (h.what === "carrier") bridge.link(port, h.on, h.at);
    else {
      const bpdu = bpduOf(h.bytes);
      if (bpdu === null || guarded(h.port)) continue;
      bridge.hear(port, bpdu, h.at);
    }
    run(h.at);
  }
  timersUntil(recording.run.endNs, true);
  return telling.lines();
}

function settings({ run: { topology, names } }: Recording, node: Node): PortSettings[] {
  const { edge, shared, cost, mode } = node.stp!;
  const toServer = (port: string): boolean => topology.links.some((l) => [[l.a, l.b], [l.b, l.a]].some(([own, far]) => own === port && topology.nodes.find((n) => n.name === far!.split(":")[0])!.kind === "server"));
  const mine = names.ports.filter((name) => name.startsWith(`${node.name}:`)).map((name) => topology.ports.find((p) => `${p.node}:${p.name}` === name)!);
  return mine.map((p, i) => ({ p, i })).filter(({ p }) => p.mode !== "routed" && p.vlans.length > 0).map(({ p, i }) => ({
    name: `${node.name}:${p.name}`, id: 0x8000 | (i + 1), cost: cost[p.name] ?? Math.round(20_000_000 / p.speedMbps),
    adminEdge: edge === "servers" ? toServer(`${node.name}:${p.name}`) : edge.includes(p.name), autoEdge: mode === "rstp", pointToPoint: !shared.includes(p.name),
  }));
}

// --- bytes of a BPDU (802.1D-2004 9.3) -------------------------------------------------------------

const TYPES = { 0: "Config", 2: "RST", 0x80: "TCN" } as Record<number, Bpdu["type"]>;
const FLAG_ROLES = ["Unknown", "AlternateBackup", "Root", "Designated"] as const;

function bpduOf(bytes: Buffer): Bpdu | null {
  if (bytes.readUIntBE(0, 6) !== 0x0180c2000000 || bytes.readUIntBE(14, 3) !== 0x424203) return null;
  const body = bytes.subarray(17);
  const type = TYPES[body[3]!]!;
  const none: Bpdu = { type, priority: { root: 0n, cost: 0, bridge: 0n, port: 0 }, times: { messageAge: 0, maxAge: 0, hello: 0, forwardDelay: 0 }, flags: flagsOf(0) };
  if (type === "TCN") return none;
  return {
    type, flags: flagsOf(body[4]!),
    priority: { root: body.readBigUInt64BE(5), cost: body.readUInt32BE(13), bridge: body.readBigUInt64BE(17), port: body.readUInt16BE(25) },
    times: { messageAge: body.readUInt16BE(27), maxAge: body.readUInt16BE(29), hello: body.readUInt16BE(31), forwardDelay: body.readUInt16BE(33) },
  };
}

function flagsOf(b: number): Flags {
  const bit = (n: number): boolean => (b >> n & 1) === 1;
  return { tc: bit(0), proposal: bit(1), role: FLAG_ROLES[b >> 2 & 3]!, learning: bit(4), forwarding: bit(5), agreement: bit(6), tcAck: bit(7) };
}

function shown(port: string, { type, priority: p, times: t, flags }: Bpdu): string {
  if (type === "TCN") return `${port} sends TCN`;
  const raised = Object.entries(flags).filter(([, value]) => value !== false && value !== "Unknown").map(([name, value]) => (value === true ? name : value)).sort().join(" ");
  return `${port} sends ${type} ${p.root.toString(16)} ${p.cost} ${p.bridge.toString(16)} ${p.port.toString(16)} age ${t.messageAge} of ${t.maxAge} hello ${t.hello} delay ${t.forwardDelay} ${raised}`;
}
