// The engine's tables, row by row, and the names that go with their indices. What the views are made from.

import { IPV6_TAG, NODE_CRASHED, NODE_HUNG, NODE_OFF } from "../../assembly/abi.ts";
import { NODE_STATE, STATE_NODE } from "../../assembly/abi-state.ts";
import type { Moment } from "../engine/index.ts";
import { formatIp, formatSubnet, parseIp, subnetAt } from "../topology/ip.ts";
import type { Lag } from "../topology/model.ts";
import { BOND_KINDS } from "./types.ts";

/** One row; a column of abi-state.ts at a time. */
export interface Row {
  /** an index or a small number */
  of(column: number): number;
  /** an address, a MAC, a time */
  wide(column: number): bigint;
}

/** A lag with all its indices. */
export interface LagAt { lag: Lag; index: number; /** row of its first member */ first: number; members: { name: string; port: number; row: number }[] }

export class State {
  readonly moment: Moment;
  readonly #firstMember: number[] = [];

  constructor(moment: Moment) {
    this.moment = moment;
    let next = 0;
    for (const lag of moment.tables.lags) { this.#firstMember.push(next); next += lag.members.length; }
  }

  row(table: number, index: number): Row {
    const { engine } = this.moment;
    if (!engine.stateRow(table, index)) throw new RangeError(`table ${table} has no row ${index}`);
    const columns = new BigInt64Array(engine.memory.buffer, engine.stateAt() >>> 0, 32).slice();
    return { of: (column) => Number(columns[column]), wide: (column) => columns[column]! };
  }
  rows(table: number): Row[] { return Array.from({ length: this.moment.engine.stateRows(table) }, (_, i) => this.row(table, i)); }

  node(name: string): number { return this.moment.tables.names.nodes.indexOf(name); }
  nodeState(name: string): "up" | "crashed" | "hung" | "off" {
    const state = this.row(STATE_NODE, this.node(name)).of(NODE_STATE);
    return state === NODE_CRASHED ? "crashed" : state === NODE_HUNG ? "hung" : state === NODE_OFF ? "off" : "up";
  }

  /** "leaf1:Eth1" → "Eth1" */
  portName(port: number): string { return after(this.moment.tables.names.ports[port] ?? ""); }
  lagName(lag: number): string { return after(this.moment.tables.names.lags[lag] ?? ""); }
  portsOf(node: string): { name: string; port: number }[] {
    const index = this.node(node);
    return this.moment.tables.ports.flatMap((p, port) => (p.node === index ? [{ name: this.portName(port), port }] : []));
  }
  /** Interfaces of a node: row, and what it is called there. */
  l3sOf(node: string): { name: string; l3: number }[] {
    const index = this.node(node);
    return this.moment.tables.l3ifs.flatMap((row, l3) => (row.node === index ? [{ name: this.l3Name(l3), l3 }] : []));
  }
  l3Name(l3: number): string {
    const row = this.moment.tables.l3ifs[l3]!;
    return row.lag >= 0 ? this.lagName(row.lag) : row.port >= 0 ? this.portName(row.port) : `Vlan${row.vlan}`;
  }

  /** An address as the engine holds it: IPv4 as its number, IPv6 as a row of the run's table. */
  ip(address: number): string {
    return address >>> 24 === IPV6_TAG ? (this.moment.tables.names.ipv6[address & 0xffffff] ?? "::") : formatIp(BigInt(address >>> 0));
  }
  /** An interface's address with its length, and the subnet that it lies in. */
  prefixOf(l3: number): { address: string; subnet: string } {
    const row = this.moment.tables.l3ifs[l3]!;
    const ip = this.ip(row.ip);
    const node = this.moment.tables.names.nodes[row.node];
    const length = this.moment.topology.addresses.find((a) => a.node === node && a.ip === ip)?.prefix ?? row.prefixLen;
    return { address: `${ip}/${length}`, subnet: formatSubnet(subnetAt(parseIp(ip) ?? 0n, length)) };
  }

  lagsOf(node: string): LagAt[] {
    const index = this.node(node);
    return this.moment.tables.lags.flatMap((row, i) => {
      if (row.node !== index) return [];
      const name = this.moment.tables.names.lags[i];
      const lag = this.moment.topology.lags.find((l) => l.name === name)!;
      const first = this.#firstMember[i]!;
      return [{ lag, index: i, first, members: row.members.map((m, k) => ({ name: this.portName(m.port), port: m.port, row: first + k })) }];
    });
  }
  /** Linux bonds: what has a file in /proc/net/bonding. */
  bondsOf(node: string): LagAt[] { return this.lagsOf(node).filter(({ lag }) => lag.linux && BOND_KINDS.has(lag.mode)); }

  /** Nanoseconds since an engine time; never negative. */
  since(at: bigint): bigint { const d = this.moment.engineNs - at; return d < 0n ? 0n : d; }
  /** Nanoseconds until an engine time; null: it is not set, or over. */
  until(at: bigint): bigint | null { return at >= NEVER || at < this.moment.engineNs ? null : at - this.moment.engineNs; }
}

const NEVER = (1n << 63n) - 1n;

function after(name: string): string { return name.slice(name.indexOf(":") + 1); }
export const macText = (mac: bigint): string => (mac & 0xffffffffffffn).toString(16).padStart(12, "0").replace(/(..)(?!$)/g, "$1:");
