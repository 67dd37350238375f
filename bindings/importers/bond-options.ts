// Options of a Linux bond, in netplan's words or the driver's, as the words of a topology file.
// Documentation/networking/bonding.rst; netplan's YAML reference, "Properties for device type bonds".

import type { Line } from "./line.ts";

/** An option as it was written. */
export interface Written { word: string; value: string; at: Line; col: number }
export interface Wrong { at: Line; col: number; text: string }
export interface ReadOptions { settings: Record<string, unknown>; notes: Line[]; wrong: Wrong[] }

export const MODES = ["balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb"] as const;
type Mode = (typeof MODES)[number];

type Reader = (value: string) => { value: unknown } | { wrong: string };
interface Option { to: string; names: readonly string[]; read: Reader; modes?: readonly Mode[] }

const oneOf = (words: readonly string[]): Reader => (value) => {
  const word = words[Number(value)] ?? value.replaceAll("_", "-");
  return /^\d+$/.test(value) && words[Number(value)] !== undefined ? { value: word } : words.includes(word) ? { value: word } : { wrong: `is ${words.join(", ")}` };
};
const whole = (low: number, high: number): Reader => (value) => (/^\d{1,9}$/.test(value) && Number(value) >= low && Number(value) <= high ? { value: Number(value) } : { wrong: `is a whole number from ${low} to ${high}` });
/** A number without a unit counts in `unit`. */
const time = (unit: "ms" | "s"): Reader => (value) => {
  const match = /^(\d{1,9})(?:\s*(us|ms|s|sec|m|min|h))?$/.exec(value);
  if (match === null) return { wrong: `is a time: a number, in ${unit === "ms" ? "milliseconds" : "seconds"} unless it has a unit` };
  const words: Record<string, string> = { sec: "s", min: "m" };
  const given = match[2] ?? unit;
  return { value: `${match[1]}${words[given] ?? given}` };
};
const flag = (yes: boolean): Reader => (value) => (/^(1|on|yes|true)$/i.test(value) ? { value: yes } : /^(0|off|no|false)$/i.test(value) ? { value: !yes } : { wrong: "is on or off" });
const addresses: Reader = (value) => {
  const list = value.split(",").map((a) => a.trim().replace(/^\+/, "")).filter((a) => a !== "");
  return list.length > 0 && list.every((a) => /^\d+\.\d+\.\d+\.\d+$/.test(a)) ? { value: list } : { wrong: "is a list of IPv4 addresses" };
};

const ARP: readonly Mode[] = ["balance-rr", "active-backup", "balance-xor", "broadcast"];
const PRIMARY: readonly Mode[] = ["active-backup", "balance-tlb", "balance-alb"];
const LACP: readonly Mode[] = ["802.3ad"];
const OPTIONS: readonly Option[] = [
  { to: "lacp-rate", names: ["lacp-rate", "lacp_rate"], read: oneOf(["slow", "fast"]), modes: LACP },
  { to: "lacp-active", names: ["lacp-active", "lacp_active"], read: flag(true), modes: LACP },
  { to: "min-links", names: ["min-links", "min_links"], read: whole(0, 64), modes: LACP },
  { to: "ad-select", names: ["ad-select", "ad_select"], read: oneOf(["stable", "bandwidth", "count"]), modes: LACP },
  { to: "ad-user-port-key", names: ["ad-user-port-key", "ad_user_port_key"], read: whole(0, 1023), modes: LACP },
  { to: "ad-actor-system-priority", names: ["ad-actor-system-priority", "ad_actor_sys_prio"], read: whole(1, 65535), modes: LACP },
  { to: "transmit-hash-policy", names: ["transmit-hash-policy", "xmit_hash_policy"], read: oneOf(["layer2", "layer3+4", "layer2+3", "encap2+3", "encap3+4", "vlan+srcmac"]),
    modes: ["balance-xor", "802.3ad", "balance-tlb"] },
  { to: "mii-monitor-interval", names: ["mii-monitor-interval", "miimon"], read: time("ms") },
  { to: "up-delay", names: ["up-delay", "updelay"], read: time("ms") },
  { to: "down-delay", names: ["down-delay", "downdelay"], read: time("ms") },
  { to: "primary", names: ["primary"], read: (value) => ({ value }), modes: PRIMARY },
  { to: "primary-reselect-policy", names: ["primary-reselect-policy", "primary_reselect"], read: oneOf(["always", "better", "failure"]), modes: PRIMARY },
  { to: "fail-over-mac-policy", names: ["fail-over-mac-policy", "fail_over_mac"], read: oneOf(["none", "active", "follow"]), modes: ["active-backup"] },
  { to: "gratuitous-arp", names: ["gratuitous-arp", "gratuitious-arp", "num_grat_arp", "num_unsol_na"], read: whole(0, 255), modes: PRIMARY },
  { to: "peer-notify-delay", names: ["peer-notify-delay", "peer_notif_delay"], read: time("ms"), modes: PRIMARY },
  { to: "packets-per-slave", names: ["packets-per-slave", "packets-per-member", "packets_per_slave"], read: whole(0, 65535), modes: ["balance-rr"] },
  { to: "learn-packet-interval", names: ["learn-packet-interval", "lp_interval"], read: time("s"), modes: ["balance-tlb", "balance-alb"] },
  { to: "tlb-dynamic", names: ["tlb-dynamic", "tlb_dynamic_lb"], read: flag(true), modes: ["balance-tlb"] },
  { to: "arp-interval", names: ["arp-interval", "arp_interval"], read: time("ms"), modes: ARP },
  { to: "arp-ip-targets", names: ["arp-ip-targets", "arp_ip_target"], read: addresses, modes: ARP },
  { to: "arp-validate", names: ["arp-validate", "arp_validate"], read: oneOf(["none", "active", "backup", "all", "filter", "filter-active", "filter-backup"]), modes: ARP },
  { to: "arp-all-targets", names: ["arp-all-targets", "arp_all_targets"], read: oneOf(["any", "all"]), modes: ARP },
  { to: "arp-missed-max", names: ["arp-missed-max", "arp_missed_max", "missed_max"], read: whole(1, 255), modes: ARP },
];
const MODE: Reader = oneOf(MODES);
const FORCED: ReadonlySet<Mode> = new Set(["802.3ad", "balance-tlb", "balance-alb"]);

