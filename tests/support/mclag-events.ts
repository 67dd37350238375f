// MC-LAG: what vendors do when, written down from what they publish, and what follows for each event. Not read from the profiles: these are
// the numbers that the profiles are held to. `assumed` names what no source says, or only an unverified one.

import type { ProfileName } from "../../bindings/topology/profiles.ts";

export interface Facts {
  /** The secondary, when the peer-link is lost and the primary is heard: suspends; becomes primary as well; goes on beside it */
  onLoss: "suspends" | "splits" | "stays";
  /** What it suspends */
  ports: "members" | "all";
  /** Loss of the peer-link until keepalives count; both ask at once */
  hold: number;
  asks: boolean;
  /** Keepalive: interval, timeout */
  every: number;
  timeout: number;
  /** Hellos over the peer-link: interval, timeout */
  hello: number;
  silence: number;
  restore: number;
  /** Suspended, then the keepalive is lost: until it is primary; null: never */
  recover: number | null;
  /** Booted without its peer: until it is primary */
  alone: number;
  /** Whose role is by address: it is primary again when it returns */
  fixedRoles?: true;
  /** Session lost: the standby shows its own LACP system, and its legs leave the bundle */
  ownSystem?: true;
  source: string;
  assumed: (keyof Facts)[];
}

const OURS: Facts = {
  onLoss: "suspends", ports: "members", hold: 3, asks: false, every: 1, timeout: 5, hello: 1, silence: 5, restore: 30, recover: 240, alone: 240,
  source: "none: defaults of dualhome", assumed: ["onLoss", "ports", "hold", "asks", "every", "timeout", "hello", "silence", "restore", "recover", "alone"],
};

export const FACTS: Record<Exclude<ProfileName, "linux">, Facts> = {
  "standard": OURS,
  "nxos-vpc": {
    ...OURS, source: "Cisco's automation (running-config defaults: hold 3 s, timeout 5 s, interval 1000 ms, delay restore 30 s, reload-delay 240 s); event rows from design guides",
    assumed: ["hello", "silence", "recover", "alone"], // auto-recovery is off by default on N3k and N9k there; the count of misses is unverified
  },
  "eos-mlag": {
    ...OURS, onLoss: "splits", hold: 0, every: 4, timeout: 60, hello: 4, silence: 60, restore: 300, recover: null, alone: 300,
    source: "vEOS displays heartbeat 4 s and 60 s, reload-delay 300 s, dual-primary detection disabled; hardware differs", assumed: ["alone"],
  },
  "junos-mclag": {
    ...OURS, hold: 0, restore: 240, recover: 0, alone: 240,
    source: "Juniper's table of ICCP and ICL failures; init-delay-time 240 s recommended", assumed: ["hold", "every", "timeout", "hello", "silence", "alone"],
  },
  "sonic-mclag": {
    ...OURS, onLoss: "stays", hold: 0, timeout: 15, silence: 15, restore: 0, recover: null, alone: 0, fixedRoles: true, ownSystem: true,
    source: "iccpd: session timeout 15 s, no member is shut on the loss of the peer-link, role by address", assumed: ["alone"],
  },
  "aruba-vsx": {
    ...OURS, hold: 0, timeout: 3, silence: 20, restore: 180, recover: 0, alone: 180,
    source: "VSX guides: ISL dead 20 s, keepalive dead 3 s, linkup-delay 180 s, secondary shut while the keepalive is alive", assumed: ["onLoss", "alone"], // split-recovery by default: unverified
  },
  "dell-vlt": {
    ...OURS, hold: 0, asks: true, every: 30, timeout: 90, restore: 90, recover: 0, alone: 90,
    source: "OS10 guides: heartbeat 30 s but checked at once, delay-restore 90 s, both down: secondary takes primary", assumed: ["timeout", "hello", "silence", "alone"],
  },
  "comware-mlag": {
    ...OURS, ports: "all", hello: 30, silence: 90,
    source: "Comware manuals: keepalive 1 s, 5 s, hold 3 s, MAD DOWN of ports that are not reserved, DRCP 30 s and 90 s", assumed: ["hello", "silence", "restore", "recover", "alone"],
  },
  "huawei-mlag": {
    ...OURS, ports: "all", asks: true, restore: 240, recover: null, alone: 240,
    source: "CloudEngine manuals: decision delay 3000 ms, heartbeat 1 s, all ports but management and peer-link, up-delay 240 s", assumed: ["timeout", "hello", "silence", "alone"],
  },
  "cumulus-clag": {
    ...OURS, hold: 0, timeout: 20, hello: 2, silence: 20, restore: 180, recover: 0, alone: 300,
    source: "Cumulus documents: peerTimeout 20 s, initDelay 180 s, secondary's bonds go down if the backup path says the primary lives", assumed: ["hold", "every", "hello", "alone"],
  },
  "exos-mlag": OURS,
  "fastiron-mct": OURS,
};

