// What must hold, for a kernel and for the model alike: one formula a measure, made of the protocol's constants.
//
// T is the driver's tick, M the period of the MII monitor, u and d the delays in whole polls. Nothing here was fitted: where a
// formula needs a count of ticks, the comment says which machine spends them.

import { LACP_DEFAULTED, LACP_DISTRIBUTING, LACP_EXPIRED } from "../../../assembly/abi.ts";
import type { Side } from "./folders.ts";
import { SIDES } from "./folders.ts";
import { ACTOR, View, bit, type Happening } from "./measure.ts";
import { closed, opened, release } from "./operator.ts";
import { directionOf } from "./vocabulary.ts";

export interface BondFacts { fast: boolean; active: boolean; u: number; d: number; minLinks: number; exists: boolean }
/** `ahead`: since the side's bond was made. `unsure`: how long the command may have been at work; a frame sent meanwhile may still be lost in one direction. */
export interface Context { T: number; M: number; count: number; side: Record<Side, BondFacts>; traffic: boolean; interval: number; unsure: number; ahead: Record<Side, number>; keepsSync: boolean }
/** `may`: need not be seen, because it may be shorter than a look at sysfs or belongs to a bond that was not up. */
export interface Bound { lo: number; hi: number; may?: boolean }
export type Bounds = Map<string, Bound>;

export const SHORT = 30; // Short_Timeout_Time in ticks
export const LONG = 900; // Long_Timeout_Time
export const WAIT = 20; // Aggregate_Wait_Time
export const SLOT = 3; // Linux looks for something to send in every third tick
export const HELLO_FAST = 12; // 10 ticks, moved to the next slot
export const HELLO_SLOW = 303; // 300 ticks, and the slot
/** BEGIN, EXPIRED with selection, WAITING: the wait starts in the second tick and its end is seen in the tick after. */
export const ATTACH_MIN = WAIT + 1;
export const ATTACH_MAX = WAIT + 3;
/** The frame with Sync waits for a slot, and the receiver acts in its next tick. */
export const AGREE = SLOT + 1;
export const DISTRIBUTE_MAX = ATTACH_MAX + AGREE;

export const other = (x: Side): Side => (x === "A" ? "B" : "A");

export function boundsOf(h: Happening, c: Context, v: View, shift: number): Bounds {
  const out: Bounds = new Map();
  switch (h.action) {
    case "bond up": if (!h.alone) bondUp(out, c); break;
    case "cut": for (const x of SIDES) cut(out, h, c, v, x, shift); break;
    case "carrier lost": case "member down": gone(out, h, c, v, shift); break;
    case "cable back": for (const x of SIDES) back(out, h, c, v, x, shift); break;
    case "carrier back": case "member up": for (const x of SIDES) back(out, h, c, v, x, shift, x === h.side); break;
    case "silent": silent(out, h, c, v, shift); break;
    case "unblock": unblock(out, h, c, v, shift); break;
    case "release": release(out, h, c, v, shift); break;
    case "enslave": for (const x of SIDES) back(out, h, c, v, x, shift, x === h.side); break;
    case "bond down": closed(out, h, c); break;
    case "bond opened": opened(out, h, c); break;
    default: break;
  }
  // An interface that is down already takes its neighbours' entries with it, one after the other, until it is back.
  if (SIDES.some((x) => v.at(x, `${h.bond[x]}.carrier`, h.e.t + shift - 0.001) === "0")) for (const x of SIDES) outage(out, c, x, 0, Infinity);
  if (h.busy) for (const what of [...out.keys(), ...WHOLE]) if (/num_ports|carrier|outage/.test(what)) out.set(what, { lo: 0, hi: Infinity, may: true });
  return out;
}

/** What is said of a bond, not of a member. */
const WHOLE = SIDES.flatMap((x) => ["num_ports_down", "carrier_down", "carrier_up"].map((what) => `${x}_${what}`).concat(`outage_at_${x}`));

/** One end loses its member, the other still has carrier: it hears nothing more. */
function gone(out: Bounds, h: Happening, c: Context, v: View, shift: number): void {
  const x = h.side;
  const y = other(x);
  cut(out, h, c, v, x, shift);
  if (c.side[y].exists) deaf(out, c, y, 0);
  outage(out, c, x, 0, c.side[y].exists ? timeout(c, y).hi : 0);
  if (!out.has(`${x}_carrier_down`)) outage(out, c, y, 0, c.T);
}

