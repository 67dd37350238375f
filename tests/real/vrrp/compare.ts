// What is held against the rules: when routers began, how often they said their address, how long pings were lost.

import type { Sighting } from "./pcap.ts";
import { pingsWrong } from "./pings.ts";
import { type Begin, type Exactness, Rules, unsaid } from "./rules.ts";
import type { Happening, Outage, RouterConf } from "./recording.ts";

export interface Seen { happenings: readonly Happening[]; sightings: readonly Sighting[]; outages: readonly Outage[] | null }

/**
 * A recorded daemon acts late, never early. 129 ms is the worst of the recordings.
 * A command's time is noted when it is given; it took up to 0.67 s until the port was really down.
 * The kernel reports a join within two ticks of 10 ms.
 */
export const HOST: Exactness = { early: 0.001, late: 0.15, command: 0.7, join: 0.02 };
/** Median lateness of timers that run from an advertisement: the daemons are not slow, only sometimes delayed. */
export const HOST_MEDIAN = 0.01;
/** The engine: a frame's way, and the 1 ms until a lost or present carrier is noticed. */
export const ENGINE: Exactness = { early: 0.0001, late: 0.002, command: 0.002, join: 0 };

const oneWay = (h: Happening): boolean => h.op === "mute" || h.op === "deafen";

export interface Judged { begins: Begin[]; bursts: Bursts[]; wrong: string[] }

export function judge(confs: readonly RouterConf[], seen: Seen, exact: Exactness): Judged {
  const rules = new Rules(confs, seen.happenings, seen.sightings, exact);
  const bursts = rules.begins.map((b) => burstsOf(b, rules.begins, seen, confs[0]!.vips));
  // Who cannot be heard still routes what it hears, and what it answers itself is lost: the engine's flow goes through it, a ping ends there.
  // Who cannot hear gets no ping.
  const pings = seen.outages === null || seen.happenings.some(oneWay) ? [] : pingsWrong(confs, rules.begins, bursts, seen, exact);
  return { begins: rules.begins, bursts, wrong: [...rules.wrong, ...rules.begins.flatMap((b) => outOfBounds(b, exact)), ...addressesWrong(confs, rules.begins, bursts, seen.happenings), ...pings] };
}

function outOfBounds(b: Begin, exact: Exactness): string[] {
  const found: string[] = [];
  if (!(b.t >= b.earliest - exact.early && b.t <= b.latest + exact.late)) {
    found.push(`router ${b.router} began at ${b.t.toFixed(4)}; ${b.rule}: ${b.earliest.toFixed(4)} to ${b.latest.toFixed(4)}`);
  }
  if (b.rule === "silence" && b.loss !== null) {
    const since = b.t - b.loss.t;
    const [low, high] = [b.masterDown - b.oldInterval - exact.late, b.masterDown + exact.late + exact.command];
    if (since < low || since > high) found.push(`router ${b.router} took over ${since.toFixed(3)} s after the loss, not in ${low.toFixed(3)} to ${high.toFixed(3)}`);
  }
  return found;
}

/** keepalived says its address 5 times: on becoming master, and when it hears a lesser master; FRR once, on becoming master. */
function addressesWrong(confs: readonly RouterConf[], begins: readonly Begin[], bursts: readonly Bursts[], happenings: readonly Happening[]): string[] {
  return begins.flatMap((b, i) => {
    // A better master that hears a lesser one, and is not heard or not listened to, answers it again and again: as many bursts as chance has it.
    if (happenings.some((h) => oneWay(h) && h.t < b.t)) return [];
    const own = confs.find((c) => c.id === b.router);
    const frr = own?.daemon === "frr";
    // Others may be master, too, before the first is heard: they announce with the same virtual MAC address.
    if (own !== undefined && unsaid(own) > 0) return [...bursts[i]!.said].filter(([ip, { most }]) => most < 1 && b.rule !== "unheard" && !ip.startsWith("fe80")).map(([ip]) => `router ${b.router} did not say its address ${ip} at ${b.announced.toFixed(3)}`);
    const due = b.rule === "unheard" ? (b.answers ? 5 : 0) : frr ? 1 : 5;
    const wrong = [...bursts[i]!.said].filter(([, { least, most }]) => due < least || due > most);
    return wrong.map(([ip, said]) => `router ${b.router} said its address ${ip} ${times(said)} times at ${b.t.toFixed(3)}, not ${due}`);
  });
}

/**
 * Announcements (gratuitous ARPs, unsolicited neighbour advertisements): at once, of each address (`said`) and of all (`first`), and
 * keepalived's second burst. `certain`: nothing happened just when the second was due.
 */
export interface Bursts { said: Map<string, Count>; first: Count; second: number; secondAfter: number | null; certain: boolean }
/** Between these: nobody outside can tell an announcement from the answer to a host that looks for its own address. */
interface Count { least: number; most: number }
const times = ({ least, most }: Count): string => (least === most ? `${most}` : `${least} to ${most}`);
const countOf = (list: readonly { perhaps: boolean }[]): Count => ({ least: list.filter((s) => !s.perhaps).length, most: list.length });
/** One that was announced before it was heard: how exactly the interval between the two is known. */
const EARLY = 0.01;
const FIRST_WITHIN = 1;
const SECOND_AFTER = 5;

