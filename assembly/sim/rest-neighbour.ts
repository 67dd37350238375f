// Neighbour entries at rest. One that a working flow goes by is asked for again and again, and answered as before: a refresh. The engine notes
// what a refresh passes: which rows of MAC tables its frames look up and keep fresh, and when. Has nothing changed in the layer 2 domain
// from then until the next refresh is due, that one would be the same; the entry rests. Its rows are held. When something is about to change,
// the entry and the rows are given the times of the last refresh that was left out, and what is under way by then is simulated late.
//
// So it is with an address that nobody has, and that flows wait for: three questions, and three again. Then nothing may answer.
//
// A question's and an answer's frames carry the number of the note (`Frame.refresh`), so that they are known wherever they come.

import { ARP_FAILED, NODE_HOST } from "../abi";
import { DELAY_FIRST_PROBE, Neighbour, PROBES, REACHABLE_MAX, REDRAW, RETRANS, ROUND, askedBefore, confirmedBefore, hasStates, lifetimeAt, neighbourOf } from "./neighbour-tables";
import { isPast } from "../collections/event-queue";
import { fdbKeep, fdbKeyOf, fdbLive, fdbNode } from "../collections/fdb";
import { take } from "../core/memory";
import { now } from "../core/trace";
import { watchAgeing } from "./ageing";
import { peerNodeOf } from "./pairs";
import { Domain, domainOf, domainQuiet } from "./domain";
import { fhrpOf, fhrps } from "./fhrp-tables";
import { countLeftOut, everyHello } from "./rest-rules";
import { goBack, makeUp } from "./past";
import { bridgeFor, l3Of, lagOf, memberOf, nodeOf, otherEnd, portOf, vipOf } from "./tables";
import { TIMER_ARP, stopTimer } from "./timers";

const ROWS: i32 = 12; // a refresh that passes more is simulated each time

/** What the last refresh of an entry did. */
@unmanaged class Note {
  startedAt: i64; // its first question
  restAt: i64; // the next one was due then and was left out; 0: the entry does not rest
  answeredNs: i64; // after the question; 0: not answered
  overNs: i64; // the last frame arrived so long after it
  neighbour: i32;
  next: i32; previous: i32; // of those that rest in a domain; `next` of those that are free; -1
  bridge: i32; // of the domain, while it rests
  inFlight: i32; frames: i32; // of them, and all
  rows: i32;
  odd: i32; // 1: it did more than refresh, or passed too much
  waiting: i32; // 1: looked at when all flows have been walked
}
// Behind it: rows of MAC tables, each with the time after the question at which it was seen; LOOKED_UP: it was not, but the way led by it.
const NOTE: usize = (offsetof<Note>() + 7) & ~<usize>7;
const STRIDE: usize = NOTE + 12 * 16;
const LOOKED_UP: i64 = -1;

let notesAt: usize = 0; let capacity: i32 = 0; let used: i32 = 0; let free: i32 = -1;
let waitingAt: usize = 0; let waiting: i32 = 0;

export function reserveNotes(count: i32): void {
  capacity = count;
  notesAt = take(<usize>count * STRIDE);
  waitingAt = take(<usize>count << 2);
}
function noteOf(refresh: i32): Note { return changetype<Note>(notesAt + <usize>(refresh - 1) * STRIDE); }
function rowAt(refresh: i32, k: i32): usize { return notesAt + <usize>(refresh - 1) * STRIDE + NOTE + (<usize>k << 4); }

function newNote(i: i32): i32 {
  let r = free;
  if (r > 0) free = noteOf(r).next;
  else { if (used == capacity) return 0; used += 1; r = used; }
  const t = noteOf(r);
  t.neighbour = i; t.restAt = 0; t.startedAt = 0;
  return r;
}
/** The entry is gone. */
export function dropNote(n: Neighbour): void {
  if (n.refresh == 0) return;
  noteOf(n.refresh).next = free;
  free = n.refresh;
  n.refresh = 0;
}

export function restingNeighbour(n: Neighbour): bool { return n.refresh != 0 && noteOf(n.refresh).restAt != 0; }

// --- what a refresh passes -----------------------------------------------------------------------------

/** A refresh is due. True: it is left out, the entry rests from now on. */
export function refreshRests(i: i32): bool {
  const n = neighbourOf(i);
  if (n.refresh == 0) n.refresh = newNote(i);
  if (n.refresh == 0) return false;
  const t = noteOf(n.refresh);
  if (!everyHello && !isPast() && t.startedAt != 0 && proven(n, t)) { lieDown(n, t); return true; }
  t.startedAt = now; t.answeredNs = 0; t.overNs = 0; t.frames = 0; t.rows = 0;
  t.odd = t.inFlight != 0 ? 1 : 0; // what is under way of the one before would be taken for its own
  return false;
}

