// One bridge of the Rapid Spanning Tree Protocol: the machines of 802.1D-2004 17.23 to 17.31 with the clause's own names. Every machine is gone through, port by
// port, until none moves; then what is to be sent is sent (17.26). Where docs/spanning-tree.md makes a choice it is taken, and marked "Choice".
// Times are ns. Choice: a timer is the instant in which it is 0; the clause counts whole seconds. A state that reloads a timer whenever it is not full holds it full.

const SECOND = 1_000_000_000n;
const MIGRATE_TIME = 3n * SECOND;
const TX_HOLD_COUNT = 6;
const LONG_AGO = -(1n << 62n);

export type Role = "Disabled" | "Root" | "Designated" | "Alternate" | "Backup";
/** Root bridge, root path cost, designated bridge, designated port: the lower is the better (17.5). */
export interface Priority { root: bigint; cost: number; bridge: bigint; port: number }
/** In 1/256 s, as they stand in a BPDU. */
export interface Times { messageAge: number; maxAge: number; hello: number; forwardDelay: number }
export interface Flags { tc: boolean; proposal: boolean; role: "Unknown" | "AlternateBackup" | "Root" | "Designated"; learning: boolean; forwarding: boolean; agreement: boolean; tcAck: boolean }
export interface Bpdu { type: "RST" | "Config" | "TCN"; priority: Priority; times: Times; flags: Flags }
export interface PortSettings { name: string; id: number; cost: number; adminEdge: boolean; autoEdge: boolean; pointToPoint: boolean }

const ns = (units: number): bigint => (BigInt(units) * SECOND) / 256n;
const address = (id: bigint): bigint => id & 0xffff_ffff_ffffn;
const NOBODY: Priority = { root: 0n, cost: 0, bridge: 0n, port: 0 };
const sameTimes = (a: Times, b: Times): boolean => a.messageAge === b.messageAge && a.maxAge === b.maxAge && a.hello === b.hello && a.forwardDelay === b.forwardDelay;
/** A Configuration BPDU does; an unknown role is taken as one (9.2.9). */
export const conveysDesignated = (m: Bpdu): boolean => m.type === "Config" || (m.type === "RST" && (m.flags.role === "Designated" || m.flags.role === "Unknown"));
/** One hop more: a second, rounded to whole seconds. */
const older = (age: number): number => Math.floor((age + 256) / 256 + 0.5) * 256;

function compare(a: Priority, b: Priority): number {
  for (const k of ["root", "cost", "bridge", "port"] as const) if (a[k] !== b[k]) return a[k] < b[k] ? -1 : 1;
  return 0;
}

export class Port {
  readonly of: PortSettings;
  readonly bridge: Bridge;
  // states of the machines
  prx: "DISCARD" | "RECEIVE" = "DISCARD";
  ppm: "CHECKING_RSTP" | "SELECTING_STP" | "SENSING" = "CHECKING_RSTP";
  bdm: "EDGE" | "NOT_EDGE" = "NOT_EDGE";
  prt = "DISABLE_PORT";
  pst: "DISCARDING" | "LEARNING" | "FORWARDING" = "DISCARDING";
  tcm: "INACTIVE" | "LEARNING" | "ACTIVE" = "INACTIVE";
  // 17.19
  agree = false; agreed = false; disputed = false; forward = false; forwarding = false; learn = false; learning = false; newInfo = true; operEdge = false; portEnabled = false;
  proposed = false; proposing = false; rcvdBPDU = false; rcvdMsg = false; rcvdRSTP = false; rcvdSTP = false; rcvdTc = false; rcvdTcAck = false; rcvdTcn = false;
  fdbFlush = false; reRoot = true; reselect = true; selected = false; sendRSTP = true; sync = true; synced = false; tcAck = false; tcProp = false; updtInfo = false;
  infoIs: "Disabled" | "Aged" | "Mine" | "Received" = "Disabled";
  role: Role = "Disabled"; selectedRole: Role = "Disabled";
  portPriority = NOBODY; designatedPriority = NOBODY;
  portTimes: Times; designatedTimes: Times;
  msg: Bpdu | null = null;
  txCount = 0;
  // 17.17, the instants in which they are 0
  edgeDelayWhile = LONG_AGO; fdWhile = LONG_AGO; helloWhen = LONG_AGO; mdelayWhile = LONG_AGO; rbWhile = LONG_AGO; rcvdInfoWhile = LONG_AGO; rrWhile = LONG_AGO; tcWhile = LONG_AGO;
  /** when txCount falls next */
  txFalls = 0n;

