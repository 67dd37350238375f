// What the commands use, loaded only by the command that needs it: `check` starts no WebAssembly, `--help` reads no parser.

export interface Parts {
  topology(): Promise<Pick<typeof import("../topology/index.ts"), "parseTopology" | "formatProblems" | "jsonSchema">>;
  targets(): Promise<Pick<typeof import("../scenario/targets.ts"), "aimed" | "checkOp" | "indexTargets" | "parseStepFlag" | "resolveTarget" | "wholeBond">>;
  engine(): Promise<Pick<typeof import("../engine/index.ts"), "runScenario" | "compileEngine" | "Session">>;
  show(): Promise<Pick<typeof import("../show/index.ts"), "Simulation">>;
  importers(): Promise<Pick<typeof import("../importers/index.ts"), "importNxos" | "importNetplan" | "importIfcfg" | "importNetworkd" | "pathOf">>;
}

export const realParts: Parts = {
  topology: () => import("../topology/index.ts"),
  targets: () => import("../scenario/targets.ts"),
  engine: () => import("../engine/index.ts"),
  show: () => import("../show/index.ts"),
  importers: () => import("../importers/index.ts"),
};
