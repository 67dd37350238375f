// Hashes of plain data: the same for equal data, in whatever order its keys were set.

import type { Topology } from "../topology/model.ts";
import type { Plain } from "./question.ts";

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  if (typeof value === "bigint") return `"${value}n"`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const entries = Object.entries(value).filter(([key, each]) => each !== undefined && key !== "where").sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(",")}}`;
}

export async function hashOf(value: Plain): Promise<string> { return digest([canonical(value)]); }

/** What a topology means; not where in its file it says so. */
export async function topologyHash(topology: Topology): Promise<string> {
  const pieces: string[] = [];
  for (const [key, value] of Object.entries(topology).sort(([a], [b]) => (a < b ? -1 : 1))) {
    pieces.push(`${key}:`);
    if (Array.isArray(value)) for (const row of value) pieces.push(canonical(row), "\n");
    else pieces.push(canonical(value));
  }
  return digest(pieces);
}

async function digest(pieces: readonly string[]): Promise<string> {
  const bytes = await globalThis.crypto.subtle.digest("SHA-256", new TextEncoder().encode(pieces.join("")));
  return Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, "0")).join("");
}
