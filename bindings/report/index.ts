export { text, assumedNotice } from "./text.ts";
export { json, report, FORMAT_VERSION, type JsonTime } from "./json.ts";
export { jsonl } from "./jsonl.ts";
export { traceLines } from "./trace-lines.ts";
export { paintFor, plain, coloured, type Paint } from "./paint.ts";
export { duration, milliseconds, plural, time } from "./format.ts";
export type { ReportInput } from "./input.ts";