  constructor(bridge: Bridge, of: PortSettings) {
    this.bridge = bridge;
    this.of = of;
    this.portTimes = bridge.times;
    this.designatedTimes = bridge.times;
    if (of.adminEdge) { this.bdm = "EDGE"; this.operEdge = true; } // 17.25 at BEGIN
  }

  // 17.20
  get helloTime(): bigint { return ns(this.designatedTimes.hello); }
  get fwdDelay(): bigint { return ns(this.designatedTimes.forwardDelay); }
  get maxAge(): bigint { return ns(this.designatedTimes.maxAge); }
  get forwardDelay(): bigint { return this.sendRSTP ? this.helloTime : this.fwdDelay; }
  get edgeDelay(): bigint { return this.of.pointToPoint ? MIGRATE_TIME : this.maxAge; }

  /** 17.22, as far as states keep timers full. */
  hold(now: bigint): void {
    if (!this.portEnabled) { this.edgeDelayWhile = now + MIGRATE_TIME; if (this.ppm === "CHECKING_RSTP") this.mdelayWhile = now + MIGRATE_TIME; }
    if (this.prt === "DISABLED_PORT") this.fdWhile = now + this.maxAge;
    if (this.prt === "ROOT_PORT") this.rrWhile = now + this.fwdDelay;
    if (this.prt === "ALTERNATE_PORT") this.fdWhile = now + this.forwardDelay;
    if (this.prt === "ALTERNATE_PORT" && this.role === "Backup") this.rbWhile = now + 2n * this.helloTime;
    while (this.txCount > 0 && now >= this.txFalls) { this.txCount -= 1; this.txFalls += SECOND; }
  }

  // --- 17.23 Port Receive ---
  portReceive(now: bigint): boolean {
    if (!this.portEnabled) {
      if (this.prx === "DISCARD" && !this.rcvdBPDU) return false;
      this.prx = "DISCARD";
      this.rcvdBPDU = false; this.rcvdRSTP = false; this.rcvdSTP = false; this.rcvdMsg = false;
      return true;
    }
    if (!this.rcvdBPDU || this.rcvdMsg) return false;
    this.prx = "RECEIVE";
    if (this.msg!.type === "RST") this.rcvdRSTP = true; else this.rcvdSTP = true; // updtBPDUVersion
    this.operEdge = false; this.rcvdBPDU = false; this.rcvdMsg = true;
    this.edgeDelayWhile = now + MIGRATE_TIME;
    return true;
  }

  // --- 17.24 Port Protocol Migration ---
  portProtocolMigration(now: bigint): boolean {
    const to = (state: Port["ppm"]): true => {
      this.ppm = state;
      if (state === "SENSING") { this.rcvdRSTP = false; this.rcvdSTP = false; } else { this.sendRSTP = state === "CHECKING_RSTP"; this.mdelayWhile = now + MIGRATE_TIME; }
      return true;
    };
    if (this.ppm === "CHECKING_RSTP") return this.portEnabled && now >= this.mdelayWhile && to("SENSING");
    if (this.ppm === "SELECTING_STP") return (now >= this.mdelayWhile || !this.portEnabled) && to("SENSING");
    if (!this.portEnabled || (!this.sendRSTP && this.rcvdRSTP)) return to("CHECKING_RSTP");
    return this.sendRSTP && this.rcvdSTP && to("SELECTING_STP");
  }

  // --- 17.25 Bridge Detection ---
  bridgeDetection(now: bigint): boolean {
    const { adminEdge, autoEdge } = this.of;
    if (this.bdm === "EDGE") {
      if ((this.portEnabled || adminEdge) && this.operEdge) return false;
      this.bdm = "NOT_EDGE"; this.operEdge = false;
      return true;
    }
    if (!((!this.portEnabled && adminEdge) || (now >= this.edgeDelayWhile && autoEdge && this.sendRSTP && this.proposing))) return false;
    this.bdm = "EDGE"; this.operEdge = true;
    return true;
  }

