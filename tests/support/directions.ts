// Who may import whom: the folders of assembly/ and bindings/, and the trees beside them. tests/unit/tree holds the sources and the drawing of
// docs/ARCHITECTURE.md to these tables.

import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";

export const root: string = new URL("../..", import.meta.url).pathname;

/** Folder of the engine → folders of the engine that it may import. All may import abi.ts. */
export const ASSEMBLY: Readonly<Record<string, readonly string[]>> = {
  // what all stand on
  core: [],
  collections: ["core"],
  wire: ["core"],
  // protocols: each by itself, without the network
  lacp: ["core", "wire"],
  stp: ["core", "wire"],
  fhrp: ["collections", "core"],
  mclag: ["collections", "core"],
  pxe: ["core"],
  // one simulation: its tables, its frames and timers, what rests in it
  sim: ["collections", "core", "fhrp", "lacp", "mclag", "pxe", "stp", "wire"],
  // what a frame goes through
  bond: ["core", "sim"],
  switching: ["bond", "collections", "core", "mclag", "sim"],
  neighbour: ["collections", "core", "sim", "switching", "wire"],
  routing: ["collections", "core", "sim"],
  flow: ["bond", "collections", "core", "neighbour", "pxe", "routing", "sim", "switching"],
  // what a frame, a timer or a fault means to all of these
  events: ["bond", "collections", "core", "fhrp", "flow", "lacp", "mclag", "neighbour", "pxe", "routing", "sim", "stp", "switching", "wire"],
  // what WebAssembly exports, by subject
  exports: ["bond", "collections", "core", "events", "flow", "mclag", "pxe", "routing", "sim", "switching", "wire"],
};

/** Folder of the library → folders of the library that it may import. All may import the files beside the folders. */
export const BINDINGS: Readonly<Record<string, readonly string[]>> = {
  topology: [],
  importers: [],
  trace: [],
  init: ["topology"],
  rules: ["topology"],
  exporters: ["topology"],
  engine: ["topology", "trace"],
  analysis: ["engine", "topology", "trace"], // of the engine types only
  show: ["engine", "topology"],
  applications: ["analysis", "topology"],
  expectations: ["analysis", "applications", "topology", "trace"],
  matrix: ["analysis", "engine", "topology"],
  batch: ["engine", "topology"],
  workers: ["batch", "engine", "topology"],
  cluster: ["batch", "engine", "topology"],
  locality: ["engine", "topology"],
  sweep: ["analysis", "batch", "engine", "locality", "topology", "workers"],
  capacity: ["batch", "engine", "show", "sweep", "topology", "workers"],
  nines: ["analysis", "applications", "batch", "engine", "locality", "topology", "workers"],
  phases: ["analysis", "batch", "nines", "topology"],
  compare: ["batch", "capacity", "engine", "nines", "sweep", "topology", "workers"],
  report: ["analysis", "applications", "capacity", "compare", "engine", "expectations", "nines", "phases", "rules", "show", "sweep", "topology"],
  html: ["analysis", "capacity", "compare", "nines", "phases", "report", "sweep", "topology"],
  pcap: ["analysis", "topology", "trace"],
  perfetto: ["analysis", "engine", "report", "trace"],
  library: ["analysis", "batch", "capacity", "engine", "nines", "show", "sweep", "topology", "workers"],
  cli: [
    "analysis", "applications", "batch", "capacity", "cluster", "compare", "engine", "expectations", "exporters", "html", "importers", "init", "matrix", "nines", "pcap",
    "perfetto", "phases", "report", "rules", "show", "sweep", "topology", "workers",
  ],
};

/** Tree → trees that it may import. Trees that nobody stands in for are left to the end of the list: they import whatever they try. */
export const TREES: Readonly<Record<string, readonly string[]>> = {
  assembly: [],
  bindings: ["assembly"],
  scripts: [],
  web: ["assembly", "bindings", "docs", "scripts"],
  "tests/assembly": ["assembly"],
  "tests/reference": ["bindings"], // types only: what shares code with the engine proves nothing about it
  "tests/support": ["assembly", "bindings", "tests/reference"],
  bench: ["assembly", "bindings", "dist", "tests/support"],
};

/** Folders of a tree that have sources. */
export const foldersOf = (tree: string): string[] => readdirSync(join(root, tree), { withFileTypes: true }).filter((e) => e.isDirectory() && filesOf(join(tree, e.name)).length > 0).map((e) => e.name).sort();

/** Source files below a folder. */
export function filesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((e) => {
    const path = join(folder, e.name);
    return e.isDirectory() ? filesOf(path) : /\.(tsx?|mjs|js)$/.test(e.name) ? [path] : [];
  });
}

export const textOf = (file: string): string => readFileSync(join(root, file), "utf8");

export interface Import { path: string; types: boolean }

/** What a file imports of this repository, loaded later or not. */
export function importsOf(file: string): Import[] {
  const text = textOf(file);
  const said = [...text.matchAll(/^(?:import|export)( type)?[^;]*?from "(\.[^"]+)"/gms)].map((m) => ({ path: m[2]!, types: m[1] !== undefined }));
  const later = [...text.matchAll(/(typeof )?\bimport\("(\.[^"]+)"\)/g)].map((m) => ({ path: m[2]!, types: m[1] !== undefined }));
  return [...said, ...later].map(({ path, types }) => ({ path: normalize(join(dirname(file), path)), types }));
}

/** "a b": a file of folder a imports one of folder b, with the first such file. */
export function edgesOf(tree: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of filesOf(tree)) {
    const from = folderIn(tree, file);
    for (const { path } of importsOf(file)) {
      const to = path.startsWith(`${tree}/`) ? folderIn(tree, path) : null;
      if (from !== null && to !== null && from !== to && !found.has(`${from} ${to}`)) found.set(`${from} ${to}`, file);
    }
  }
  return found;
}

function folderIn(tree: string, file: string): string | null {
  const parts = relative(tree, file).split("/");
  return parts.length > 1 ? parts[0]! : null;
}

export const edgesIn = (table: Readonly<Record<string, readonly string[]>>): string[] => Object.entries(table).flatMap(([from, all]) => all.map((to) => `${from} ${to}`)).sort();
