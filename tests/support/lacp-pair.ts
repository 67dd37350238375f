// A port-channel of the engine and the one of tests/reference/lacp.ts, to which the same happens, and what differs afterwards.

import assert from "node:assert/strict";
import * as abi from "../../assembly/abi.ts";
import { PortChannel, type End, type Frame, type State, type System } from "../reference/lacp.ts";

export interface LacpExports {
  make(count: number, system: bigint, systemPriority: number, key: number, active: number, fast: number, independent: number, maxBundle: number): void;
  setPort(i: number, priority: number, number: number): void;
  begin(now: bigint): void;
  setEnabled(i: number, enabled: number, now: bigint): void;
  run(now: bigint): void;
  next(): bigint;
  frameActor(system: bigint, systemPriority: number, key: number, priority: number, number: number, state: number): void;
  framePartner(system: bigint, systemPriority: number, key: number, priority: number, number: number, state: number): void;
  deliver(i: number, now: bigint): void;
  receiveState(i: number): number;
  periodicState(i: number): number;
  selected(i: number): number;
  muxState(i: number): number;
  actorState(i: number): number;
  partnerState(i: number): number;
  partnerSystem(i: number): bigint;
  partnerKey(i: number): number;
  usable(i: number): number;
  takeSent(i: number): number;
}

const RECEIVE = { PORT_DISABLED: abi.RX_PORT_DISABLED, EXPIRED: abi.RX_EXPIRED, DEFAULTED: abi.RX_DEFAULTED, CURRENT: abi.RX_CURRENT };
const PERIODIC = { NO_PERIODIC: abi.PERIODIC_NONE, FAST_PERIODIC: abi.PERIODIC_FAST, SLOW_PERIODIC: abi.PERIODIC_SLOW };
const SELECTED = { UNSELECTED: abi.UNSELECTED, SELECTED: abi.SELECTED, STANDBY: abi.STANDBY };
const MUX = {
  DETACHED: abi.MUX_DETACHED, WAITING: abi.MUX_WAITING, ATTACHED: abi.MUX_ATTACHED, COLLECTING: abi.MUX_COLLECTING, DISTRIBUTING: abi.MUX_DISTRIBUTING,
  COLLECTING_DISTRIBUTING: abi.MUX_COLLECTING_DISTRIBUTING,
};
/** What is compared, in this order. */
const SHOWN = ["receive", "periodic", "selected", "mux", "actor's state", "partner's state", "partner's system", "partner's key", "usable", "frames sent"];
const COLLECTS = 1;
const DISTRIBUTES = 2;

/** The state as it stands in a frame (802.1AX 6.4.2.3, Actor_State: bit 0 first). */
const bits = (s: State): number =>
  [s.activity, s.shortTimeout, s.aggregation, s.synchronization, s.collecting, s.distributing, s.defaulted, s.expired].reduce((sum, bit, i) => sum | (Number(bit) << i), 0);

export class LacpPair {
  now = 5_123_456_789n;
  readonly engine: LacpExports;
  readonly model: PortChannel;

  constructor(engine: LacpExports, of: System, modelled: System, ids: { priority: number; number: number }[]) {
    this.engine = engine;
    this.model = new PortChannel(modelled, ids);
    engine.make(ids.length, of.system, of.systemPriority, of.key, Number(of.active), Number(of.fast), Number(of.independent), of.maxBundle);
    ids.forEach((id, i) => engine.setPort(i, id.priority, id.number));
    engine.begin(this.now);
    this.settle("BEGIN");
  }

  link(i: number, up: boolean): void {
    this.engine.setEnabled(i, Number(up), this.now);
    this.model.ports[i]!.portEnabled = up;
    this.settle(`link ${i} ${up ? "up" : "down"}`);
  }

  hear(i: number, f: Frame): void {
    const end = (e: End): [bigint, number, number, number, number, number] => [e.system, e.systemPriority, e.key, e.portPriority, e.port, bits(e.state)];
    this.engine.frameActor(...end(f.actor));
    this.engine.framePartner(...end(f.partner));
    this.engine.deliver(i, this.now);
    this.model.ports[i]!.hear(f, this.now);
    this.settle(`frame at ${i}`);
  }

  /** To `until`, timer by timer. The engine may look more often (it watches for churn), never later. */
  runTo(until: bigint): void {
    for (;;) {
      const due = this.model.next();
      const looks = this.engine.next();
      if (due !== null) assert.ok(looks <= due, `the engine looks at ${looks}, a timer runs out at ${due}`);
      if (looks > until) break;
      assert.ok(looks >= this.now, `the engine would look at ${looks}, and it is ${this.now}`);
      this.now = looks;
      this.settle("a timer");
    }
    this.now = until;
  }

  private settle(what: string): void {
    this.engine.run(this.now);
    this.model.run(this.now);
    this.model.ports.forEach((_, i) => {
      const [ours, theirs] = [this.ofEngine(i), this.ofModel(i)];
      if (ours.join() !== theirs.join()) assert.fail(`after ${what}, at ${this.now} ns, port ${i}: ${SHOWN.map((name, k) => `${name} ${ours[k]}${ours[k] === theirs[k] ? "" : `, in the model ${theirs[k]}`}`).join("; ")}`);
    });
  }

  private ofEngine(i: number): (number | bigint)[] {
    const e = this.engine;
    return [
      e.receiveState(i), e.periodicState(i), e.selected(i), e.muxState(i), e.actorState(i), e.partnerState(i), e.partnerSystem(i), e.partnerKey(i), e.usable(i), e.takeSent(i),
    ];
  }

  private ofModel(i: number): (number | bigint)[] {
    const p = this.model.ports[i]!;
    const frames = p.frames;
    p.frames = 0;
    const usable = (p.actor.state.collecting ? COLLECTS : 0) | (p.actor.state.distributing ? DISTRIBUTES : 0);
    return [
      RECEIVE[p.receive], PERIODIC[p.periodic], SELECTED[p.selected], MUX[p.mux], bits(p.actor.state), bits(p.partner.state), p.partner.system, p.partner.key, usable, frames,
    ];
  }
}