/** A span of seconds after the event. */
export type Span = readonly [number, number];

export interface Expected {
  /** leaf2's members go, and return; null: not */
  suspended: Span | null;
  back?: Span | null;
  /** Roles taken after the event, in order: leaf1 is primary before */
  roles: { leaf1: ("primary" | "secondary")[]; leaf2: { role: "primary" | "secondary"; at: Span }[] };
  /** Longest outage of a dual-homed host, s */
  dualHomed: number;
  /** Orphans of the two peers reach each other at the end */
  orphans: boolean;
}

export interface Row { event: string; steps(f: Facts): string[]; until(f: Facts): number; expect(f: Facts): Expected }

export const AT = 10; // s: the first step
export const LATER = 100; // s between two failures: longer than any keepalive timeout
export const BOOT = 10;
export const DETECT = 0.01; // carrier
const POLL = 0.1; // MII monitor
const WIRES = 0.001; // some frames there and back
const PEER_LINK = "mlag/pair/peer-link";
const KEEPALIVE = "mlag/pair/keepalive";

const step = (at: number, what: string): string => `{at: ${at}s, ${what}}`;
const none = { suspended: null, roles: { leaf1: [], leaf2: [] }, dualHomed: 0, orphans: true } satisfies Expected;
const moves = DETECT + POLL + WIRES; // a host whose leg goes: carrier, then its monitor

/** The loss of the peer-link is known within [low, high]. */
function suspension(f: Facts, low: number, high: number): Span | null {
  if (f.onLoss !== "suspends") return null;
  return [low + f.hold, high + f.hold + (f.asks ? 0 : f.every) + WIRES];
}
/** Nobody is heard any more: who was secondary becomes primary. */
const alone = (f: Facts, low: number, high: number): { role: "primary"; at: Span }[] => {
  const wait = f.onLoss === "splits" ? f.hold : f.timeout;
  return [{ role: "primary", at: [low + wait, high + wait + WIRES] }];
};
const splitting = (f: Facts, low: number, high: number): { role: "primary"; at: Span }[] => (f.onLoss === "splits" ? alone(f, low, high) : []);

/** Legs of another system: out of the bundle at once, or where they are the last ones, LACP from the start: detached, 2 s, PDUs and ticks. */
const anew = (f: Facts, otherwise: number, last: boolean): number => (f.ownSystem !== true ? otherwise : Math.max(otherwise, last ? moves + 3.3 : moves + 4 * POLL));

