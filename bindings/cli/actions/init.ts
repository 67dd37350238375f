// `dualhome init`: a few questions, and a topology file to begin with.

import { DualhomeError } from "../../errors.ts";
import { applies, QUESTIONS, topologyFor, type Answers, type Given, type Question } from "../../init/index.ts";
import { plural } from "../../report/format.ts";
import { FORMAT_VERSION } from "../../report/json.ts";
import type { Topology } from "../../topology/model.ts";
import { isThere } from "../input.ts";
import { cannotWrite, EXIT, print, type Io } from "../io.ts";
import type { Parts } from "../parts.ts";

export interface InitFlags { given: Given; yes: boolean; force: boolean; json: boolean }

const wrong = (message: string): DualhomeError => new DualhomeError("DH_USAGE", message, EXIT.usage);

const taken = (path: string): DualhomeError => wrong(`${path} is there already; --force writes over it`);

export async function init(io: Io, parts: Parts, flags: InitFlags): Promise<number> {
  const answers = await answersOf(io, flags);
  const text = topologyFor(answers);
  const parsed = (await parts.topology()).parseTopology(text, answers.out);
  if ("problems" in parsed) throw new Error(`init made a file with mistakes: ${parsed.problems[0]?.message}`);
  await write(io, answers.out, text, flags.force);
  await print(io, [flags.json ? made(answers, parsed.topology) : next(answers, parsed.topology)]);
  return EXIT.pass;
}

/** All flags are judged before anything is asked. */
async function answersOf(io: Io, { given, yes, force }: InitFlags): Promise<Answers> {
  const known = fromFlags(given);
  refuseIdle(given, known);
  if (!force && known.out !== undefined && await isThere(io, known.out)) throw taken(known.out);
  const open = QUESTIONS.filter((q) => known[q.key] === undefined && applies(q, known));
  if (yes) return takeDefaults(known);
  if (open.length > 0 && !io.inIsTTY) throw wrong(`nobody is there to ask (no terminal): ${open.map((q) => `${q.flag} ...`).join(" ")}, or --yes for the defaults`);
  const asking = open.length === 0 ? null : io.ask();
  try {
    for (const question of QUESTIONS) {
      if (asking !== null && known[question.key] === undefined && applies(question, known)) Object.assign(known, { [question.key]: await askUntilRight(io, asking, question, known, force) });
    }
  } finally {
    asking?.close();
  }
  refuseIdle(given, known);
  return takeDefaults(known); // of what does not apply
}

function fromFlags(given: Given): Partial<Answers> {
  const known: Partial<Answers> = {};
  for (const question of QUESTIONS) {
    const text = given[question.key];
    if (text === undefined) continue;
    try {
      Object.assign(known, { [question.key]: question.read(text) });
    } catch (e) {
      throw wrong(`${question.flag}: ${(e as Error).message}`);
    }
  }
  return known;
}

/** A flag that means nothing to the design. */
function refuseIdle(given: Given, known: Partial<Answers>): void {
  const idle = QUESTIONS.find((q) => given[q.key] !== undefined && !applies(q, known));
  if (idle !== undefined) throw wrong(`${idle.flag}: ${known.design} has none; it is of ${idle.of?.join(" and ")}`);
}

function takeDefaults(known: Partial<Answers>): Answers {
  for (const question of QUESTIONS) if (known[question.key] === undefined) Object.assign(known, { [question.key]: question.read(question.fallback(known)) });
  return known as Answers;
}

async function askUntilRight(io: Io, asking: ReturnType<Io["ask"]>, question: Question, known: Partial<Answers>, force: boolean): Promise<string | number> {
  for (;;) {
    const fallback = question.fallback(known);
    const text = (await asking.question(`${question.text} [${fallback}]: `)).trim();
    try {
      const value = question.read(text === "" ? fallback : text);
      if (question.key !== "out" || force || !(await isThere(io, String(value)))) return value;
      io.err(`  ${value} is there already: another name, or Ctrl-C and --force\n`);
    } catch (e) {
      io.err(`  ${(e as Error).message}\n`);
    }
  }
}

async function write(io: Io, path: string, text: string, force: boolean): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  try {
    await (force ? io.save(path, bytes) : io.create(path, bytes));
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === "EEXIST") throw taken(path);
    throw cannotWrite(path, e);
  }
}

const counts = (t: Topology) => ({ nodes: t.nodes.length, servers: t.nodes.filter((n) => n.kind === "server").length, links: t.links.length, flows: t.flows.filter((f) => f.role === "flow").length, services: t.services.length });

function made({ out, ...answers }: Answers, t: Topology): string {
  const said = Object.fromEntries(QUESTIONS.filter((q) => q.key !== "out" && applies(q, answers)).map((q) => [q.key, answers[q.key as keyof typeof answers]]));
  return `${JSON.stringify({ format: FORMAT_VERSION, file: out, ...said, counts: counts(t), scenarios: t.scenarios.map((s) => s.name) }, null, 2)}\n`;
}

function next({ out, design }: Answers, t: Topology): string {
  const { nodes, servers, links } = counts(t);
  return [
    `${out}: ${design}, ${plural(nodes - servers, "switch", "switches")}, ${plural(servers, "server")}, ${plural(links, "cable")}`,
    "",
    "What it is worth:",
    ...t.scenarios.map((s, i) => `  dualhome run ${out}${i === 0 ? "" : ` --scenario ${s.name}`}`),
    `  dualhome sweep ${out}`,
    "",
  ].join("\n");
}
