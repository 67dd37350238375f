// MC-LAG pairs: peers, peer-link, keepalive, timers.

import { formatDuration } from "../../duration.ts";
import { listOf, endOf } from "./links.ts";
import type { Draft } from "../draft.ts";
import type { Lag, Node, Pair } from "../model.ts";
import { meant, type Path } from "../problems.ts";
import { splitLink } from "../ranges.ts";
import type { MlagInput } from "../schema/file.ts";

export function expandPairs(draft: Draft): void {
  const used = new Set(Object.values(draft.input.mlag ?? {}).map((input) => input.domain));
  let domain = 0;
  for (const [name, input] of Object.entries(draft.input.mlag ?? {})) {
    if (input.domain === undefined) do domain++; while (used.has(domain));
    expandPair(draft, name, input, input.domain ?? domain);
  }
}

function expandPair(draft: Draft, name: string, input: MlagInput, domain: number): void {
  const path = ["mlag", name];
  const peers = peersOf(draft, name, input, path);
  if (peers === null) return;
  const [a, b] = peers;
  const ports = cablePeerLink(draft, name, input, peers, path);
  const pair = pairOf(draft, name, input, domain, peers, path);
  draft.pairs.set(name, pair);
  for (const peer of [a, b]) draft.pairOf.set(peer.name, pair);
  if (ports.length > 0) for (const peer of [a, b]) draft.addLag(peerLinkLag(draft, pair, peer, ports), path);
}

function peersOf(draft: Draft, name: string, input: MlagInput, path: Path): [Node, Node] | null {
  const [a, b] = input.peers.map((peer, i) => draft.node(peer, [...path, "peers", i]));
  if (a === null || b === null || a === undefined || b === undefined) return null;
  for (const [i, peer] of [a, b].entries()) {
    const at = [...path, "peers", i];
    const other = draft.pairOf.get(peer.name);
    if (peer.kind !== "switch") draft.report("DH_PAIR", at, `${peer.name} is a ${peer.kind}: the peers of ${name} are switches`);
    else if (other !== undefined) draft.report("DH_PAIR", at, `${peer.name} is already a peer of ${other.name}`);
  }
  if (a === b) draft.report("DH_PAIR", [...path, "peers", 1], `${a.name} cannot be its own peer`);
  return a === b || draft.pairOf.has(a.name) || draft.pairOf.has(b.name) ? null : [a, b];
}

/** Port names of the peer-link, the same on both peers. Cables that the file does not have are made. */
function cablePeerLink(draft: Draft, name: string, input: MlagInput, [a, b]: [Node, Node], path: Path): string[] {
  const given = input["peer-link"];
  if (given === undefined) {
    if (!draft.excused(".peer-link")) draft.report("DH_PEER_LINK_MISSING", path, `${name} has no peer-link`, "peer-link: [Eth53, Eth54]", { key: true });
    return [];
  }
  const detailed = typeof given === "string" || Array.isArray(given) ? null : given;
  const portsPath = [...path, "peer-link", ...(detailed === null ? [] : ["ports"])];
  const cable = draft.cable(detailed ?? {}, [...path, "peer-link"], listOf(detailed?.risk));
  return draft.namesOf(detailed?.ports ?? (given as string | string[]), portsPath).flatMap((item) => {
    const far = draft.far(`${a.name}:${item.name}`);
    if (far === null && draft.far(`${b.name}:${item.name}`) === null) {
      draft.connect([a.name, item.name], [b.name, item.name], cable, item.path);
    } else if (far?.node !== b.name || far.name !== item.name) {
      const leads = far === null ? `is not cabled, though ${b.name}:${item.name} is` : `is cabled to ${far.node}:${far.name}`;
      draft.report("DH_PEER_LINK_MISSING", item.path, `${a.name}:${item.name} ${leads}: a peer-link joins this port of both peers`);
      return [];
    }
    return [item.name];
  });
}