export function noteSent(refresh: i32): void { const t = noteOf(refresh); t.inFlight += 1; t.frames += 1; }
export function noteArrived(refresh: i32): void { const t = noteOf(refresh); t.inFlight -= 1; t.overNs = now - t.startedAt; }
/** The answer has come. */
export function noteAnswer(n: Neighbour, refresh: i32): void { if (refresh != 0 && refresh == n.refresh) noteOf(refresh).answeredNs = now - noteOf(refresh).startedAt; }
/** What answers has a mind of its own. */
export function noteOdd(refresh: i32): void { noteOf(refresh).odd = 1; }
/** A bridge has seen the sender of a frame of the refresh. */
export function noteSeen(refresh: i32, row: i32): void { note(refresh, row, now - noteOf(refresh).startedAt); }
/** A bridge has looked up where it goes. */
export function noteLookUp(refresh: i32, row: i32): void { note(refresh, row, LOOKED_UP); }

function note(refresh: i32, row: i32, after: i64): void {
  const t = noteOf(refresh);
  for (let k = 0; k < t.rows; k++) {
    if (load<i32>(rowAt(refresh, k)) != row) continue;
    if (after > load<i64>(rowAt(refresh, k), 8)) store<i64>(rowAt(refresh, k), after, 8);
    return;
  }
  if (t.rows == ROWS) { t.odd = 1; return; }
  store<i32>(rowAt(refresh, t.rows), row);
  store<i64>(rowAt(refresh, t.rows), after, 8);
  t.rows += 1;
}

// --- rest ------------------------------------------------------------------------------------------------

/** Is it asked for again and again, and nobody answers? */
function vain(n: Neighbour): bool { return n.told == ARP_FAILED; }

/** Has the last refresh changed nothing, has nothing changed since, and will each row that it needs be there next time? */
function proven(n: Neighbour, t: Note): bool {
  if ((t.answeredNs == 0) != vain(n) || t.inFlight != 0 || t.odd != 0) return false;
  const at = bridgeOfL3(n.l3);
  if (at < 0) return false;
  const domain = domainOf(at);
  if (domain.unfit != 0 || domain.changedAt >= t.startedAt || domain.askedAt >= t.startedAt) return false;
  const period = vain(n) ? ROUND : t.answeredNs + (hasStates(n) ? REACHABLE_MAX + DELAY_FIRST_PROBE : nodeOf(l3Of(n.l3).node).arpAgeNs);
  if ((vain(n) || !hasStates(n)) && now - t.startedAt != period) return false; // another one
  for (let k = 0; k < t.rows; k++) if (!lasts(n.refresh, k, period)) return false;
  return domainQuiet(at) && !(vain(n) && ofGroup(n.ip));
}

/** May an HSRP, GLBP or anycast group answer for the address? It says nothing before it does. */
function ofGroup(ip: u32): bool {
  for (let k = 0; k < fhrps; k++) {
    const f = fhrpOf(k);
    for (let v = 0; v < f.vipCount; v++) if (vipOf(f.firstVip + v) == ip) return true;
  }
  return false;
}

/** Is the row kept fresh by the refresh itself, or its twin at the other peer of a pair? */
function lasts(refresh: i32, k: i32, period: i64): bool {
  const row = load<i32>(rowAt(refresh, k));
  if (!fdbLive(row)) return false;
  if (load<i64>(rowAt(refresh, k), 8) != LOOKED_UP) return period < nodeOf(fdbNode(row)).macAgeNs;
  const peer = peerNodeOf(fdbNode(row));
  for (let j = 0; j < noteOf(refresh).rows; j++) {
    const other = load<i32>(rowAt(refresh, j));
    if (fdbNode(other) == peer && fdbKeyOf(other) == fdbKeyOf(row) && load<i64>(rowAt(refresh, j), 8) != LOOKED_UP) return true;
  }
  return false;
}

function lieDown(n: Neighbour, t: Note): void {
  t.restAt = now;
  stopTimer(TIMER_ARP, t.neighbour);
  t.bridge = bridgeOfL3(n.l3);
  const domain = domainOf(t.bridge);
  t.previous = -1; t.next = domain.asked;
  if (domain.asked > 0) noteOf(domain.asked).previous = n.refresh;
  domain.asked = n.refresh;
  for (let k = 0; k < t.rows; k++) if (load<i64>(rowAt(n.refresh, k), 8) != LOOKED_UP) fdbKeep(load<i32>(rowAt(n.refresh, k)), 1, 0);
}

