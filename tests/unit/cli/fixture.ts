// A command line without a process: streams are strings, the engine is a made-up run.

import type { Io } from "../../../bindings/cli/io.ts";
import { main } from "../../../bindings/cli/main.ts";
import type { Parts } from "../../../bindings/cli/parts.ts";
import { realParts } from "../../../bindings/cli/parts.ts";
import type { RunOptions } from "../../../bindings/engine/index.ts";
import type { Node, Port, Scenario, Topology } from "../../../bindings/topology/model.ts";
import { cutAndReturn, flow, ms, run as madeRun, scenario, silentScenario, step, topology } from "../analysis/fixture.ts";

const where = { line: 1, col: 1, length: 1 };
const node = (name: string, kind: Node["kind"]): Node => ({ name, kind, tier: 0, routed: false, site: null, profile: "standard", mac: 0n, bootNs: 0n, macAgeNs: 0n, arpAgeNs: 0n, lacpTickNs: 0n, where });
const port = (of: string, name: string): Port => ({ node: of, name, speedMbps: 1000, vlans: [], mode: "trunk", peerLink: false, where });
const link = (a: string, b: string) => ({ name: `${a}--${b}`, a, b, delayNs: 500n, detectNs: 0n, risk: [], where });

export const sample: Topology = topology({
  nodes: [node("leaf1", "switch"), node("leaf2", "switch"), node("srv1", "server"), node("srv2", "server")],
  ports: [port("leaf1", "Eth1"), port("leaf2", "Eth1"), port("srv1", "eth0"), port("srv1", "eth1")],
  links: [link("leaf1:Eth1", "srv1:eth0"), link("leaf2:Eth1", "srv1:eth1")],
  flows: [flow("web", 500), flow("db")],
  scenarios: [{ ...silentScenario(), name: "dark" }, scenario([step(5000, "fail", "leaf2", "node")])],
});

export interface Ran {
  status: number; out: string; err: string; saved: Map<string, Uint8Array>;
  /** what the engine was asked to run */
  asked: { scenario: Scenario; options: RunOptions } | null;
  engineLoads: number;
}

export interface Setting { env?: Record<string, string>; topology?: Topology; parts?: Partial<Parts>; io?: Partial<Io>; fails?: Error }

export async function dualhome(args: string[], setting: Setting = {}): Promise<Ran> {
  const ran: Ran = { status: -1, out: "", err: "", saved: new Map(), asked: null, engineLoads: 0 };
  const io: Io = {
    out: async (text) => { ran.out += text; }, err: (text) => { ran.err += text; },
    env: setting.env ?? {}, outIsTTY: false, errIsTTY: false, inIsTTY: false, columns: undefined,
    read: async (path) => { if (path === "none.yaml") throw Object.assign(new Error("x"), { code: "ENOENT" }); return "dualhome: 1\n"; },
    list: async () => [], makeFolder: async () => {},
    create: async (path, bytes) => {
      if (ran.saved.has(path)) throw Object.assign(new Error("x"), { code: "EEXIST" });
      ran.saved.set(path, bytes);
    },
    ask: () => { throw new Error("nobody is there"); },
    save: async (path, bytes) => { ran.saved.set(path, bytes); },
    saveText: async (path, pieces) => { ran.saved.set(path, new TextEncoder().encode([...pieces].join(""))); },
    onInterrupt: () => () => {}, now: () => 0, ...setting.io,
  };
  const parts = {
    ...realParts,
    topology: async () => ({ parseTopology: () => ({ topology: setting.topology ?? sample }), formatProblems: () => "", jsonSchema: () => ({ title: "dualhome" }) }),
    engine: async () => { ran.engineLoads++; return { runScenario: engine(ran, setting) }; },
    ...setting.parts,
  } as unknown as Parts;
  ran.status = await main(args, io, parts);
  return ran;
}

function engine(ran: Ran, setting: Setting) {
  return async (topology: Topology, scenario: Scenario, options: RunOptions) => {
    ran.asked = { scenario, options };
    if (setting.fails !== undefined) throw setting.fails;
    const frames = (options.capturePorts ?? []).map((port) => ({ at: ms(1), port, direction: "sent" as const, bytes: new Uint8Array(60) }));
    return { ...madeRun(cutAndReturn(), { topology, scenario }), frames, seed: options.seed ?? 1n };
  };
}
