// One virtual router as the texts say it, in their order and with their names: RFC 3768 6.4 (version 2), RFC 5798 6.4 and RFC 9568 6.4 (version 3).
// Times are ns; a share of an interval is rounded down.

export type Standard = "3768" | "5798" | "9568";
export interface Advertisement { version: number; priority: number; intervalNs: bigint; senderIp: number }
/** What it does: sends an advertisement of a priority, or gratuitous ARP. */
export type Act = { advert: number } | { garp: true };

const SECOND = 1_000_000_000n;

export class VirtualRouter {
  state: "Initialize" | "Backup" | "Master" = "Initialize";
  adverTimer: bigint | null = null;
  masterDownTimer: bigint | null = null;
  masterAdverInterval = 0n;
  acts: Act[] = [];
  readonly standard: Standard;
  readonly priority: number;
  readonly preemptMode: boolean;
  readonly primaryIp: number;
  readonly intervalNs: bigint;

  constructor(standard: Standard, priority: number, preemptMode: boolean, primaryIp: number, intervalNs: bigint) {
    this.standard = standard;
    this.priority = priority;
    this.preemptMode = preemptMode;
    this.primaryIp = primaryIp;
    this.intervalNs = intervalNs;
  }

  // 3768 6.1: ((256 - Priority) / 256) s; 5798 6.1: (((256 - priority) * Master_Adver_Interval) / 256)
  private get skewTime(): bigint { return (BigInt(256 - this.priority) * (this.standard === "3768" ? SECOND : this.masterAdverInterval)) / 256n; }
  // 3768 6.1: (3 * Advertisement_Interval) + Skew_time; 5798 6.1: (3 * Master_Adver_Interval) + Skew_time
  private get masterDownInterval(): bigint { return 3n * (this.standard === "3768" ? this.intervalNs : this.masterAdverInterval) + this.skewTime; }

  // 6.4.1 Initialize
  startup(now: bigint): void {
    if (this.state !== "Initialize") return;
    this.masterAdverInterval = this.intervalNs;
    if (this.priority === 255) { this.becomeMaster(now); return; }
    this.masterDownTimer = now + this.masterDownInterval;
    this.state = "Backup";
  }

  shutdown(): void {
    if (this.state === "Master") this.acts.push({ advert: 0 });
    this.adverTimer = null;
    this.masterDownTimer = null;
    this.state = "Initialize";
  }

  private becomeMaster(now: bigint): void {
    this.acts.push({ advert: this.priority }, { garp: true });
    this.masterDownTimer = null;
    this.adverTimer = now + this.intervalNs;
    this.state = "Master";
  }

  /** The earlier timer. */
  next(): bigint | null { return this.state === "Backup" ? this.masterDownTimer : this.state === "Master" ? this.adverTimer : null; }

  fire(now: bigint): void {
    if (this.state === "Backup" && this.masterDownTimer === now) this.becomeMaster(now);
    else if (this.state === "Master" && this.adverTimer === now) this.advertise(now);
  }

  private advertise(now: bigint): void {
    this.acts.push({ advert: this.priority });
    this.adverTimer = now + this.intervalNs;
  }

  hear(a: Advertisement, now: bigint): void {
    if (this.state === "Initialize" || !this.accepts(a)) return;
    if (this.state === "Backup") this.backupHears(a, now);
    else this.masterHears(a, now);
  }

  // 7.1
  private accepts(a: Advertisement): boolean {
    if (a.version !== (this.standard === "3768" ? 2 : 3)) return false;
    if (this.standard === "3768" && a.intervalNs !== this.intervalNs) return false;
    return this.standard === "9568" || this.priority !== 255; // 3768 and 5798: the owner discards
  }

  // 6.4.2 Backup
  private backupHears(a: Advertisement, now: bigint): void {
    if (a.priority === 0) this.masterDownTimer = now + this.skewTime;
    else if ((!this.preemptMode && this.priority !== 255) || a.priority >= this.priority) { // 6.1: the owner always preempts
      this.masterAdverInterval = a.intervalNs;
      this.masterDownTimer = now + this.masterDownInterval;
    }
  }

  // 6.4.3 Master (9568: Active)
  private masterHears(a: Advertisement, now: bigint): void {
    if (a.priority === 0) this.advertise(now);
    else if (a.priority > this.priority || (a.priority === this.priority && a.senderIp > this.primaryIp)) {
      this.adverTimer = null;
      this.masterAdverInterval = a.intervalNs;
      this.masterDownTimer = now + this.masterDownInterval;
      this.state = "Backup";
    } else if (this.standard === "9568") this.acts.push({ advert: this.priority }); // "immediately send an ADVERTISEMENT"; nothing of Adver_Timer
  }
}
