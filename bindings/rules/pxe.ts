// Servers that boot over the network, behind port-channels that wait for LACP.

import { formatDuration } from "../duration.ts";
import type { Lag, PxeBoot } from "../topology/model.ts";
import type { Design } from "./design.ts";
import { group } from "./rule.ts";

/** Port-channels of LACP that the NICs lead to which the firmware may boot from. */
function* waits(design: Design): Iterable<{ boot: PxeBoot; lags: Lag[] }> {
  for (const boot of design.topology.boots ?? []) {
    const ports = design.portsOf(boot.server).map((port) => port.name);
    const nics = boot.nicRule === "named" ? ports.filter((port) => port === boot.nic) : ports;
    const lags = nics.flatMap((nic) => design.lagAt(design.far(`${boot.server}:${nic}`) ?? "") ?? []).filter((lag) => lag.lacp !== null);
    if (lags.length > 0) yield { boot, lags: [...new Set(lags)] };
  }
}

const falls = (lag: Lag): boolean => lag.fallback != null && lag.fallback.mode !== "none";

/** How long the firmware asks for an address on one NIC: the first wait doubles with each DISCOVER. */
const patience = ({ linkNs, discoverNs, discovers }: PxeBoot): bigint => linkNs + discoverNs * (2n ** BigInt(discovers) - 1n);

export const PXE = group("pxe", {
  "no-fallback": {
    severity: "error", systems: [8, 9],
    title: "A server boots over the network from a port-channel that waits for LACP",
    why: "The firmware speaks no LACP. A port-channel without a fallback keeps its members closed until it hears an LACPDU: the DISCOVERs go nowhere, and the server has no operating system to speak LACP with.",
    mend: "Give the bond an `lacp-fallback`, in the switch's own words: individual, static, force-up, edge-port, bypass.",
    effect: "the server does not boot",
    example: { faulty: "members: [eth0, eth1]}", mended: "members: [eth0, eth1], lacp-fallback: {mode: individual}}" },
    find: function* (design) {
      for (const { boot, lags } of waits(design)) {
        const closed = lags.filter((lag) => !falls(lag));
        if (closed.length === lags.length) yield { subject: boot.server, at: closed[0]!.where, seen: `${boot.server} boots over the network, and ${closed.map((lag) => lag.name).join(" and ")} wait${closed.length === 1 ? "s" : ""} for LACP` };
      }
    },
  },
  "fallback-late": {
    severity: "warning", systems: [8, 9],
    title: "LACP fallback begins when the firmware has given up",
    why: "The switch waits for LACP longer than the firmware asks for an address. The attempt is lost, and whether a later one works depends on whether the link stays up between them.",
    mend: "Shorten the fallback's `timeout`, or let the firmware ask longer: `dhcp: {tries: 4}`, `attempts`.",
    effect: "the server does not boot at the first attempt",
    example: { faulty: "lacp-fallback: {mode: static, timeout: 90s}", mended: "lacp-fallback: {mode: static, timeout: 10s}" },
    find: function* (design) {
      for (const { boot, lags } of waits(design)) {
        const falling = lags.filter(falls);
        if (falling.length === 0 || falling.some((lag) => lag.fallback!.timeoutNs < patience(boot))) continue;
        const [first] = falling as [Lag];
        yield { subject: boot.server, at: design.places.at(first.where, "lacp-fallback", "timeout"), seen: `${first.name} falls back after ${formatDuration(first.fallback!.timeoutNs)}, and ${boot.server} asks for an address for ${formatDuration(patience(boot))}` };
      }
    },
  },
});