/** Both ends from BEGIN. The model's bonds see their carriers at the first poll, a kernel's when members are enslaved: + M. */
function bondUp(out: Bounds, c: Context): void {
  const u = Math.max(c.side.A.u, c.side.B.u);
  const least = Math.max(0, ...SIDES.map((x) => c.side[x].u - c.ahead[x])); // the delay of the one that was made first runs already
  for (const x of SIDES) {
    out.set(`${x}_distributing`, { lo: least + ATTACH_MIN * c.T, hi: u + c.M + DISTRIBUTE_MAX * c.T });
    out.set(`${x}_sees_partner_distributing`, { lo: least + ATTACH_MIN * c.T, hi: u + c.M + (DISTRIBUTE_MAX + AGREE) * c.T });
  }
}

/**
 * Both ends lose carrier: MII monitor only. Older kernels leave LACP's state bits as they are until the link returns. Newer ones clear the
 * partner's Sync bit in the tick after (ad_rx_machine, AD_RX_PORT_DISABLED), and the mux machine is ATTACHED in the same tick.
 */
function cut(out: Bounds, h: Happening, c: Context, v: View, x: Side, shift: number): void {
  const { d, exists, minLinks } = c.side[x];
  if (!exists) return;
  const seen = { lo: d, hi: d + c.M };
  const m = `${x.toLowerCase()}${h.member}`;
  const before = h.e.t + shift - 0.001;
  const up = v.at(x, `${m}.mii_status`, before) === "up";
  out.set(`${x}_mii_down`, { ...seen, may: !up });
  out.set(`${x}_slave_backup`, { ...seen, may: v.at(x, `${m}.state`, before) !== "active" });
  const distributed = bit(v.at(x, `${m}.${ACTOR}`, before), LACP_DISTRIBUTING);
  if (!c.keepsSync && distributed) out.set(`${x}_stops_distributing`, { lo: d, hi: d + c.M + c.T, may: !up });
  out.set(`${x}_num_ports_down`, { ...seen, may: !up || !inActive(v, h, x, m, before) });
  const ports = Number(v.at(x, `${h.bond[x]}.ad_num_ports`, before));
  if (ports - 1 < Math.max(1, minLinks)) {
    const members = [...Array(c.count).keys()].map((i) => `${x.toLowerCase()}${i}`);
    const others = members.some((o) => v.at(x, `${o}.mii_status`, before) === "up" && !inActive(v, h, x, o, before));
    out.set(`${x}_carrier_down`, { ...seen, may: others }); // another aggregator takes over in the same instant
    if (others) out.set(`${x}_num_ports_down`, { ...seen, may: true });
  }
  outage(out, c, x, 0, 2 * c.interval); // the sender's list of members is made anew at the notice of the lost carrier
  // Nothing is left to send by, or the interface is taken down for want of min_links: until something returns.
  const without = ports - 1 < Math.max(1, minLinks);
  if (without) for (const side of SIDES) outage(out, c, side, 0, Infinity);
}

export function inActive(v: View, h: Happening, x: Side, m: string, t: number): boolean {
  return v.at(x, `${m}.ad_aggregator_id`, t) === v.at(x, `${h.bond[x]}.ad_aggregator`, t);
}