  // --- 17.27 Port Information ---
  portInformation(now: bigint): boolean {
    if (!this.portEnabled && this.infoIs !== "Disabled") {
      this.rcvdMsg = false;
      this.proposing = false; this.proposed = false; this.agree = false; this.agreed = false;
      this.rcvdInfoWhile = now;
      return this.aged("Disabled");
    }
    if (this.infoIs === "Disabled") return this.portEnabled && this.aged("Aged");
    if (this.selected && this.updtInfo) { // UPDATE
      this.proposing = false; this.proposed = false;
      this.agreed &&= this.infoIs === "Mine" && compare(this.designatedPriority, this.portPriority) <= 0; // betterorsameInfo(Mine)
      this.synced &&= this.agreed;
      this.portPriority = this.designatedPriority;
      this.portTimes = this.designatedTimes;
      this.updtInfo = false; this.infoIs = "Mine"; this.newInfo = true;
      return true;
    }
    if (this.infoIs === "Aged") return false;
    if (this.infoIs === "Received" && now >= this.rcvdInfoWhile && !this.updtInfo && !this.rcvdMsg) return this.aged("Aged");
    if (!this.rcvdMsg || this.updtInfo) return false;
    this.received(this.msg!, now);
    this.rcvdMsg = false;
    return true;
  }

  private aged(infoIs: "Disabled" | "Aged"): true { this.infoIs = infoIs; this.reselect = true; this.selected = false; return true; }

  /** RECEIVE, and the state that rcvInfo() leads to */
  private received(m: Bpdu, now: bigint): void {
    if (m.type === "TCN") this.rcvdTcn = true;
    const info = this.rcvInfo(m);
    if (info === "SuperiorDesignated") this.superiorDesignated(m, now);
    else if (info === "RepeatedDesignated") this.repeatedDesignated(m, now);
    else if (info === "InferiorRootAlternate") { this.recordAgreement(m); this.setTcFlags(m); } // NOT_DESIGNATED
    else if (info === "InferiorDesignated" && m.type === "RST" && m.flags.learning) { this.disputed = true; this.agreed = false; } // recordDispute, Choice: as 802.1Q 13.29 has it
  }

  /** 17.21.8 */
  protected rcvInfo(m: Bpdu): "SuperiorDesignated" | "RepeatedDesignated" | "InferiorDesignated" | "InferiorRootAlternate" | "Other" {
    if (m.type === "TCN") return "Other";
    const order = compare(m.priority, this.portPriority);
    if (!conveysDesignated(m)) return order >= 0 ? "InferiorRootAlternate" : "Other";
    const samePort = address(m.priority.bridge) === address(this.portPriority.bridge) && (m.priority.port & 0xfff) === (this.portPriority.port & 0xfff); // 17.6
    if (order === 0 ? !sameTimes(m.times, this.portTimes) : order < 0 || samePort) return "SuperiorDesignated";
    if (order > 0) return "InferiorDesignated";
    return this.infoIs === "Received" ? "RepeatedDesignated" : "Other"; // Choice (802.1Q): repeated only where it was received
  }

  protected superiorDesignated(m: Bpdu, now: bigint): void {
    this.agreed = false; this.proposing = false;
    this.recordProposal(m); this.setTcFlags(m);
    this.agree &&= this.infoIs === "Received" && compare(m.priority, this.portPriority) <= 0; // betterorsameInfo(Received)
    this.portPriority = m.priority;
    this.portTimes = { ...m.times, hello: Math.max(m.times.hello, 256) }; // recordTimes
    this.updtRcvdInfoWhile(now);
    this.infoIs = "Received"; this.reselect = true; this.selected = false;
  }

  protected repeatedDesignated(m: Bpdu, now: bigint): void { this.recordProposal(m); this.setTcFlags(m); this.updtRcvdInfoWhile(now); }

  private recordProposal(m: Bpdu): void { if (m.type === "RST" && m.flags.proposal) this.proposed = true; }
  protected recordAgreement(m: Bpdu): void {
    this.agreed = this.of.pointToPoint && m.type === "RST" && m.flags.agreement;
    if (this.agreed) this.proposing = false;
  }
  private setTcFlags(m: Bpdu): void { if (m.flags.tc) this.rcvdTc = true; if (m.flags.tcAck) this.rcvdTcAck = true; }
  private updtRcvdInfoWhile(now: bigint): void { this.rcvdInfoWhile = older(this.portTimes.messageAge) <= this.portTimes.maxAge ? now + 3n * ns(this.portTimes.hello) : now; }

