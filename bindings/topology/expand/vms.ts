// Virtual machines: servers on virtual cables to the hypervisors that they may run on. All but the first cable are
// unplugged when a run begins; a migration unplugs one and plugs in another, and the machine announces itself.

import { formatDuration } from "../../duration.ts";
import type { Cable, Draft } from "../draft.ts";
import { settleNodes } from "./nodes.ts";
import type { Lag, Network, Node, Vm, Where } from "../model.ts";
import { meant, type Path } from "../problems.ts";
import { PROFILES } from "../profiles.ts";
import { isNodeName } from "../ranges.ts";
import type { VmInput } from "../schema/file.ts";

const OURS = "dualhome's own default";
const SPEED_MBPS = 10_000;
const DELAY_NS = 1_000n;
/** A hypervisor's host sees its virtual NIC at once; the model polls. */
const MIIMON_NS = 1_000_000n;

export function expandVms(draft: Draft): void {
  const entries = Object.entries(draft.input.vms ?? {});
  if (entries.length > 0) assumeCables(draft);
  const [nodes, servers] = [draft.nodes.size, draft.servers.size];
  for (const [key, input] of entries) expandVm(draft, key, input);
  settleNodes(draft, nodes, servers);
  for (const name of draft.hypervisors) for (const network of gatewayNetworks(draft, name)) carry(draft, name, network);
}

function assumeCables(draft: Draft): void {
  draft.assume("virtual NICs: speed", "10G", OURS);
  draft.assume("virtual NICs: one-way delay", "1us", OURS);
  draft.assume("virtual NICs: plugged in or out is noticed after", "at most 1ms", OURS);
  draft.assume("virtual machines: gratuitous ARPs after a migration", "1", OURS);
}

function expandVm(draft: Draft, key: string, input: VmInput): void {
  const path = ["vms", key];
  const where = draft.whereKey(...path);
  const network = draft.network(input.network, [...path, "network"]);
  const on = hypervisorsOf(draft, input.on, [...path, "on"]);
  const bootNs = draft.choose(draft.duration(input.boot, [...path, "boot"]), [30_000_000_000n, OURS], "virtual machines: start until they answer", formatDuration);
  for (const [index, name] of draft.names(key, path, { key: true }).entries()) {
    if (!addNode(draft, name, bootNs, path, where)) continue;
    if (on.length === 0 || network === null) {
      draft.excuse(name);
      continue;
    }
    draft.servers.set(name, { network: input.network, address: input.address, gateway: input.gateway, prefixLength: undefined, path, index });
    plugIn(draft, { name, on, links: [], where }, path);
    for (const hypervisor of on) carry(draft, hypervisor, network);
  }
}

function hypervisorsOf(draft: Draft, value: string | readonly string[], path: Path): string[] {
  return draft.namesOf(value, path).flatMap((item) => {
    if (draft.hypervisors.has(item.name)) return [item.name];
    const node = draft.nodes.get(item.name);
    const why = node === undefined ? `there is no hypervisor "${item.name}"` : `${item.name} is no hypervisor`;
    if (!draft.excused(item.name)) draft.report("DH_UNKNOWN_HYPERVISOR", item.path, why, meant(item.name, draft.hypervisors) ?? (node === undefined ? null : "kind: hypervisor"));
    return [];
  });
}

/** False, with a problem, when the name is impossible or taken. */
function addNode(draft: Draft, name: string, bootNs: bigint, path: Path, where: Where): boolean {
  if (!isNodeName(name)) {
    draft.report("DH_NAME", path, `"${name}" cannot be a virtual machine's name: letters, digits, "-", "_" and "."`, null, { key: true });
    return false;
  }
  if (draft.nodes.has(name)) {
    draft.report("DH_DUPLICATE_NAME", path, `there are two nodes "${name}"`, null, { key: true });
    return false;
  }
  const { lacpTick, macAge, arpAge } = PROFILES.linux;
  const node: Node = {
    name, kind: "server", tier: 0, routed: false, site: null, profile: "linux", mac: 0n, bootNs, macAgeNs: macAge[0], arpAgeNs: arpAge[0],
    lacpTickNs: lacpTick, where,
  };
  draft.nodes.set(name, node);
  return true;
}

/** One virtual cable a hypervisor; of several NICs, one at a time carries everything. */
function plugIn(draft: Draft, vm: Vm, path: Path): void {
  const cable: Cable = { speed: SPEED_MBPS, delayNs: DELAY_NS, detectNs: 0n, risk: [] };
  const nics = vm.on.map((_, i) => `eth${i}`);
  for (const [i, hypervisor] of vm.on.entries()) {
    const link = draft.connect([hypervisor, vm.name], [vm.name, nics[i] ?? ""], cable, path);
    if (link !== null) vm.links.push(link.name);
  }
  if (nics.length > 1) draft.addLag(vnicOf(vm, nics), path);
  draft.vms.push(vm);
}

function vnicOf(vm: Vm, members: string[]): Lag {
  return {
    name: `${vm.name}:vnic`, node: vm.name, mode: "active-backup", members, hash: "layer2", lacp: null, linux: true, minLinks: 0, maxBundle: 0, adSelect: "stable",
    miimonNs: MIIMON_NS, updelayNs: 0n, downdelayNs: 0n, primary: null, primaryReselect: "always", garpCount: 1, vlans: [], pair: null, mlagId: 0, peerLinkOf: null,
    where: vm.where,
  };
}

function carry(draft: Draft, hypervisor: string, network: Network): void {
  const networks = draft.hypervisorNetworks.get(hypervisor) ?? new Set();
  draft.hypervisorNetworks.set(hypervisor, networks.add(network));
}

/** Networks that a hypervisor is a gateway of: it must reach their machines elsewhere. */
function gatewayNetworks(draft: Draft, hypervisor: string): Network[] {
  const all = [...draft.networks.values()];
  return Object.entries(draft.input.gateways ?? {}).flatMap(([name, input]) => {
    if (!Object.hasOwn(input.routers, hypervisor)) return [];
    const key = input.network ?? name;
    return draft.networks.get(key) ?? all.filter((network) => `vlan${network.vlan}` === key);
  });
}