/** The link returns: a poll, BEGIN in the same tick or the next, EXPIRED a tick later, then as at bring-up. */
function back(out: Bounds, h: Happening, c: Context, v: View, x: Side, shift: number, own = true): void {
  if (!c.side[x].exists) return;
  const m = `${x.toLowerCase()}${h.member}`;
  const at = h.e.t + shift - 0.001;
  // a link that is back before its downdelay is over is up again at the next poll (bond_miimon_inspect, BOND_LINK_FAIL)
  const updelay = (side: Side): number => (v.at(side, `${side.toLowerCase()}${h.member}.mii_status`, at) === "going down" ? 0 : c.side[side].u);
  const u = updelay(x);
  const alone = Number(v.at(x, `${h.bond[x]}.ad_num_ports`, at)) === 0 || v.at(x, `${h.bond[x]}.carrier`, at) === "0";
  const lo = alone ? 0 : u; // updelay is skipped while nothing else works
  const hi = u + c.M;
  if (own) out.set(`${x}_mii_up`, { lo, hi, may: v.at(x, `${m}.mii_status`, at) === "up" });
  const bits = Number.parseInt(v.at(x, `${m}.${ACTOR}`, at), 10);
  // The end that kept its carrier goes on expiring until it hears the other again: that speaks in the first slot after BEGIN.
  const later = own ? 0 : (SHORT + AGREE) * c.T;
  out.set(`${x}_stops_distributing`, { lo: own ? lo : 0, hi: hi + c.T + later, may: (bits & 0x20) === 0 || !own });
  out.set(`${x}_defaulted`, { lo: own ? lo : 0, hi: hi + c.T + later + (c.side[other(x)].exists ? 0 : SHORT * c.T), may: true });
  out.set(`${x}_expired`, { lo: own ? lo : 0, hi: hi + 3 * c.T + later, may: true });
  out.set(`${x}_num_ports_down`, { lo: own ? lo : 0, hi: hi + 2 * c.T + later, may: true }); // counted in, then selected anew
  // the first to return is opened without a partner, and closed when it is attached
  out.set(`${x}_slave_backup`, { lo: own ? lo : 0, hi: hi + (alone ? DISTRIBUTE_MAX : 2) * c.T + later, may: true });
  out.set(`${x}_carrier_up`, { lo, hi: hi + (DISTRIBUTE_MAX + AGREE) * c.T, may: true });
  // min_links are there at the poll, and not any more when BEGIN, in the next tick, takes the port out of its aggregator
  if (c.side[x].minLinks > 1 && alone) out.set(`${x}_carrier_down`, { lo: own ? lo : 0, hi: hi + c.T + later, may: true });
  if (c.side[other(x)].exists) {
    const least = Math.min(updelay("A"), updelay("B"));
    const most = Math.max(updelay("A"), updelay("B"));
    out.set(`${x}_distributing`, { lo: (own ? lo : Math.min(lo, least)) + ATTACH_MIN * c.T, hi: most + c.M + DISTRIBUTE_MAX * c.T });
    // a partner that has not noticed anything still says that it distributes
    const still = h.action !== "cable back" && bit(v.at(other(x), `${other(x).toLowerCase()}${h.member}.${ACTOR}`, at), 0x20);
    out.set(`${x}_sees_partner_distributing`, { lo: still ? 0 : Math.min(lo, least) + ATTACH_MIN * c.T, hi: most + c.M + (DISTRIBUTE_MAX + AGREE) * c.T });
  }
  outage(out, c, x, 0, AGREE * c.T);
}

/** Since the failure until EXPIRED: the timer ran from the last frame, which came up to a hello before. */
export function timeout(c: Context, x: Side): Bound {
  const own = c.side[x].fast ? SHORT : LONG;
  const hello = c.side[x].fast ? HELLO_FAST : HELLO_SLOW;
  return { lo: (own - hello - 1) * c.T, hi: own * c.T };
}

/** `x` hears nothing: EXPIRED and out of use in the same tick; 30 ticks later DEFAULTED, alone in another aggregator. */
export function deaf(out: Bounds, c: Context, x: Side, after: number): Bound {
  const { lo, hi } = timeout(c, x);
  const expired = { lo: lo + after, hi: hi + after };
  for (const what of ["stops_distributing", "expired", "slave_backup"]) out.set(`${x}_${what}`, expired);
  const defaulted = { lo: expired.lo + SHORT * c.T, hi: expired.hi + SHORT * c.T };
  out.set(`${x}_defaulted`, defaulted);
  out.set(`${x}_num_ports_down`, defaulted);
  if (c.side[x].minLinks >= c.count) out.set(`${x}_carrier_down`, defaulted);
  return defaulted;
}

