// A port-channel's LACP as clause 6.4 of IEEE 802.1AX-2014 (first 43.4 of 802.3ad) has it: receive, periodic, mux and transmit machines of each port, and a
// selection logic with one aggregator. Every machine is a list of conditions that is gone through again until none holds. Where the clause leaves a choice
// open, that of docs/lacp.md is taken and marked "Choice".

const SECOND = 1_000_000_000n;
const FAST_PERIODIC_TIME = 1n * SECOND;
const SLOW_PERIODIC_TIME = 30n * SECOND;
const SHORT_TIMEOUT_TIME = 3n * SECOND;
const LONG_TIMEOUT_TIME = 90n * SECOND;
const AGGREGATE_WAIT_TIME = 2n * SECOND;
const FRAMES_MAX = 3; // in a Fast_Periodic_Time
const LONG_AGO = -(1n << 62n);

export type Receive = "PORT_DISABLED" | "EXPIRED" | "DEFAULTED" | "CURRENT";
export type Periodic = "NO_PERIODIC" | "FAST_PERIODIC" | "SLOW_PERIODIC";
export type Mux = "DETACHED" | "WAITING" | "ATTACHED" | "COLLECTING" | "DISTRIBUTING" | "COLLECTING_DISTRIBUTING";
export type Selected = "UNSELECTED" | "SELECTED" | "STANDBY";
export interface State { activity: boolean; shortTimeout: boolean; aggregation: boolean; synchronization: boolean; collecting: boolean; distributing: boolean; defaulted: boolean; expired: boolean }
/** One end of a link as a frame tells it. */
export interface End { system: bigint; systemPriority: number; key: number; portPriority: number; port: number; state: State }
export interface Frame { actor: End; partner: End }
export interface System { system: bigint; systemPriority: number; key: number; active: boolean; fast: boolean; independent: boolean; maxBundle: number }

const NOTHING: State = { activity: false, shortTimeout: false, aggregation: false, synchronization: false, collecting: false, distributing: false, defaulted: false, expired: false };
/** Partner_Admin: in sync, and nothing else. */
const partnerAdmin = (): End => ({ system: 0n, systemPriority: 0, key: 0, portPriority: 0, port: 0, state: { ...NOTHING, synchronization: true } });

const sameEnd = (a: End, b: End): boolean =>
  a.system === b.system && a.systemPriority === b.systemPriority && a.key === b.key && a.portPriority === b.portPriority && a.port === b.port && a.state.aggregation === b.state.aggregation;

export class Port {
  receive: Receive = "PORT_DISABLED";
  periodic: Periodic = "NO_PERIODIC";
  mux: Mux = "DETACHED";
  selected: Selected = "UNSELECTED";
  portEnabled = false;
  ntt = true; // DETACHED is entered at BEGIN
  readyN = false;
  currentWhile: bigint | null = null;
  periodicTimer: bigint | null = null;
  waitWhile: bigint | null = null;
  partner = partnerAdmin();
  sentAt: bigint[] = [];
  /** frames sent since the last look */
  frames = 0;
  readonly actor: End;

  constructor(of: System, portPriority: number, port: number) {
    const state = { ...NOTHING, activity: of.active, shortTimeout: of.fast, aggregation: true, defaulted: true };
    this.actor = { system: of.system, systemPriority: of.systemPriority, key: of.key, portPriority, port, state };
  }

  // --- 6.4.12 Receive machine ---

  hear(f: Frame, now: bigint): void {
    if (!this.portEnabled || this.receive === "PORT_DISABLED") return;
    if (f.actor.system === this.actor.system) return; // Choice: a looped cable's frames are dropped
    this.receive = "CURRENT";
    // update_Selected
    if (!sameEnd(f.actor, this.partner)) this.selected = "UNSELECTED";
    // update_NTT
    const [said, own] = [f.partner.state, this.actor.state];
    if (!sameEnd(f.partner, this.actor) || said.activity !== own.activity || said.shortTimeout !== own.shortTimeout || said.synchronization !== own.synchronization) this.ntt = true;
    // recordPDU
    const maintained = f.actor.state.activity || (own.activity && said.activity); // "LACP will actively maintain the link"
    const matched = maintained && (sameEnd(f.partner, this.actor) || !f.actor.state.aggregation);
    this.partner = { ...f.actor, state: { ...f.actor.state, synchronization: f.actor.state.synchronization && matched } };
    own.defaulted = false;
    this.currentWhile = now + (own.shortTimeout ? SHORT_TIMEOUT_TIME : LONG_TIMEOUT_TIME);
    own.expired = false;
  }

