// Runs one topology of the matrix and counts: what arrived, what arrived twice, what was lost, which members were used, and how often
// a switch had to learn the server's address anew.

import { storms } from "../analysis/index.ts";
import { standing, type Instance, type InstanceOptions } from "../engine/index.ts";
import type { Topology } from "../topology/model.ts";

export interface Counts { sent: number; arrived: number; copies: number; late: number }

export interface Measured {
  seconds: number;
  /** members of the server that carried a flow's frame, either way */
  members: { all: number; sending: number; receiving: number; used: number };
  /** from the server, to the server */
  out: Counts;
  in: Counts;
  broadcast: Counts;
  /** directions of flows, and those of which nothing or not everything arrived */
  directions: { all: number; dead: number; hurt: number };
  macMoves: number;
  /** loops in which a frame came back, in this run: the engine's own records of them */
  storms: { vlan: number; node: string; port: string; framesPerMs: number | null }[];
}

const INTERVAL_NS = 20_000_000n;
const SECONDS = 2n;
const S = 1_000_000_000n;
/** Frames still under way when the counting ends would count as lost. */
const TAIL = 1;

export interface MeasureOptions extends Pick<InstanceOptions, "seed" | "wasm"> {
  /** sent before counting begins; a second, so that every address has been asked for and learned */
  warmNs?: bigint;
}

export async function measure(topology: Topology, options: MeasureOptions = {}): Promise<Measured> {
  const warmNs = options.warmNs ?? S;
  const run = await standing(topology, null, { ...options, probes: { intervalNs: INTERVAL_NS, broadcasts: true } });
  run.advance(-1n);
  const moved = (): number => run.tables.nodes.reduce((sum, _, i) => sum + (run.engine.macMoves(i) >>> 0), 0);
  run.advance(warmNs);
  const moves = moved();
  const before = readings(run);
  run.advance(warmNs + SECONDS * S);
  return result(run, before, readings(run), moved() - moves, warmNs);
}

interface Readings { rows: Counts[]; sent: number[]; taken: number[] }

function readings({ engine, tables }: Instance): Readings {
  const rows = Array.from({ length: tables.flows.length * 4 }, (_, row) => ({
    sent: engine.probeSent(row) >>> 0, arrived: engine.probeReceived(row) >>> 0, copies: engine.probeCopies(row) >>> 0, late: engine.probeLate(row) >>> 0,
  }));
  const ports = serverPorts(tables);
  return { rows, sent: ports.map((p) => engine.portSent(p) >>> 0), taken: ports.map((p) => engine.portTaken(p) >>> 0) };
}

function serverPorts(tables: Instance["tables"]): number[] {
  const lag = tables.lags.find((_, i) => tables.names.lags[i] === "srv1:bond0");
  return lag === undefined ? [] : lag.members.map((m) => m.port);
}

const nothing = (): Counts => ({ sent: 0, arrived: 0, copies: 0, late: 0 });

function add(to: Counts, a: Counts, b: Counts): void {
  to.sent += b.sent - a.sent;
  to.arrived += b.arrived - a.arrived;
  to.copies += b.copies - a.copies;
  to.late += b.late - a.late;
}

function result(run: Instance, before: Readings, after: Readings, macMoves: number, fromNs: bigint): Measured {
  const [out, into, broadcast] = [nothing(), nothing(), nothing()];
  const directions = { all: 0, dead: 0, hurt: 0 };
  after.rows.forEach((row, i) => {
    const start = before.rows[i] ?? nothing();
    // Flows go from the client to the server: direction 0 comes in.
    add((i & 1) === 1 ? broadcast : (i & 2) === 0 ? into : out, start, row);
    if ((i & 1) === 1) return;
    const lost = row.sent - start.sent - (row.arrived - start.arrived);
    directions.all += 1;
    if (row.arrived === start.arrived) directions.dead += 1;
    if (lost > TAIL) directions.hurt += 1;
  });
  const busy = (now: number[], then: number[]): boolean[] => now.map((n, i) => n > (then[i] ?? 0));
  const sending = busy(after.sent, before.sent);
  const receiving = busy(after.taken, before.taken);
  const count = (list: boolean[]): number => list.filter(Boolean).length;
  return {
    seconds: Number(SECONDS), out, in: into, broadcast, directions, macMoves, storms: storming(run, fromNs),
    members: { all: sending.length, sending: count(sending), receiving: count(receiving), used: count(sending.map((s, i) => s || receiving[i] === true)) },
  };
}

/** Those that were over before counting began are none of the cell's. */
function storming({ trace, tables }: Instance, fromNs: bigint): Measured["storms"] {
  return storms({ trace, names: tables.names }).filter((s) => s.endNs === null || s.endNs > fromNs).map(({ vlan, node, port, framesPerMs }) => ({ vlan, node, port, framesPerMs }));
}
