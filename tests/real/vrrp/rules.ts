// The rules of the protocol, applied to what the host saw: when may which router begin to advertise?
//
// Works on a recording and on the engine's run alike. It follows each router's Master_Down_Timer from outside: every
// advertisement that the host sees is one that the other routers hear. So each "begins to advertise" has one rule:
//   startup    Master_Down_Interval after the Startup event (an owner of FRR: at once)
//   silence    Master_Down_Interval after the last advertisement that was to be respected
//   farewell   Skew_Time after the advertisement of priority 0
//   unheard    master all the time, unheard: an Adver_Timer of one interval runs when it can be heard again
// The rules are the same over IPv6 (RFC 5798 6.4). A priority that a tracked file changes moves keepalived's running timer by the change
// of Skew_Time; a master says it with its next advertisement. docs/vrrp.md has the bounds in a table.

import { NOBODY, type Sighting } from "./pcap.ts";
import { DAD, isIpv6, type Happening, type RouterConf } from "./recording.ts";

export type Rule = "startup" | "silence" | "farewell" | "unheard";

export interface Begin {
  t: number;
  router: number;
  rule: Rule;
  /** the rule's bounds for `t`, without any lateness of a host */
  earliest: number;
  latest: number;
  /** when it became master and said its addresses, if not then */
  announced: number;
  /** what took the old master away, if something did */
  loss: Happening | null;
  old: number | null;
  oldInterval: number;
  /** bounds on the time since the loss: the timer was restarted up to an interval before it */
  masterDown: number;
  /** others whose timer could have been first, given how late hosts are */
  rivals: number[];
  /** keepalived: was not heard, and answers the advertisement of a lesser master */
  answers: boolean;
}

/** How exactly instants are known: `late`, a timer's; `command`, an event's, from when it was noted; `early`, of reading clocks. */
export interface Exactness { early: number; late: number; command: number; join: number }

interface Router {
  conf: RouterConf;
  priority: number; // tracking changes it
  changedAt: number; // when, NaN: never
  state: "off" | "backup" | "master";
  earliest: number; // of Master_Down_Timer
  latest: number;
  rule: Rule;
  interval: number; // Master_Adver_Interval
  lossAt: number | null; // cut off, not heard, or dead, since
  deaf: boolean; // hears nothing, and is heard
  preemptAt: number; // NaN: no inferior master was heard yet
}

/** Skew_Time. FRR counts whole centiseconds; keepalived's microseconds do not show here. */
export function skew(conf: RouterConf, interval: number, priority = conf.priority): number {
  const unit = conf.version === 2 ? 1 : interval;
  const exact = ((256 - priority) * unit) / 256;
  return conf.daemon === "frr" ? Math.floor(exact * 100) / 100 : exact;
}
/** FRR over IPv6 cannot send its first advertisement: it is master for an interval before it is heard. */
export const unsaid = (conf: RouterConf): number => (conf.daemon === "frr" && isIpv6(conf) ? conf.interval : 0);
export const masterDown = (conf: RouterConf, interval: number, priority = conf.priority): number => 3 * interval + skew(conf, interval, priority);
const downOf = (r: Router): number => masterDown(r.conf, r.interval, r.priority);

export class Rules {
  readonly begins: Begin[] = [];
  readonly wrong: string[] = [];
  readonly #routers: Map<number, Router>;
  readonly #exact: Exactness;
  readonly #joins: readonly Sighting[];
  #loss: Happening | null = null;
  #master: number | null = null;
  #lastAdvert: { t: number; router: number } | null = null;

  constructor(confs: readonly RouterConf[], happenings: readonly Happening[], sightings: readonly Sighting[], exact: Exactness) {
    this.#exact = exact;
    this.#joins = sightings.filter((s) => s.kind === "join");
    this.#routers = new Map(confs.map((conf) => [conf.id, { conf, priority: conf.priority, changedAt: NaN, state: "off", earliest: NaN, latest: NaN, rule: "startup", interval: conf.interval, lossAt: null, deaf: false, preemptAt: NaN }]));
    const events = [...happenings.map((h) => ({ t: h.t, h })), ...sightings.flatMap((s) => (s.kind === "advert" ? [{ t: s.t, s }] : []))];
    for (const e of events.sort((a, b) => a.t - b.t)) "h" in e ? this.#happened(e.h) : this.#advertised(e.s);
  }