function burstsOf(b: Begin, begins: readonly Begin[], seen: Seen, vips: readonly string[]): Bursts {
  const own = seen.sightings.flatMap((s) => (s.kind === "garp" && s.t >= b.announced - EARLY && vips.includes(s.ip) && masterAt(begins, seen, s) === b.router ? [s] : []));
  const garps = own.map((s) => s.t);
  const second = garps.filter((t) => Math.abs(t - b.t - SECOND_AFTER) < FIRST_WITHIN / 2);
  const due = b.t + SECOND_AFTER;
  return {
    said: new Map(vips.map((ip) => [ip, countOf(own.filter((s) => s.ip === ip && s.t < b.announced + FIRST_WITHIN))])),
    first: countOf(own.filter((s) => s.t < b.announced + FIRST_WITHIN)), second: second.length, secondAfter: second[0] === undefined ? null : second[0] - b.t,
    // Recorded: a reload forgets the second burst.
    certain: !seen.happenings.some((h) => Math.abs(h.t - due) < HOST.late + HOST.command || (h.op === "reload" && h.t > b.t && h.t < due)) && !begins.some((o) => Math.abs(o.t - due) < HOST.late),
  };
}

/** Who sent a gratuitous ARP: whose MAC address it has; with the virtual one, who began last. */
function masterAt(begins: readonly Begin[], seen: Seen, garp: Extract<Sighting, { kind: "garp" }>): number | undefined {
  const senders = new Set(seen.sightings.flatMap((s) => (s.kind === "advert" && s.mac === garp.mac ? [s.router] : [])));
  if (senders.size === 1) return [...senders][0];
  return begins.findLast((b) => b.announced - EARLY <= garp.t)?.router;
}

/** Masters that lasted: who was followed by a better one within the hosts' lateness was not elected, only first. */
export function lasting(begins: readonly Begin[], late: number): Begin[] {
  return begins.filter((b, i) => {
    const next = begins[i + 1];
    return next === undefined || next.t - b.t > late || !b.rivals.includes(next.router);
  });
}

export const RACE = "race";

/** Null: the same masters in the same order. RACE: the first difference is between routers whose timers were due together. */
export function difference(real: readonly Begin[], model: readonly Begin[]): string | null {
  const [a, b] = [lasting(real, HOST.late), lasting(model, HOST.late)];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x, y] = [a[i], b[i]];
    if (x?.router === y?.router) continue;
    const rivals = [x, y, a[i - 1], b[i - 1]].flatMap((each) => each?.rivals ?? []);
    if (rivals.includes(x?.router ?? -1) || rivals.includes(y?.router ?? -1)) return RACE;
    return `masters: recorded ${a.map((e) => `r${e.router}`).join(" ")}, engine ${b.map((e) => `r${e.router}`).join(" ")}`;
  }
  return null;
}

/** Gratuitous ARPs of the masters that lasted, one by one. Who spoke first after a partition decides whether there are any. */
export function burstDifferences(real: Judged, model: Judged, happenings: readonly Happening[]): string[] {
  const of = (j: Judged): [Begin, Bursts][] => lasting(j.begins, HOST.late).map((b) => [b, j.bursts[j.begins.indexOf(b)]!]);
  const theirs = of(model);
  return of(real).flatMap(([b, mine], i) => {
    const [c, other] = theirs[i]!;
    if (b.rule === "unheard" && b.answers !== c.answers) return [];
    if (b.announced < b.t || happenings.some((h) => oneWay(h) && h.t < b.t)) return [];
    const found: string[] = [];
    if (mine.first.most < other.first.least || mine.first.least > other.first.most) {
      found.push(`router ${b.router} said its addresses ${times(mine.first)} times at ${b.t.toFixed(3)}, in the engine ${times(other.first)} times`);
    }
    if (mine.certain && other.certain && mine.second !== other.second) found.push(`router ${b.router}, second burst: ${mine.second}, in the engine ${other.second}`);
    return found;
  });
}

/** keepalived's second burst comes 5 s after the first. */
export function secondBurstsWrong({ begins, bursts }: Judged, exact: Exactness): string[] {
  return bursts.flatMap((each, i) => {
    const after = each.secondAfter;
    const right = after === null || (after >= SECOND_AFTER - exact.early && after <= SECOND_AFTER + exact.late);
    return right ? [] : [`router ${begins[i]?.router}: second burst after ${after.toFixed(3)} s`];
  });
}

/** How late timers were that run from an advertisement, which is seen to the microsecond. */
export function latenesses(begins: readonly Begin[]): number[] {
  return begins.filter((b) => b.rule === "silence" || b.rule === "farewell").map((b) => b.t - b.earliest);
}