  // --- 17.29 Port Role Transitions ---
  portRoleTransitions(now: bigint): boolean {
    if (!this.selected || this.updtInfo) return false;
    if (this.role !== this.selectedRole) {
      this.role = this.selectedRole;
      this.prt = { Disabled: "DISABLE_PORT", Root: "ROOT_PORT", Designated: "DESIGNATED_PORT", Alternate: "BLOCK_PORT", Backup: "BLOCK_PORT" }[this.role];
      if (this.role === "Root") this.rrWhile = now + this.fwdDelay;
      else if (this.role !== "Designated") { this.learn = false; this.forward = false; }
      return true;
    }
    if (this.role === "Root") return this.rootPort(now);
    if (this.role === "Designated") return this.designatedPort(now);
    return this.role === "Disabled" ? this.disabledPort(now) : this.alternatePort(now);
  }

  private disabledPort(now: bigint): boolean {
    if (this.prt === "DISABLE_PORT" ? this.learning || this.forwarding : !this.sync && !this.reRoot && this.synced) return false;
    this.prt = "DISABLED_PORT";
    this.fdWhile = now + this.maxAge; this.rrWhile = now;
    this.synced = true; this.sync = false; this.reRoot = false;
    return true;
  }

  protected rootPort(now: bigint): boolean {
    if (this.proposed && !this.agree) { this.bridge.all((p) => { p.sync = true; }); this.proposed = false; return true; } // ROOT_PROPOSED
    if ((this.bridge.allSynced(this) && !this.agree) || (this.proposed && this.agree)) { this.proposed = false; this.sync = false; this.agree = true; this.newInfo = true; return true; } // ROOT_AGREED
    if (!this.forward && !this.reRoot) { this.bridge.all((p) => { p.reRoot = true; }); return true; } // REROOT
    if (this.reRoot && this.forward) { this.reRoot = false; return true; } // REROOTED
    const reRooted = this.bridge.ports.every((p) => p === this || now >= p.rrWhile);
    if (now < this.fdWhile && !(reRooted && now >= this.rbWhile)) return false;
    if (!this.learn) { this.fdWhile = now + this.forwardDelay; this.learn = true; return true; } // ROOT_LEARN
    if (!this.forward) { this.fdWhile = now; this.forward = true; return true; } // ROOT_FORWARD
    return false;
  }

  protected designatedPort(now: bigint): boolean {
    const recent = now < this.rrWhile;
    if (!this.forward && !this.agreed && !this.proposing && !this.operEdge) { this.proposing = true; this.edgeDelayWhile = now + this.edgeDelay; this.newInfo = true; return true; } // _PROPOSE
    if ((!this.learning && !this.forwarding && !this.synced) || (this.agreed && !this.synced) || (this.operEdge && !this.synced) || (this.sync && this.synced)) { // _SYNCED
      this.rrWhile = now; this.synced = true; this.sync = false;
      return true;
    }
    if (!recent && this.reRoot) { this.reRoot = false; return true; } // _RETIRED
    if (((this.sync && !this.synced) || (this.reRoot && recent) || this.disputed) && !this.operEdge && (this.learn || this.forward)) { // _DISCARD
      this.learn = false; this.forward = false; this.disputed = false; this.fdWhile = now + this.forwardDelay;
      return true;
    }
    if (!(now >= this.fdWhile || this.agreed || this.operEdge) || (recent && this.reRoot) || this.sync) return false;
    if (!this.learn) { this.learn = true; this.fdWhile = now + this.forwardDelay; return true; } // _LEARN
    if (!this.forward) { this.forward = true; this.fdWhile = now; this.agreed = this.sendRSTP; return true; } // _FORWARD
    return false;
  }

  private alternatePort(now: bigint): boolean {
    const enter = (): true => {
      this.prt = "ALTERNATE_PORT";
      this.fdWhile = now + this.forwardDelay; this.rrWhile = now;
      this.synced = true; this.sync = false; this.reRoot = false;
      if (this.role === "Backup") this.rbWhile = now + 2n * this.helloTime; // BACKUP_PORT
      return true;
    };
    if (this.prt === "BLOCK_PORT") return !this.learning && !this.forwarding && enter();
    if (this.proposed && !this.agree) { this.bridge.all((p) => { p.sync = true; }); this.proposed = false; return enter(); } // ALTERNATE_PROPOSED
    if ((this.bridge.allSynced(this) && !this.agree) || (this.proposed && this.agree)) { this.proposed = false; this.agree = true; this.newInfo = true; return enter(); } // ALTERNATE_AGREED
    return (this.sync || this.reRoot || !this.synced) && enter();
  }

