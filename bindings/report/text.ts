// The report for a terminal: budgets first, then each step of the scenario with its outages and their reasons.

import type { Explanation, Outage, StepFindings, SubjectStatistics, Worst } from "../analysis/index.ts";
import { bootPart } from "./boots.ts";
import { chain } from "./chain.ts";
import { expectationsPart, expectationsVerdict } from "./expectations.ts";
import { duration, plural, time } from "./format.ts";
import type { ReportInput } from "./input.ts";
import type { Paint } from "./paint.ts";
import { applicationsPart } from "./applications.ts";
import { outageTable } from "./table.ts";
import { drawTimeline } from "./timeline.ts";
import { fitted, hanging, wrapped } from "./wrap.ts";

/** `timeline`: false leaves the drawing out. `ascii`: it is made of characters that every terminal has. */
export interface TextOptions { paint: Paint; width: number; explanationsMax?: number; timeline?: boolean; ascii?: boolean }

const EXPLANATIONS_MAX = 6; // a step; --json has all

export function text(input: ReportInput, options: TextOptions): string {
  const parts = [
    header(input, options.paint),
    budgets(input, options.paint),
    expectationsPart(input, options.paint, options.width),
    loops(input, options.paint),
    notReady(input, options.paint),
    timelinePart(input, options),
    ...input.findings.steps.map((s) => stepPart(s, options)),
    applicationsPart(input, options.paint),
    security(input, options),
    probes(input, options.paint),
    bootPart(input, options),
    assumed(input, options),
    summary(input, options.paint),
  ];
  return `${fitted(parts.filter((p) => p !== "").join("\n\n"), options.width)}\n`;
}

function timelinePart({ run, findings }: ReportInput, options: TextOptions): string {
  const shown = findings.outages.filter((o) => o.subject !== "direction");
  if (options.timeline === false || shown.length === 0) return "";
  return [options.paint("bold", "Timeline"), ...drawTimeline(run, shown, options)].join("\n");
}

function header({ run, file }: ReportInput, paint: Paint): string {
  return `${paint("bold", `${run.topology.name}: ${run.scenario.name}`)}\n${paint("dim", `${file}, seed ${run.seed}, until ${time(run.endNs)}`)}`;
}

function budgets({ findings }: ReportInput, paint: Paint): string {
  const judged = findings.subjects.filter((s) => s.kept !== null);
  if (judged.length === 0) return "";
  const nameWidth = Math.max(...judged.map((s) => label(s).length));
  return [paint("bold", "Budgets"), ...judged.map((s) => budgetLine(s, nameWidth, paint))].join("\n");
}

function budgetLine(s: SubjectStatistics, nameWidth: number, paint: Paint): string {
  const mark = s.kept === true ? paint("green", "✓") : paint("red", "✗");
  return `  ${mark} ${label(s).padEnd(nameWidth)}  max-outage ${duration(s.maxOutageNs ?? 0n)}  failure ${worst(s.failure)}  return ${worst(s.return)}`;
}

function label(s: { subject: string; name: string }): string { return s.subject === "service" ? `service ${s.name}` : s.name; }

function worst(w: Worst | null): string {
  if (w === null) return "none";
  return w.open ? `${duration(w.lengthNs)}, still down` : duration(w.lengthNs);
}

function loops({ findings }: ReportInput, paint: Paint): string {
  if (findings.storms.length === 0) return "";
  const lines = findings.storms.map((s) => {
    const growth = s.copies === null ? "" : `, ${s.copies} copies after ${duration(s.afterNs ?? 0n)} (${s.framesPerMs} frames/ms, doubled in ${duration(s.doublingNs ?? 0n)})`;
    const end = s.endNs === null ? "still there at the end" : `over at ${time(s.endNs)}`;
    return `  ${paint("red", "✗")} loop: VLAN ${s.vlan} by ${s.port} at ${time(s.startNs)}: storm detected${growth}; ${end}`;
  });
  return [paint("bold", "Loops"), ...lines].join("\n");
}

function notReady({ findings }: ReportInput, paint: Paint): string {
  if (findings.notReady.length === 0) return "";
  const lines = findings.notReady.map((n) => {
    const where = n.place === null ? "" : ` at ${n.place}`;
    const when = n.firstUpNs === null ? `never came up: ${n.words}${where}` : `came up only at ${time(n.firstUpNs)}`;
    return `  ${paint("yellow", "!")} ${label(n)} ${when}`;
  });
  return [paint("bold", "Not up when the first step began"), ...lines].join("\n");
}

const DOUBTS: Record<string, string> = {
  time: "nothing links it to this step but time",
  repaired: "its chain begins with the failure, which was repaired by then",
};
const PHASES = { failure: "Failure", return: "Return" };

