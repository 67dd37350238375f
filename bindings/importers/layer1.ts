// Cabling as Batfish reads it: {"edges": [{"node1": {"hostname", "interfaceName"}, "node2": ...}]} (its layer1_topology.json).

import { found, type Cable, type End, type Found } from "./found.ts";
import { TreeFile } from "./tree-file.ts";
import type { Tree } from "./tree.ts";

export function readLayer1(text: string, name: string): Found {
  const file = new TreeFile(name, text, "json");
  const edges = file.get(file.root, "edges");
  if (edges === undefined || edges.kind !== "list") file.wrong(edges ?? file.root, 'this is no layer-1 topology: it has no list "edges"');
  const cables: Cable[] = [];
  for (const edge of edges?.items ?? []) {
    edge.used = true;
    const [a, b] = ["node1", "node2"].map((key) => endOf(file, edge, key));
    if (a != null && b != null) cables.push({ a, b, at: file.line(edge) });
  }
  file.done();
  return found({ cables, unread: file.unread() });
}

function endOf(file: TreeFile, edge: Tree, key: string): End | null {
  const end = file.map(edge, key);
  const [node, port] = [file.text(end, "hostname"), file.text(end, "interfaceName")];
  if (node !== undefined && node !== "" && port !== undefined && port !== "") return { node, port };
  file.wrong(end ?? edge, `${edge.path}.${key}: an end is {"hostname": .., "interfaceName": ..}`);
  return null;
}