  receiveMachine(now: bigint): boolean {
    if (!this.portEnabled) {
      if (this.receive === "PORT_DISABLED") return false;
      this.receive = "PORT_DISABLED";
      this.partner.state.synchronization = false;
      this.currentWhile = null;
      this.selected = "UNSELECTED"; // Choice: not in the clause
      return true;
    }
    if (this.receive === "PORT_DISABLED" || (this.receive === "CURRENT" && now >= this.currentWhile!)) {
      this.receive = "EXPIRED";
      this.partner.state.synchronization = false;
      this.partner.state.shortTimeout = true;
      this.currentWhile = now + SHORT_TIMEOUT_TIME;
      this.actor.state.expired = true;
      return true;
    }
    if (this.receive === "EXPIRED" && now >= this.currentWhile!) {
      this.receive = "DEFAULTED";
      if (!sameEnd(this.partner, partnerAdmin())) this.selected = "UNSELECTED"; // update_Default_Selected
      this.recordDefault();
      this.actor.state.expired = false;
      this.currentWhile = null;
      return true;
    }
    return false;
  }

  recordDefault(): void {
    this.partner = partnerAdmin();
    this.actor.state.defaulted = true;
  }

  // --- 6.4.13 Periodic Transmission machine ---

  periodicMachine(now: bigint): boolean {
    const short = this.partner.state.shortTimeout;
    if (!this.portEnabled || (!this.actor.state.activity && !this.partner.state.activity)) {
      if (this.periodic === "NO_PERIODIC") return false;
      this.periodic = "NO_PERIODIC";
      this.periodicTimer = null;
      return true;
    }
    if (this.periodic === "NO_PERIODIC") { this.rate(true, now); return true; }
    if (now >= this.periodicTimer! || (this.periodic === "SLOW_PERIODIC" && short)) { // through PERIODIC_TX
      this.ntt = true;
      this.rate(short, now);
      return true;
    }
    if (this.periodic === "FAST_PERIODIC" && !short) { this.rate(false, now); return true; }
    return false;
  }

  private rate(fast: boolean, now: bigint): void {
    this.periodic = fast ? "FAST_PERIODIC" : "SLOW_PERIODIC";
    this.periodicTimer = now + (fast ? FAST_PERIODIC_TIME : SLOW_PERIODIC_TIME);
  }

  // --- 6.4.16 Transmit machine ---

  transmitMachine(now: bigint): void {
    if (!this.ntt || !this.portEnabled) return; // Choice: the need outlives a link that is down
    if (this.periodic === "NO_PERIODIC") { this.ntt = false; return; }
    if (now < this.allowedAt()) return;
    this.ntt = false;
    this.sentAt = [...this.sentAt, now].slice(-FRAMES_MAX);
    this.frames += 1;
  }

  /** The instant from which fewer than three lie within the last second. */
  private allowedAt(): bigint {
    const third = this.sentAt.at(-FRAMES_MAX);
    return third === undefined ? LONG_AGO : third + FAST_PERIODIC_TIME;
  }

  timers(): bigint[] {
    const waits = this.ntt && this.portEnabled && this.periodic !== "NO_PERIODIC" ? [this.allowedAt()] : [];
    return [this.currentWhile, this.periodicTimer, this.waitWhile].filter((t) => t !== null).concat(waits);
  }
}

export class PortChannel {
  readonly ports: Port[];
  readonly of: System;

  constructor(of: System, ids: { priority: number; number: number }[]) {
    this.of = of;
    this.ports = ids.map((id) => new Port(of, id.priority, id.number));
    for (const p of this.ports) { p.recordDefault(); p.partner.state.synchronization = false; } // INITIALIZE, then PORT_DISABLED
  }

  next(): bigint | null { return this.ports.flatMap((p) => p.timers()).reduce<bigint | null>((a, t) => (a === null || t < a ? t : a), null); }

  /** All machines until none moves, then what is to be sent. */
  run(now: bigint): void {
    let moved = true;
    while (moved) {
      moved = false;
      for (const p of this.ports) {
        if (p.receiveMachine(now)) moved = true;
        if (p.periodicMachine(now)) moved = true;
      }
      if (this.selection()) moved = true;
      for (const p of this.ports) if (this.muxMachine(p, now)) moved = true;
    }
    for (const p of this.ports) p.transmitMachine(now);
  }

