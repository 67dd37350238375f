// Spanning tree of each switch: what the file says, completed; and what it leaves open where switches are bridged together.

import { formatDuration } from "../../duration.ts";
import type { Draft } from "../draft.ts";
import type { Node, SpanningTree } from "../model.ts";
import type { Path } from "../problems.ts";
import type { StpInput } from "../schema/file.ts";
import type { Sourced } from "../profiles.ts";

const STANDARD = "IEEE 802.1D default";
const NONE: Sourced<"rstp" | "stp" | "none" | "transparent"> = ["none", "dualhome's own default"];
const UNIT_NS = 3_906_250n; // BPDUs carry times in 1/256 s
const SECOND_NS = 1_000_000_000n;

/** After the ports' modes are known. */
export function expandStp(draft: Draft): void {
  const bridged = bridgedSwitches(draft);
  for (const node of draft.nodes.values()) {
    const key = draft.entryOf.get(node.name);
    const input = key === undefined ? undefined : draft.input.nodes[key];
    if (key === undefined || input === undefined) continue;
    if (input.kind === "hypervisor" && input.stp === undefined) continue; // a virtual switch makes no loop, and is seldom asked to speak
    const path = ["nodes", key];
    if (node.kind === "server") {
      if (input.stp !== undefined) draft.report("DH_UNKNOWN_KEY", [...path, "stp"], "only a switch has spanning tree", null, { key: true });
      continue;
    }
    const stp = settingsOf(draft, node, input.stp, bridged.has(node.name), [...path, "stp"]);
    if (stp !== null) node.stp = stp;
  }
  for (const pair of draft.pairs.values()) checkPeers(draft, pair.peers, pair.where);
}

function settingsOf(draft: Draft, node: Node, own: StpInput | undefined, isBridged: boolean, path: Path): SpanningTree | null {
  const whole = (s: StpInput | undefined) => (typeof s === "string" ? { mode: s } : (s ?? {}));
  const general = whole(draft.input.defaults?.switch?.stp);
  const input = whole(own);
  const written = input.mode ?? general.mode ?? (own === undefined ? undefined : "rstp");
  const mode = written ?? (isBridged ? draft.choose(null, NONE, "switches bridged together: spanning tree") : "none");
  if (mode === "transparent") node.passesBpdus = true;
  if (mode === "none" || mode === "transparent") return null;
  const time = (word: "hello" | "max-age" | "forward-delay", standard: bigint) =>
    draft.choose(draft.duration(input[word], [...path, word]) ?? draft.duration(general[word], ["defaults", "switch", "stp", word]), [standard, STANDARD], `spanning tree: ${word}`, formatDuration);
  const stp: SpanningTree = {
    mode, priority: draft.choose(input.priority, [32768, STANDARD], "spanning tree: bridge priority"), cost: input.cost ?? {},
    edge: input.edge ?? general.edge ?? [], shared: input.shared ?? general.shared ?? [],
    bpduGuard: input["bpdu-guard"] ?? general["bpdu-guard"] ?? [], loopGuard: input["loop-guard"] ?? general["loop-guard"] ?? false,
    helloNs: time("hello", 2n * SECOND_NS), maxAgeNs: time("max-age", 20n * SECOND_NS), forwardDelayNs: time("forward-delay", 15n * SECOND_NS),
  };
  checkTimes(draft, stp, path);
  checkPorts(draft, node, stp, path);
  return stp;
}

/** Switches with a bridged cable to another one that is not a peer-link. */
function bridgedSwitches(draft: Draft): Set<string> {
  const names = new Set<string>();
  for (const link of draft.links) {
    const ends = [draft.ports.get(link.a), draft.ports.get(link.b)];
    const between = ends.every((p) => p !== undefined && p.mode !== "routed" && !p.peerLink && draft.nodes.get(p.node)?.kind !== "server");
    if (between) for (const p of ends) names.add(p!.node);
  }
  return names;
}

/** 802.1D-2004 17.14: 2 × (Forward Delay − 1 s) ≥ Max Age ≥ 2 × (Hello Time + 1 s). */
function checkTimes(draft: Draft, s: SpanningTree, path: Path): void {
  if (2n * (s.forwardDelayNs - SECOND_NS) >= s.maxAgeNs && s.maxAgeNs >= 2n * (s.helloNs + SECOND_NS) && s.helloNs >= SECOND_NS) return;
  const values = `hello ${formatDuration(s.helloNs)}, max-age ${formatDuration(s.maxAgeNs)}, forward-delay ${formatDuration(s.forwardDelayNs)}`;
  draft.report("DH_STP", path, `spanning tree's times do not fit together: ${values}`, "2 × (forward-delay − 1s) ≥ max-age ≥ 2 × (hello + 1s), and hello at least 1s");
}

function checkPorts(draft: Draft, node: Node, s: SpanningTree, path: Path): void {
  const known = (name: string): boolean => draft.ports.has(`${node.name}:${name}`) || draft.lags.has(`${node.name}:${name}`);
  const named = [...Object.keys(s.cost), ...(s.edge === "servers" ? [] : s.edge), ...s.shared, ...(s.bpduGuard === "edge" ? [] : s.bpduGuard)];
  for (const name of named) {
    if (!known(name) && !draft.incomplete("links")) draft.report("DH_UNKNOWN_PORT", path, `spanning tree of ${node.name} names ${name}, which is neither a port nor a port-channel there`);
  }
}

/** The peers of a pair are one bridge. */
function checkPeers(draft: Draft, [a, b]: readonly [string, string], where: Node["where"]): void {
  const [one, two] = [draft.nodes.get(a)?.stp, draft.nodes.get(b)?.stp];
  if (one?.mode === two?.mode && one?.priority === two?.priority) return;
  draft.reportAt("DH_STP", where, `${a} and ${b} are one bridge to spanning tree, but are set differently`, "give both the same stp");
}

/** Nanoseconds in the units of a BPDU. */
export function bpduUnits(ns: bigint): number { return Number(ns / UNIT_NS); }