/** Wakes the entry: as the last refresh that is over would have left it. */
export function wakeNeighbour(n: Neighbour): void {
  const t = noteOf(n.refresh);
  const domain = domainOf(t.bridge);
  if (t.previous > 0) noteOf(t.previous).next = t.next; else domain.asked = t.next;
  if (t.next > 0) noteOf(t.next).previous = t.previous;
  const last = vain(n) ? lastAsked(t) : lastOver(n, t);
  const back = vain(n) ? (PROBES - 1) * RETRANS : 0; // rows were seen last by the last question of a round
  for (let k = 0; k < t.rows; k++) {
    const row = load<i32>(rowAt(n.refresh, k));
    const after = load<i64>(rowAt(n.refresh, k), 8);
    if (after == LOOKED_UP) continue;
    fdbKeep(row, -1, last + after - back);
    watchAgeing(row);
  }
  const asked = <i32>((last - t.restAt + ROUND) / RETRANS % PROBES) + 1;
  t.restAt = 0;
  t.startedAt = 0; // what is noted is used up
  const holds = n.holds; const works = n.works; const confirms = n.confirms;
  n.holds = max(holds, 1); n.works = vain(n) ? works : max(works, 1); n.confirms = 0; // as while it rested, whatever flows are being walked now
  goBack(last + t.answeredNs);
  if (vain(n)) askedBefore(t.neighbour, asked);
  else confirmedBefore(t.neighbour);
  makeUp();
  n.holds = holds; n.works = works; n.confirms = confirms;
}

/** When the last question was sent of which nothing is under way. The first that was left out was due when it lay down. */
function lastAsked(t: Note): i64 {
  const over = max(t.overNs - (PROBES - 1) * RETRANS, 0); // 0: there was no way out for it
  const since = now - 1 - over - t.restAt;
  const count = since < 0 ? 0 : since / RETRANS + 1;
  countLeftOut(<u64>(count * t.frames / PROBES));
  return t.restAt + (count - 1) * RETRANS;
}

/** When the last refresh began of which nothing is under way. */
function lastOver(n: Neighbour, t: Note): i64 {
  let last = t.startedAt;
  let next = t.restAt;
  let count: i64 = 0;
  const until = now - t.overNs; // those that began before
  while (next < until) {
    const answered = next + t.answeredNs;
    const period = t.answeredNs + lifetimeAt(n, answered) + (hasStates(n) ? DELAY_FIRST_PROBE : 0);
    let more = (until - 1 - next) / period;
    if (hasStates(n)) more = min(more, (REDRAW - 1 - answered % REDRAW) / period); // the time is drawn anew
    last = next + more * period;
    next = last + period;
    count += more + 1;
  }
  countLeftOut(<u64>(count * t.frames));
  return last;
}

// --- stir ------------------------------------------------------------------------------------------------

/** Something that refreshes in the bridge's domain depend on is about to change. */
export function stirAsked(bridge: i32): void {
  if (bridge < 0 || isPast()) return;
  const domain = domainOf(bridge);
  domain.askedAt = now;
  wakeAsked(domain);
}
export function wakeAsked(domain: Domain): void {
  while (domain.asked > 0) wakeNeighbour(neighbourOf(noteOf(domain.asked).neighbour));
}

/** The same, of an interface: in all domains that it is in. */
export function stirAskedBy(l3: i32): void {
  const i = l3Of(l3);
  if (i.bridge >= 0 || i.lag < 0) { stirAsked(i.bridge >= 0 ? i.bridge : bridgeBehind(i.port)); return; }
  const lag = lagOf(i.lag);
  for (let m = lag.first, end = lag.first + lag.count; m < end; m++) stirAsked(bridgeBehind(memberOf(m).port));
}

/** The bridge at the other end of a host's cable, -1 for none. */
function bridgeBehind(port: i32): i32 {
  if (port < 0 || portOf(port).link < 0) return -1;
  const far = portOf(otherEnd(port));
  return nodeOf(far.node).kind == NODE_HOST ? -1 : bridgeFor(far.node, far.pvid);
}

/** A bridge of the one domain that an interface is in; -1: none, or of several. */
function bridgeOfL3(l3: i32): i32 {
  const i = l3Of(l3);
  if (i.bridge >= 0 || i.lag < 0) return i.bridge >= 0 ? i.bridge : bridgeBehind(i.port);
  const lag = lagOf(i.lag);
  let at = -1;
  for (let m = lag.first, end = lag.first + lag.count; m < end; m++) {
    const behind = bridgeBehind(memberOf(m).port);
    if (behind < 0 || (at >= 0 && domainOf(at) != domainOf(behind))) return -1;
    at = behind;
  }
  return at;
}

/** Flows take hold of the entry or let it go: whether it is still refreshed, and in doubt, is known when all have been walked. */
export function noteHeld(n: Neighbour): void {
  const t = noteOf(n.refresh);
  if (t.waiting != 0) return;
  t.waiting = 1;
  store<i32>(waitingAt + (<usize>waiting << 2), n.refresh);
  waiting += 1;
}
export function settleHeld(): void {
  for (let k = 0; k < waiting; k++) {
    const t = noteOf(load<i32>(waitingAt + (<usize>k << 2)));
    const n = neighbourOf(t.neighbour);
    t.waiting = 0;
    if (t.restAt != 0 && (n.holds == 0 || (n.works == 0 && n.doubtAt == now && !vain(n)))) wakeNeighbour(n);
  }
  waiting = 0;
}
