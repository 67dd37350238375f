// LACP fallback by vendor: what a port-channel does while its partner is silent. docs/pxe.md has the table with its sources.

import { formatDuration } from "../duration.ts";
import type { Draft } from "./draft.ts";
import type { Fallback, FallbackMode, Lag, Node, Ns } from "./model.ts";
import type { Path } from "./problems.ts";
import type { ProfileName, Sourced } from "./profiles.ts";
import type { FallbackInput } from "./schema/file.ts";

interface VendorFallback {
  vendor: string;
  /** What its switches can do; the first is meant where only a timeout or a port is named. */
  modes: readonly FallbackMode[];
  timeout: Sourced<Ns> | ((fast: boolean) => Sourced<Ns>);
  peers: Sourced<"one" | "each">;
}

const s = (n: number): Ns => BigInt(n) * 1_000_000_000n;
const UNSAID = "dualhome's own choice, no source found (unverified)";
const AT_ONCE = (vendor: string): Sourced<Ns> => [0n, `${vendor}: as soon as LACP gives up, 3 s after link-up`];

const VENDORS: Readonly<Record<ProfileName, VendorFallback>> = {
  "standard": { vendor: "standard", modes: ["static", "individual", "force-up", "edge-port", "bypass"], timeout: [s(90), "dualhome's own default"], peers: ["one", "dualhome's own default"] },
  "linux": { vendor: "Linux", modes: [], timeout: [0n, UNSAID], peers: ["each", UNSAID] },
  "nxos-vpc": { vendor: "Cisco NX-OS", modes: ["individual"], timeout: AT_ONCE("Cisco NX-OS, no lacp suspend-individual"), peers: ["each", "Cisco vPC: each peer by itself (unverified)"] },
  "eos-mlag": { vendor: "Arista EOS", modes: ["static", "individual"], timeout: [s(90), "Arista EOS default"], peers: ["one", "Arista MLAG: one peer's port, the lowest (exact election unverified)"] },
  "junos-mclag": { vendor: "Junos", modes: ["force-up"], timeout: AT_ONCE("Junos force-up"), peers: ["one", "Junos: configured on one peer"] },
  "sonic-mclag": { vendor: "SONiC", modes: ["static"], timeout: AT_ONCE("SONiC fallback"), peers: ["each", "SONiC: each peer by itself"] },
  "aruba-vsx": { vendor: "Aruba CX", modes: ["static"], timeout: [0n, `Aruba CX: ${UNSAID}`], peers: ["one", `Aruba VSX: ${UNSAID}`] },
  "dell-vlt": { vendor: "Dell OS10", modes: ["static"], timeout: [s(15), "Dell OS10 default (unverified)"], peers: ["one", "Dell VLT: one port of both chassis"] },
  "comware-mlag": { vendor: "Comware", modes: ["edge-port"], timeout: AT_ONCE("Comware lacp edge-port"), peers: ["each", `Comware: ${UNSAID}`] },
  "huawei-mlag": { vendor: "Huawei", modes: ["force-up"], timeout: (fast) => (fast ? [s(3), "Huawei: LACP's short timeout"] : [s(90), "Huawei: LACP's long timeout"]), peers: ["one", `Huawei: ${UNSAID}`] },
  "cumulus-clag": { vendor: "Cumulus", modes: ["bypass"], timeout: AT_ONCE("Cumulus lacp-bypass-allow"), peers: ["each", `Cumulus: ${UNSAID}`] },
  "exos-mlag": { vendor: "Extreme EXOS", modes: ["static"], timeout: [s(60), "Extreme EXOS default"], peers: ["one", `Extreme MLAG: ${UNSAID}`] },
  "fastiron-mct": { vendor: "Ruckus FastIron", modes: ["force-up"], timeout: AT_ONCE("Ruckus force-up"), peers: ["one", `Ruckus MCT: ${UNSAID}`] },
};

/** The fallback of a switch's port-channel. `portOf`: the port of this switch that a name in the file means, or null. */
export function fallbackOf(draft: Draft, node: Node, lag: Lag, input: FallbackInput | undefined, path: Path, portOf: (name: string) => string | null): Fallback | null {
  if (lag.lacp === null) return null;
  const own = input ?? draft.input.defaults?.lacp?.["lacp-fallback"];
  const at = input === undefined ? ["defaults", "lacp", "lacp-fallback"] : [...path, "lacp-fallback"];
  const vendor = VENDORS[node.profile as ProfileName];
  const what = (word: string): string => `switches (${vendor.vendor}): LACP fallback${word}`;
  if (own === undefined) {
    if (draft.boots) draft.assume(what(""), "none", `${vendor.vendor}: off by default`);
    return null;
  }
  const mode = own.mode ?? vendor.modes[0] ?? "none";
  if (mode === "none") return null;
  if (!vendor.modes.includes(mode)) {
    const offers = vendor.modes.length === 0 ? "it has none" : `it has ${vendor.modes.join(", ")}`;
    draft.report("DH_FALLBACK", [...at, "mode"], `${vendor.vendor} has no LACP fallback "${mode}"`, offers);
    return null;
  }
  const timeout = typeof vendor.timeout === "function" ? vendor.timeout(lag.lacp.fast) : vendor.timeout;
  return {
    mode,
    timeoutNs: draft.choose(draft.duration(own.timeout, [...at, "timeout"]), timeout, what(` (${mode}) after`), formatDuration),
    port: own.port === undefined ? null : portOf(own.port),
    named: own.port !== undefined,
    peers: lag.pair === null ? "each" : draft.choose(own.peers, vendor.peers, what(" on an MC-LAG pair")),
  };
}
