// What is asked where nobody says otherwise. A file of its own: --help reads it and no engine.

/** How: see docs/nines.md. */
export type Method = "auto" | "plain" | "importance" | "splitting" | "exact";

export interface NinesOptions { years: number; runs: number; method: Method; flows: boolean; asks: number }

export const NINES_DEFAULTS: Readonly<NinesOptions> = { years: 10, runs: 1000, method: "auto", flows: false, asks: 2000 };