export const ROWS: Row[] = [
  {
    event: "peer-link lost, keepalive heard", steps: () => [step(AT, `fail: ${PEER_LINK}`)], until: () => 60,
    expect: (f) => ({ ...none, suspended: suspension(f, DETECT, DETECT), roles: { leaf1: [], leaf2: splitting(f, DETECT, DETECT) }, dualHomed: f.onLoss === "suspends" ? moves : 0, orphans: false }),
  },
  {
    event: "peer-link lost and back", steps: () => [step(AT, `fail: ${PEER_LINK}`), step(AT + LATER, `repair: ${PEER_LINK}`)], until: (f) => AT + LATER + f.restore + 20,
    expect: (f) => ({
      suspended: suspension(f, DETECT, DETECT), back: f.onLoss === "suspends" ? [LATER + DETECT + f.restore, LATER + DETECT + f.restore + WIRES] : null,
      roles: { leaf1: [], leaf2: f.onLoss === "splits" ? [...splitting(f, DETECT, DETECT), { role: "secondary", at: [LATER + DETECT, LATER + DETECT + WIRES] }] : [] },
      dualHomed: f.onLoss === "suspends" ? moves + 4 * POLL : 0, // a returning leg: its switch takes frames up to four ticks after the server sends
      orphans: true,
    }),
  },
  { event: "keepalive lost", steps: () => [step(AT, `fail: ${KEEPALIVE}`)], until: (f) => AT + f.timeout + 30, expect: (f) => ({ ...none, dualHomed: anew(f, 0, false) }) },
  {
    event: "keepalive lost, then the peer-link", steps: () => [step(AT, `fail: ${KEEPALIVE}`), step(AT + LATER, `fail: ${PEER_LINK}`)], until: (f) => AT + LATER + f.timeout + 30,
    expect: (f) => ({ ...none, roles: { leaf1: [], leaf2: alone(f, LATER + DETECT, LATER + DETECT) }, dualHomed: anew(f, 0, false), orphans: false }),
  },
  {
    event: "peer-link lost, then the keepalive", steps: () => [step(AT, `fail: ${PEER_LINK}`), step(AT + LATER, `fail: ${KEEPALIVE}`)], until: (f) => AT + LATER + f.timeout + (f.recover ?? 0) + 30,
    expect: (f) => afterSuspension(f, false),
  },
  {
    event: "peer-link lost, then the primary dies", steps: () => [step(AT, `fail: ${PEER_LINK}`), step(AT + LATER, "fail: leaf1")], until: (f) => AT + LATER + f.timeout + (f.recover ?? 0) + 30,
    expect: (f) => afterSuspension(f, true),
  },
  {
    event: "primary dies", steps: () => [step(AT, "fail: leaf1")], until: (f) => AT + f.timeout + 30,
    expect: (f) => ({ ...none, roles: { leaf1: [], leaf2: alone(f, DETECT, DETECT) }, dualHomed: anew(f, moves, true), orphans: false }),
  },
  { event: "secondary dies", steps: () => [step(AT, "fail: leaf2")], until: (f) => AT + f.timeout + 30, expect: () => ({ ...none, dualHomed: moves, orphans: false }) },
  {
    event: "primary reboots", steps: () => [step(AT, "fail: leaf1"), step(AT + LATER, "repair: leaf1")], until: (f) => AT + LATER + BOOT + f.restore + 30,
    expect: (f) => ({
      ...none, dualHomed: anew(f, moves + 4 * POLL, true),
      roles: f.fixedRoles === true ? { leaf1: ["primary"], leaf2: [...alone(f, DETECT, DETECT), { role: "secondary", at: [LATER + BOOT, LATER + BOOT + 1] }] } : { leaf1: ["secondary"], leaf2: alone(f, DETECT, DETECT) },
    }),
  },
  {
    event: "both reboot, the secondary alone returns", steps: () => [step(AT, "fail: leaf1"), step(AT, "fail: leaf2"), step(AT + LATER, "repair: leaf2")], until: (f) => AT + LATER + BOOT + f.alone + 30,
    expect: (f) => ({
      suspended: [LATER + BOOT, LATER + BOOT], back: [LATER + BOOT + f.alone, LATER + BOOT + f.alone],
      roles: { leaf1: [], leaf2: [{ role: "primary", at: [LATER + BOOT + f.alone, LATER + BOOT + f.alone] }] },
      dualHomed: Infinity, orphans: false, // down until the members return
    }),
  },
  {
    event: "peer-link silent, its carrier there", steps: () => [step(AT, `silent: ${PEER_LINK}`)], until: (f) => AT + f.silence + 60,
    expect: (f) => {
      const known = [f.silence - f.hello, f.silence + WIRES] as const;
      return { ...none, suspended: suspension(f, ...known), roles: { leaf1: [], leaf2: splitting(f, ...known) }, dualHomed: f.onLoss === "suspends" ? moves : 0, orphans: false };
    },
  },
  {
    event: "control plane of the primary hangs", steps: () => [step(AT, "hang: leaf1")], until: (f) => AT + f.silence + f.timeout + 30,
    expect: (f) => ({ ...none, roles: { leaf1: [], leaf2: alone(f, f.silence - f.hello, f.silence) }, dualHomed: Infinity }), // its hardware forwards on; LACP gives its legs up, which tests/scenarios/mclag/hung-leaf.md follows
  },
  {
    event: "one leg lost and back", steps: () => [step(AT, 'fail: "leaf1:Eth1--h1:eth0"'), step(AT + LATER, 'repair: "leaf1:Eth1--h1:eth0"')], until: () => AT + LATER + 20,
    expect: () => ({ ...none, dualHomed: moves + 4 * POLL }),
  },
];