function silent(out: Bounds, h: Happening, c: Context, v: View, shift: number): void {
  const direction = directionOf(h.e);
  if (direction === "both") {
    for (const x of SIDES) deaf(out, c, x, 0);
    for (const x of SIDES) outage(out, c, x, timeout(c, other(x)).lo, timeout(c, other(x)).hi);
    starved(out, h, c, v, shift);
    return;
  }
  const x: Side = direction === "A to B" ? "B" : "A"; // who hears nothing
  const y = other(x);
  const gone = deaf(out, c, x, 0);
  heard(out, c, y, gone, c.side[x].active);
  const stops = out.get(`${y}_stops_distributing`);
  if (stops !== undefined) outage(out, c, x, stops.lo, stops.hi);
  outage(out, c, y, 0, AGREE * c.T); // x stops sending by itself before y stops collecting
  starved(out, h, c, v, shift);
}

/** min_links: the member that is DEFAULTED leaves too few, and the bond's interface goes down until they are back. */
function starved(out: Bounds, h: Happening, c: Context, v: View, shift: number): void {
  for (const x of SIDES) {
    if (c.side[x].minLinks < 2 || Number(v.at(x, `${h.bond[x]}.ad_num_ports`, h.e.t + shift - 0.001)) - 1 >= c.side[x].minLinks) continue;
    for (const side of SIDES) outage(out, c, side, 0, Infinity);
  }
}

/**
 * `y` still hears its partner. An EXPIRED partner says the same as before but for the bit, so y goes on sending into the void
 * until the partner is DEFAULTED: then a frame comes that does not name y. An active partner sends it in the next slot; a passive
 * one has nothing periodic any more, its frame may also be missed, and then y's own timer runs out.
 */
function heard(out: Bounds, c: Context, y: Side, gone: Bound, active: boolean): void {
  const own = c.side[y].fast ? SHORT : LONG;
  const told = { lo: gone.lo, hi: gone.hi + (own + AGREE) * c.T };
  out.set(`${y}_stops_distributing`, told);
  out.set(`${y}_slave_backup`, told);
  const hello = c.side[y].fast ? HELLO_FAST : HELLO_SLOW;
  // a DEFAULTED active partner speaks each 300 ticks: too seldom for a short time-out, often enough for a long one
  const may = active && !c.side[y].fast;
  const expired = { lo: gone.lo + (own - hello - 1) * c.T, hi: gone.hi + (own + AGREE) * c.T, may };
  out.set(`${y}_expired`, expired);
  out.set(`${y}_defaulted`, { lo: expired.lo + SHORT * c.T, hi: expired.hi + SHORT * c.T, may });
  out.set(`${y}_num_ports_down`, { lo: gone.lo, hi: expired.hi + SHORT * c.T, may });
}

/**
 * The cable carries again: nothing happens until an end speaks. A DEFAULTED end believes that its partner wants a frame each
 * 30 s (Partner_Admin has no Timeout bit), and counts them from the moment it was defaulted; if it is passive it says nothing.
 */
function unblock(out: Bounds, h: Happening, c: Context, v: View, shift: number): void {
  const at = h.zero + shift;
  const hellos = SIDES.flatMap((x) => nextHello(c, v, x, `${x.toLowerCase()}${h.member}`, at));
  const lo = Math.max(0, Math.min(...hellos.map((b) => b.lo)));
  const hi = Math.min(...hellos.map((b) => b.hi));
  for (const x of SIDES) {
    // each end answers in its next slot; three frames suffice to agree
    out.set(`${x}_distributing`, { lo, hi: hi + 3 * AGREE * c.T, may: bit(v.at(x, `${x.toLowerCase()}${h.member}.${ACTOR}`, at), 0x20) });
    out.set(`${x}_sees_partner_distributing`, { lo: 0, hi: hi + 4 * AGREE * c.T, may: true });
    for (const what of ["stops_distributing", "expired", "defaulted", "num_ports_down", "slave_backup"]) out.set(`${x}_${what}`, { lo: 0, hi: hi + SHORT * c.T, may: true });
    out.set(`${x}_carrier_up`, { lo, hi: hi + 4 * AGREE * c.T, may: true });
    outage(out, c, x, 0, (AGREE + SLOT) * c.T);
  }
}

