// Servers that boot over the network, and the servers that answer them.

import { formatDuration } from "../../duration.ts";
import { speedMbps, type Draft } from "../draft.ts";
import type { Node, PxeBoot } from "../model.ts";
import { meant } from "../problems.ts";
import type { NodeInput } from "../schema/file.ts";

const OURS = "dualhome's own default";
const PXE = "PXE 2.1";
const s = (n: number): bigint => BigInt(n) * 1_000_000_000n;

export function expandPxe(draft: Draft): void {
  for (const [key, input] of Object.entries(draft.input.nodes)) {
    for (const name of draft.quietNames(key)) {
      const node = draft.nodes.get(name);
      if (node === undefined) continue;
      if (input.dhcp === true) bootServer(draft, key, node);
      if (input.pxe !== undefined) bootOf(draft, key, node, input.pxe ?? {});
    }
  }
  checkServers(draft);
}

function bootServer(draft: Draft, key: string, node: Node): void {
  if (node.kind !== "server") draft.report("DH_PXE", ["nodes", key, "dhcp"], `${node.name} is a ${node.kind}: DHCP is answered by a server`, null, { key: true });
  else draft.bootServers.push(node.name);
}

type PxeInput = NonNullable<NodeInput["pxe"]>;

function bootOf(draft: Draft, key: string, node: Node, input: PxeInput): void {
  const path = ["nodes", key, "pxe"];
  if (node.kind !== "server") {
    draft.report("DH_PXE", path, `${node.name} is a ${node.kind}: only a server boots over the network`, null, { key: true });
    return;
  }
  const time = (word: "post" | "link-wait" | "install") => draft.duration(input[word], [...path, word]);
  const load = input.load ?? {};
  const nic = nicOf(draft, node, input, path);
  const protocol = load.protocol ?? "tftp";
  const rate: [number, string] = protocol === "tftp" ? [100, `${OURS}: TFTP waits for each block's acknowledgement`] : [1000, `${OURS}: HTTP of a firmware`];
  draft.pxeBoots.push({
    server: node.name, nicRule: nic.rule, nic: nic.port,
    atNs: draft.duration(input.at, [...path, "at"]) ?? 0n,
    postNs: draft.choose(time("post"), [s(60), OURS], "PXE: self-test, NICs have no link meanwhile", formatDuration),
    linkNs: draft.choose(time("link-wait"), [s(10), OURS], "PXE: waits for a link", formatDuration),
    discoverNs: draft.choose(draft.duration(input.dhcp?.first, [...path, "dhcp", "first"]), [s(4), `${PXE}: 4, 8, 16, 32 s`], "PXE: the first DISCOVER waits", formatDuration),
    discovers: draft.choose(input.dhcp?.tries, [4, PXE], "PXE: DISCOVERs"),
    attempts: draft.choose(input.attempts, [3, OURS], "PXE: attempts of the firmware, with a restart between"),
    bytes: draft.choose(load.size === undefined ? null : bytesOf(load.size), [500_000_000, OURS], "PXE: what is loaded", (n) => `${n / 1e6}MB`),
    limitMbps: draft.choose(load.rate === undefined ? null : speedMbps(load.rate), rate, `PXE: ${protocol} by itself`, (n) => `${n}M`),
    protocol,
    loadRetryNs: draft.choose(draft.duration(load.retry, [...path, "load", "retry"]), [s(5), OURS], "PXE: an unanswered transfer is retried after", formatDuration),
    loadRetries: draft.choose(load.retries, [6, OURS], "PXE: retries of a transfer"),
    installNs: draft.choose(time("install"), [s(300), OURS], "PXE: installation", formatDuration),
    where: draft.whereKey(...path),
  });
}

function nicOf(draft: Draft, node: Node, input: PxeInput, path: string[]): { rule: PxeBoot["nicRule"]; port: string | null } {
  const nic = draft.choose(input.nic, ["first", OURS], "PXE: the firmware tries", (word) => (word === "first" ? "the first NIC with a link" : word));
  if (nic === "first" || nic === "each") return { rule: nic, port: null };
  const ports = [...draft.ports.values()].filter((port) => port.node === node.name).map((port) => port.name);
  if (!ports.includes(nic)) draft.report("DH_UNKNOWN_PORT", [...path, "nic"], `${node.name} has no port "${nic}"`, meant(nic, ports));
  return { rule: "named", port: nic };
}

/** "500MB" → bytes */
export function bytesOf(text: string): number {
  const scale = { KB: 1e3, MB: 1e6, GB: 1e9 }[text.slice(-2)] ?? 1;
  return Math.round(Number.parseFloat(text) * scale);
}

/** Choice: no DHCP relay. The server stands in the network of those that it boots. */
function checkServers(draft: Draft): void {
  const vlanOf = (server: string): number | undefined => draft.addresses.find((a) => a.node === server)?.vlan;
  const served = new Set(draft.bootServers.map(vlanOf));
  for (const boot of draft.pxeBoots) {
    const address = draft.addresses.find((a) => a.node === boot.server);
    if (address?.ip.includes(":") === true) {
      draft.reportAt("DH_PXE", boot.where, `${boot.server} boots over the network, and its network is IPv6: only DHCP for IPv4 is simulated`);
      continue;
    }
    const vlan = vlanOf(boot.server);
    if (vlan === undefined || served.has(vlan)) continue;
    draft.reportAt("DH_PXE", boot.where, `${boot.server} boots over the network, but no server in VLAN ${vlan} answers DHCP`, "give a server of that network dhcp: true");
  }
}
