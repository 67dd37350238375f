// A Linux bond that deals by layer3+4 sends each flow by the member that the formula of docs/hashing.md names (tests/reference/hash.ts): usable[hash mod n], in the
// order of configuration; while faults are at work, once they have settled, and after the repairs. Switches mix the hash with a seed of their own and are not asked.

import { T_CARRIER, T_MEMBER } from "../../../assembly/abi.ts";
import type { RunResult } from "../../../bindings/engine/index.ts";
import type { Flow, Lag, Topology } from "../../../bindings/topology/model.ts";
import { referenceHash, type Packet } from "../../reference/hash.ts";
import { addressBytes } from "../../support/hash-frames.ts";
import type { Invariant } from "../invariant.ts";
import { lastValues } from "../world.ts";

interface Dealt { at: bigint; flow: string; bond: string; usable: string[]; hash: number; taken: string }

const AFTER_NS = 1_000_000_000n;
const MODES: ReadonlySet<string> = new Set(["802.3ad", "balance-xor"]);

export const hashReference: Invariant<Dealt[]> = {
  name: "hash-reference",
  async gather(world) {
    const { topology, faultsNs, settledNs, scenario } = world.of;
    const bonds = topology.lags.filter((l) => l.linux && MODES.has(l.mode) && l.hash === "layer3+4");
    if (bonds.length === 0) return null;
    const session = await world.open();
    const found: Dealt[] = [];
    for (const at of [faultsNs + AFTER_NS, settledNs, scenario.untilNs]) {
      await world.drive(session, at);
      found.push(...dealt(session.result(), topology, bonds));
    }
    return found;
  },
  judge: (all) => all.flatMap(({ at, flow, bond, usable, hash, taken }) => {
    const due = usable[hash % usable.length];
    return due === taken ? [] : [`${at} ns: ${bond} sends ${flow} by ${taken}, and the hash ${hash} of ${usable.length} members names ${due}`];
  }),
};

function dealt(run: RunResult, topology: Topology, bonds: readonly Lag[]): Dealt[] {
  const members = lastValues(run, T_MEMBER, run.endNs);
  const carriers = lastValues(run, T_CARRIER, run.endNs, "a");
  const sends = (port: string): boolean => { const i = run.names.ports.indexOf(port); return ((members.get(i) ?? 0) & 2) !== 0 && carriers.get(i) === 1; };
  return run.paths.flatMap(({ flow: name, direction, hops }): Dealt[] => {
    const taken = hops[0]?.from;
    const bond = bonds.find((b) => b.members.some((m) => `${b.node}:${m}` === taken));
    if (taken === undefined || bond === undefined) return [];
    const usable = bond.members.map((m) => `${bond.node}:${m}`).filter(sends);
    return [{ at: run.endNs, flow: `${name} ${direction}`, bond: bond.name, usable, hash: hashOf(topology, topology.flows.find((f) => f.name === name)!, direction), taken }];
  });
}

function hashOf(topology: Topology, flow: Flow, direction: 0 | 1): number {
  const address = (host: string): number[] => addressBytes(topology.addresses.find((a) => a.node === host)!.ip);
  const [src, dst, sport, dport] = direction === 0 ? [flow.from, flow.to, flow.sport, flow.dport] : [flow.to, flow.from, flow.dport, flow.sport];
  const proto = flow.protocol === "tcp" ? 6 : 17;
  const version = address(src).length === 4 ? 4 : 6;
  const packet: Packet = {
    dstMac: [0, 0, 0, 0, 0, 0], srcMac: [0, 0, 0, 0, 0, 0], tci: 0, tags: [],
    body: { version, src: address(src), dst: address(dst), fragment: false, extensions: [], payload: { kind: "ports", proto, sport, dport } },
  };
  return referenceHash("layer3+4", packet);
}
