// `dualhome check`: is the file right, what does the design risk, and what does the file leave to be assumed? Starts no engine.

import { DualhomeError } from "../../errors.ts";
import { checkMarkdown, findingsText, pageOf, rulesText } from "../../report/check.ts";
import { plural } from "../../report/format.ts";
import { paintFor } from "../../report/index.ts";
import { FORMAT_VERSION } from "../../report/json.ts";
import { junit } from "../../report/junit.ts";
import { sarif } from "../../report/sarif.ts";
import type { IgnoreFile } from "../../rules/ignore.ts";
import { SEVERITIES } from "../../rules/rule.ts";
import type { Asked, Checked, FailOn, Judged } from "../../rules/verdict.ts";
import type { Topology } from "../../topology/model.ts";
import type { Problem } from "../../topology/problems.ts";
import { listFolder, readText, readEither, saveFile, showProblems, type Read } from "../input.ts";
import { EXIT, print, WIDTH_DEFAULT, type Io } from "../io.ts";
import { version } from "../package.ts";
import type { Parts } from "../parts.ts";

export interface CheckFlags {
  json: boolean; markdown: boolean; colour: boolean;
  sarif?: string; junit?: string; summary?: string;
  ignore?: string; baseline?: string; failOn: FailOn; today?: string; width?: number;
}

/** A file and what became of it. `topology` is null where mistakes leave open what is meant. */
interface Looked { checked: Checked; topology: Topology | null; read: Read; ignore: IgnoreFile | null }

export async function check(io: Io, parts: Parts, files: readonly string[], flags: CheckFlags): Promise<number> {
  const baseline = flags.baseline === undefined ? null : baselineOf(flags.baseline, await readText(io, flags.baseline), files);
  const looked: Looked[] = [];
  for (const file of files) {
    const asked = await askedOf(io, parts, file, flags, baseline);
    if ("problems" in asked) {
      await showProblems(io, parts, asked.problems, asked.text, flags.colour);
      return EXIT.usage;
    }
    const read = await readEither(io, parts, file);
    looked.push({ ...await checkedOf(parts, file, read, asked), read, ignore: asked.ignore });
  }
  const { together } = await parts.rules();
  const list = together(looked).map((checked, i): Looked => ({ ...looked[i]!, checked }));
  await saveReports(io, list.map(({ checked }) => checked), flags);
  if (flags.json) await print(io, [checkJson(list)]);
  else if (flags.markdown) await print(io, [checkMarkdown(list.map(({ checked }) => checked))]);
  else await tell(io, parts, list, flags);
  return Math.max(...list.map(({ checked }) => statusOf(checked)));
}

/** A file that the other commands refuse is a wrong file, but for what is known or left out. */
function statusOf({ problems, findings, pass }: Checked): number {
  if (problems.length > 0 || findings.some((each) => each.fails && each.refused)) return EXIT.usage;
  return pass ? EXIT.pass : EXIT.budget;
}

/** Mistakes of design are findings of rules; with any other the design is not known. */
async function checkedOf(parts: Parts, file: string, read: Read, asked: Asked): Promise<{ checked: Checked; topology: Topology | null }> {
  const { Design, judge, readDesign, unreadable } = await parts.rules();
  if ("topology" in read) return { checked: judge(new Design(read.topology, [], read.text, file), asked), topology: read.topology };
  const again = readDesign(read.text, file);
  if ("problems" in again) return { checked: unreadable(file, read.problems, asked.failOn), topology: null };
  return { checked: judge(again.design, asked), topology: again.design.topology };
}

async function askedOf(io: Io, parts: Parts, file: string, flags: CheckFlags, baseline: Baseline | null): Promise<Asked | { problems: Problem[]; text: string }> {
  const today = flags.today ?? new Date().toISOString().slice(0, 10);
  const path = flags.ignore ?? `${file.replace(/[^/\\]*$/, "")}dualhome-ignore.yaml`;
  const text = flags.ignore === undefined ? await textBeside(io, path) : await readText(io, path);
  let ignore: IgnoreFile | null = null;
  if (text !== null) {
    const { IGNORE, readIgnore, RULES } = await parts.rules();
    const read = readIgnore(text, path, [...RULES, ...IGNORE].map((rule) => rule.id), file);
    if ("problems" in read) return { problems: read.problems, text };
    ignore = read;
  }
  return { ignore, baseline: baseline?.(file) ?? null, failOn: flags.failOn, today };
}

/** The ignore file that nobody named need not be there. */
async function textBeside(io: Io, path: string): Promise<string | null> {
  const folder = path.replace(/[^/\\]*$/, "");
  const name = path.slice(folder.length);
  return (await listFolder(io, folder === "" ? "." : folder))?.includes(name) === true ? readText(io, path) : null;
}

/** Fingerprints of what an earlier check found in a file. */
type Baseline = (file: string) => Set<string>;