  // --- 17.30 Port State Transition ---
  portStateTransition(): boolean {
    const was = this.pst;
    if (this.pst === "DISCARDING") { if (this.learn) this.pst = "LEARNING"; } else if (this.pst === "LEARNING") this.pst = this.forward ? "FORWARDING" : this.learn ? "LEARNING" : "DISCARDING";
    else if (!this.forward) this.pst = "DISCARDING";
    this.learning = this.pst !== "DISCARDING"; this.forwarding = this.pst === "FORWARDING";
    return this.pst !== was;
  }

  // --- 17.31 Topology Change ---
  topologyChange(now: bigint): boolean {
    const active = this.role === "Root" || this.role === "Designated";
    const told = this.rcvdTc || this.rcvdTcn || this.rcvdTcAck || this.tcProp;
    const learn = (): true => { this.tcm = "LEARNING"; this.rcvdTc = false; this.rcvdTcn = false; this.rcvdTcAck = false; this.tcProp = false; return true; };
    if (this.tcm === "INACTIVE") return this.learn && learn(); // Choice: fdbFlush is done at once; whoever wants to know clears it
    if (this.tcm === "LEARNING") {
      if (active && this.forward && !this.operEdge) { this.newTcWhile(now); this.setTcPropTree(); this.newInfo = true; this.tcm = "ACTIVE"; return true; } // DETECTED
      if (told) return learn();
      if (active || this.learn || this.learning) return false;
      this.tcm = "INACTIVE"; this.fdbFlush ||= !this.operEdge; this.tcWhile = now; this.tcAck = false;
      return true;
    }
    if (!active || this.operEdge) return learn();
    if (this.rcvdTcn || this.rcvdTc) { // NOTIFIED_TCN, NOTIFIED_TC
      if (this.rcvdTcn) this.newTcWhile(now);
      this.rcvdTcn = false; this.rcvdTc = false;
      if (this.role === "Designated") this.tcAck = true;
      this.setTcPropTree();
      return true;
    }
    if (this.tcProp) { this.newTcWhile(now); this.fdbFlush = true; this.tcProp = false; return true; } // PROPAGATING
    if (this.rcvdTcAck) { this.tcWhile = now; this.rcvdTcAck = false; return true; } // ACKNOWLEDGED
    return false;
  }

  private newTcWhile(now: bigint): void { // 17.21.7
    if (now < this.tcWhile) return;
    if (this.sendRSTP) { this.tcWhile = now + this.helloTime + SECOND; this.newInfo = true; }
    else this.tcWhile = now + ns(this.bridge.rootTimes.maxAge + this.bridge.rootTimes.forwardDelay);
  }
  private setTcPropTree(): void { this.bridge.all((p) => { if (p !== this) p.tcProp = true; }); }

  // --- 17.26 Port Transmit. Choice: news waits for a link ---
  portTransmit(now: bigint): Bpdu | null {
    if (!this.selected || this.updtInfo || !this.portEnabled) return null;
    if (now >= this.helloWhen) { this.newInfo ||= this.role === "Designated" || (this.role === "Root" && now < this.tcWhile); this.helloWhen = now + this.helloTime; } // TRANSMIT_PERIODIC
    if (!this.newInfo || this.txCount >= TX_HOLD_COUNT) return null;
    const type = this.sendRSTP ? "RST" : this.role === "Designated" ? "Config" : this.role === "Root" ? "TCN" : null;
    if (type === null) return null;
    const rst = type === "RST";
    const role = this.role === "Root" || this.role === "Designated" ? this.role : "AlternateBackup";
    const flags: Flags = {
      tc: now < this.tcWhile, tcAck: type === "Config" && this.tcAck, proposal: rst && this.proposing, agreement: rst && this.agree, role: rst ? role : "Unknown", learning: rst && this.learning, forwarding: rst && this.forwarding,
    };
    this.newInfo = false;
    if (type !== "TCN") this.tcAck = false;
    if (this.txCount === 0) this.txFalls = now + SECOND;
    this.txCount += 1;
    this.helloWhen = now + this.helloTime; // IDLE
    return { type, priority: this.designatedPriority, times: this.designatedTimes, flags };
  }

  timers(now: bigint): bigint[] {
    const held = this.newInfo && this.txCount >= TX_HOLD_COUNT ? [this.txFalls] : [];
    const running = [this.edgeDelayWhile, this.fdWhile, this.mdelayWhile, this.rbWhile, this.rcvdInfoWhile, this.rrWhile].filter((at) => at > now);
    return this.portEnabled ? [this.helloWhen, ...held, ...running] : [];
  }
}