  #router(id: number): Router {
    const r = this.#routers.get(id);
    if (r === undefined) throw new Error(`no router ${id}`);
    return r;
  }

  #happened(h: Happening): void {
    if (h.op === "end" || h.op === "reload") return; // recorded: a reload changes nothing
    const r = this.#router(h.router);
    if (h.op === "lower" || h.op === "raise") this.#priority(r, h);
    else if (h.op === "deafen") r.deaf = true;
    else if (h.op === "start") this.#startup(r, startOf(h, this.#joins, this.#exact));
    else if (h.op === "mend" && r.conf.daemon === "keepalived") this.#startup(r, h.dad === true ? [h.t + DAD[0], h.t + DAD[1] + this.#exact.command] : [h.t, h.t + this.#exact.command]);
    else if (h.op === "mend" || h.op === "unblock") this.#heardAgain(r, h.t);
    else if (h.op === "stop" && r.state === "backup") r.state = "off";
    else if (h.op !== "stop" && r.lossAt === null) r.lossAt = h.t;
    if (h.op === "deafen" || h.op === "start" || h.op === "mend" || h.op === "unblock" || h.op === "raise" || h.router !== this.#master) return;
    // Of a daemon that is killed and a port that goes down, the port counts: what the kernel still answers is not heard.
    if (this.#loss === null || this.#loss.router !== h.router || this.#loss.op === "kill") this.#loss = h;
  }

  #priority(r: Router, h: Happening): void {
    const before = skew(r.conf, r.interval, r.priority);
    r.priority = h.op === "lower" ? Math.max(1, r.conf.priority - r.conf.tracked) : r.conf.priority;
    r.changedAt = h.t;
    if (r.state !== "backup") return;
    const moved = skew(r.conf, r.interval, r.priority) - before;
    Object.assign(r, { earliest: r.earliest + moved, latest: r.latest + moved });
  }

  #startup(r: Router, [from, to]: readonly [number, number]): void {
    const { conf } = r;
    const wait = conf.priority === 255 && conf.daemon === "frr" ? 0 : masterDown(conf, conf.interval, r.priority);
    Object.assign(r, { state: "backup", rule: "startup", interval: conf.interval, lossAt: null, deaf: false, preemptAt: NaN, earliest: from + wait + unsaid(conf), latest: to + wait + unsaid(conf) });
  }

  #heardAgain(r: Router, t: number): void {
    const heard = r.lossAt === null;
    Object.assign(r, { lossAt: null, deaf: false });
    if (r.state === "off" || heard) return;
    if (r.state === "backup" && r.latest + this.#exact.late >= t) return;
    Object.assign(r, { state: "backup", rule: "unheard", earliest: t, latest: t + r.conf.interval + this.#exact.command });
  }

  #advertised(a: Extract<Sighting, { kind: "advert" }>): void {
    const r = this.#router(a.router);
    // A command takes a while: what is cut off may speak once more.
    if (r.lossAt !== null && a.t > r.lossAt + this.#exact.command) this.wrong.push(`router ${a.router} advertised at ${a.t.toFixed(3)}, cut off since ${r.lossAt.toFixed(3)}`);
    if (a.priority === 0) r.state = "off";
    else if (r.state !== "master") this.#begin(r, a.t);
    for (const other of this.#routers.values()) if (other !== r && other.lossAt === null && !other.deaf) this.#hears(other, r, a);
    if (a.priority !== 0) this.#master = a.router;
    this.#lastAdvert = a;
  }

  #begin(r: Router, t: number): void {
    const { late } = this.#exact;
    const old = this.#master === r.conf.id ? null : this.#master;
    const rivals = [...this.#routers.values()].filter((o) => o !== r && o.state === "backup" && o.lossAt === null && o.earliest <= t + late && o.rule !== "unheard");
    const heard = r.rule === "unheard" && r.conf.daemon === "keepalived" ? this.#lesserSince(r) : null;
    // It answers at once, unless the command that lets frames through had not taken effect when it was spoken to.
    if (heard !== null && heard >= r.earliest + this.#exact.command) r.latest = heard;
    const own = rivals.length > 0 ? t : r.earliest;
    this.begins.push({
      t, router: r.conf.id, rule: r.state === "off" ? "startup" : r.rule, earliest: r.earliest, latest: r.latest, loss: this.#loss, old,
      announced: r.rule === "unheard" ? t : t - unsaid(r.conf),
      oldInterval: old === null ? r.interval : this.#router(old).conf.interval, masterDown: downOf(r) + unsaid(r.conf),
      rivals: rivals.filter((o) => o.earliest <= own + late).map((o) => o.conf.id),
      answers: heard !== null && t - heard <= late,
    });
    if (r.state === "off") this.wrong.push(`router ${r.conf.id} began at ${t.toFixed(3)} though it was off`);
    r.state = "master";
    this.#loss = null;
  }

  /** When another spoke since `r` could be heard again. */
  #lesserSince(r: Router): number | null {
    const last = this.#lastAdvert;
    return last !== null && last.router !== r.conf.id && last.t >= r.earliest ? last.t : null;
  }

  #hears(r: Router, from: Router, a: Extract<Sighting, { kind: "advert" }>): void {
    const { conf } = r;
    if (r.state === "off" || a.version !== conf.version || (conf.version === 2 && a.interval !== conf.interval)) return;
    if (conf.priority === 255 && conf.daemon === "frr") return;
    if (a.priority === 0) {
      if (r.state === "backup" && r.rule !== "unheard") this.#due(r, "farewell", a.t + skew(conf, r.interval, r.priority));
      return;
    }
    const master = r.state === "master" || r.rule === "unheard" || (unsaid(conf) > 0 && a.t >= r.earliest - unsaid(conf));
    const better = a.priority > r.priority || (a.priority === r.priority && (!master || from.conf.id > conf.id));
    if (master && !better) return;
    const borne = better || (this.#justRaised(r, a) ? "perhaps" : this.#bears(r, a.t));
    if (borne === false) return;
    if (master || (better && conf.daemon === "keepalived")) r.preemptAt = NaN;
    r.state = "backup";
    if (conf.version === 3) r.interval = a.interval;
    const { earliest } = r;
    this.#due(r, "silence", a.t + downOf(r));
    if (borne === "perhaps") r.earliest = earliest;
  }

  #due(r: Router, rule: Rule, t: number): void {
    Object.assign(r, { rule, earliest: t + unsaid(r.conf), latest: t + unsaid(r.conf) });
  }

  /** Was this advertisement a better one until the priority was raised? The command takes a while to arrive. */
  #justRaised(r: Router, a: { t: number; priority: number }): boolean {
    return a.t < r.changedAt + this.#exact.command && a.priority >= r.conf.priority - r.conf.tracked;
  }

  /** Is a lesser master kept? Within `late` of the end of the delay nobody outside can tell. */
  #bears(r: Router, t: number): boolean | "perhaps" {
    const { conf } = r;
    if (conf.priority === 255) return false;
    if (!conf.preempt) return true;
    if (conf.preemptDelay === 0) return false;
    if (Number.isNaN(r.preemptAt)) r.preemptAt = t + conf.preemptDelay;
    return Math.abs(t - r.preemptAt) < this.#exact.late ? "perhaps" : t < r.preemptAt;
  }
}

/** The Startup event lies between the command and the first report that joins the group, and shortly before the latter. */
export function startOf(h: Happening, joins: readonly Sighting[], exact: Exactness): [number, number] {
  const join = joins.find((s) => s.kind === "join" && (s.router === h.router || s.router === NOBODY) && s.t >= h.t && s.t < h.t + exact.command);
  return join === undefined ? [h.t, h.t + exact.command] : [Math.max(h.t, join.t - exact.join), join.t];
}
