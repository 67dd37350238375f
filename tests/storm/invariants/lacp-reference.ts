// Port-channels of switches do what the machines of 802.1AX-2014 6.4 do (tests/reference/lacp.ts): a model of each is shown the carriers and frames that its
// port-channel was shown, and is in the same states in the same instants and sends the same LACPDUs. Linux bonds, which run in ticks, port-channels with min-links
// or fallback, and those of a pair that shows two systems when it is split, are not asked.

import * as abi from "../../../assembly/abi.ts";
import type { Lag } from "../../../bindings/topology/model.ts";
import { PortChannel, type End, type Port, type State, type System } from "../../reference/lacp.ts";
import type { Invariant } from "../invariant.ts";
import { happenings, isUp, unnoticed, type Recording } from "../replay/recording.ts";
import { firstApart, inTime, Telling, type TwoTellings } from "../replay/telling.ts";

export const lacpReference: Invariant<TwoTellings[]> = {
  name: "lacp-reference",
  async gather(world) {
    const { topology } = world.of;
    const apart = new Set(topology.pairs.filter((p) => p.ownSystem).map((p) => p.name));
    const channels = topology.lags.filter((l) => l.mode === "802.3ad" && l.lacp !== null && !l.linux && l.minLinks < 2 && (l.fallback ?? null) === null && !(l.pair !== null && apart.has(l.pair)));
    if (channels.length === 0) return null;
    const recording = await world.recorded();
    return channels.map((lag) => ({ who: lag.name, engine: engineSays(recording, lag), model: modelSays(recording, lag) }));
  },
  judge: (all) => all.flatMap(firstApart),
};

const named = (values: Record<string, number>): Record<number, string> => Object.fromEntries(Object.entries(values).map(([name, value]) => [value, name]));
/** Record → which machine, and what its states are called. */
const MACHINES: Record<number, { what: string; names: Record<number, string> }> = {
  [abi.T_LACP_RX]: { what: "receive", names: named({ PORT_DISABLED: abi.RX_PORT_DISABLED, EXPIRED: abi.RX_EXPIRED, DEFAULTED: abi.RX_DEFAULTED, CURRENT: abi.RX_CURRENT }) },
  [abi.T_LACP_PERIODIC]: { what: "periodic", names: named({ NO_PERIODIC: abi.PERIODIC_NONE, FAST_PERIODIC: abi.PERIODIC_FAST, SLOW_PERIODIC: abi.PERIODIC_SLOW }) },
  [abi.T_LACP_SELECTED]: { what: "selected", names: named({ UNSELECTED: abi.UNSELECTED, SELECTED: abi.SELECTED, STANDBY: abi.STANDBY }) },
  [abi.T_LACP_MUX]: {
    what: "mux",
    names: named({ DETACHED: abi.MUX_DETACHED, WAITING: abi.MUX_WAITING, ATTACHED: abi.MUX_ATTACHED, COLLECTING: abi.MUX_COLLECTING, DISTRIBUTING: abi.MUX_DISTRIBUTING, COLLECTING_DISTRIBUTING: abi.MUX_COLLECTING_DISTRIBUTING }),
  },
};

const memberNames = (lag: Lag): string[] => lag.members.map((m) => `${lag.node}:${m}`);

/** What it is without power, and where it begins. */
function forgotten(telling: Telling, at: bigint, lag: Lag): void {
  for (const name of memberNames(lag)) for (const [what, value] of [["receive", "PORT_DISABLED"], ["periodic", "NO_PERIODIC"], ["selected", "UNSELECTED"], ["mux", "DETACHED"]]) telling.changed(at, `${name} ${what}`, value!);
}

function engineSays(recording: Recording, lag: Lag): string[] {
  const { run } = recording;
  const members = new Set(memberNames(lag));
  const telling = new Telling(new Map(memberNames(lag).map((port) => [port, unnoticed(recording, port)])));
  const off = happenings(recording, lag.node).filter((h) => h.what === "node").map((h) => ({ at: h.at, do: () => { forgotten(telling, h.at, lag); } }));
  const farewells = new Set(off.map(({ at }) => at));
  const changes = [...run.trace.ofKinds(...Object.keys(MACHINES).map(Number))].filter((r) => members.has(run.names.ports[r.entity] ?? ""))
    .map((r) => ({ at: r.at, do: () => { const name = MACHINES[r.kind]!.names[r.b]; if (name !== undefined && !(farewells.has(r.at) && name !== "PORT_DISABLED")) telling.changed(r.at, `${run.names.ports[r.entity]} ${MACHINES[r.kind]!.what}`, name); } }));
  const sent = run.frames.filter((f) => f.direction === "sent" && members.has(f.port) && !farewells.has(f.at)).flatMap((f) => {
    const pdu = lacpduOf(Buffer.from(f.bytes));
    return pdu === null ? [] : [{ at: f.at, do: () => { telling.sent(f.at, f.port, `${f.port} sends ${shown(pdu.actor)} to ${shown(pdu.partner)}`); } }];
  });
  for (const each of inTime([...off, ...changes, ...sent])) each.do();
  return telling.lines();
}

