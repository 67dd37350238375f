// A Linux machine that routes: which VLAN an interface is in, and what its own network configuration adds to what FRR or keepalived says.

import type { Host } from "./host.ts";
import { channelOf, type Switch } from "./switch.ts";

/** A port without a tag does not say its VLAN. */
const UNTAGGED_FROM = 1001;

/** eth0.10, vlan10, br10. Others share a number that is made up, one an interface. */
export function vlanOfInterface(sw: Switch, name: string): { vlan: number; guessed: boolean } {
  const known = sw.linux.get(name);
  if (known !== undefined) return { vlan: known, guessed: false };
  const number = Number(/(?:\.|^(?:vlan|br|irb)\.?)(\d{1,4})$/i.exec(name)?.[1] ?? 0);
  if (number >= 1 && number <= 4094) return { vlan: number, guessed: false };
  let vlan = UNTAGGED_FROM;
  while (sw.vlans.has(vlan)) vlan += 1;
  sw.guessed.add(vlan);
  return { vlan, guessed: true };
}

/** Addresses, VLANs and bonds of the machine's own configuration. */
export function adopt(sw: Switch, host: Host): void {
  const below = (on: string): string => host.vlans.find((v) => v.name === on)?.link ?? on;
  for (const { on, ip, length } of host.addresses) {
    const vlan = sw.linux.get(on);
    const svi = vlan === undefined ? undefined : sw.vlans.get(vlan);
    if (svi !== undefined && svi.address === null && length < 31) svi.address = `${ip}/${length}`;
  }
  for (const { name, id, at } of host.vlans) {
    const vlan = sw.linux.get(name);
    if (vlan === undefined || !sw.guessed.has(vlan) || id < 1 || sw.vlans.has(id)) continue;
    sw.vlans.set(id, sw.vlans.get(vlan)!);
    sw.vlans.delete(vlan);
    sw.guessed.delete(vlan);
    sw.linux.set(name, id);
    for (const g of sw.groups) if (g.vlan === vlan) g.vlan = id;
    sw.notes.push({ ...at, text: `${name} of ${sw.name} is in VLAN ${id}, not ${vlan}: its own configuration says so` });
  }
  for (const bond of host.bonds) {
    const mode = String(bond.settings["mode"]);
    const lacp = mode === "802.3ad";
    if (lacp || mode === "balance-xor" || mode === "balance-rr" || mode === "broadcast") {
      Object.assign(channelOf(sw, bond.name, bond.at), { members: [...bond.members], mode: lacp ? "lacp-active" : "static", fast: bond.settings["lacp-rate"] === "fast" ? true : null, number: 0 });
    } else sw.notes.push({ ...bond.at, text: `${bond.name} of ${sw.name} is left out: a router has no ${mode} bond here, and its ports are cabled each by itself` });
  }
  for (const { on, at } of host.addresses) if (sw.linux.get(on) === undefined && sw.linux.get(below(on)) === undefined) sw.notes.push({ ...at, text: `the address on ${on} of ${sw.name} is left out: no virtual router is there` });
}
