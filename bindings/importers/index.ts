// Configurations of real machines, as parts of a topology file.

import { stringify } from "yaml";
import { readNxos, type NxosLine } from "./nxos.ts";
import { nxosFragment } from "./nxos-fragment.ts";

export interface Imported {
  /** parts of a topology file */
  parts: Record<string, unknown>;
  yaml: string;
  /** lines that were not understood */
  unread: NxosLine[];
  /** what was understood and yet left out */
  notes: NxosLine[];
}

/** One configuration a switch. */
export function importNxos(files: readonly { name: string; text: string }[]): Imported {
  const configs = files.map(({ name, text }) => readNxos(text, name));
  const { parts, notes } = nxosFragment(configs);
  const yaml = Object.keys(parts).length === 0 ? "" : stringify(parts, { collectionStyle: "any", lineWidth: 120 });
  return { parts, yaml, unread: configs.flatMap((c) => c.unread), notes };
}
