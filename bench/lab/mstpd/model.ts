// The same networks in the same world, lived by the model of 802.1D-2004 clause 17 that the engine is held to in storms (tests/reference/rstp.ts): the same cables
// without delay, the same seconds, the same order of events as world.c gives mstpd. What is left to differ is what the two say the rules are.

import { Bridge, type Bpdu, type Port as ModelPort } from "../../../tests/reference/rstp.ts";
import type { Life, Settled, Told } from "./daemon.ts";
import { BOOT_S, END_S, FAIL_S, REPAIR_S, type Network } from "./networks.ts";

const SECOND = 1_000_000_000n;
const TIMES = { messageAge: 0, maxAge: 20 * 256, hello: 2 * 256, forwardDelay: 15 * 256 };

export function liveWithModel({ spec, ports, lans, topology, hit }: Network, bridgeOf: (...of: ConstructorParameters<typeof Bridge>) => Bridge = (...of) => new Bridge(...of)): Life {
  const bridges = spec.priorities.map((priority, i) => bridgeOf((BigInt(priority) << 48n) | topology.nodes.find((n) => n.name === `sw${i}`)!.mac, TIMES,
    ports.filter((p) => p.bridge === i).map((p) => ({ name: p.name, id: 0x8000 | p.number, cost: p.cost, adminEdge: p.edge, autoEdge: true, pointToPoint: !p.shared }))));
  const ends = new Map(ports.map((p) => [p.name, bridges[p.bridge]!.ports.find((end) => end.of.name === p.name)!]));
  const others = new Map(lans.flatMap((lan) => lan.map((p) => [p.name, lan.filter((q) => q !== p).map((q) => ends.get(q.name)!)])));
  const muted = new Set<string>();
  const inFlight: { to: ModelPort; bpdu: Bpdu }[] = [];
  const told: Told[] = [];
  const states = new Map<string, string>(ports.map((p) => [p.name, "discarding"]));
  let second = 0;

  const run = (bridge: Bridge): void => {
    for (const { port, bpdu } of bridge.run(BigInt(second) * SECOND)) {
      told.push({ second, port: port.of.name, what: "bpdu", value: JSON.stringify(bpdu.flags) });
      if (!muted.has(port.of.name)) for (const to of others.get(port.of.name)!) if (to.portEnabled) inFlight.push({ to, bpdu });
    }
    bridge.all((p) => {
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
    for (const end of which.map((p) => ends.get(p.name)!)) end.bridge.link(end, up, BigInt(second) * SECOND);
    for (const end of which.map((p) => ends.get(p.name)!)) run(end.bridge);
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
  link(ports, true);
  const settled = [pass(FAIL_S)];
  change(false);
  settled.push(pass(REPAIR_S - FAIL_S + boot));
  change(true);
  settled.push(pass(END_S - REPAIR_S - boot));
  return { settled, told };
}
