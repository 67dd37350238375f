// A Linux host by the ip(8) commands that set it up. Commands that say nothing of addresses, bonds, VLANs and the default route are handed back.

import { readOptions, type Written } from "./bond-options.ts";
import { emptyHost, ipv4, looksIpv6, type Host } from "./host.ts";
import type { Line } from "./line.ts";

export interface Command { text: string; at: Line }

export function readIpCommands(name: string, at: Line, commands: readonly Command[]): Host {
  const host = emptyHost(name, at);
  const bonds = new Map<string, { written: Written[]; members: string[]; at: Line }>();
  for (const command of commands) {
    const parts = command.text.replace(/^(?:ba)?sh -c ['"](.*)['"]$/, "$1").split(/&&|;/).map((t) => t.trim()).filter((t) => t !== "");
    for (const part of parts) if (!one(host, bonds, part, command.at)) host.unread.push({ ...command.at, text: part });
  }
  for (const [bond, { written, members, at: where }] of bonds) {
    const read = readOptions(written, where);
    host.notes.push(...read.notes, ...read.wrong.map((w) => ({ ...w.at, text: `${w.text}: it is left out` })));
    host.bonds.push({ name: bond, members, settings: read.settings, at: where });
  }
  return host;
}

const NAME = "([A-Za-z0-9][\\w.-]{0,30})";
const ADDRESS = new RegExp(`^ip (?:-4 )?addr(?:ess)? (?:add|replace) (\\S+)/(\\d{1,2}) dev ${NAME}$`);
const ROUTE = new RegExp(`^ip (?:-4 )?r(?:oute)? (?:add|replace) (?:default|0\\.0\\.0\\.0/0) via (\\S+)(?: dev ${NAME})?$`);
const BOND = new RegExp(`^ip link add (?:name |dev )?${NAME} type bond((?: \\S+ \\S+)*)$`);
const VLAN = new RegExp(`^ip link add (?:link ${NAME} )(?:name |dev )?${NAME} type vlan id (\\d{1,4})$`);
const PRIMARY = new RegExp(`^ip link set (?:dev )?${NAME} type bond primary ${NAME}$`);
const MASTER = new RegExp(`^ip link set (?:dev )?${NAME}(?: down| up)* master ${NAME}(?: up| down)*$`);
const STATE = new RegExp(`^ip link set (?:dev )?${NAME} (?:up|down)$`);

function one(host: Host, bonds: Map<string, { written: Written[]; members: string[]; at: Line }>, text: string, at: Line): boolean {
  const address = ADDRESS.exec(text);
  if (address !== null && ipv4(address[1]!) !== null && Number(address[2]) >= 1 && Number(address[2]) <= 32) {
    host.addresses.push({ on: address[3]!, ip: address[1]!, length: Number(address[2]), at });
    return true;
  }
  if (address !== null && looksIpv6(address[1]!)) return false;
  const route = ROUTE.exec(text);
  if (route !== null && ipv4(route[1]!) !== null) { host.gateways.push({ ip: route[1]!, on: route[2] ?? "", at }); return true; }
  const bond = BOND.exec(text);
  if (bond !== null) {
    const words = bond[2]!.trim().split(/\s+/).filter((w) => w !== "");
    const written = Array.from({ length: words.length / 2 }, (_, i) => ({ word: words[2 * i]!, value: words[2 * i + 1]!, at, col: 1 }));
    bonds.set(bond[1]!, { written, members: [], at });
    return true;
  }
  const primary = PRIMARY.exec(text);
  const bonded = primary === null ? undefined : bonds.get(primary[1]!);
  if (primary !== null && bonded !== undefined) { bonded.written.push({ word: "primary", value: primary[2]!, at, col: 1 }); return true; }
  const vlan = VLAN.exec(text);
  if (vlan !== null && Number(vlan[3]) <= 4094) { host.vlans.push({ name: vlan[2]!, link: vlan[1]!, id: Number(vlan[3]), at }); return true; }
  const master = MASTER.exec(text);
  const of = master === null ? undefined : bonds.get(master[2]!);
  if (master !== null && of !== undefined) { if (!of.members.includes(master[1]!)) of.members.push(master[1]!); return true; }
  return STATE.test(text);
}
