// What a bond's entry says, and what its mode makes of it.

import { formatDuration } from "../duration.ts";
import type { Draft } from "./draft.ts";
import { isIpv6, parseIp } from "./ip.ts";
import type { BondOptions, Lag, LagMode } from "./model.ts";
import { meant, type Path } from "./problems.ts";
import type { BondFields, BondInput } from "./schema/file.ts";

export type Settings = Required<Pick<Lag, "mode" | "hash" | "minLinks" | "adSelect" | "miimonNs" | "updelayNs" | "downdelayNs" | "primary" | "primaryReselect" | "garpCount" | "bond">> & {
  fast: boolean;
  active: boolean;
  userKey: number;
  systemPriority: number | null;
  split: boolean;
  windows: boolean;
};

const MODES = {
  "802.3ad": "802.3ad", "active-backup": "active-backup", "balance-xor": "static", "balance-rr": "balance-rr", broadcast: "broadcast", "balance-tlb": "balance-tlb",
  "balance-alb": "balance-alb", "windows-switch-independent": "independent", "windows-lacp": "802.3ad", "windows-static": "static",
} as const satisfies Record<string, LagMode>;
type Mode = keyof typeof MODES;

/** Modes that want plain ports, on any switches. */
export function freePlacement(mode: LagMode): boolean {
  return mode === "active-backup" || mode === "balance-tlb" || mode === "balance-alb" || mode === "independent";
}

const HASHLESS: ReadonlySet<LagMode> = new Set(["active-backup", "balance-rr", "broadcast", "balance-alb", "independent"]);
const NO_ARP_MONITOR: ReadonlySet<LagMode> = new Set(["802.3ad", "balance-tlb", "balance-alb", "independent"]);
const S = 1_000_000_000n;

export function settingsOf(draft: Draft, input: BondInput, path: Path, members: readonly string[]): Settings {
  const defaults = draft.input.defaults?.bond ?? {};
  const pick = <K extends keyof BondFields>(word: K): BondFields[K] => input[word] ?? defaults[word];
  const time = (word: "mii-monitor-interval" | "up-delay" | "down-delay" | "peer-notify-delay" | "learn-packet-interval" | "arp-interval") =>
    draft.duration(input[word], [...path, word]) ?? draft.duration(defaults[word], ["defaults", "bond", word]);
  const word = draft.choose<Mode>(pick("mode"), ["802.3ad", "dualhome's own default"], "bonds: mode");
  const mode = MODES[word];
  const windows = word.startsWith("windows-");
  const lacp = mode === "802.3ad";
  const primary = input.primary ?? null;
  if (primary !== null && !members.includes(primary)) {
    draft.report("DH_UNKNOWN_PORT", [...path, "primary"], `primary "${primary}" is not a member`, meant(primary, members));
  }
  const bond = optionsOf(draft, pick, time, path, mode);
  const forced = lacp || mode === "balance-tlb" || mode === "balance-alb";
  const given = time("mii-monitor-interval");
  const poll = (): bigint => draft.choose(
    forced && given === 0n ? null : given, [100_000_000n, forced ? "Linux bonding, which forces it in this mode" : "dualhome's own default"], `bonds (${mode}): MII monitor interval`, formatDuration);
  for (const option of ["lacp-active", "ad-user-port-key", "ad-actor-system-priority"] as const) {
    if (input[option] !== undefined && (!lacp || windows)) draft.report("DH_VALUE", [...path, option], `mode ${word} has no such option`, lacp ? null : "mode: 802.3ad", { key: true });
  }
  return {
    mode, primary, bond, windows,
    hash: HASHLESS.has(mode) ? "layer2" : windows ? (pick("transmit-hash-policy") ?? "layer3+4") : draft.choose(pick("transmit-hash-policy"), ["layer2", "Linux bonding default"], "bonds: transmit hash policy"),
    fast: lacp && (windows ? pick("lacp-rate") !== "slow" : draft.choose(pick("lacp-rate"), ["slow", "Linux bonding default"], "bonds: LACP rate") === "fast"),
    active: pick("lacp-active") ?? true,
    userKey: pick("ad-user-port-key") ?? 0,
    systemPriority: pick("ad-actor-system-priority") ?? null,
    minLinks: pick("min-links") ?? 0,
    adSelect: pick("ad-select") ?? "stable",
    split: lacp && !windows && input["ad-select"] !== undefined,
    miimonNs: windows || bond.arpIntervalNs > 0n ? 0n : poll(),
    updelayNs: time("up-delay") ?? 0n,
    downdelayNs: time("down-delay") ?? 0n,
    primaryReselect: pick("primary-reselect-policy") ?? "always",
    garpCount: pick("gratuitous-arp") ?? 1,
  };
}

type Pick1 = <K extends keyof BondFields>(word: K) => BondFields[K];
type Time = (word: "peer-notify-delay" | "learn-packet-interval" | "arp-interval") => bigint | null;

function optionsOf(draft: Draft, pick: Pick1, time: Time, path: Path, mode: LagMode): BondOptions {
  const targets = pick("arp-ip-targets") ?? [];
  const arpTargets = typeof targets === "string" ? [targets] : targets;
  const arpIntervalNs = time("arp-interval") ?? 0n;
  for (const target of arpTargets) if (isIpv6(parseIp(target) ?? 1n << 32n)) draft.report("DH_ADDRESS", [...path, "arp-ip-targets"], `"${target}" is no IPv4 address`);
  if (arpIntervalNs > 0n && NO_ARP_MONITOR.has(mode)) draft.report("DH_VALUE", [...path, "arp-interval"], "this mode has no ARP monitor", "use mii-monitor-interval");
  if (arpIntervalNs > 0n && pick("mii-monitor-interval") !== undefined) draft.report("DH_VALUE", [...path, "arp-interval"], "a bond has the ARP monitor or the MII monitor, not both", "leave one out");
  if (arpIntervalNs > 0n && arpTargets.length === 0) draft.report("DH_MISSING", [...path, "arp-interval"], "the ARP monitor has nobody to ask", "arp-ip-targets: an address, or up to 16");
  return {
    packetsPerSlave: pick("packets-per-slave") ?? 1, failOverMac: pick("fail-over-mac-policy") ?? "none", peerNotifyDelayNs: time("peer-notify-delay") ?? 0n,
    learnIntervalNs: time("learn-packet-interval") ?? S, dynamic: pick("tlb-dynamic") ?? true, balance: pick("load-balancing") ?? "dynamic",
    arpIntervalNs, arpTargets, arpValidate: pick("arp-validate") ?? "none", arpMissedMax: pick("arp-missed-max") ?? 2, arpAllTargets: pick("arp-all-targets") === "all",
  };
}
