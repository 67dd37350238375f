// What `cat /sys/class/net/...` said at marked moments, against the model's values at the same moments.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { folder, type Folder, type Side } from "./folders.ts";
import type { View } from "./measure.ts";

const FILES = ["A_sysfs_slaves.txt", "B_sysfs_slaves.txt", "A_sysfs_bonding.txt", "B_sysfs_bonding.txt"];
const HELD = new Set(["ad_actor_oper_port_state", "ad_partner_oper_port_state", "ad_aggregator_id", "state", "mii_status"]);
const BOND = new Set(["ad_aggregator", "ad_num_ports", "active_slave"]);

/** "a0.state" → "active", as far as the model has it. */
export function shownOf(f: Folder, tag: string): Map<string, string> {
  const out = new Map<string, string>();
  for (const name of FILES) {
    const file = join(folder, f.name, `show_${tag}`, name);
    if (!existsSync(file)) continue;
    for (const line of readFileSync(file, "utf8").split("\n")) {
      const member = /^\/sys\/class\/net\/(\w+)\/bonding_slave\/(\w+):(.*)$/.exec(line);
      if (member !== null && HELD.has(member[2] ?? "")) out.set(`${name[0]} ${member[1]}.${member[2]}`, member[3] ?? "");
      const bond = /^\/sys\/class\/net\/(bond\d)\/bonding\/(\w+):(.*)$/.exec(line);
      if (bond !== null && BOND.has(bond[2] ?? "")) out.set(`${name[0]} ${bond[1]}.${bond[2]}`, bond[3] ?? "");
      const carrier = /^\/sys\/class\/net\/(bond\d)\/carrier:(.*)$/.exec(line);
      if (carrier !== null && /^[01]$/.test(carrier[2] ?? "")) out.set(`${name[0]} ${carrier[1]}.carrier`, carrier[2] ?? ""); // an interface that is down has none
    }
  }
  return out;
}

/** Reading all files of a moment takes a while: at most until the next thing is done, and not longer than this. */
export const READING = 3;

/** At each moment, one of the phases must have had all the values while they were read. */
export function compareShown(f: Folder, models: readonly { view: View; shift: number }[]): string[] {
  const wrong: string[] = [];
  f.events.forEach((e, i) => {
    if (e.event !== "snapshot" || e.tag === undefined) return;
    const length = Math.min(READING, (f.events[i + 1]?.t ?? e.t + READING) - e.t);
    const real = shownOf(f, e.tag);
    const differing = models.map(({ view, shift }) => [...real].filter(([key, value]) => !had(view, key, value, e.t + shift, length)));
    const fewest = differing.sort((a, b) => a.length - b.length)[0] ?? [];
    for (const [key, value] of fewest) wrong.push(`${e.tag}: ${key} is ${value}, in the model ${models[0]?.view.at(key[0] as Side, key.slice(2), e.t + (models[0]?.shift ?? 0))}`);
  });
  return wrong;
}

/** Did the model have this value at some instant of the reading? A value that it has not at all is not compared. */
function had(view: View, key: string, value: string, from: number, length: number): boolean {
  const side = key[0] as Side;
  const what = key.slice(2);
  const start = view.at(side, what, from);
  if (start === "-" || value === "N/A") return true;
  return start === value || view.of(side, what).some((c) => c.t > from && c.t <= from + length && c.new === value);
}
