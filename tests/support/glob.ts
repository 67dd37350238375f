// Files below some folders that end in a suffix, in a fixed order. A folder that does not exist has none.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

export function globSync(folders: string[], suffix: string): string[] {
  const found: string[] = [];
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) found.push(...globSync([path], suffix));
      else if (entry.name.endsWith(suffix)) found.push(path);
    }
  }
  return found.sort();
}
