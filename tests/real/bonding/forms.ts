// Every kind of recording that the notes beside the recordings tell of, written by the model itself in the recordings' own form: what
// a kernel would have written if it did exactly what the model does. It shows that no kind is without steps, measures and bounds.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run as runActiveBackup, done } from "./active-backup.ts";
import type { Folder, RigEvent } from "./folders.ts";
import { nameOf } from "./folders.ts";
import { View } from "./measure.ts";
import { runModel } from "./rig.ts";

type Draft = Omit<RigEvent, "t"> & { after: number };
const AD = "mode 802.3ad miimon 100 xmit_hash_policy layer3+4";
const members = (side: string, numbers: readonly number[]): string[] => numbers.map((n) => `${side}${n}`);
const upTo = (n: number): number[] => [...Array(n).keys()];

const made = (a: string, b: string, n: number, late = 0): Draft[] => [
  { after: 0, event: "bond_setup", side: "A", opts: `${AD} ${a}`, members: members("a", upTo(n)) }, { after: 0.05, event: "bond_up", side: "A" },
  { after: late, event: "bond_setup", side: "B", opts: `${AD} ${b}`, members: members("b", upTo(n)) }, { after: 0.06, event: "bond_up", side: "B" },
  { after: 8 + late, event: "all_collect_distribute_seen" }, { after: 3, event: "rep", k: 0 },
];
const seen = (after: number): Draft => ({ after, event: "all_collect_distribute_seen" });
const silence = (direction: string, slow: boolean): Draft[] => [
  { after: 1.3, event: "silent_block", member: 1, direction }, { after: slow ? 130 : 10, event: "unblock", member: 1, direction }, seen(40), { after: 1, event: "end" },
];
const cutAndBack = (n: number): Draft[] => [{ after: 1.1, event: "cable_cut", member: n }, { after: 4, event: "cable_back", member: n }, seen(4)];

/** Two partners at B: cable 0 to one, cables 1 to 3 to the other. */
const twoPartners = (policy: string): Draft[] => [
  { after: 0, event: "bond_setup", side: "A", opts: `${AD} lacp_rate fast ad_select ${policy}`, members: members("a", upTo(4)) }, { after: 0.05, event: "bond_up", side: "A" },
  { after: 0.01, event: "bond_setup", side: "B", bond: "bond0", opts: `${AD} lacp_rate fast`, members: ["b0"] }, { after: 0.05, event: "bond_up", side: "B", bond: "bond0" },
  { after: 0.01, event: "bond_setup", side: "B", bond: "bond1", opts: `${AD} lacp_rate fast`, members: ["b1", "b2", "b3"] }, { after: 0.05, event: "bond_up", side: "B", bond: "bond1" },
  { after: 8, event: "snapshot", tag: "settled" },
  ...[0, 1, 2, 3].flatMap((n): Draft[] => [{ after: 6, event: "cable_cut", member: n }, ...(n === 0 ? [{ after: 6, event: "cable_back", member: 0 }] : [])]),
  ...[3, 2, 1].map((n): Draft => ({ after: 6, event: "cable_back", member: n })), { after: 6, event: "end" },
];

const workedOn = (words: readonly [string, string, string, string, string, string], extra: Partial<RigEvent>): Draft[] => [
  ...made("lacp_rate fast", "lacp_rate fast", 2),
  { after: 1.2, event: words[0], member: 1, ...extra }, { after: 10, event: words[1], member: 1, ...extra }, seen(12),
  { after: 1.2, event: words[2], member: 1, ...extra }, { after: 10, event: words[3], member: 1, ...extra }, seen(35),
  { after: 1.2, event: words[4], side: "A" }, { after: 12, event: words[5], side: "A" }, seen(30), { after: 1, event: "end" },
];

const activeBackup = (opts: string, post: string[], steps: Draft[]): Draft[] => [
  { after: 0, event: "bond_setup", opts: `mode active-backup ${opts}`, post }, { after: 5, event: "rep", k: 0, active: "a0" }, ...steps, { after: 4, event: "end" },
];
const portsInTurn: Draft[] = [0, 1].flatMap((n): Draft[] => [{ after: 1.1, event: "switch_port_down", member: n }, { after: 4, event: "switch_port_up", member: n }, { after: 3, event: "rep_end" }]);
const silenced: Draft[] = [{ after: 1.1, event: "silent_block", member: 0 }, { after: 4, event: "unblock", member: 0 }, { after: 3, event: "rep_end" }];
const ARP = "arp_interval 200 arp_ip_target 10.9.9.3";

