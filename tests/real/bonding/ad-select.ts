// Recordings in which one bond faces several partners: which aggregator is the active one, by the policy. The rule is written here
// once more, from ad_agg_selection_logic and ad_agg_selection_test in bond_3ad.c, and kernel and model must both have come to it.

import type { Comparison } from "./compare.ts";
import { SIDES, option, type Folder, type Side } from "./folders.ts";
import type { Happening, View } from "./measure.ts";
import { allBonds, bondsOf, periodOf, tickOf } from "./rig.ts";
import { AGREE, DISTRIBUTE_MAX, judge, modelSlackOf, slackOf, type Bound } from "./rules.ts";

const DISTRIBUTING = 0x20;

export const hasSeveral = (f: Folder): boolean => allBonds(f).filter((b) => b.side === "B").length > 1;

/** Numbers of the cables to each partner. */
const groupsOf = (f: Folder): number[][] => allBonds(f).filter((b) => b.side === "B").map((b) => b.members.map((m) => Number(m.slice(1))));

/**
 * The partner whose aggregator is active once all is settled; null: either may be. `was`: the one before, `live`: cables with a link.
 * stable keeps what has a port and a partner; the others take the larger one, and what there is when both are alike. All cables are
 * equally fast, so that bandwidth and count agree.
 */
export function chosen(policy: string, groups: readonly (readonly number[])[], live: ReadonlySet<number>, was: number | null): number | null {
  const size = groups.map((g) => g.filter((n) => live.has(n)).length);
  const most = Math.max(...size);
  if (most === 0) return null;
  if (policy === "stable") {
    if (was !== null && (size[was] ?? 0) > 0) return was;
    const alive = size.flatMap((n, i) => (n > 0 ? [i] : []));
    return alive.length === 1 ? alive[0]! : was === null ? null : size.filter((n) => n === most).length === 1 ? size.indexOf(most) : null;
  }
  const largest = size.flatMap((n, i) => (n === most ? [i] : []));
  if (largest.length === 1) return largest[0]!;
  return was !== null && largest.includes(was) ? was : null;
}

/** The partner behind the members that are in the active aggregator; null when they are of none or of several. */
function activeGroup(f: Folder, v: View, t: number): number | null {
  const id = v.at("A", "bond0.ad_aggregator", t);
  const members = bondsOf(f).A.members.filter((m) => v.at("A", `${m}.ad_aggregator_id`, t) === id && v.at("A", `${m}.mii_status`, t) === "up").map((m) => Number(m.slice(1)));
  const found = new Set(members.map((n) => groupsOf(f).findIndex((g) => g.includes(n))));
  return found.size === 1 ? [...found][0]! : null;
}

const live = (f: Folder, v: View, t: number): Set<number> => new Set(bondsOf(f).A.members.filter((m) => v.at("A", `${m}.mii_status`, t) === "up").map((m) => Number(m.slice(1))));

/** Members in the active aggregator that is settled distribute, the others do not. */
function uneven(f: Folder, v: View, t: number): string | null {
  const active = activeGroup(f, v, t);
  if (active === null) return null;
  for (const [i, group] of groupsOf(f).entries()) {
    for (const n of group.filter((k) => live(f, v, t).has(k))) {
      const carries = v.at("A", `a${n}.state`, t) === "active";
      const says = (Number.parseInt(v.at("A", `a${n}.ad_actor_oper_port_state`, t), 10) & DISTRIBUTING) !== 0;
      if (i === active && !(carries && says)) return `a${n} is in the active aggregator and does not carry`;
      if (i !== active && carries) return `a${n} carries, and is not in the active aggregator`;
    }
  }
  return null;
}

export function compareSeveral(f: Folder, h: Happening, real: View, models: readonly { view: View; shift: number }[], out: Comparison): void {
  const text = bondsOf(f).A.text;
  const M = periodOf(f, Number(option(text, "miimon") ?? 100) / 1000);
  const settle = Number(option(text, "updelay") ?? 0) / 1000 + M + (DISTRIBUTE_MAX + 2 * AGREE) * tickOf(f);
  const where = `${h.e.event} ${h.member ?? ""} at ${h.e.t}`;
  const look = (v: View, shift: number, wrong: string[], phase: string, late: number): void => {
    link(f, h, v, shift, M, wrong, where + phase, late > 0 ? slackOf(h, "mii", f.jiffy) : modelSlackOf(h, "mii"), out);
    if (h.end - h.zero < settle * 1.04 + late || h.action === "silent" || h.action === "unblock") return;
    const [from, to] = [h.e.t + shift - 0.001, h.end + shift - 0.02];
    const want = chosen(option(text, "ad_select") ?? "stable", groupsOf(f), live(f, v, to), h.action === "bond up" ? null : activeGroup(f, v, from));
    const have = activeGroup(f, v, to);
    if (late > 0) out.measures += 1;
    if (want !== null && have !== want) wrong.push(`${where}${phase}: the aggregator towards partner ${have} is active, ${want} by the policy`);
    const odd = h.action === "bond up" && have === null ? null : uneven(f, v, to);
    if (odd !== null) wrong.push(`${where}${phase}: ${odd}`);
  };
  if (h.alone) return;
  look(real, 0, out.real, "", 0.5);
  for (const m of models) look(m.view, m.shift, out.model, `, phase ${m.shift.toFixed(2)}`, 0);
  out.overlapping += 1;
}

/** The monitors of both ends see the link go and come, whatever aggregator it is in. */
function link(f: Folder, h: Happening, v: View, shift: number, M: number, wrong: string[], where: string, slack: ReturnType<typeof slackOf>, out: Comparison): void {
  if (h.member === undefined || (h.action !== "cut" && h.action !== "cable back")) return;
  const [word, now] = h.action === "cut" ? ["downdelay", "down"] : ["updelay", "up"];
  for (const x of SIDES) {
    const bond = allBonds(f).find((b) => b.side === x && b.members.includes(`${x.toLowerCase()}${h.member}`));
    if (bond === undefined) continue;
    const delay = Math.floor(Number(option(bond.text, word) ?? 0) / Number(option(bond.text, "miimon") ?? 100)) * M;
    const what = `${x.toLowerCase()}${h.member}.mii_status`;
    const t = v.first(x as Side, what, h.e.t + shift, h.end + shift, (s) => s === now);
    const bound: Bound = { lo: h.action === "cut" ? delay : 0, hi: delay + M, may: v.at(x as Side, what, h.e.t + shift - 0.001) === now };
    const bad = judge(t === null ? undefined : t - h.zero - shift, bound, h.end - h.zero, slack);
    if (t !== null && slack.drift > 0) out.measures += 1;
    if (bad !== null) wrong.push(`${where}: ${x} ${what} ${bad}`);
  }
}