function modelSays(recording: Recording, lag: Lag): string[] {
  const names = memberNames(lag);
  const telling = new Telling(new Map(memberNames(lag).map((port) => [port, unnoticed(recording, port)])));
  let channel: PortChannel | null = null;
  const run = (at: bigint): void => {
    if (channel === null) return;
    channel.run(at);
    channel.ports.forEach((p, i) => { tell(telling, at, names[i]!, p); });
  };
  const timersUntil = (at: bigint, included: boolean): void => {
    for (let due = channel?.next() ?? null; channel !== null && due !== null && (due < at || (included && due === at)); due = channel.next()) run(due);
  };
  const all = happenings(recording, lag.node);
  for (const [k, h] of all.entries()) {
    if (all[k - 1]?.at !== h.at) timersUntil(h.at, false);
    if (h.what === "node") {
      channel = isUp(h.state) ? new PortChannel(...settings(recording, lag)) : null;
      forgotten(telling, h.at, lag);
      run(h.at);
      continue;
    }
    const port = channel?.ports[names.indexOf(h.port)];
    if (port === undefined) continue;
    if (h.what === "carrier") port.portEnabled = h.on;
    else {
      const pdu = lacpduOf(h.bytes);
      if (pdu === null) continue;
      port.hear(pdu, h.at);
      // Frames come before timers: who is heard in the instant in which its time runs out is heard in time, whichever member's frame is first.
      const next = all[k + 1];
      if (next?.what === "frame" && next.at === h.at && names.includes(next.port) && lacpduOf(next.bytes) !== null) continue;
    }
    run(h.at);
  }
  timersUntil(recording.run.endNs, true);
  return telling.lines();
}

function tell(telling: Telling, at: bigint, name: string, p: Port): void {
  for (const what of ["receive", "periodic", "selected", "mux"] as const) telling.changed(at, `${name} ${what}`, p[what]);
  for (; p.frames > 0; p.frames -= 1) telling.sent(at, name, `${name} sends ${shown(p.actor)} to ${shown(p.partner)}`);
}

function settings({ run: { topology, names } }: Recording, lag: Lag): [System, { priority: number; number: number }[]] {
  const lacp = lag.lacp!;
  const pair = topology.pairs.find((p) => p.name === lag.pair);
  const system = {
    system: pair?.systemMac ?? topology.nodes.find((n) => n.name === lag.node)!.mac, systemPriority: pair?.systemPriority ?? lacp.systemPriority, key: lacp.key, active: lacp.active, fast: lacp.fast,
    independent: lacp.independent, maxBundle: lag.maxBundle,
  };
  const mine = names.ports.filter((name) => name.startsWith(`${lag.node}:`));
  const second = lag.mlagId !== 0 && pair?.peers[1] === lag.node;
  return [system, lag.members.map((m) => ({ priority: lacp.portPriority[m] ?? lacp.defaultPortPriority, number: (second ? 0x8000 : 0) | (mine.indexOf(`${lag.node}:${m}`) + 1) }))];
}

// --- bytes of a LACPDU (802.1AX-2014 6.4.2.3) -------------------------------------------------------

function lacpduOf(bytes: Buffer): { actor: End; partner: End } | null {
  if (bytes.readUInt16BE(12) !== 0x8809 || bytes[14] !== 1) return null;
  return { actor: endOf(bytes.subarray(18)), partner: endOf(bytes.subarray(38)) };
}

function endOf(b: Buffer): End {
  const bit = (n: number): boolean => (b[14]! >> n & 1) === 1;
  const state: State = { activity: bit(0), shortTimeout: bit(1), aggregation: bit(2), synchronization: bit(3), collecting: bit(4), distributing: bit(5), defaulted: bit(6), expired: bit(7) };
  return { systemPriority: b.readUInt16BE(0), system: BigInt(b.readUIntBE(2, 6)), key: b.readUInt16BE(8), portPriority: b.readUInt16BE(10), port: b.readUInt16BE(12), state };
}

function shown(e: End): string { return `${e.systemPriority}/${e.system.toString(16)} key ${e.key} port ${e.portPriority}/${e.port} ${Object.entries(e.state).filter(([, on]) => on).map(([name]) => name).join(" ")}`; }
