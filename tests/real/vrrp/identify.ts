// Which router said it. The recorded ones have 10.99.0.N, or the link-local address of 02:00:00:00:0N:01, or at least that MAC address.
// Over IPv6 with a virtual MAC the address is that of another interface: then the priority tells.

import { formatIp, linkLocalOf } from "../../../bindings/topology/ip.ts";
import { NOBODY, type Sighting } from "./pcap.ts";
import type { RouterConf } from "./recording.ts";

const RECORDED_MAC = 0x0200_0000_0001n;
const recordedMac = (id: number): bigint => RECORDED_MAC | (BigInt(id) << 8n);

/** `macs`: router → MAC address of its interface; left out: those of the recordings. */
export function identify(seen: readonly Sighting[], confs: readonly RouterConf[], what: string, macs?: ReadonlyMap<number, bigint>): Sighting[] {
  const known = new Map<string, number>();
  for (const { id } of confs) {
    const mac = macs?.get(id) ?? recordedMac(id);
    known.set(`10.99.0.${id}`, id).set(formatIp(linkLocalOf(mac)), id).set(mac.toString(16).padStart(12, "0"), id);
  }
  let last: number | null = null;
  return seen.map((s) => {
    if (s.kind === "garp" || s.kind === "solicit") return s;
    const router = known.get(s.from) ?? known.get(s.mac);
    if (s.kind === "join") return { ...s, router: router ?? NOBODY };
    const byPriority = confs.filter((c) => s.priority === c.priority || (s.priority === c.priority - c.tracked && c.tracked > 0));
    const id = router ?? (s.priority === 0 ? last : byPriority.length === 1 ? byPriority[0]!.id : null);
    if (id === null) throw new Error(`${what}: whose is the advertisement from ${s.from} (${s.mac}, priority ${s.priority}) at ${s.t.toFixed(3)} s? Neither address nor priority tell`);
    last = id;
    return { ...s, router: id };
  });
}