function pairOf(draft: Draft, name: string, input: MlagInput, domain: number, [a, b]: [Node, Node], path: Path): Pair {
  const profile = draft.profile(a).pair;
  const vendor = draft.profile(a).vendor;
  const time = (word: "interval" | "timeout" | "hold") => draft.duration(input.keepalive?.[word], [...path, "keepalive", word]);
  const own = input.control === "off" ? undefined : input.control;
  const control = (word: "interval" | "timeout") => draft.duration(own?.[word], [...path, "control", word]);
  const what = (word: string) => `MC-LAG (${vendor}): ${word}`;
  const recovery = input["auto-recovery"] === "off" ? -1n : draft.duration(input["auto-recovery"], [...path, "auto-recovery"]);
  const mac = input["system-mac"] === undefined ? null : BigInt(`0x${input["system-mac"].replaceAll(":", "")}`);
  const offOr = (ns: bigint) => (ns < 0n ? "off" : formatDuration(ns));
  return {
    name, domain, peers: [a.name, b.name], peerLinks: [`${a.name}:peer-link`, `${b.name}:peer-link`],
    keepalive: keepaliveOf(draft, name, input, [a, b], path),
    controlIntervalNs: draft.choose(control("interval"), profile.controlInterval, what("hello interval over the peer-link"), formatDuration),
    controlTimeoutNs: input.control === "off" ? 0n : draft.choose(control("timeout"), profile.controlTimeout, what("peer-link taken for lost when no hello came for"), formatDuration),
    keepaliveIntervalNs: draft.choose(time("interval"), profile.keepaliveInterval, what("keepalive interval"), formatDuration),
    keepaliveTimeoutNs: draft.choose(time("timeout"), profile.keepaliveTimeout, what("keepalive timeout"), formatDuration),
    holdNs: draft.choose(time("hold"), profile.hold, what("hold after the loss of the peer-link"), formatDuration),
    rolePriority: rolesOf(draft, input, [a, b], path),
    systemMac: draft.choose(mac, profile.systemMac(domain, a.mac), `MC-LAG ${name}: system MAC`, formatMac),
    systemPriority: draft.choose(input["system-priority"], profile.systemPriority, what("LACP system priority")),
    delayRestoreNs: draft.choose(draft.duration(input["delay-restore"], [...path, "delay-restore"]), profile.delayRestore, what("delay restore"), formatDuration),
    autoRecoveryNs: draft.choose(recovery, profile.autoRecovery, what("auto recovery"), offOr),
    aloneNs: draft.choose(recovery, profile.alone, what("a peer that boots alone becomes primary after"), offOr),
    peerGateway: draft.choose(input["peer-gateway"], profile.peerGateway, what("routes for its peer's own MAC (peer-gateway)"), yesNo),
    gatewayActive: draft.choose(input["gateway-active"], profile.gatewayActive, what("both peers route for the virtual MAC"), yesNo),
    suspendSecondary: draft.choose(input["suspend-secondary"], profile.suspendSecondary, what("secondary suspends its members when the peer-link is lost"), yesNo),
    suspendPorts: draft.choose(input["suspend-ports"], profile.suspendPorts, what("what the secondary suspends when the peer-link is lost")),
    splits: profile.splits[0], checks: profile.checks[0], ownSystem: profile.ownSystem[0],
    where: draft.whereKey(...path),
  };
}

const yesNo = (value: boolean): string => (value ? "yes" : "no");

export function formatMac(mac: bigint): string {
  return mac.toString(16).padStart(12, "0").replace(/(..)(?!$)/g, "$1:");
}

function rolesOf(draft: Draft, input: MlagInput, peers: [Node, Node], path: Path): [number, number] {
  const written = input["role-priority"] ?? {};
  for (const key of Object.keys(written)) {
    const names = peers.map((peer) => peer.name);
    if (!names.includes(key)) draft.report("DH_UNKNOWN_NODE", [...path, "role-priority", key], `"${key}" is not a peer of this pair`, meant(key, names), { key: true });
  }
  const { vendor, pair } = draft.profile(peers[0]);
  const role = (peer: Node) => draft.choose(written[peer.name], pair.rolePriority, `MC-LAG (${vendor}): role priority`);
  return [role(peers[0]), role(peers[1])];
}

function keepaliveOf(draft: Draft, name: string, input: MlagInput, peers: [Node, Node], path: Path): Pair["keepalive"] {
  const { via, link } = input.keepalive ?? {};
  if (via === undefined && link === undefined) draft.assume(`MC-LAG ${name}: keepalive`, "over the management network", "dualhome's own default");
  if (via !== "link" && link === undefined) return { via: "mgmt" };
  const at = [...path, "keepalive"];
  const ends = splitLink(link ?? "");
  if (via === "mgmt" || ends === null) {
    draft.report("DH_LINK", link === undefined ? at : [...at, "link"], "a keepalive over a link names its cable", `keepalive: {via: link, link: "${peers[0].name}:Eth47 -- ${peers[1].name}:Eth47"}`);
    return { via: "mgmt" };
  }
  const known = draft.linkAt.get(ends[0]);
  if (known !== undefined && (known.a === ends[1] || known.b === ends[1])) return { via: "link", link: known.name };
  const [a, b] = [endOf(draft, ends[0], [...at, "link"]), endOf(draft, ends[1], [...at, "link"])];
  const made = a === null || b === null ? null : draft.connect(a, b, draft.cable({}, path, []), [...at, "link"]);
  return made === null ? { via: "mgmt" } : { via: "link", link: made.name };
}

function peerLinkLag(draft: Draft, pair: Pair, peer: Node, members: string[]): Lag {
  const profile = draft.profile(peer);
  return {
    name: `${peer.name}:peer-link`, node: peer.name, mode: "static", members, hash: profile.hash[0], lacp: null, linux: false,
    minLinks: 1, maxBundle: 0, adSelect: "stable", miimonNs: 0n, updelayNs: 0n, downdelayNs: 0n, primary: null, primaryReselect: "always",
    garpCount: 0, vlans: [], pair: null, mlagId: 0, peerLinkOf: pair.name, where: pair.where,
  };
}
