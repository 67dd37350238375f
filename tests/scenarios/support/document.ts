// A scenario file: front matter, prose, and fenced blocks, each with the line where it begins.

import { readFileSync } from "node:fs";
import { marked } from "marked";
import { parse } from "yaml";

export interface Block { text: string; line: number } // line: of the first line inside the fence, from 1

export interface Document {
  file: string;
  title: string;
  systems: number[];
  field: "normal" | "faulty" | "regression";
  /** a topology to begin with: "bases/pair" of this folder, or "examples/two-site" */
  uses: string | null;
  /** name of a scenario that the topology has; null: the steps block, or its first */
  scenario: string | null;
  seeds: number;
  /** configurations of switches that are imported, by name */
  nxos: Map<string, Block>;
  topology: Block | null;
  steps: Block | null;
  expect: Block;
}

/** Something is wrong with the file itself, not with what the engine did. */
export class ScenarioError extends Error {
  constructor(file: string, line: number, message: string) {
    super(`${file}:${line}: ${message}`);
    this.name = "ScenarioError";
  }
}

const KEYS = ["systems", "field", "uses", "scenario", "seeds"];
const FIELDS = ["normal", "faulty", "regression"] as const;

export function readDocument(path: string, file: string): Document {
  const source = readFileSync(path, "utf8").replace(/\r\n/g, "\n");
  const front = /^---\n([\s\S]*?)\n---\n/.exec(source);
  if (front === null) throw new ScenarioError(file, 1, "no front matter: begin the file with ---, systems, field, ---");
  const meta = readFront(file, front[1] ?? "");
  const { title, proseWords, blocks } = readBody(file, source.slice(front[0].length), front[0].split("\n").length);
  const expect = blocks.get("expect");
  if (title === null) throw new ScenarioError(file, 1, "no heading");
  if (proseWords < 12) throw new ScenarioError(file, 1, "no prose: say what happens and why");
  if (expect === undefined) throw new ScenarioError(file, 1, "no ```expect block");
  const topology = blocks.get("yaml topology") ?? null;
  const nxos = new Map([...blocks].flatMap(([name, block]) => { const config = NXOS.exec(name)?.[1]; return config === undefined ? [] : [[config, block] as const]; }));
  if (topology === null && meta.uses === null) throw new ScenarioError(file, 1, "no topology: neither a ```yaml topology block nor uses:");
  return { file, title, ...meta, nxos, topology, steps: blocks.get("steps") ?? null, expect };
}

type Front = Pick<Document, "systems" | "field" | "uses" | "scenario" | "seeds">;

function readFront(file: string, text: string): Front {
  const front = parse(text) as Record<string, unknown>;
  const odd = Object.keys(front).find((key) => !KEYS.includes(key));
  if (odd !== undefined) throw new ScenarioError(file, 1, `front matter has "${odd}"; it may have ${KEYS.join(", ")}`);
  const { systems, field, uses = null, scenario = null, seeds = 3 } = front;
  if (!Array.isArray(systems) || systems.length === 0 || !systems.every((s) => Number.isInteger(s) && s >= 1 && s <= 24)) {
    throw new ScenarioError(file, 1, "systems: a list of rows of the mission, like [5, 13]");
  }
  if (!FIELDS.includes(field as Document["field"])) throw new ScenarioError(file, 1, `field: one of ${FIELDS.join(", ")}`);
  if (!Number.isInteger(seeds) || (seeds as number) < 1 || (seeds as number) > 64) throw new ScenarioError(file, 1, "seeds: 1 to 64");
  return { systems: systems as number[], field: field as Document["field"], uses: uses as string | null, scenario: scenario as string | null, seeds: seeds as number };
}

const BLOCKS = ["yaml topology", "steps", "expect"];
const NXOS = /^nxos (\S+)$/;

function readBody(file: string, body: string, firstLine: number): { title: string | null; proseWords: number; blocks: Map<string, Block> } {
  const blocks = new Map<string, Block>();
  let title: string | null = null;
  let proseWords = 0;
  let line = firstLine;
  for (const token of marked.lexer(body)) {
    if (token.type === "heading") title ??= token["text"] as string;
    else if (token.type === "code") {
      const name = (token["lang"] as string | undefined) ?? "";
      if (!BLOCKS.includes(name) && !NXOS.test(name)) throw new ScenarioError(file, line, `a block "${name}": a scenario has ${BLOCKS.join(", ")}, nxos NAME`);
      if (blocks.has(name)) throw new ScenarioError(file, line, `a second ${name} block`);
      blocks.set(name, { text: token["text"] as string, line: line + 1 });
    } else proseWords += token.raw.split(/\s+/).filter((word) => word !== "").length;
    line += token.raw.split("\n").length - 1;
  }
  return { title, proseWords, blocks };
}
