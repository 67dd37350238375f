// What must hold when an operator works at a bond: a member released, the bond set down and opened again. The formulas stand on the
// driver's functions (bond_main.c, bond_3ad.c) and the constants of rules.ts; no recording of these lies beside the test.

import { SIDES } from "./folders.ts";
import type { Happening, View } from "./measure.ts";
import { AGREE, HELLO_FAST, HELLO_SLOW, LONG, SHORT, inActive, other, outage, timeout, type Bounds, type Context } from "./rules.ts";

/**
 * bond_3ad_unbind_slave: a last frame without Synchronization, Collecting, Distributing and Aggregation. The partner acts in its next
 * tick; its timer ran anew from that frame, so it is EXPIRED a whole time-out later, and DEFAULTED 30 ticks after that.
 */
export function release(out: Bounds, h: Happening, c: Context, v: View, shift: number): void {
  const x = h.side;
  const y = other(x);
  const before = h.e.t + shift - 0.001;
  const m = `${x.toLowerCase()}${h.member}`;
  out.set(`${x}_num_ports_down`, { lo: 0, hi: 0, may: !inActive(v, h, x, m, before) });
  // sysfs of the member is gone with it; between its files the recorder may have seen the flags that the driver clears first
  for (const what of ["stops_distributing", "slave_backup", "mii_down"]) out.set(`${x}_${what}`, { lo: 0, hi: 0, may: true });
  const left = Number(v.at(x, `${h.bond[x]}.ad_num_ports`, before)) - 1;
  if (left < Math.max(1, c.side[x].minLinks)) {
    out.set(`${x}_carrier_down`, { lo: 0, hi: 0, may: true });
    for (const side of SIDES) outage(out, c, side, 0, Infinity);
  } else {
    outage(out, c, y, 0, 0); // the list of members that may send is made anew before the port is closed
    outage(out, c, x, 0, 2 * c.T);
  }
  if (!c.side[y].exists) return;
  const f = `${y.toLowerCase()}${h.member}`;
  const used = v.at(y, `${f}.state`, before) === "active";
  const own = c.side[y].fast ? SHORT : LONG;
  const expired = { lo: (own - 1) * c.T, hi: own * c.T };
  const defaulted = { lo: expired.lo + SHORT * c.T, hi: expired.hi + SHORT * c.T };
  out.set(`${y}_stops_distributing`, { lo: 0, hi: c.T, may: !used });
  out.set(`${y}_slave_backup`, { lo: 0, hi: c.T, may: !used });
  out.set(`${y}_expired`, used ? expired : { lo: 0, hi: expired.hi, may: true });
  out.set(`${y}_defaulted`, used ? defaulted : { lo: 0, hi: defaulted.hi, may: true });
  out.set(`${y}_num_ports_down`, { lo: 0, hi: defaulted.hi, may: true });
  if (c.side[y].minLinks >= c.count) out.set(`${y}_carrier_down`, { ...defaulted, may: true });
}

/** bond_close: the work is cancelled and nothing is said, so the other end hears nothing on all members. Nothing at all gets through. */
export function closed(out: Bounds, h: Happening, c: Context): void {
  const x = h.side;
  const y = other(x);
  for (const side of SIDES) outage(out, c, side, 0, Infinity);
  out.set(`${x}_carrier_down`, { lo: 0, hi: Infinity, may: true }); // sysfs has no carrier of an interface that is down
  if (!c.side[y].exists) return;
  const expired = timeout(c, y);
  const defaulted = { lo: expired.lo + SHORT * c.T, hi: expired.hi + SHORT * c.T };
  for (const what of ["stops_distributing", "expired", "slave_backup"]) out.set(`${y}_${what}`, expired);
  out.set(`${y}_defaulted`, defaulted);
  out.set(`${y}_num_ports_down`, { ...defaulted, may: true }); // of members that are DEFAULTED all, one stays active
  out.set(`${y}_slave_backup`, { ...expired, hi: defaulted.hi, may: true });
  out.set(`${y}_carrier_down`, { ...defaulted, may: true });
  out.set(`${y}_carrier_up`, { lo: expired.lo, hi: Infinity, may: true });
}

/**
 * bond_open: all counters go on from where they were. This end still believes in its partner, and speaks at its next hello; the
 * partner, EXPIRED or DEFAULTED by now, answers, and three frames suffice to agree, as when a silent cable heals. Until then this end
 * may run into its own time-out, which had that much left.
 */
export function opened(out: Bounds, h: Happening, c: Context): void {
  const x = h.side;
  const y = other(x);
  const hello = (c.side[x].active ? (c.side[y].fast ? HELLO_FAST : HELLO_SLOW) : Infinity) * c.T;
  const settled = hello + 4 * AGREE * c.T;
  for (const side of SIDES) {
    for (const what of ["distributing", "sees_partner_distributing"]) out.set(`${side}_${what}`, { lo: 0, hi: settled, may: true });
    for (const what of ["stops_distributing", "expired", "defaulted", "num_ports_down", "slave_backup", "carrier_down"]) out.set(`${side}_${what}`, { lo: 0, hi: settled + SHORT * c.T, may: true });
    out.set(`${side}_carrier_up`, { lo: 0, hi: settled, may: true });
    outage(out, c, side, 0, settled);
  }
}
