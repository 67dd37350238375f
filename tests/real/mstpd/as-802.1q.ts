// The model of clause 17 with what 802.1Q-2005, clause 13, changed in it for a single tree, and with mstpd's order of machines: it sends whenever the transmit
// machine has its turn, not at rest. If this model lives as mstpd does, then these are all the differences that there are.

import { Bridge, conveysDesignated, Port, type Bpdu, type PortSettings } from "../../reference/rstp.ts";

class PortAsIn8021Q extends Port {
  /** 13.26.6: whatever else a designated port says is inferior, also what this port says itself. */
  protected override rcvInfo(m: Bpdu): ReturnType<Port["rcvInfo"]> {
    const info = super.rcvInfo(m);
    return info === "Other" && conveysDesignated(m) ? "InferiorDesignated" : info;
  }

  /** 13.32: designated ports agree too, so that their agreement is taken from a message of theirs. */
  protected override superiorDesignated(m: Bpdu, now: bigint): void {
    super.superiorDesignated(m, now);
    this.recordAgreement(m);
    this.synced &&= this.agreed;
  }
  protected override repeatedDesignated(m: Bpdu, now: bigint): void { super.repeatedDesignated(m, now); this.recordAgreement(m); }

  protected override rootPort(now: bigint): boolean {
    if (!this.forward && !this.reRoot) { this.bridge.all((p) => { p.reRoot = true; }); return true; } // REROOT comes first
    if ((this.agreed && !this.synced) || (this.sync && this.synced)) { this.synced = true; this.sync = false; return true; } // ROOT_SYNCED
    return super.rootPort(now);
  }

  protected override designatedPort(now: bigint): boolean {
    const recent = now < this.rrWhile;
    if (!recent && this.reRoot) { this.reRoot = false; return true; } // DESIGNATED_RETIRED
    if ((!this.learning && !this.forwarding && !this.synced) || (this.agreed && !this.synced) || (this.operEdge && !this.synced) || (this.sync && this.synced)) { // DESIGNATED_SYNCED
      this.rrWhile = now; this.synced = true; this.sync = false;
      return true;
    }
    if (this.bridge.allSynced(this) && (this.proposed || !this.agree)) { this.proposed = false; this.sync = false; this.agree = true; this.newInfo = true; return true; } // DESIGNATED_AGREED
    return super.designatedPort(now);
  }

  /** mstpd counts seconds: a timer that a state keeps full has lost one when its second ends, and has it back when the state is found to go on. */
  override portReceive(now: bigint): boolean {
    if (!this.portEnabled) this.hold(now);
    return super.portReceive(now);
  }
  override portRoleTransitions(now: bigint): boolean {
    const moved = super.portRoleTransitions(now);
    if (!moved && this.selected && !this.updtInfo) this.hold(now);
    return moved;
  }

  /** 13.31: a port without a link starts anew. mstpd counts, and does not send, what it would have sent in no role. */
  override portTransmit(now: bigint): Bpdu | null {
    if (!this.portEnabled) { this.newInfo = true; this.txCount = 0; return null; }
    const bpdu = super.portTransmit(now);
    return this.role === "Disabled" ? null : bpdu;
  }
}

export class BridgeAsIn8021Q extends Bridge {
  protected override portOf(of: PortSettings): Port { return new PortAsIn8021Q(this, of); }

  /** 13.25.1: a root or alternate port looks at all others but the root port, a designated one at all others; a backup port never agrees. */
  override allSynced(asking: Port): boolean {
    if (!this.ports.every((p) => p.selected && p.role === p.selectedRole && !p.updtInfo)) return false;
    if (asking.role === "Root" || asking.role === "Alternate") return this.ports.every((p) => p.role === "Root" || p.synced);
    return asking.role === "Designated" && this.ports.every((p) => p === asking || p.synced);
  }

  protected override hold(now: bigint): void {
    this.all((p) => { while (p.txCount > 0 && now >= p.txFalls) { p.txCount -= 1; p.txFalls += 1_000_000_000n; } });
  }

  override run(now: bigint): { port: Port; bpdu: Bpdu }[] {
    this.hold(now);
    const sent: { port: Port; bpdu: Bpdu }[] = [];
    for (let moved = true; moved;) {
      moved = false;
      const go = (machine: (p: Port) => boolean): void => { for (const p of this.ports) while (machine(p)) moved = true; };
      go((p) => p.portReceive(now));
      go((p) => p.portProtocolMigration(now));
      go((p) => p.bridgeDetection(now));
      go((port) => { const bpdu = port.portTransmit(now); if (bpdu !== null) sent.push({ port, bpdu }); return bpdu !== null; });
      go((p) => p.portInformation(now));
      if (this.ports.some((p) => p.reselect)) { this.portRoleSelection(); moved = true; }
      go((p) => p.portRoleTransitions(now));
      go((p) => p.portStateTransition());
      go((p) => p.topologyChange(now));
    }
    return sent;
  }
}
