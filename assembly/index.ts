// Every export of the engine and nothing else. The order of use: reserve, add…, begin, run … run.
// MACs are u64 (48 bits), addresses u32 (core/address.ts), times i64 nanoseconds since the start of the run.

export * from "./exports/reserve";
export * from "./exports/network";
export * from "./exports/bonds";
export * from "./exports/gateways";
export * from "./exports/flows";
export * from "./exports/run";
export * from "./exports/state";
export { endTrials, trial, trialShareOf, trialWayAt } from "./flow/trial";
export * from "./views";
