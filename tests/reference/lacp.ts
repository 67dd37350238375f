// The members of one port-channel as IEEE 802.1AX-2014 6.4 words them: receive, periodic and mux machines, and a selection for one aggregator. Each machine is its
// figure, run until nothing moves. Nothing of the engine is in it. What is transmitted, churn detection and limits of a bundle are not modelled.

export const ACTIVITY = 0x01; export const TIMEOUT = 0x02; export const AGGREGATION = 0x04; export const SYNCHRONIZATION = 0x08;
export const COLLECTING = 0x10; export const DISTRIBUTING = 0x20; export const DEFAULTED = 0x40; export const EXPIRED = 0x80;

export interface End { system: bigint; key: number; port: number; state: number }
export interface Lacpdu { actor: End; partner: End }
export interface Settings { system: bigint; key: number; members: number; active: boolean; fast: boolean; independent: boolean }

const SECOND = 1_000_000_000n;
const SHORT = 3n * SECOND; const LONG = 90n * SECOND; const FAST = SECOND; const SLOW = 30n * SECOND; const WAIT = 2n * SECOND; // 6.4.4
const NOBODY: End = { system: 0n, key: 0, port: 0, state: SYNCHRONIZATION }; // Partner_Admin: one that says nothing is in sync, not aggregatable

type Rx = "PORT_DISABLED" | "EXPIRED" | "DEFAULTED" | "CURRENT";
type Periodic = "NO_PERIODIC" | "FAST_PERIODIC" | "SLOW_PERIODIC" | "PERIODIC_TX";
type Mux = "DETACHED" | "WAITING" | "ATTACHED" | "COLLECTING" | "DISTRIBUTING" | "COLLECTING_DISTRIBUTING";

export interface Member {
  number: number; enabled: boolean; rx: Rx; periodic: Periodic; mux: Mux; selected: boolean; actor: number; partner: End;
  currentWhile: bigint | null; periodicTimer: bigint | null; waitWhile: bigint | null; readyN: boolean;
}

export class PortChannel {
  readonly members: Member[];
  readonly #s: Settings;

  constructor(settings: Settings) {
    this.#s = settings;
    const actor = (settings.active ? ACTIVITY : 0) | (settings.fast ? TIMEOUT : 0) | AGGREGATION | DEFAULTED;
    // BEGIN, through INITIALIZE
    this.members = Array.from({ length: settings.members }, (_, i) => ({
      number: i + 1, enabled: false, rx: "PORT_DISABLED", periodic: "NO_PERIODIC", mux: "DETACHED", selected: false, actor, partner: { ...NOBODY, state: 0 },
      currentWhile: null, periodicTimer: null, waitWhile: null, readyN: false,
    }));
  }

  nextNs(): bigint | null {
    const all = this.members.flatMap((m) => [m.rx === "CURRENT" || m.rx === "EXPIRED" ? m.currentWhile : null, m.periodic === "NO_PERIODIC" ? null : m.periodicTimer, m.mux === "WAITING" ? m.waitWhile : null]);
    return all.reduce((least, at) => (at !== null && (least === null || at < least) ? at : least), null);
  }

  enable(i: number, on: boolean, now: bigint): void { this.members[i]!.enabled = on; this.settle(now); }

