// Links of a netlab topology in all the forms that it has: "a-b", [a, b], {a: .., b: ..}, {interfaces: [..]}, groups of them, and LAGs.

import type { TreeFile } from "./tree-file.ts";
import type { Tree } from "./tree.ts";

export interface LabLink { tree: Tree; ends: { node: string; attributes: Tree | undefined }[]; members: LabLink[] }

export function linksOf(file: TreeFile, nodes: Iterable<string>): { links: LabLink[]; lags: LabLink[] } {
  const known = new Set(nodes);
  const found = { links: [] as LabLink[], lags: [] as LabLink[] };
  const read = (tree: Tree, depth: number): void => {
    if (depth > 5) { file.wrong(tree, `${tree.path}: groups of links are nested too deeply`); return; }
    tree.used = true;
    if (tree.kind === "list") { for (const item of tree.items) one(item, depth); return; }
    if (tree.kind === "map") { for (const [, child] of file.entries(tree)) read(child, depth + 1); return; }
    if (tree.kind === "scalar") file.wrong(tree, `${tree.path}: links are a list`);
  };
  const one = (tree: Tree, depth: number): void => {
    tree.used = true;
    if (tree.kind === "map" && file.get(tree, "group") !== undefined && tree.entries.has("members")) { for (const member of file.list(tree, "members")) one(member, depth + 1); return; }
    const members = tree.kind === "map" ? file.deep(tree, "lag.members") : undefined;
    if (members !== undefined) {
      if (members.kind !== "list") { file.wrong(members, `${members.path}: a list is wanted here`); return; }
      found.lags.push({ tree, ends: [], members: members.items.map((item) => { item.used = true; return { tree: item, ends: endsOf(file, known, item), members: [] }; }) });
      return;
    }
    found.links.push({ tree, ends: endsOf(file, known, tree), members: [] });
  };
  const links = file.get(file.root, "links");
  if (links !== undefined) read(links, 0);
  for (const [, vlan] of file.entries(file.map(file.root, "vlans"))) {
    if (vlan.kind === "map") for (const link of file.list(vlan, "links")) one(link, 0);
  }
  return found;
}

function endsOf(file: TreeFile, known: ReadonlySet<string>, tree: Tree): LabLink["ends"] {
  if (tree.kind === "scalar") return named(file, known, tree);
  if (tree.kind === "list") return tree.items.flatMap((item) => { item.used = true; return single(file, known, item, item.text, undefined); });
  const interfaces = file.list(tree, "interfaces");
  if (interfaces.length > 0) return interfaces.flatMap((item) => single(file, known, item, item.kind === "map" ? (file.text(item, "node") ?? "") : item.text, item.kind === "map" ? item : undefined));
  return [...tree.entries].flatMap(([key, child]) => {
    if (!known.has(key)) return [];
    child.used = true;
    return [{ node: key, attributes: child }];
  });
}

function single(file: TreeFile, known: ReadonlySet<string>, tree: Tree, node: string, attributes: Tree | undefined): LabLink["ends"] {
  if (known.has(node)) return [{ node, attributes }];
  file.wrong(tree, `${tree.path}: there is no node "${node.slice(0, 80)}"`);
  return [];
}

/** "a-b"; names may have hyphens of their own. */
function named(file: TreeFile, known: ReadonlySet<string>, tree: Tree): LabLink["ends"] {
  const { text } = tree;
  if (known.has(text)) return [{ node: text, attributes: undefined }];
  for (let at = text.indexOf("-"); at >= 0 && text.length < 1000; at = text.indexOf("-", at + 1)) {
    const [a, b] = [text.slice(0, at), text.slice(at + 1)];
    if (known.has(a) && known.has(b)) return [a, b].map((node) => ({ node, attributes: undefined }));
  }
  file.wrong(tree, `${tree.path}: "${text.slice(0, 80)}" is no link of two nodes, such as s1-s2`);
  return [];
}
