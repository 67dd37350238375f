// Branches of one run side by side: one line each with the outages, who was worst off, and the verdict.

import type { SubjectStatistics } from "../analysis/index.ts";
import { milliseconds, plural, time } from "./format.ts";
import { passes, type ReportInput } from "./input.ts";
import { FORMAT_VERSION, jsonTime, report } from "./json.ts";
import { fittedTable } from "./table.ts";
import { text, type TextOptions } from "./text.ts";

export interface BranchReport { name: string; input: ReportInput }

/** Where they begin; what each came to; with `details` the report of each. */
export function branchesText(branches: readonly BranchReport[], atNs: bigint, options: TextOptions & { details: boolean }): string {
  const { paint } = options;
  const { run, file } = branches[0]!.input;
  const title = `${paint("bold", `${run.topology.name}: ${plural(branches.length, "branch", "branches")} from ${time(atNs)}`)}\n${paint("dim", `${file}, seed ${run.seed}, until ${time(run.endNs)}`)}`;
  const reports = options.details ? branches.map(({ input }) => text(input, options).trimEnd()) : [];
  return `${[title, table(branches, options), ...reports].join("\n\n")}\n`;
}

interface Column { head: string; cell(branch: BranchReport): string; numeric?: true; min?: number; painted?: true }

const COLUMNS: readonly Column[] = [
  { head: "branch", cell: ({ name }) => name, min: 16 },
  { head: "outages", cell: ({ input }) => String(input.findings.outages.filter((o) => o.subject !== "direction").length), numeric: true },
  { head: "worst flow (ms)", cell: ({ input }) => worst(input, "flow"), min: 12 },
  { head: "worst service (ms)", cell: ({ input }) => worst(input, "service"), min: 12 },
  { head: "still down", cell: ({ input }) => String(input.findings.stillDown), numeric: true },
  { head: "verdict", cell: ({ input }) => verdict(input), min: 10, painted: true },
];

function table(branches: readonly BranchReport[], options: TextOptions): string {
  const services = branches.some(({ input }) => input.run.names.services.length > 0);
  const columns = COLUMNS.filter(({ head }) => services || !head.startsWith("worst service"));
  const paintCell = (row: number, column: number, words: string): string => (columns[column]?.painted === true ? options.paint(passes(branches[row]!.input) ? "green" : "red", words) : words);
  return fittedTable(columns.map(({ head }) => head), branches.map((branch) => columns.map(({ cell }) => cell(branch))), options, {
    numeric: columns.flatMap(({ numeric }, i) => (numeric === true ? [i] : [])), shrinkable: columns.flatMap(({ min }, column) => (min === undefined ? [] : [{ column, min }])), paintCell,
  });
}

/** "web 3000.250"; one that is still down is worse than any that is not. */
function worst({ findings }: ReportInput, subject: "flow" | "service"): string {
  const found = worstSubject(findings.subjects.filter((s) => s.subject === subject));
  if (found?.worst == null) return "none";
  return `${found.name} ${found.worst.open ? ">" : ""}${milliseconds(found.worst.lengthNs)}`;
}

function worstSubject(subjects: readonly SubjectStatistics[]): SubjectStatistics | null {
  let found: SubjectStatistics | null = null;
  for (const s of subjects) if (s.worst !== null && (found === null || worse(s.worst, found.worst!))) found = s;
  return found;
}
function worse(a: { lengthNs: bigint; open: boolean }, b: { lengthNs: bigint; open: boolean }): boolean { return a.open === b.open ? a.lengthNs > b.lengthNs : a.open; }

function verdict(input: ReportInput): string {
  const { budgets, storms } = input.findings;
  const applications = input.applications.filter((a) => a.kept === false).length;
  const expectations = input.expectations.filter((e) => !e.kept).length;
  const broken = [
    ...(budgets.broken > 0 ? [`${plural(budgets.broken, "budget")} broken`] : []), ...(storms.length > 0 ? [plural(storms.length, "loop")] : []),
    ...(expectations > 0 ? [`${plural(expectations, "expectation")} broken`] : []),
    ...(applications > 0 ? [`${plural(applications, "application")} failed`] : []),
  ];
  if (broken.length > 0) return `✗ ${broken.join(", ")}`;
  return budgets.kept > 0 ? `✓ ${budgets.kept} kept` : "no budget";
}

/** One object: what the branches share, and each branch as `--json` prints a run, without that. */
export function branchesJson(branches: readonly BranchReport[], atNs: bigint, common: string): string {
  const { format: _format, dualhome, file, topology, seed, end, assumed } = report(branches[0]!.input);
  const each = branches.map(({ name, input }) => {
    const { format: _f, dualhome: _d, file: _i, topology: _t, seed: _s, end: _e, assumed: _a, scenario: _n, ...own } = report(input);
    return { branch: name, ...own, pass: passes(input) };
  });
  const pass = branches.every(({ input }) => passes(input));
  return `${JSON.stringify({ format: FORMAT_VERSION, dualhome, file, topology, scenario: common, seed, at: jsonTime(atNs), end, pass, branches: each, assumed }, null, 2)}\n`;
}
