// Port-channels of switches: those that the file names, and the far side of bonds.

import type { Draft } from "../draft.ts";
import { fallbackOf } from "../fallback.ts";
import type { LacpSettings, Lag, Node, Pair } from "../model.ts";
import { meant, type Path } from "../problems.ts";
import { isPortName, splitPort } from "../ranges.ts";
import type { LagInput } from "../schema/file.ts";

/** Numbers of port-channels: free on every switch that needs one, and free as the pair's MC-LAG id. */
export class LagNumbers {
  readonly #draft: Draft;
  readonly #next = new Map<string, number>();
  readonly #ids = new Set<string>();

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  take(pair: Pair, id: number): void {
    this.#ids.add(`${pair.name} ${id}`);
  }

  next(nodes: readonly Node[], pair: Pair | null): number {
    let n = Math.max(1, ...nodes.map((node) => this.#next.get(node.name) ?? 1));
    while (nodes.some((node) => this.#draft.lags.has(`${node.name}:Po${n}`)) || (pair !== null && this.#ids.has(`${pair.name} ${n}`))) n++;
    for (const node of nodes) this.#next.set(node.name, n + 1);
    if (pair !== null) this.take(pair, n);
    return n;
  }
}

/** Port names of a bond or lag, each checked. */
export function membersOf(draft: Draft, value: string | readonly string[], path: Path): string[] {
  const members = draft.namesOf(value, path).filter((item) => {
    if (isPortName(item.name)) return true;
    draft.report("DH_NAME", item.path, `"${item.name}" cannot be a port's name`);
    return false;
  });
  const seen = new Set<string>();
  return members.flatMap(({ name, path: at }) => {
    if (!seen.has(name)) return seen.add(name) && [name];
    draft.report("DH_PORT_TWICE", at, `member ${name} is named twice`);
    return [];
  });
}

export function expandLags(draft: Draft, numbers: LagNumbers): void {
  for (const [key, input] of Object.entries(draft.input.lags ?? {})) {
    const path = ["lags", key];
    const parts = splitPort(key);
    if (parts === null || parts[1] === "") {
      draft.report("DH_NAME", path, `"${key}" does not name a port-channel`, "write it as leaf1:Po5", { key: true });
      continue;
    }
    const members = membersOf(draft, input.members, [...path, "members"]);
    const pair = input.mlag === undefined ? null : pairNamed(draft, input.mlag, [...path, "mlag"]);
    for (const name of draft.names(parts[0], path, { key: true })) {
      const node = draft.node(name, path, { key: true, part: parts[0] });
      if (node !== null) expandLag(draft, node, parts[1], input, members, pair, numbers, path);
    }
  }
}

function pairNamed(draft: Draft, name: string, path: Path): Pair | null {
  const pair = draft.pairs.get(name);
  if (pair === undefined && !draft.excused(name)) draft.report("DH_UNKNOWN_PAIR", path, `there is no MC-LAG pair "${name}"`, meant(name, draft.pairs.keys()));
  return pair ?? null;
}

function expandLag(draft: Draft, node: Node, lagName: string, input: LagInput, members: string[], pair: Pair | null, numbers: LagNumbers, path: Path): void {
  if (node.kind === "server") {
    draft.report("DH_LAG", path, `${node.name} is a server`, "a server's aggregate goes under bonds", { key: true });
    return;
  }
  if (pair !== null && !pair.peers.includes(node.name)) draft.report("DH_PAIR", [...path, "mlag"], `${node.name} is not a peer of ${pair.name}`, `its peers are ${pair.peers.join(" and ")}`);
  const id = pair === null ? 0 : (input["mlag-id"] ?? Number(/\d+$/.exec(lagName)?.[0] ?? 0));
  if (pair !== null && id === 0) draft.report("DH_MISSING", path, `${node.name}:${lagName} lacks "mlag-id"`, null, { key: true });
  if (pair !== null) numbers.take(pair, id);
  const lag = lagOf(draft, node, lagName, input, members, pair, id);
  for (const port of Object.keys(input["port-priority"] ?? {})) {
    if (!members.includes(port)) draft.report("DH_UNKNOWN_PORT", [...path, "port-priority", port], `"${port}" is not a member`, meant(port, members), { key: true });
  }
  if (pair === null && input.mlag !== undefined) draft.excuse(lag.name);
  lag.where = draft.whereKey(...path);
  if (draft.addLag(lag, path) && input.networks !== undefined) draft.lagNetworks.set(lag, draft.networksOf(input.networks, [...path, "networks"]));
}

function lagOf(draft: Draft, node: Node, name: string, input: LagInput, members: string[], pair: Pair | null, id: number): Lag {
  const lag = switchLag(draft, node, name, members, pair, id, null, input);
  const portOf = (port: string): string | null => (members.includes(port) ? port : null);
  lag.fallback = fallbackOf(draft, node, lag, input["lacp-fallback"], ["lags"], portOf);
  return { ...lag, minLinks: input["min-links"] ?? 1, maxBundle: input["max-bundle"] ?? 0 };
}

/** A switch's port-channel with the vendor's values where nothing is said. `bond`: the server's side that it answers to. */
export function switchLag(draft: Draft, node: Node, name: string, members: string[], pair: Pair | null, id: number, bond: Lag | null, input?: LagInput): Lag {
  const profile = draft.profile(node);
  const defaults = draft.input.defaults?.lacp ?? {};
  const lacp = bond === null ? input?.mode !== "static" : bond.lacp !== null;
  const rate = input?.rate ?? defaults.rate;
  const hash = input?.hash ?? defaults.hash;
  const settings = (): LacpSettings => ({
    active: input?.mode !== "lacp-passive",
    fast: draft.choose(rate === undefined ? null : rate === "fast", profile.lacpFast, `switches (${profile.vendor}): LACP rate`, (fast) => (fast ? "fast" : "slow")),
    systemPriority: pair?.systemPriority ?? input?.["system-priority"] ?? defaults["system-priority"] ?? profile.systemPriority,
    portPriority: { ...input?.["port-priority"] },
    defaultPortPriority: defaults["port-priority"] ?? profile.portPriority,
    key: input?.key ?? (id > 0 ? id : Number(/\d+$/.exec(name)?.[0] ?? 1)),
    independent: false,
  });
  return {
    name: `${node.name}:${name}`, node: node.name, mode: lacp ? "802.3ad" : "static", members,
    hash: draft.choose(hash, profile.hash, `switches (${profile.vendor}): port-channel hash`),
    lacp: lacp ? settings() : null,
    linux: false, minLinks: 1, maxBundle: 0, adSelect: "stable", miimonNs: 0n, updelayNs: 0n, downdelayNs: 0n,
    primary: null, primaryReselect: "always", garpCount: 0, vlans: [],
    pair: pair?.name ?? null, mlagId: pair === null ? 0 : id, peerLinkOf: null, where: bond?.where ?? { line: 1, col: 1, length: 1 },
  };
}