/** `at`: the bond itself, for what it does not say. */
export function readOptions(list: readonly Written[], at: Line): ReadOptions {
  const out: ReadOptions = { settings: {}, notes: [], wrong: [] };
  const note = (line: Line, text: string): void => { out.notes.push({ ...line, text }); };
  const mode = modeOf(list, at, out);
  out.settings["mode"] = mode;
  for (const w of list) {
    if (w.word === "mode") continue;
    const option = OPTIONS.find((o) => o.names.includes(w.word));
    if (option === undefined) { note(w.at, `bond option ${w.word} is left out: there is no such setting here`); continue; }
    const read = option.read(w.value);
    if ("wrong" in read) { out.wrong.push({ at: w.at, col: w.col, text: `${w.word}: "${w.value}": ${w.word} ${read.wrong}` }); continue; }
    if (option.modes !== undefined && !option.modes.includes(mode)) { note(w.at, `${w.word} is left out: mode ${mode} has no such option`); continue; }
    out.settings[option.to] = read.value;
  }
  monitors(out.settings, mode, list, at, note);
  return out;
}

function modeOf(list: readonly Written[], at: Line, out: ReadOptions): Mode {
  const written = list.findLast((w) => w.word === "mode");
  if (written === undefined) {
    out.notes.push({ ...at, text: "no mode is given: balance-rr, the driver's default" });
    return "balance-rr";
  }
  const read = MODE(written.value);
  if ("value" in read) return read.value as Mode;
  out.wrong.push({ at: written.at, col: written.col, text: `mode: "${written.value}": a mode ${read.wrong}` });
  return "balance-rr";
}

const off = (value: unknown): boolean => value === undefined || /^0\D*$/.test(String(value));

/** The driver has one link monitor or the other, or none. */
function monitors(settings: Record<string, unknown>, mode: Mode, list: readonly Written[], at: Line, note: (line: Line, text: string) => void): void {
  const last = (word: string): number => list.findLastIndex((w) => OPTIONS.find((o) => o.to === word)!.names.includes(w.word));
  const [mii, arp] = [!off(settings["mii-monitor-interval"]), !off(settings["arp-interval"])];
  if (mii && arp) {
    const arpWins = last("arp-interval") > last("mii-monitor-interval");
    const [loser, word] = arpWins ? ["mii-monitor-interval", "MII"] : ["arp-interval", "ARP"];
    note(list[last(loser)]!.at, `a guess: the ${word} monitor is left out, for the driver keeps the monitor that is set last`);
    delete settings[loser];
  }
  if (off(settings["arp-interval"])) for (const word of Object.keys(settings)) if (word.startsWith("arp-")) {
    if (word !== "arp-interval") note(list[last(word)]!.at, `${word} is left out: there is no ARP monitor`);
    delete settings[word];
  }
  if (settings["arp-interval"] !== undefined) { delete settings["mii-monitor-interval"]; return; }
  if (!off(settings["mii-monitor-interval"])) return;
  const forced = FORCED.has(mode);
  settings["mii-monitor-interval"] = forced ? "100ms" : "0ms";
  note(at, `no link monitor is given: ${forced ? `mode ${mode} has the driver look every 100 ms` : "this bond never notices that a member's link is lost"}`);
}