export const FORMS: Record<string, Draft[]> = {
  "handshake_fast_slow_2m_late5__k6.1": [...made("lacp_rate fast", "lacp_rate slow", 2, 5), { after: 1, event: "end" }],
  "handshake_slow_fast_4m_late20__k6.12": [...made("lacp_rate slow", "lacp_rate fast", 4, 20), { after: 1, event: "end" }],
  "cable_cut_slow_slow_4m__k6.12__rep2": [...made("lacp_rate slow", "lacp_rate slow", 4), ...cutAndBack(2), ...cutAndBack(0), { after: 1, event: "end" }],
  "silent_fast_fast_a_0__k6.12": [...made("lacp_rate fast", "lacp_rate fast", 2), ...silence("A to B", false)],
  "silent_fast_slow_b_3__k6.1": [...made("lacp_rate fast", "lacp_rate slow", 2), ...silence("B to A", true)],
  "silent_slow_fast_ab_5__k6.1": [...made("lacp_rate slow", "lacp_rate fast", 2), ...silence("both", true)],
  "carrier_lost_at_A_only_fast__k6.1": [...made("lacp_rate fast", "lacp_rate fast", 2), { after: 1.3, event: "carrier_lost_at_A_only", member: 1 }, { after: 10, event: "carrier_back", member: 1 }, seen(35), { after: 1, event: "end" }],
  "carrier_lost_at_A_only_slow__k6.12": [...made("lacp_rate slow", "lacp_rate slow", 2), { after: 1.3, event: "A loses carrier", member: 1 }, { after: 110, event: "carrier returns at A", member: 1 }, seen(35), { after: 1, event: "end" }],
  "min_links2_fast__k6.1": [...made("lacp_rate fast min_links 2", "lacp_rate fast", 2), ...cutAndBack(1), ...silence("both", false)],
  "lacp_active_Aoff_Bon_slow__k6.1": [...made("lacp_rate slow lacp_active off", "lacp_rate slow lacp_active on", 2), { after: 20, event: "end" }],
  "lacp_active_Aoff_Bon_fast__k6.12": [...made("lacp_rate fast lacp_active off", "lacp_rate fast lacp_active on", 2), ...silence("both", false)],
  ...Object.fromEntries(["stable", "bandwidth", "count"].map((policy) => [`ad_select_${policy}__k6.1`, twoPartners(policy)])),
  "member_leaves_fast__k6.1": workedOn(["member_released", "member_enslaved", "member_down", "member_up", "bond_down", "bond_up"], {}),
  "member_leaves_fast__k6.12": workedOn(["release_slave", "enslave_slave", "ip link set a1 down", "ip link set a1 up", "set_bond_down", "set_bond_up"], { side: "A" }),
  "all_cables_fast_4m__k6.1": [...made("lacp_rate fast", "lacp_rate fast", 4),
    ...[2, 0, 3, 1].map((n): Draft => ({ after: 1, event: "cable_cut", member: n })), ...[0, 3, 1, 2].map((n): Draft => ({ after: 1, event: "cable_back", member: n })), seen(8), { after: 1, event: "end" }],
  "ab_miimon100_downdelay300_numgratarp3__k6.1": activeBackup("miimon 100 downdelay 300 num_grat_arp 3", [], portsInTurn),
  "ab_miimon100_fail_over_mac_active__k6.12": activeBackup("miimon 100 fail_over_mac active", [], [...portsInTurn, { after: 1, event: "admin_change_active", to: "a1" }]),
  "ab_arp_interval200__k6.1": activeBackup(ARP, [], [...portsInTurn, ...silenced]),
  ...Object.fromEntries(["active", "backup", "all"].map((v) => [`ab_arp_interval200_validate_${v}__k6.1`, activeBackup(`${ARP} arp_validate ${v}`, [], silenced)])),
  "ab_arp_interval200_validate_all_primary_a0__k6.12": activeBackup(`${ARP} arp_validate all arp_all_targets all arp_missed_max 3`, ["link set bond0 type bond primary a0"], silenced),
};

function timed(drafts: readonly Draft[]): RigEvent[] {
  let t = 0;
  return drafts.map(({ after, ...e }) => ({ t: Math.round((t += after) * 1e4) / 1e4, ...e }) as RigEvent);
}

/** Runs the model and writes its folder below `into`/bonding. */
export async function writeForm(into: string, name: string, drafts: readonly Draft[] = FORMS[name] ?? []): Promise<void> {
  const events = timed(drafts);
  const { scenario, kernel } = nameOf(name);
  const f: Folder = { name, scenario, kernel, jiffy: kernel === "6.12" ? 0.004 : 0.01, interval: scenario.startsWith("ab_") ? 0.005 : 0.01, events, changes: [], gaps: [], paths: [] };
  const text = [events[0]?.opts ?? "", ...(events[0]?.post ?? [])].join(" ");
  const model = scenario.startsWith("ab_") ? await runActiveBackup(f, text, done(f, [], new View([], [])), 77n, 0.037)
    : await runModel(f, 77n, (e) => ({ at: e.t, reaches: { A: e.t, B: e.t } }));
  const folder = join(into, "bonding", name);
  mkdirSync(folder, { recursive: true });
  const write = (file: string, lines: readonly string[]): void => { writeFileSync(join(folder, file), `${lines.join("\n")}\n`); };
  write("events.json", [JSON.stringify(events, null, 1)]);
  write("state.csv", ["t,side,what,old,new", ...model.changes.map((c) => [c.t.toFixed(4), c.side, c.what, c.old, c.new].join(","))]);
  write("traffic.csv", ["t,receiver,kind,flow,t_next,lost,member_before,member_now", "0.1,A,path,0,,,,a0", "0.1,A,path,1,,,,a1", "0.1,B,path,0,,,,b0", "0.1,B,path,1,,,,b1",
    ...model.gaps.filter((g) => g.lost > 0).map((g) => [g.t.toFixed(4), g.receiver, "gap", 0, g.until.toFixed(4), g.lost, "", ""].join(","))]);
}
