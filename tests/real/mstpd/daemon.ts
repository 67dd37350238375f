// An mstpd and its world (world.c): the commands that make a network, and what the daemon did in it, second by second.

import { spawnSync } from "node:child_process";
import type { Life, Settled, Told } from "./lives.ts";
import { BOOT_S, END_S, FAIL_S, LINKS_S, REPAIR_S, type Network, type Port } from "./networks.ts";

// The daemon's control messages, native byte order: mstp.h and ctl_functions.h of 0.2.0
const ADD_BRIDGES = 122 | 0x10000;
const SET_BRIDGE = 103;
const SET_PRIORITY = 104;
const PORT_STATUS = 105;
const SET_PORT = 107;
const PORT_STATUS_BYTES = 136;
const ROLES = ["disabled", "root", "designated", "alternate", "backup"];
const STATES = ["discarding", "discarding", "learning", "forwarding", "discarding"]; // disabled, listening, learning, forwarding, blocking

const ints = (...values: number[]): string => Buffer.from(Int32Array.from(values).buffer).toString("hex");
const bridgeIndex = (bridge: number): number => 1 + bridge;
const portIndex = (ports: readonly Port[], p: Port): number => 100 + ports.indexOf(p);

function portConfig(bridge: number, index: number, p: Port): string {
  const bytes = Buffer.alloc(40);
  bytes.writeInt32LE(bridge, 0); bytes.writeInt32LE(index, 4);
  bytes.writeUInt32LE(p.cost, 8); bytes[12] = 1;
  bytes[13] = p.edge ? 1 : 0; bytes[14] = 1;
  return bytes.toString("hex");
}

/** ForceProtocolVersion 0 */
function speaksStp(bridge: number): string {
  const bytes = Buffer.alloc(36);
  bytes.writeInt32LE(bridge, 0);
  bytes[12] = 1;
  return bytes.toString("hex");
}

/** The network without links, the links at once; then a failure, and its repair, each a hundred seconds after the last. */
function commandsOf({ spec, ports, lans, macs, hit }: Network): string[] {
  const index = (p: Port): number => portIndex(ports, p);
  const all = ports.map(index).join(" ");
  const status = ports.map((p) => `ctl ${PORT_STATUS} ${PORT_STATUS_BYTES} ${ints(bridgeIndex(p.bridge), index(p))}`);
  const failed = hit.map(index).join(" ");
  const change = (on: boolean): string => (spec.failure.kind === "silent" ? `mute ${on ? 0 : 1} ${failed}` : `link ${on ? 1 : 0} ${failed}`);
  const boot = spec.failure.kind === "crash" ? BOOT_S : 0;
  return [
    ...spec.priorities.map((_, i) => `bridge ${bridgeIndex(i)} br${i} ${macs[i]!.toString(16).padStart(12, "0")}`),
    ...ports.map((p) => `port ${index(p)} p${index(p)} 0200000001${p.number.toString(16).padStart(2, "0")} ${bridgeIndex(p.bridge)} ${p.number} ${p.shared ? 0 : 1}`),
    ...lans.map((lan) => `lan ${lan.map(index).join(" ")}`),
    ...spec.priorities.map((_, i) => { const own = ports.filter((p) => p.bridge === i).map(index); return `ctl ${ADD_BRIDGES} 0 ${ints(1, bridgeIndex(i), own.length, ...own)}`; }),
    ...spec.priorities.map((priority, i) => `ctl ${SET_PRIORITY} 0 ${ints(bridgeIndex(i), (priority >> 12) << 16)}`),
    ...(spec.classic ?? []).map((i) => `ctl ${SET_BRIDGE} 0 ${speaksStp(bridgeIndex(i))}`),
    ...ports.map((p) => `ctl ${SET_PORT} 0 ${portConfig(bridgeIndex(p.bridge), index(p), p)}`),
    `tick ${LINKS_S}`, // what was set takes effect
    `link 1 ${all}`, `tick ${FAIL_S - LINKS_S}`, ...status,
    change(false), `tick ${REPAIR_S - FAIL_S + boot}`, ...status,
    change(true), `tick ${END_S - REPAIR_S - boot}`, ...status,
  ];
}

/** `root` is a folder with Debian's mstpd and its libc6 in it, unpacked; `world` the compiled world.c. */
export function liveWithMstpd(network: Network, root: string, world: string): Life {
  const { ports } = network;
  const run = spawnSync(`${root}/usr/lib64/ld-linux-x86-64.so.2`, ["--library-path", `${root}/usr/lib/x86_64-linux-gnu`, "--preload", world, `${root}/usr/sbin/mstpd`, "-d", "-v", "1"], {
    input: `${commandsOf(network).join("\n")}\n`, stdio: ["pipe", "ignore", "inherit", "pipe"], maxBuffer: 1 << 28,
  });
  if (run.status !== 0) throw new Error(`mstpd ended with ${run.status ?? run.signal}\n${network.text}`);
  const told: Told[] = [];
  const answers: Settled[] = [];
  let second = 0;
  for (const line of run.output[3]!.toString().split("\n")) {
    const [word, which, value = ""] = line.split(" ");
    if (word === "tick") second = Number(which);
    else if (word === "ctl" && which !== "0") throw new Error(`mstpd refused: ${line}\n${network.text}`);
    else if (word === "ctl" && value !== "") answers.push(settledOf(Buffer.from(value, "hex")));
    else if (word === "state" || word === "flush" || word === "bpdu") told.push({ second, port: ports[Number(which) - 100]!.name, what: word, value: word === "state" ? STATES[Number(value)]! : value });
  }
  const settled = [0, 1, 2].map((k) => new Map(ports.map((p, i) => [p.name, answers[k * ports.length + i]!])));
  return { settled, told };
}

/** CIST_PortStatus */
function settledOf(bytes: Buffer): Settled {
  return { role: ROLES[bytes.readInt32LE(64)]!, state: STATES[bytes.readInt32LE(4)]! };
}