/** What an earlier `check --json` printed: of one file, whatever it was called, or of several by their names. */
function baselineOf(path: string, text: string, files: readonly string[]): Baseline {
  const wrong = (why: string): DualhomeError => new DualhomeError("DH_BASELINE", `${path}:1:1: ${why}: a baseline is what dualhome check --json printed`, 2);
  const has = (value: unknown, key: string): unknown => (typeof value === "object" && value !== null && key in value ? (value as Record<string, unknown>)[key] : null);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong("not JSON");
  }
  const prints = (of: unknown): Set<string> => {
    const list = has(of, "findings");
    if (!Array.isArray(list)) throw wrong("it has no findings");
    return new Set(list.map((each: unknown) => {
      const print = has(each, "fingerprint");
      if (typeof print !== "string") throw wrong("a finding has no fingerprint");
      return print;
    }));
  };
  const several = has(value, "files");
  if (!Array.isArray(several)) {
    const only = prints(value);
    if (files.length > 1) throw wrong(`it is of one file, and ${files.length} are checked`);
    return () => only;
  }
  const byFile = new Map(several.map((each: unknown) => [has(each, "file"), prints(each)]));
  return (file) => byFile.get(file) ?? new Set();
}

async function saveReports(io: Io, list: readonly Checked[], flags: CheckFlags): Promise<void> {
  const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
  if (flags.sarif !== undefined) await saveFile(io, flags.sarif, bytes(sarif(list, version())));
  if (flags.junit !== undefined) await saveFile(io, flags.junit, bytes(junit(list)));
  if (flags.summary !== undefined) await saveFile(io, flags.summary, bytes(checkMarkdown(list)));
}

function checkJson(list: readonly Looked[]): string {
  const objects = list.map(fileJson);
  const all = { format: FORMAT_VERSION, pass: list.every(({ checked }) => checked.pass), files: objects };
  return `${JSON.stringify(objects.length === 1 ? { format: FORMAT_VERSION, ...objects[0] } : all, null, 2)}\n`;
}

function fileJson({ checked, topology, read }: Looked): object {
  const mistakes = "problems" in read ? read.problems : [];
  const problems = mistakes.map(({ code, message, where, help }) => ({ code, message, ...where, help }));
  const counts = topology === null ? null : { nodes: topology.nodes.length, links: topology.links.length, flows: topology.flows.length, services: topology.services.length };
  const scenarios = topology?.scenarios.map((s) => s.name) ?? [];
  const summary = Object.fromEntries(SEVERITIES.map((severity) => [severity, checked.findings.filter((each) => each.state === "new" && each.rule.severity === severity).length]));
  return {
    file: checked.file, ok: mistakes.length === 0, pass: checked.pass, failOn: checked.failOn, summary, problems,
    findings: checked.findings.map(findingJson), gone: checked.baseline?.gone ?? null, counts, scenarios, assumed: topology?.assumptions ?? [],
  };
}

function findingJson(finding: Judged): object {
  const { rule, at, ignored } = finding;
  return {
    rule: rule.id, severity: rule.severity, title: rule.title, systems: rule.systems, file: finding.file, ...at, path: finding.path, subjects: finding.subjects,
    seen: finding.seen, why: rule.why, mend: rule.mend, page: pageOf(rule), fingerprint: finding.fingerprint, state: finding.state, refused: finding.refused,
    ...(ignored === null ? {} : { ignored: { reason: ignored.reason, until: ignored.until } }),
  };
}

/** Each file by itself, then what the rules say. Mistakes go to stderr, as those of every command. */
async function tell(io: Io, parts: Parts, list: readonly Looked[], flags: CheckFlags): Promise<void> {
  const look = { paint: paintFor({ flag: flags.colour, env: io.env, isTTY: io.outIsTTY }), width: flags.width ?? io.columns ?? WIDTH_DEFAULT };
  const known = list.filter((each) => each.topology !== null);
  for (const { topology, read } of list) if (topology === null && "problems" in read) await showProblems(io, parts, read.problems, read.text, flags.colour);
  if (known.length === 0) return;
  const rules = rulesText(known.map(({ checked }) => checked), look);
  const [only] = known;
  if (list.length === 1) return print(io, [`${[...findingsText(only!.checked, look), ...rules, ...factsText(only!)].join("\n")}\n`]);
  const good = list.filter(({ checked }) => checked.pass).length;
  const files = known.flatMap((each) => [...findingsText(each.checked, look), ...factsText(each), ""]);
  await print(io, [`${[...files, look.paint("bold", `${plural(list.length, "file")}: ${good} pass, ${list.length - good} fail`), ...rules].join("\n")}\n`]);
}

function factsText({ checked, topology, read }: Looked): string[] {
  const t = topology!;
  const counts = [
    plural(t.nodes.length, "node"), plural(t.links.length, "link"), plural(t.lags.length, "bundle"), plural(t.pairs.length, "MC-LAG pair"),
    plural(t.flows.length, "flow"), plural(t.services.length, "service"),
  ].join(", ");
  const scenarios = t.scenarios.length === 0 ? "no scenario" : `${plural(t.scenarios.length, "scenario")}: ${t.scenarios.map((s) => s.name).join(", ")}`;
  const assumed = t.assumptions.map((a) => `  ${a.what}  ${a.value}  ${a.source}`);
  const between = checked.findings.some((each) => each.state === "new") ? [""] : [];
  const cannot = "problems" in read ? ["other commands refuse this file: its errors of design are to be mended first"] : [];
  return [...between, ...cannot, counts, scenarios, ...(assumed.length === 0 ? [] : ["ASSUMED: not in the file", ...assumed])];
}
