export { text, assumedNotice, type TextOptions } from "./text.ts";
export { json, report, type JsonTime } from "./json.ts";
export { jsonl } from "./jsonl.ts";
export { traceLines } from "./trace-lines.ts";
export { showText, type ShowOptions } from "./show.ts";
export { paintFor, plain, coloured, type Paint } from "./paint.ts";
export { clock, duration, milliseconds, plural, time } from "./format.ts";
export { branchesJson, branchesText, type BranchReport } from "./branches.ts";
export { passes, type ReportInput } from "./input.ts";