/** The secondary is suspended, and then hears nobody: the same to it, whether the primary is dead or the path of the keepalive is. */
function afterSuspension(f: Facts, dies: boolean): Expected {
  // A keepalive of the last interval may have come just before the second failure, or nearly an interval earlier.
  const silent: Span = [LATER + f.timeout - f.every, LATER + f.timeout + WIRES];
  const taken = f.onLoss === "stays" ? 0 : f.recover;
  const primary: Expected["roles"]["leaf2"] = f.onLoss === "splits" ? splitting(f, DETECT, DETECT) : taken === null ? [] : [{ role: "primary", at: [silent[0] + taken, silent[1] + taken] }];
  return {
    suspended: suspension(f, DETECT, DETECT), back: f.onLoss !== "suspends" || f.recover === null ? null : [silent[0] + f.recover, silent[1] + f.recover],
    roles: { leaf1: [], leaf2: primary }, dualHomed: f.onLoss === "suspends" && dies ? Infinity : anew(f, moves + 4 * POLL, dies), orphans: false,
  };
}

const LOSS = { suspends: "suspends itself", splits: "becomes primary too", stays: "goes on" } as const;
const COLUMNS: { head: string; facts: (keyof Facts)[]; show(f: Facts): string }[] = [
  { head: "secondary, peer-link lost", facts: ["onLoss", "ports"], show: (f) => (f.onLoss === "suspends" ? `${LOSS[f.onLoss]}: ${f.ports === "all" ? "all ports" : "members"}` : LOSS[f.onLoss]) },
  { head: "decides after", facts: ["hold", "asks"], show: (f) => (f.onLoss === "stays" ? "–" : `${f.hold} s${f.asks ? ", asks at once" : ""}`) },
  { head: "keepalive", facts: ["every", "timeout"], show: (f) => `${f.every} / ${f.timeout} s` },
  { head: "hellos", facts: ["hello", "silence"], show: (f) => `${f.hello} / ${f.silence} s` },
  { head: "restore", facts: ["restore"], show: (f) => `${f.restore} s` },
  { head: "suspended, keepalive lost", facts: ["recover"], show: (f) => (f.onLoss !== "suspends" ? "–" : f.recover === null ? "stays so" : f.recover === 0 ? "primary at once" : `primary after ${f.recover} s`) },
  { head: "boots alone", facts: ["alone"], show: (f) => (f.alone === 0 ? "primary at once" : `primary after ${f.alone} s`) },
];

/** The table of docs/mclag.md; * marks what is assumed. */
export function factsTable(): string {
  const rows = Object.entries(FACTS).map(([profile, f]) => [`\`${profile}\``, ...COLUMNS.map((c) => `${c.show(f)}${c.show(f) !== "–" && c.facts.some((fact) => f.assumed.includes(fact)) ? " *" : ""}`), f.source]);
  const head = ["profile", ...COLUMNS.map((c) => c.head), "source"];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
