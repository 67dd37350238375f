// The same networks in the same world, lived by the model of 802.1D-2004 clause 17 that the engine is held to in storms (tests/reference/rstp.ts): the same cables
// without delay, the same seconds, the same order of events as world.c gives mstpd. What is left to differ is what the two say the rules are.

import { Bridge, type Bpdu, type Port as ModelPort } from "../../reference/rstp.ts";
import type { Life, Settled, Told } from "./lives.ts";
import { BOOT_S, END_S, FAIL_S, LINKS_S, REPAIR_S, type Network } from "./networks.ts";

const SECOND = 1_000_000_000n;
const TIMES = { messageAge: 0, maxAge: 20 * 256, hello: 2 * 256, forwardDelay: 15 * 256 };

export function liveWithModel({ spec, ports, lans, macs, hit }: Network, Machines: typeof Bridge = Bridge): Life {
  const bridges = spec.priorities.map((priority, i) => new Machines((BigInt(priority) << 48n) | macs[i]!, TIMES,
    ports.filter((p) => p.bridge === i).map((p) => ({ name: p.name, id: 0x8000 | p.number, cost: p.cost, adminEdge: p.edge, autoEdge: true, pointToPoint: !p.shared }))));
  const ends = new Map(ports.map((p) => [p.name, bridges[p.bridge]!.ports.find((end) => end.of.name === p.name)!]));
  const others = new Map(lans.flatMap((lan) => lan.map((p) => [p.name, lan.filter((q) => q !== p).map((q) => ends.get(q.name)!)])));
  const muted = new Set<string>();
  const carrier = new Set<ModelPort>();
  const inFlight: { to: ModelPort; bpdu: Bpdu }[] = [];
  const told: Told[] = [];
  const states = new Map<string, string>(ports.map((p) => [p.name, "discarding"]));
  let second = 0;

  const run = (bridge: Bridge): void => {
    for (const { port, bpdu } of bridge.run(BigInt(second) * SECOND)) {
      if (!carrier.has(port)) continue;
      told.push({ second, port: port.of.name, what: "bpdu", value: hexOf(bpdu) });
      if (!muted.has(port.of.name)) for (const to of others.get(port.of.name)!) if (carrier.has(to)) inFlight.push({ to, bpdu });
    }
    bridge.all((p) => {
      if (p.fdbFlush) told.push({ second, port: p.of.name, what: "flush", value: "" });
      p.fdbFlush = false;
      const state = p.pst.toLowerCase();
      if (states.get(p.of.name) === state) return;
      states.set(p.of.name, state);
      told.push({ second, port: p.of.name, what: "state", value: state });
    });
  };
  const rest = (): void => {
    for (let frame = inFlight.shift(); frame !== undefined; frame = inFlight.shift()) {
      if (!frame.to.portEnabled) continue;
      frame.to.bridge.hear(frame.to, frame.bpdu, BigInt(second) * SECOND);
      run(frame.to.bridge);
    }
  };
  const link = (which: readonly { name: string }[], up: boolean): void => {
    const these = which.map((p) => ends.get(p.name)!);
    for (const end of these) if (up) carrier.add(end); else carrier.delete(end);
    for (const end of these) { end.bridge.link(end, up, BigInt(second) * SECOND); run(end.bridge); }
    rest();
  };
  const change = (on: boolean): void => {
    if (spec.failure.kind !== "silent") { link(hit, on); return; }
    for (const p of hit) if (on) muted.delete(p.name); else muted.add(p.name);
  };
  const pass = (seconds: number): Map<string, Settled> => {
    for (let k = 0; k < seconds; k++) { second++; bridges.forEach(run); rest(); }
    return new Map([...ends].map(([name, p]) => [name, { role: p.role.toLowerCase(), state: p.pst.toLowerCase() }]));
  };

  const boot = spec.failure.kind === "crash" ? BOOT_S : 0;
  bridges.forEach(run);
  pass(LINKS_S);
  link(ports, true);
  const settled = [pass(FAIL_S - LINKS_S)];
  change(false);
  settled.push(pass(REPAIR_S - FAIL_S + boot));
  change(true);
  settled.push(pass(END_S - REPAIR_S - boot));
  return { settled, told };
}

/** As on the cable, 9.3.3. */
function hexOf({ flags: f, priority: p, times: t }: Bpdu): string {
  const bytes = Buffer.alloc(36);
  bytes[2] = 2; bytes[3] = 2;
  bytes[4] = [f.tc, f.proposal, false, false, f.learning, f.forwarding, f.agreement, f.tcAck].reduce((all, on, bit) => all | (on ? 1 << bit : 0), ["Unknown", "AlternateBackup", "Root", "Designated"].indexOf(f.role) << 2);
  bytes.writeBigUInt64BE(p.root, 5); bytes.writeUInt32BE(p.cost, 13); bytes.writeBigUInt64BE(p.bridge, 17); bytes.writeUInt16BE(p.port, 25);
  [t.messageAge, t.maxAge, t.hello, t.forwardDelay].forEach((time, i) => { bytes.writeUInt16BE(time, 27 + 2 * i); });
  return bytes.toString("hex");
}
