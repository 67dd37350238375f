// How often things fail where the file does not say: judgement built on published studies, every row derived, some from figures that we
// could not verify, some read about and not read ("at second hand"). A result that uses one prints it with its basis (docs/nines.md has the studies).

import { HOURS_PER_YEAR, spanHours, type FailureKind } from "../topology/failures.ts";

export interface Default {
  mtbf: number; // hours
  mttr: number;
  /** somebody has to come */
  crew: boolean;
  basis: string;
  /** a figure that it is built on was not verified */
  unverified: boolean;
}

const row = (mtbf: string, mttr: string, crew: boolean, basis: string, unverified = false): Default => ({ mtbf: spanHours(mtbf), mttr: spanHours(mttr), crew, basis, unverified });

/** Cuts of a buried cable: 2.13 per 1000 km and year (AFL 2001, citing Bellcore). */
const CUTS_PER_KM_YEAR = 2.13 / 1000;

export const DEFAULTS: Readonly<Record<Exclude<FailureKind, "fibre" | "card">, Default>> = {
  "server-crash": row("1.8y", "10m", false, "1000 crashes a year of 1800 servers (Dean 2008, at second hand); a reboot takes 5 to 15 min"),
  "server-hardware": row("12y", "4h", true, "8 % of servers a year (Vishwanath and Nagappan 2010); 4 h with a spare at hand", true),
  "nic": row("300y", "4h", true, "7 in 54 days of 16 384 ports (Llama 3, 2024)"),
  "link": row("150y", "2h", true, "0.68 % of NIC-to-ToR links a year (Alibaba HPN 2024, at second hand)", true),
  "link-flap": row("15y", "5m", false, "ten times as often as a lasting failure; median repair about 5 min (Gill et al. 2011)"),
  "leaf-hardware": row("20y", "4h", true, "5 % of ToR switches a year (Gill et al. 2011); Singh et al. 2021: 8 %"),
  "leaf-software": row("2y", "5m", false, "a reload every two years: our judgement from causes in Gill et al. 2011 and Singh et al. 2021"),
  "spine-hardware": row("10y", "4h", true, "10 % of aggregation switches a year (Gill et al. 2011)"),
  "core-hardware": row("39495h", "4h", true, "core routers, 39 495 h (Meza et al. 2018)", true),
  "load-balancer-software": row("5.556y", "10m", false, "90 % of 20 % of load balancers a year (Gill et al. 2011)"),
  "load-balancer-hardware": row("50y", "4h", true, "10 % of 20 % of load balancers a year (Gill et al. 2011)"),
  "wan-circuit": row("1876h", "12.3h", false, "the median vendor's (fit of Meza et al. 2018)"),
  "feed": row("7.5y", "6h", true, "5 to 10 years a rack feed (Dean 2008, at second hand; Uptime 2025)"),
  "site": row("15y", "4h", false, "10 to 20 years a site: utility and UPS (Uptime Institute); the restart's tail of 12 to 24 h is not in it"),
};

/** Speed of light in fibre: 4.9 µs/km. */
const NS_PER_KM = 4900;

/** A cable's length is taken from its delay. */
export function fibreDefault(delayNs: bigint): Default & { km: number } {
  const km = Math.max(1, Number(delayNs) / NS_PER_KM);
  return { km, mtbf: HOURS_PER_YEAR / (CUTS_PER_KM_YEAR * km), mttr: 8, crew: false, basis: "2.13 cuts per 1000 km and year (AFL 2001, at second hand), length by the delay at 4.9 µs/km; 8 h to splice", unverified: false };
}

/** Of a set of peers, not of each: an event hits one of them, or with the common-cause share all. */
export const HUMAN = { perYear: 1.5, mttr: 0.75, basis: "1 to 2 a year and pair, 30 to 60 min (Govindan et al. 2016, at second hand; Uptime Institute)" };
export const PEERS_BETA = { share: 0.15, basis: "10 to 20 % of failures hit both (Gill et al. 2011: redundancy works in 40 %; Sprint: 30 % of failures shared)" };
export const FEEDS_BETA = { share: 0.035, basis: "2 to 5 % (Dean 2008, at second hand; Uptime 2025)" };