  settle(now: bigint): void {
    for (let passes = 0; this.#pass(now); passes++) if (passes > 100) throw new Error("the machines do not come to rest");
  }

  #pass(now: bigint): boolean {
    let moved = false;
    for (const m of this.members) { if (receive(m, now)) moved = true; if (periodic(m, now)) moved = true; }
    if (this.#select()) moved = true;
    for (const m of this.members) if (this.#mux(m, now)) moved = true;
    return moved;
  }

  // --- 6.4.9, 6.4.12: CURRENT --------------------------------------------------------------------------

  hear(i: number, pdu: Lacpdu, now: bigint): void {
    const m = this.members[i]!;
    if (m.rx === "PORT_DISABLED" || pdu.actor.system === this.#s.system) return; // a frame of its own says nothing of a partner
    m.rx = "CURRENT";
    // update_Selected
    const p = pdu.actor;
    if (p.system !== m.partner.system || p.key !== m.partner.key || p.port !== m.partner.port || ((p.state ^ m.partner.state) & AGGREGATION) !== 0) m.selected = false;
    // recordPDU
    const names = pdu.partner.system === this.#s.system && pdu.partner.key === this.#s.key && pdu.partner.port === m.number && ((pdu.partner.state ^ m.actor) & AGGREGATION) === 0;
    const matched = names || (p.state & AGGREGATION) === 0;
    m.partner = { ...p, state: matched ? p.state : p.state & ~SYNCHRONIZATION };
    m.actor &= ~(DEFAULTED | EXPIRED);
    m.currentWhile = now + ((m.actor & TIMEOUT) !== 0 ? SHORT : LONG);
    this.settle(now);
  }

  // --- 6.4.14, with one aggregator ---------------------------------------------------------------------

  /** The LAG of a member that is selected, else of the first: others wait. What was deselected is DETACHED before it is selected again. */
  #select(): boolean {
    const fit = this.members.filter((m) => m.enabled && m.partner.system !== 0n && m.partner.system !== this.#s.system && (m.partner.state & AGGREGATION) !== 0 && (m.rx === "CURRENT" || (m.rx === "EXPIRED" && m.selected)));
    const reference = fit.find((m) => m.selected) ?? fit[0];
    let moved = false;
    for (const m of this.members) {
      const wanted = reference !== undefined && fit.includes(m) && m.partner.system === reference.partner.system && m.partner.key === reference.partner.key;
      if (wanted === m.selected || (wanted && m.mux !== "DETACHED")) continue;
      m.selected = wanted;
      moved = true;
    }
    return moved;
  }

  // --- 6.4.15 ------------------------------------------------------------------------------------------

  #mux(m: Member, now: bigint): boolean {
    const inSync = m.selected && (m.partner.state & SYNCHRONIZATION) !== 0;
    const takes = (m.partner.state & COLLECTING) !== 0;
    switch (m.mux) {
      case "DETACHED": return m.selected && enter(m, "WAITING", now);
      case "WAITING": {
        if (!m.selected) return enter(m, "DETACHED", now);
        if (m.waitWhile !== null && now >= m.waitWhile) { m.waitWhile = null; m.readyN = true; }
        const ready = this.members.every((q) => q.mux !== "WAITING" || !q.selected || q.readyN);
        return ready && enter(m, "ATTACHED", now);
      }
      case "ATTACHED": return !m.selected ? enter(m, "DETACHED", now) : inSync && enter(m, this.#s.independent ? "COLLECTING" : "COLLECTING_DISTRIBUTING", now);
      case "COLLECTING_DISTRIBUTING": return !inSync && enter(m, "ATTACHED", now);
      case "COLLECTING": return !inSync ? enter(m, "ATTACHED", now) : takes && enter(m, "DISTRIBUTING", now);
      case "DISTRIBUTING": return !(inSync && takes) && enter(m, "COLLECTING", now);
    }
  }
}

/** Figure 6-18, but for frames. */
function receive(m: Member, now: bigint): boolean {
  if (!m.enabled) {
    if (m.rx === "PORT_DISABLED") { const was = m.selected; m.selected = false; m.partner.state &= ~SYNCHRONIZATION; return was; }
    m.rx = "PORT_DISABLED";
    m.partner.state &= ~SYNCHRONIZATION;
    m.selected = false; // the standard leaves it: a port without a link has no place in a bundle (docs/lacp.md)
    return true;
  }
  if (m.rx === "PORT_DISABLED" || (m.rx === "CURRENT" && now >= m.currentWhile!)) {
    m.rx = "EXPIRED";
    m.partner.state = (m.partner.state & ~SYNCHRONIZATION) | TIMEOUT;
    m.currentWhile = now + SHORT;
    m.actor |= EXPIRED;
    return true;
  }
  if (m.rx !== "EXPIRED" || now < m.currentWhile!) return false;
  m.rx = "DEFAULTED";
  // update_Default_Selected
  if (m.partner.system !== 0n || m.partner.key !== 0 || m.partner.port !== 0 || (m.partner.state & AGGREGATION) !== 0) m.selected = false;
  m.partner = { ...NOBODY };
  m.actor = (m.actor | DEFAULTED) & ~EXPIRED;
  return true;
}

/** Figure 6-19. */
function periodic(m: Member, now: bigint): boolean {
  const start = (state: Periodic, timer: bigint | null): boolean => { m.periodic = state; m.periodicTimer = timer; return true; };
  if (!m.enabled || ((m.actor | m.partner.state) & ACTIVITY) === 0) return m.periodic !== "NO_PERIODIC" && start("NO_PERIODIC", null);
  const short = (m.partner.state & TIMEOUT) !== 0;
  const due = m.periodicTimer !== null && now >= m.periodicTimer;
  switch (m.periodic) {
    case "NO_PERIODIC": return start("FAST_PERIODIC", now + FAST);
    case "FAST_PERIODIC": return due ? start("PERIODIC_TX", null) : !short && start("SLOW_PERIODIC", now + SLOW);
    case "SLOW_PERIODIC": return (due || short) && start("PERIODIC_TX", null);
    case "PERIODIC_TX": return short ? start("FAST_PERIODIC", now + FAST) : start("SLOW_PERIODIC", now + SLOW);
  }
}

/** Entry actions of figures 6-21 and 6-22. */
function enter(m: Member, state: Mux, now: bigint): boolean {
  m.mux = state;
  if (state === "DETACHED") { m.readyN = false; m.waitWhile = null; }
  if (state === "WAITING") m.waitWhile = now + WAIT;
  const said: Record<Mux, number> = { DETACHED: 0, WAITING: 0, ATTACHED: SYNCHRONIZATION, COLLECTING: SYNCHRONIZATION | COLLECTING, DISTRIBUTING: SYNCHRONIZATION | COLLECTING | DISTRIBUTING, COLLECTING_DISTRIBUTING: SYNCHRONIZATION | COLLECTING | DISTRIBUTING };
  m.actor = (m.actor & ~(SYNCHRONIZATION | COLLECTING | DISTRIBUTING)) | said[state];
  return true;
}