export class Bridge {
  readonly id: bigint;
  readonly times: Times; // BridgeTimes
  readonly ports: Port[];
  rootTimes: Times;
  rootPriority: Priority;
  #clock = 0n;

  constructor(id: bigint, times: Times, ports: readonly PortSettings[]) {
    this.id = id;
    this.times = times;
    this.rootTimes = times;
    this.rootPriority = { root: id, cost: 0, bridge: id, port: 0 };
    this.ports = ports.map((of) => this.portOf(of));
  }

  protected portOf(of: PortSettings): Port { return new Port(this, of); }
  all(each: (p: Port) => void): void { this.ports.forEach(each); }
  /** 17.20.3. All ports ask the same; in later editions the answer depends on who asks. */
  allSynced(_asking: Port): boolean { return this.ports.every((p) => p.selected && p.role === p.selectedRole && !p.updtInfo && (p.role === "Root" || p.synced)); }

  /** What is kept full is full until this instant. */
  protected hold(now: bigint): void { this.#clock = now; this.all((p) => { p.hold(now); }); }

  link(p: Port, up: boolean, now: bigint): void { this.hold(now); p.portEnabled = up; }

  /** 9.3.4 */
  hear(p: Port, m: Bpdu, now: bigint): void {
    this.hold(now);
    if (!p.portEnabled) return;
    if (m.type === "Config" && (m.times.messageAge >= m.times.maxAge || (m.priority.bridge === this.id && m.priority.port === p.of.id))) return;
    p.msg = m;
    p.rcvdBPDU = true;
  }

  /** All machines to rest; what is sent then. */
  run(now: bigint): { port: Port; bpdu: Bpdu }[] {
    this.hold(now);
    for (let moved = true; moved;) {
      moved = false;
      const go = (machine: (p: Port) => boolean): void => { for (const p of this.ports) if (machine(p)) moved = true; };
      go((p) => p.portReceive(now));
      go((p) => p.portProtocolMigration(now));
      go((p) => p.bridgeDetection(now));
      go((p) => p.portInformation(now));
      if (this.ports.some((p) => p.reselect)) { this.portRoleSelection(); moved = true; }
      go((p) => p.portRoleTransitions(now));
      go((p) => p.portStateTransition());
      go((p) => p.topologyChange(now));
    }
    return this.ports.flatMap((port) => { const bpdu = port.portTransmit(now); return bpdu === null ? [] : [{ port, bpdu }]; });
  }

  next(): bigint | null { return this.ports.flatMap((p) => p.timers(this.#clock)).reduce<bigint | null>((a, at) => (a === null || at < a ? at : a), null); }

  // --- 17.28 Port Role Selection ---
  protected portRoleSelection(): void {
    this.all((p) => { p.reselect = false; });
    // updtRolesTree (17.21.25)
    const paths = this.ports.filter((p) => p.infoIs === "Received" && address(p.portPriority.bridge) !== address(this.id))
      .map((port) => ({ port, path: { ...port.portPriority, cost: port.portPriority.cost + port.of.cost } }))
      .sort((a, b) => compare(a.path, b.path) || a.port.of.id - b.port.of.id);
    const own: Priority = { root: this.id, cost: 0, bridge: this.id, port: 0 };
    const best = paths[0] !== undefined && compare(paths[0].path, own) < 0 ? paths[0] : null;
    this.rootPriority = best?.path ?? own;
    this.rootTimes = best === null ? this.times : { ...best.port.portTimes, messageAge: older(best.port.portTimes.messageAge) };
    for (const p of this.ports) {
      p.designatedPriority = { root: this.rootPriority.root, cost: this.rootPriority.cost, bridge: this.id, port: p.of.id };
      p.designatedTimes = { ...this.rootTimes, hello: this.times.hello };
      if (p.infoIs === "Disabled") { p.selectedRole = "Disabled"; continue; }
      const better = compare(p.designatedPriority, p.portPriority);
      if (p.infoIs === "Received" && (p === best?.port || better >= 0)) {
        p.selectedRole = p === best?.port ? "Root" : address(p.portPriority.bridge) === address(this.id) ? "Backup" : "Alternate";
        p.updtInfo = false;
      } else {
        p.selectedRole = "Designated";
        if (p.infoIs !== "Mine" || better !== 0 || !sameTimes(p.designatedTimes, p.portTimes)) p.updtInfo = true;
      }
    }
    this.all((p) => { p.selected = true; }); // setSelectedTree
  }
}