/** When an end sends its next frame after `t`, counted from `t`. */
function nextHello(c: Context, v: View, x: Side, m: string, t: number): Bound[] {
  const state = v.at(x, `${m}.${ACTOR}`, t);
  if (!bit(state, LACP_DEFAULTED)) {
    const soon = { lo: 0, hi: HELLO_FAST * c.T };
    if (!bit(state, LACP_EXPIRED)) return [c.side[other(x)].fast ? soon : { lo: 0, hi: HELLO_SLOW * c.T }];
    const lost = v.of(x, `${m}.${ACTOR}`).find((e) => e.t > t && bit(e.new, LACP_DEFAULTED))?.t ?? Infinity;
    return lost > t + soon.hi ? [soon] : [{ lo: 0, hi: Infinity }]; // it may be defaulted before it speaks
  }
  if (!c.side[x].active) return [];
  const since = v.of(x, `${m}.${ACTOR}`).findLast((e) => e.t <= t && bit(e.new, LACP_DEFAULTED) && !bit(e.old, LACP_DEFAULTED))?.t ?? t;
  const kth = (k: number): Bound => ({ lo: since + (k * 300 - 1) * c.T - 0.1 - t, hi: since + k * (HELLO_SLOW + 1) * (1 + DRIFT) * c.T - t });
  let k = 1;
  while (kth(k).hi < 0) k += 1;
  const first = kth(k);
  // Defaulted a moment ago: its mux goes by DETACHED and WAITING to ATTACHED, and each of them has something to say (ad_mux_machine, ntt).
  if (t < since + (ATTACH_MAX + AGREE) * c.T) return [{ lo: 0, hi: first.hi }];
  return first.lo < c.unsure ? [{ lo: Math.max(0, first.lo), hi: kth(k + 1).hi }] : [first];
}

/** Said twice, the wider holds: each end may take away what passes. */
export function outage(out: Bounds, c: Context, x: Side, lo: number, hi: number): void {
  if (!c.traffic) return;
  const before = out.get(`outage_at_${x}`);
  const bound = { lo: Math.max(0, lo - c.interval), hi: hi + 2 * c.interval, may: true };
  out.set(`outage_at_${x}`, before === undefined ? bound : { lo: Math.min(before.lo, bound.lo), hi: Math.max(before.hi, bound.hi), may: true });
}

/** The driver's work re-arms itself after it ran: on a busy machine 300 ticks of 110 ms take 33.0 to 34.2 s (lacpdu_spacing.csv). */
export const DRIFT = 0.04;
/** The recorder looks at sysfs each 10 to 100 ms, and is itself scheduled by a jiffy. */
export const LOOK = 0.1;
/** The reader of the model looks each 10 ms. */
export const MODEL_LOOK = 0.0101;

export interface Slack { before: number; after: number; drift: number }
export function slackOf(h: Happening, measure: string, jiffy: number): Slack {
  const side: Side = measure.includes("B_") || measure.endsWith("_B") ? "B" : "A";
  const apart = measure.startsWith("outage") ? Math.abs(h.reaches.A - h.reaches.B) : 0; // a flow's outage begins with its own direction
  return { before: h.early + 2 * jiffy + apart, after: Math.max(h.late[side], h.late[other(side)]) + LOOK + jiffy, drift: DRIFT };
}
export function modelSlackOf(h: Happening, measure: string): Slack {
  const apart = Math.abs(h.reaches.A - h.reaches.B);
  return { before: 1e-6 + (measure.startsWith("outage") ? apart : 0), after: MODEL_LOOK + Math.max(h.late.A, h.late.B), drift: 0 };
}

/** Null: inside. Otherwise what is wrong. */
export function judge(value: number | undefined, bound: Bound | undefined, window: number, slack: Slack): string | null {
  const show = (n: number): string => n.toFixed(3);
  if (bound === undefined) return value === undefined || value < slack.after ? null : `${show(value)} where nothing is expected`;
  const lo = bound.lo - slack.before;
  const hi = bound.hi * (1 + slack.drift) + slack.after;
  if (value === undefined) return bound.may === true || hi >= window ? null : `missing, ${show(lo)} to ${show(hi)} expected`;
  if (value >= lo && value <= hi) return null;
  return bound.may === true && value < 0 ? null : `${show(value)} is not in ${show(lo)} to ${show(hi)}`;
}
