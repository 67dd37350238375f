// What the schema of topology files says about a place in one.

import schema from "../../../docs/dualhome-1.schema.json" with { type: "json" };

export interface Node {
  description?: string; type?: string; enum?: readonly unknown[]; const?: unknown; examples?: readonly unknown[];
  properties?: Record<string, Node>; additionalProperties?: Node | boolean; propertyNames?: Node; items?: Node; required?: readonly string[];
  anyOf?: readonly Node[]; allOf?: readonly Node[]; oneOf?: readonly Node[]; $ref?: string; minimum?: number; maximum?: number;
}
export type Path = readonly (string | number)[];

const root = schema as unknown as Node & { definitions: Record<string, Node> };

/** A choice is all that may be chosen; what is said at the choice holds for each. */
function alternatives(node: Node): Node[] {
  const of = node.$ref === undefined ? node : { ...root.definitions[node.$ref.replace("#/definitions/", "")]!, ...(node.description === undefined ? {} : { description: node.description }) };
  const parts = [...(of.anyOf ?? []), ...(of.oneOf ?? []), ...(of.allOf ?? [])];
  if (parts.length === 0) return [of];
  return parts.flatMap(alternatives).map((part) => (of.description === undefined ? part : { ...part, description: of.description }));
}

/** What may stand at this place; empty where nothing may. */
export function nodesAt(path: Path): Node[] {
  let found = alternatives(root);
  for (const step of path) {
    found = found.flatMap((node) => {
      const own = typeof step === "number" ? node.items : Object.hasOwn(node.properties ?? {}, step) ? node.properties![step] : node.additionalProperties;
      return typeof own === "object" ? alternatives(own) : [];
    });
  }
  return found;
}

export interface Key { name: string; description: string; required: boolean }

/** The keys that have names of their own there, each once. */
export function keysAt(path: Path): Key[] {
  const keys = new Map<string, Key>();
  for (const node of nodesAt(path)) {
    for (const [name, own] of Object.entries(node.properties ?? {})) {
      if (!keys.has(name)) keys.set(name, { name, description: described(alternatives(own)), required: node.required?.includes(name) ?? false });
    }
  }
  return [...keys.values()];
}

/** What may be written there, as far as it can be listed. */
export function valuesAt(path: Path): string[] {
  const values = nodesAt(path).flatMap((node) => (node.enum ?? (node.const !== undefined ? [node.const] : node.type === "boolean" ? [true, false] : node.examples ?? [])).map(String));
  return [...new Set(values)];
}

/** In words: what it is, and what it may be. */
export function described(nodes: readonly Node[]): string {
  const said = new Set<string>();
  for (const { description } of nodes) if (description !== undefined) said.add(description);
  const kinds = new Set(nodes.map(kindOf).filter((kind) => kind !== ""));
  return [...said, [...kinds].join(" | ")].filter((line) => line !== "").join("\n");
}

function kindOf({ enum: values, const: value, type, minimum, maximum, items }: Node): string {
  if (values !== undefined) return values.join(" | ");
  if (value !== undefined) return String(value);
  if (type === "integer" && minimum !== undefined && maximum !== undefined) return `${minimum} – ${maximum}`;
  if (type === "boolean") return "true | false";
  if (type === "array") return items === undefined ? "list" : "list";
  return "";
}
