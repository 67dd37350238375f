// What the commands use, loaded only by the command that needs it: `check` starts no WebAssembly, `--help` reads no parser.

import type { AnyQuestion, Job } from "../batch/index.ts";

export interface Parts {
  topology(): Promise<Pick<typeof import("../topology/index.ts"), "parseTopology" | "formatProblems" | "jsonSchema">>;
  targets(): Promise<Pick<typeof import("../topology/step.ts"), "indexTargets" | "resolveTarget" | "stepOf">>;
  engine(): Promise<Pick<typeof import("../engine/index.ts"), "runScenario" | "compileEngine" | "markedWasmUrl" | "Session">>;
  show(): Promise<Pick<typeof import("../show/index.ts"), "Simulation">>;
  exporters(): Promise<Pick<typeof import("../exporters/index.ts"), "EXPORTS">>;
  rules(): Promise<typeof import("../rules/index.ts") & typeof import("../rules/verdict.ts") & typeof import("../rules/ignore.ts") & typeof import("../rules/own.ts")>;
  importers(): Promise<Pick<typeof import("../importers/index.ts"), "FORMATS" | "formatNamed" | "importParts" | "importWhole" | "pathOf" | "IMPORT_BYTES_MAX" | "TOO_LARGE">>;
  /** A big question by its name, for those who were sent it; null: there is none. */
  question(name: string): Promise<AnyQuestion | null>;
  /** Where big questions go instead of being answered here. */
  divert?(job: Job, asking: { file: string; items: string }): Promise<void>;
}

const questions: Record<string, () => Promise<{ question: unknown }>> = {
  capacity: () => import("../capacity/question.ts"),
  phases: () => import("../phases/question.ts"),
  nines: () => import("../nines/question.ts"),
  sweep: () => import("../sweep/question.ts"),
  "sweep-pairs": () => import("../sweep/pairs.ts"),
};

export const realParts: Parts = {
  topology: () => import("../topology/index.ts"),
  targets: () => import("../topology/step.ts"),
  engine: () => import("../engine/index.ts"),
  show: () => import("../show/index.ts"),
  exporters: () => import("../exporters/index.ts"),
  rules: async () => ({ ...await import("../rules/index.ts"), ...await import("../rules/verdict.ts"), ...await import("../rules/ignore.ts"), ...await import("../rules/own.ts") }),
  importers: () => import("../importers/index.ts"),
  question: async (name) => (Object.hasOwn(questions, name) ? (await questions[name]!()).question as AnyQuestion : null),
};