  // --- 6.4.14 Selection Logic: one aggregator ---

  private selection(): boolean {
    const candidates = this.ports.filter((p) => this.aggregatable(p));
    // Choice: whoever has the aggregator keeps it; else the LAG of the best Port ID gets it
    const chosen = candidates.filter((p) => p.selected !== "UNSELECTED");
    const reference = best(chosen.length > 0 ? chosen : candidates);
    const lag = reference === undefined ? [] : candidates.filter((p) => sameLag(p, reference)).sort((a, b) => this.order(a, b));
    let changed = false;
    for (const p of this.ports) {
      const place = lag.indexOf(p);
      const wanted = place < 0 ? "UNSELECTED" : this.of.maxBundle > 0 && place >= this.of.maxBundle ? "STANDBY" : "SELECTED";
      if (wanted === p.selected || (p.selected === "UNSELECTED" && p.mux !== "DETACHED")) continue; // not selected anew before it was detached
      p.selected = wanted;
      changed = true;
    }
    return changed;
  }

  /** Choice: an EXPIRED port stays where it is and is not selected anew; there are no individual links. */
  private aggregatable(p: Port): boolean {
    const known = p.receive === "CURRENT" || (p.receive === "EXPIRED" && p.selected !== "UNSELECTED");
    return p.portEnabled && known && p.partner.system !== 0n && p.partner.system !== this.of.system && p.partner.state.aggregation;
  }

  /** By the Port IDs of the system with the lower System ID. */
  private order(a: Port, b: Port): number {
    const { systemPriority, system } = a.partner;
    const own = this.of.systemPriority !== systemPriority ? this.of.systemPriority < systemPriority : this.of.system < system;
    return own ? portOrder(a.actor, b.actor) : portOrder(a.partner, b.partner);
  }

  // --- 6.4.15 Mux machine, coupled and independent control ---

  private muxMachine(p: Port, now: bigint): boolean {
    const { state } = p.actor;
    const sync = p.partner.state.synchronization;
    const wanted = p.selected === "SELECTED";
    const to = (mux: Mux, change: Partial<State>): true => { p.mux = mux; Object.assign(state, change); p.ntt = true; return true; };
    const detached = (): true => { p.readyN = false; p.waitWhile = null; return to("DETACHED", { synchronization: false, collecting: false, distributing: false }); };
    const attached = (): true => to("ATTACHED", { synchronization: true, collecting: false, distributing: false });
    switch (p.mux) {
      case "DETACHED":
        if (p.selected === "UNSELECTED") return false;
        p.mux = "WAITING";
        p.waitWhile = now + AGGREGATE_WAIT_TIME;
        return true;
      case "WAITING": {
        if (p.selected === "UNSELECTED") return detached();
        const ranOut = p.waitWhile !== null && now >= p.waitWhile;
        if (ranOut) { p.waitWhile = null; p.readyN = true; }
        return wanted && p.readyN && this.ready() ? attached() : ranOut;
      }
      case "ATTACHED":
        if (!wanted) return detached();
        if (!sync) return false;
        return this.of.independent ? to("COLLECTING", { collecting: true }) : to("COLLECTING_DISTRIBUTING", { collecting: true, distributing: true });
      case "COLLECTING_DISTRIBUTING":
        return wanted && sync ? false : attached();
      case "COLLECTING":
        if (!wanted || !sync) return attached();
        return p.partner.state.collecting && to("DISTRIBUTING", { distributing: true });
      case "DISTRIBUTING":
        return wanted && sync && p.partner.state.collecting ? false : to("COLLECTING", { distributing: false });
    }
  }

  /** Ready: all that wait for the aggregator have waited. Choice: those on STANDBY are not waited for. */
  private ready(): boolean { return this.ports.every((p) => p.mux !== "WAITING" || p.selected !== "SELECTED" || p.readyN); }
}

const portOrder = (a: End, b: End): number => a.portPriority - b.portPriority || a.port - b.port;
const best = (ports: Port[]): Port | undefined => [...ports].sort((a, b) => portOrder(a.actor, b.actor))[0];
const sameLag = (p: Port, q: Port): boolean => p.partner.system === q.partner.system && p.partner.systemPriority === q.partner.systemPriority && p.partner.key === q.partner.key;
