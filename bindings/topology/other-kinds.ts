// What a file is that is no topology. Asked only of files that cannot be read as one, so that a mistake of a topology is told as the mistake that it is.

import { binaryKind } from "../binary.ts";
import { didYouMean } from "./problems.ts";

/** What is wrong, and what to do about it. */
export type Other = [message: string, help: string];

export const BEGIN = 'a topology file is YAML, a map that has "dualhome: 1"; dualhome init writes one';
const READ = "docs/import.md has all formats that are read";
const isNot = (what: string): Other => [`this is ${what}, and no topology file`, BEGIN];
const imported = (what: string, format: string): Other => [`this is ${what}, and no topology file`, `dualhome import ${format} reads it; ${READ}`];

/** A kind is told by how its file begins. */
const HEADS: readonly [RegExp, Other][] = [
  [/^<(?:!doctype html|html)\b/i, isNot("an HTML page")],
  [/^<[?!a-z]/i, isNot("XML")],
  [/^%PDF-/, isNot("a PDF document")],
  [/^(?:strict\s+)?(?:di)?graph\b[^\n]*\{/, isNot("a drawing of Graphviz")],
  [/^(?:flowchart|graph|sequenceDiagram|stateDiagram)\b/, isNot("a drawing of Mermaid")],
  [/^#!/, isNot("a script")],
];

/** Or by a line that no topology has. */
const LINES: readonly [RegExp, Other][] = [
  [/^set (?:interfaces|system|protocols|chassis|vlans|groups|routing-options) /m, imported("a configuration of Junos", "junos")],
  [/^(?:system|interfaces|chassis|protocols) \{/m, ["this is a configuration of Junos, and no topology file", `dualhome import junos reads what "show configuration | display set" writes; ${READ}`]],
  [/^(?:vrrp_instance|vrrp_script|global_defs|vrrp_sync_group)\b/m, imported("a configuration of keepalived", "keepalived")],
  [/^frr (?:version|defaults) /m, imported("a configuration of FRR", "frr")],
  [/^interface (?:ethernet|eth|port-channel|po|vlan|loopback|management|mgmt)/im, ["this is a switch's configuration, and no topology file", `dualhome import nxos or dualhome import eos reads it; ${READ}`]],
  [/^\[(?:NetDev|Match|Link|Network)\]/m, imported("a file of systemd-networkd", "networkd")],
  [/^\[connection\]/m, imported("a connection of NetworkManager", "keyfile")],
  [/^(?:DEVICE|BOOTPROTO|ONBOOT|BONDING_OPTS)=/m, imported("a network script of Red Hat", "ifcfg")],
];

const HEAD_LETTERS = 65_536;
/** A line as a map begins, be it one of ours or another's: what follows is to be read as YAML. */
const MAP_BEGINS = /^(?:["']?[\w.-]+["']?\s*:(?:\s|$)|\{|---|%YAML|%TAG)/;

/** By the text alone; null: nothing speaks against its being meant as a topology. */
export function otherText(text: string): Other | null {
  if (text.includes("\0")) return isNot(binaryKind(text));
  const start = text.slice(0, HEAD_LETTERS).replace(/^\ufeff/, "").trimStart();
  const line = start.split("\n").find((each) => /^\s*[^\s#]/.test(each)) ?? "";
  if (MAP_BEGINS.test(line)) return null;
  const found = HEADS.find(([pattern]) => pattern.test(start)) ?? LINES.find(([pattern]) => pattern.test(start));
  if (found !== undefined) return found[1];
  if (/^\[/.test(start) && isJson(text)) return isNot("a list in JSON");
  if (isMarkdown(start)) return isNot("Markdown");
  return isTable(start) ? isNot("a table (CSV)") : null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A heading is a comment in YAML: alone it says little. */
function isMarkdown(text: string): boolean {
  if (/^(?:`{3,}|~{3,})/m.test(text)) return true;
  const signs = [/^#{1,6} \S.*\n\s*\n/m, /^#{2,6} \S/m, /\]\([^)\s]+\)/, /\*\*[^*\s][^*]*\*\*/, /^\S.*\n(?:={3,}|-{4,})$/m];
  return !/^(?:(?:nodes|links|networks|bonds)\s*:|dualhome\s*:?\s*\d)/m.test(text) && signs.some((sign) => sign.test(text));
}

function isTable(text: string): boolean {
  const [first = "", second = ""] = text.split("\n");
  return [",", ";", "\t"].some((sign) => first.split(sign).length > 2 && first.split(sign).length === second.split(sign).length);
}

type Map = Readonly<Record<string, unknown>>;
const isMap = (value: unknown): value is Map => typeof value === "object" && value !== null && !Array.isArray(value);
const has = (value: unknown, ...keys: string[]): boolean => isMap(value) && keys.some((key) => Object.hasOwn(value, key));

/** Maps of others, by their keys. */
const MAPS: readonly [(file: Map) => boolean, Other][] = [
  [(file) => typeof file["dualhome"] === "string" && has(file, "format"), isNot("a result that dualhome has written")],
  [(file) => has(file["topology"], "nodes"), imported("a lab of containerlab", "containerlab")],
  [(file) => has(file["network"], "version", "ethernets", "bonds", "renderer"), imported("a file of netplan", "netplan")],
  [(file) => has(file, "nodes") && (has(file, "provider", "module") || has(file["defaults"], "device")), imported("a topology of netlab", "netlab")],
  [(file) => has(file, "DEVICE_METADATA", "PORTCHANNEL", "PORT"), imported("a config_db.json of SONiC", "sonic")],
  [(file) => has(file, "lldp"), imported("what lldpctl has written", "lldp")],
  [(file) => Array.isArray(file["edges"]), imported("a layer1_topology.json", "layer1")],
  [(file) => has(file["runner"], "name"), imported("a configuration of teamd", "teamd")],
  [(file) => has(file, "apiVersion") && has(file, "kind"), isNot("a manifest of Kubernetes")],
  [(file) => isMap(file["services"]) && Object.values(file["services"]).some((service) => has(service, "image", "build")), isNot("a file of Docker Compose")],
];
const KEYS_SHOWN = 4;

/** By its plain value; null: it may be meant as a topology. `known`: the keys of one. */
export function otherValue(value: unknown, text: string, known: readonly string[]): Other | null {
  if (value === null || value === undefined) return /\S/.test(text) && !/^\s*null\s*$/.test(text) ? ["the file holds nothing but comments", BEGIN] : ["the file is empty", BEGIN];
  if (!isMap(value)) return otherText(text);
  if (value["dualhome"] === 1) return null;
  const map = MAPS.find(([is]) => is(value));
  if (map !== undefined) return map[1];
  if (has(value, "dualhome")) return null;
  const keys = Object.keys(value);
  if (keys.length === 0) return ["the file is empty", BEGIN];
  if (keys.some((key) => key !== "name" && didYouMean(key, known) !== null)) return null;
  return otherText(text) ?? [`none of its keys is a topology's: ${keys.slice(0, KEYS_SHOWN).map((key) => JSON.stringify(key.slice(0, 40))).join(", ")}${keys.length > KEYS_SHOWN ? ", ..." : ""}`, BEGIN];
}
