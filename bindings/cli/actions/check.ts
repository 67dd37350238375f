// `dualhome check`: is the file right, what does the design risk, and what does the file leave to be assumed? Starts no engine.

import { DualhomeError } from "../../errors.ts";
import { checkMarkdown, checkText, pageOf } from "../../report/check.ts";
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

export async function check(io: Io, parts: Parts, file: string, flags: CheckFlags): Promise<number> {
  const asked = await askedOf(io, parts, file, flags);
  if ("problems" in asked) {
    await showProblems(io, parts, asked.problems, asked.text, flags.colour);
    return EXIT.usage;
  }
  const read = await readEither(io, parts, file);
  const { checked, topology } = await checkedOf(parts, file, read, asked);
  await saveReports(io, checked, flags);
  const problems = "problems" in read ? read.problems : [];
  if (flags.json) await print(io, [checkJson(checked, topology, problems)]);
  else if (flags.markdown) await print(io, [checkMarkdown(checked)]);
  else if (topology === null) await showProblems(io, parts, problems, read.text, flags.colour);
  else await print(io, [text(io, checked, topology, problems.length > 0, flags)]);
  return statusOf(checked);
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

async function askedOf(io: Io, parts: Parts, file: string, flags: CheckFlags): Promise<Asked | { problems: Problem[]; text: string }> {
  const baseline = flags.baseline === undefined ? null : fingerprints(flags.baseline, await readText(io, flags.baseline));
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
  return { ignore, baseline, failOn: flags.failOn, today };
}

/** The ignore file that nobody named need not be there. */
async function textBeside(io: Io, path: string): Promise<string | null> {
  const folder = path.replace(/[^/\\]*$/, "");
  const name = path.slice(folder.length);
  return (await listFolder(io, folder === "" ? "." : folder))?.includes(name) === true ? readText(io, path) : null;
}

/** What an earlier `check --json` found. */
function fingerprints(file: string, text: string): Set<string> {
  const wrong = (why: string): DualhomeError => new DualhomeError("DH_BASELINE", `${file}:1:1: ${why}: a baseline is what dualhome check --json printed`, 2);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong("not JSON");
  }
  const list = typeof value === "object" && value !== null && "findings" in value ? value.findings : null;
  if (!Array.isArray(list)) throw wrong("it has no findings");
  return new Set(list.map((each: unknown) => {
    const print = typeof each === "object" && each !== null && "fingerprint" in each ? each.fingerprint : null;
    if (typeof print !== "string") throw wrong("a finding has no fingerprint");
    return print;
  }));
}

async function saveReports(io: Io, checked: Checked, flags: CheckFlags): Promise<void> {
  const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
  if (flags.sarif !== undefined) await saveFile(io, flags.sarif, bytes(sarif(checked, version())));
  if (flags.junit !== undefined) await saveFile(io, flags.junit, bytes(junit(checked)));
  if (flags.summary !== undefined) await saveFile(io, flags.summary, bytes(checkMarkdown(checked)));
}

function checkJson(checked: Checked, topology: Topology | null, mistakes: readonly Problem[]): string {
  const problems = mistakes.map(({ code, message, where, help }) => ({ code, message, ...where, help }));
  const counts = topology === null ? null : { nodes: topology.nodes.length, links: topology.links.length, flows: topology.flows.length, services: topology.services.length };
  const scenarios = topology?.scenarios.map((s) => s.name) ?? [];
  const summary = Object.fromEntries(SEVERITIES.map((severity) => [severity, checked.findings.filter((each) => each.state === "new" && each.rule.severity === severity).length]));
  return `${JSON.stringify({
    format: FORMAT_VERSION, file: checked.file, ok: mistakes.length === 0, pass: checked.pass, failOn: checked.failOn, summary, problems,
    findings: checked.findings.map(findingJson), gone: checked.baseline?.gone ?? null, counts, scenarios, assumed: topology?.assumptions ?? [],
  }, null, 2)}\n`;
}

function findingJson(finding: Judged): object {
  const { rule, at, ignored } = finding;
  return {
    rule: rule.id, severity: rule.severity, title: rule.title, systems: rule.systems, file: finding.file, ...at, path: finding.path, subjects: finding.subjects,
    seen: finding.seen, why: rule.why, mend: rule.mend, page: pageOf(rule), fingerprint: finding.fingerprint, state: finding.state, refused: finding.refused,
    ...(ignored === null ? {} : { ignored: { reason: ignored.reason, until: ignored.until } }),
  };
}

function text(io: Io, checked: Checked, t: Topology, refused: boolean, flags: CheckFlags): string {
  const paint = paintFor({ flag: flags.colour, env: io.env, isTTY: io.outIsTTY });
  const counts = [
    plural(t.nodes.length, "node"), plural(t.links.length, "link"), plural(t.lags.length, "bundle"), plural(t.pairs.length, "MC-LAG pair"),
    plural(t.flows.length, "flow"), plural(t.services.length, "service"),
  ].join(", ");
  const scenarios = t.scenarios.length === 0 ? "no scenario" : `${plural(t.scenarios.length, "scenario")}: ${t.scenarios.map((s) => s.name).join(", ")}`;
  const assumed = t.assumptions.map((a) => `  ${a.what}  ${a.value}  ${a.source}`);
  const list = assumed.length === 0 ? [] : ["ASSUMED: not in the file", ...assumed];
  const found = checkText(checked, { paint, width: flags.width ?? io.columns ?? WIDTH_DEFAULT });
  const between = checked.findings.some((each) => each.state === "new") ? "\n" : "";
  const cannot = refused ? ["other commands refuse this file: its errors of design are to be mended first"] : [];
  return `${found}${between}${[...cannot, counts, scenarios, ...list].join("\n")}\n`;
}
