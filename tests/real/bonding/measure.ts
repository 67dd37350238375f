// Measures of an event, read in the same way from a recording and from a run of the model.

import { LACP_DEFAULTED, LACP_DISTRIBUTING, LACP_EXPIRED } from "../../../assembly/abi.ts";
import type { Change, Folder, Gap, Row, RigEvent, Side } from "./folders.ts";
import { SIDES, option } from "./folders.ts";
import { bondOf, isOpen, modelBonds } from "./rig.ts";
import { actionOf, memberOf, sideOf, type Action } from "./vocabulary.ts";

/** A thing that was done, and what is known of when it took effect. */
export interface Happening {
  e: RigEvent;
  action: Action;
  side: Side; // whose operator did it, or who lost carrier
  member: number | undefined;
  bond: Record<Side, string>; // the bonds that it is about
  busy: boolean; // what was done before is not over: what is said of a bond as a whole may be due to that
  zero: number; // the instant that measures count from
  early: number; // the effect may have come this long before `zero`
  late: Record<Side, number>; // ... or this long after it, for what the side hears
  end: number; // the next happening
  row: Row | null; // of lacp_events.csv
  reaches: Record<Side, number>; // when the side began to miss frames
  alone: boolean; // bond_up: the other side has no bond yet
}

export class View {
  readonly changes: readonly Change[];
  readonly gaps: readonly Gap[];
  readonly #by = new Map<string, Change[]>();
  constructor(changes: readonly Change[], gaps: readonly Gap[]) {
    this.changes = changes;
    this.gaps = gaps;
    for (const c of changes) {
      const key = `${c.side} ${c.what}`;
      const list = this.#by.get(key);
      if (list === undefined) this.#by.set(key, [c]); else list.push(c);
    }
  }
  of(side: Side, what: string): readonly Change[] { return this.#by.get(`${side} ${what}`) ?? []; }
  at(side: Side, what: string, t: number): string { return this.of(side, what).findLast((c) => c.t <= t)?.new ?? "-"; }
  first(side: Side, what: string, from: number, to: number, is: (now: string, old: string) => boolean): number | null {
    return this.of(side, what).find((c) => c.t >= from && c.t < to && is(c.new, c.old))?.t ?? null;
  }
}

export const bit = (value: string, mask: number): boolean => (Number.parseInt(value, 10) & mask) !== 0;
const gains = (mask: number) => (now: string, old: string): boolean => bit(now, mask) && !bit(old, mask);
const loses = (mask: number) => (now: string, old: string): boolean => !bit(now, mask) && bit(old, mask);
export const ACTOR = "ad_actor_oper_port_state";
export const PARTNER = "ad_partner_oper_port_state";

/** All happenings of a recording, each with its window. */
export function happenings(f: Folder, rows: readonly Row[]): Happening[] {
  const done = f.events.filter((e) => { const a = actionOf(e); return a !== null && a !== "quiet"; });
  const last = Math.max(...f.events.map((e) => e.t));
  const out: Happening[] = [];
  done.forEach((e, i) => {
    const end = done.slice(i + 1).find((n) => n.t > e.t)?.t ?? last;
    const row = rows.find((r) => r["event"] === e.event && Math.abs(Number(r["t_event"]) - e.t) < 0.0006) ?? null;
    out.push(happeningOf(f, e, end, row));
  });
  return out;
}

function happeningOf(f: Folder, e: RigEvent, end: number, row: Row | null): Happening {
  const started = (side: Side): number | null => f.gaps.filter((g) => g.receiver === side && g.t >= e.t - 0.05 && g.t < e.t + 3 && g.until - g.t > 1).map((g) => g.t).sort((a, b) => a - b)[0] ?? null;
  const gaps = SIDES.flatMap((side) => started(side) ?? []);
  const effect = row !== null && (row["effect_after_event"] ?? "") !== "" ? Number(row["effect_after_event"]) : e.t_done !== undefined ? e.t_done - e.t : actionOf(e) === "silent" && gaps.length > 0 ? Math.min(...gaps) - e.t : shownEffect(f, e) ?? 0;
  const zero = e.t + effect;
  const reaches = { A: Math.max(zero, started("A") ?? zero), B: Math.max(zero, started("B") ?? zero) };
  const done = Math.max(zero, e.t_done ?? zero);
  const setups = f.events.filter((s) => s.event === "bond_setup" && s.t <= e.t).slice(-2).map((s) => s.t);
  const made = actionOf(e) === "bond up" && isOpen(f, e);
  const action = actionOf(e) === "bond up" && !made ? "bond opened" : (actionOf(e) ?? "quiet");
  const early = made ? e.t - Math.min(...setups.slice(-1)) : Math.max(effect, 0);
  const other = f.events.some((o) => (o.event === "bond_up" || o.event === "bond_deleted") && o.side !== e.side && o.t < e.t && f.events.findLast((l) => l.side === o.side && l.t < e.t && l.event !== "bond_setup")?.event === "bond_up");
  const bond = { A: bondOf(f, e, "A").name, B: bondOf(f, e, "B").name };
  return {
    e, action, side: sideOf(e), member: action.startsWith("bond") ? undefined : memberOf(e), bond, busy: busy(f, e), zero, early, late: { A: Math.max(done, reaches.A) - zero, B: Math.max(done, reaches.B) - zero },
    end, row, reaches, alone: made && !other,
  };
}

/** A command that does not say when it had returned: its effect is where sysfs shows it, in the seconds after. */
function shownEffect(f: Folder, e: RigEvent): number | null {
  const side = sideOf(e);
  const action = actionOf(e);
  const m = `${side.toLowerCase()}${memberOf(e)}`;
  const bond = bondOf(f, e, side).name;
  const shows = (c: Change): boolean => {
    switch (action) {
      case "release": return c.what === `${m}.mii_status` && c.new === "-";
      case "enslave": return c.what === `${m}.mii_status` && c.old === "-";
      case "cut": case "carrier lost": case "member down": return c.what === `${m}.carrier` && c.new !== "1";
      case "cable back": case "carrier back": case "member up": return c.what === `${m}.carrier` && c.new === "1";
      case "bond down": return c.what === `${bond}.operstate` && c.new === "down";
      case "bond opened": case "bond up": return !isOpen(f, e) && c.what === `${bond}.operstate` && c.old === "down";
      default: return false;
    }
  };
  const found = f.changes.find((c) => c.side === side && c.t >= e.t && c.t < e.t + WITHIN && shows(c));
  return found === undefined ? null : found.t - e.t;
}
const WITHIN = 2;

const UPSETS: ReadonlySet<Action> = new Set(["cable back", "carrier back", "unblock", "enslave", "member up", "bond up", "bond opened"]);
/** A return takes some seconds, unless the recorder has seen all members distribute since. A failure is seen within a poll and its delay. */
function busy(f: Folder, e: RigEvent): boolean {
  const delay = Math.max(...modelBonds(f).map((b) => Number(option(b.text, "downdelay") ?? 0) / 1000));
  const before = f.events.filter((o) => o.t < e.t && actionOf(o) !== "quiet");
  const seen = f.events.findLast((o) => o.t < e.t && o.event === "all_collect_distribute_seen")?.t ?? -Infinity;
  return before.some((o) => (UPSETS.has(actionOf(o) ?? "quiet") ? o.t > seen : (o.t_done ?? o.t) + delay + 0.5 > e.t));
}

export type Measures = Map<string, number>;

/** Seconds from `zero` of the first of each kind within the window. */
export function measure(v: View, happening: Happening, count: number): Measures {
  const out: Measures = new Map();
  const put = (name: string, t: number | null): void => { if (t !== null) out.set(name, t - h.zero); };
  const h = { ...happening, end: happening.end - 1e-6 }; // what comes next begins its own window
  const from = Math.min(h.e.t, h.zero) - 1e-6; // an operator's step acts in the very instant
  for (const side of SIDES) {
    const x = side.toLowerCase();
    const all = [...Array(count).keys()].map((i) => `${x}${i}`);
    const members = h.member === undefined ? all : [`${x}${h.member}`];
    const [m = ""] = members;
    const bond = h.bond[side];
    if (h.action === "bond down" || h.action === "bond opened") everyMember(v, h, side, all, put, from);
    if (h.member !== undefined) {
      put(`${side}_mii_down`, v.first(side, `${m}.mii_status`, from, h.end, (now) => now === "down"));
      put(`${side}_mii_up`, v.first(side, `${m}.mii_status`, from, h.end, (now) => now === "up"));
      put(`${side}_stops_distributing`, v.first(side, `${m}.${ACTOR}`, from, h.end, loses(LACP_DISTRIBUTING)));
      put(`${side}_expired`, v.first(side, `${m}.${ACTOR}`, from, h.end, gains(LACP_EXPIRED)));
      put(`${side}_defaulted`, v.first(side, `${m}.${ACTOR}`, from, h.end, gains(LACP_DEFAULTED)));
      put(`${side}_slave_backup`, v.first(side, `${m}.state`, from, h.end, (now, old) => now === "backup" && old === "active"));
      put(`${side}_num_ports_down`, v.first(side, `${bond}.ad_num_ports`, from, h.end, (now, old) => Number(now) < Number(old)));
    }
    if (h.action !== "bond up") put(`${side}_carrier_down`, v.first(side, `${bond}.carrier`, from, h.end, (now, old) => now === "0" && old === "1"));
    if (h.action !== "bond up") put(`${side}_carrier_up`, v.first(side, `${bond}.carrier`, from, h.end, (now, old) => now === "1" && old === "0"));
    put(`${side}_distributing`, together(v, side, members, ACTOR, from, h.end));
    put(`${side}_sees_partner_distributing`, together(v, side, members, PARTNER, from, h.end));
    const gaps = v.gaps.filter((g) => g.receiver === side && g.t >= from - 0.05 && g.t < h.end).map((g) => Math.min(g.until, h.end) - g.t);
    out.set(`outage_at_${side}`, Math.max(0, ...gaps));
  }
  return out;
}

/** The whole bond was worked on: the first of its members counts. */
function everyMember(v: View, h: Happening, side: Side, all: readonly string[], put: (name: string, t: number | null) => void, from: number): void {
  const first = (what: string, is: (now: string, old: string) => boolean): number | null => all.flatMap((m) => v.first(side, `${m}.${what}`, from, h.end, is) ?? []).sort((a, b) => a - b)[0] ?? null;
  put(`${side}_stops_distributing`, first(ACTOR, loses(LACP_DISTRIBUTING)));
  put(`${side}_expired`, first(ACTOR, gains(LACP_EXPIRED)));
  put(`${side}_defaulted`, first(ACTOR, gains(LACP_DEFAULTED)));
  put(`${side}_slave_backup`, first("state", (now, old) => now === "backup" && old === "active"));
}

/** First instant in the window at which the last of the members began to distribute. */
function together(v: View, side: Side, members: readonly string[], what: string, from: number, to: number): number | null {
  const times = members.flatMap((m) => v.of(side, `${m}.${what}`).filter((c) => c.t >= from && c.t < to && gains(LACP_DISTRIBUTING)(c.new, c.old)).map((c) => c.t)).sort((a, b) => a - b);
  for (const t of times) if (members.every((m) => bit(v.at(side, `${m}.${what}`, t), LACP_DISTRIBUTING))) return t;
  return null;
}