function stepPart(step: StepFindings, options: TextOptions): string {
  const { paint } = options;
  const title = step.phase === null ? step.text : `${PHASES[step.phase]} at ${time(step.atNs ?? 0n)}: ${step.text}`;
  if (step.outages.length === 0) return `${paint("bold", title)}\n  no flow was down`;
  const shown = step.explanations.slice(0, options.explanationsMax ?? EXPLANATIONS_MAX);
  const rest = step.explanations.slice(shown.length);
  const more = rest.length === 0 ? [] : [paint("dim", `  ${plural(rest.length, "more reason")}: --json has all`)];
  return [paint("bold", title), outageTable(step.outages, options), ...shown.map((e) => explanation(e, options)), ...more].join("\n");
}

const KEPT_DOWN = "what kept it down:";

function explanation({ names, outage }: Explanation, { paint, width }: TextOptions): string {
  const { down, up, keptDown } = outage.why;
  const known = new Set(down.map((l) => l.id));
  const length = outage.endNs === null ? "still down at the end" : `down ${duration(outage.lengthNs)}`;
  const doubt = outage.attribution === null ? "" : (DOUBTS[outage.attribution] ?? "");
  const list = nameList(names);
  const lines = [hanging(list, paint("cyan", list), ` ${length}, because${doubt === "" ? "" : ` (${doubt})`}`, 4, width), ...chain(down, paint, width)];
  if (up.length > 0) lines.push("    back up, because", ...chain(up.filter((l) => !known.has(l.id)), paint, width));
  if (keptDown !== null) lines.push(hanging(KEPT_DOWN, paint("yellow", KEPT_DOWN), ` ${duration(keptDown.lengthNs)} until ${keptDown.endedBy.text}`, 6, width));
  return lines.join("\n");
}

function nameList(names: string[]): string {
  const shown = names.slice(0, 4);
  const rest = names.slice(shown.length);
  return rest.length === 0 ? shown.join(", ") : `${shown.join(", ")} and ${rest.length} more`;
}

function probes({ findings }: ReportInput, paint: Paint): string {
  if (findings.probes.length === 0) return "";
  const lines = findings.probes.map((p) => `  ${p.flow} ${p.direction === 0 ? "forward" : "back"}  ${plural(p.lost, "probe")} lost of ${p.sent}`);
  return [paint("bold", "Probes since the first step"), ...lines].join("\n");
}

function security({ findings }: ReportInput, { paint, width }: TextOptions): string {
  if (findings.security.length === 0) return "";
  const lines = findings.security.map((f) => `  ${paint("red", "!")} ${wrapped(`${f.node} ${f.place}: ${f.words}`, Math.max(width - 4, 24)).join("\n    ")}`);
  return [paint("bold", "Security"), ...lines].join("\n");
}

function assumed({ run }: ReportInput, { paint, width }: TextOptions): string {
  const list = run.topology.assumptions;
  if (list.length === 0) return "";
  const whatWidth = Math.max(...list.map((a) => a.what.length));
  const valueWidth = Math.max(...list.map((a) => a.value.length));
  const fits = 2 + whatWidth + 2 + valueWidth + 2 + Math.max(...list.map((a) => a.source.length)) <= width;
  const lines = list.map((a) => !fits ? hanging("", "", `${a.what} = ${a.value}; ${a.source}`, 4, width) : `  ${a.what.padEnd(whatWidth)}  ${a.value.padEnd(valueWidth)}  ${paint("dim", a.source)}`);
  return [paint("yellow", "ASSUMED: not in the file"), ...lines].join("\n");
}

function summary(input: ReportInput, paint: Paint): string {
  const { run, findings } = input;
  const expected = expectationsVerdict(input, paint);
  const { kept, broken } = findings.budgets;
  const verdict = broken > 0
    ? paint("red", `✗ ${plural(broken, "budget")} broken, ${kept} kept`)
    : kept > 0 ? paint("green", `✓ ${plural(kept, "budget")} kept`) : "no max-outage budget to judge by";
  const ofFlows: Outage[] = findings.outages.filter((o) => o.subject === "flow");
  const ofServices = findings.outages.filter((o) => o.subject === "service");
  return [
    verdict,
    ...(expected === "" ? [] : [expected]),
    ...(findings.storms.length > 0 ? [paint("red", `✗ ${plural(findings.storms.length, "forwarding loop")}`)] : []),
    `${plural(ofFlows.length, "outage")} of ${plural(run.names.flows.length, "flow")}, ${ofServices.length} of ${plural(run.names.services.length, "service")}, ${findings.stillDown} still down at the end`,
    paint("dim", `${plural(run.events, "event")}, ${plural(run.trace.length, "trace record")}`),
  ].join("\n");
}

/** For the line that every run puts on stderr. */
export function assumedNotice(count: number): string {
  return count === 0 ? "" : `${plural(count, "value")} ASSUMED, listed in the report\n`;
}

