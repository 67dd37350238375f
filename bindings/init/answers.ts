// What `dualhome init` asks: each question has a flag, a default, and a check that says what was meant.

import { didYouMean } from "../topology/problems.ts";
import { PROFILE_NAMES, type ProfileName } from "../topology/profiles.ts";

export const DESIGNS = ["two-tier", "three-tier", "leaf-spine", "two-sites"] as const;
export type Design = (typeof DESIGNS)[number];

export interface Answers {
  design: Design;
  name: string;
  leafPairs: number; // of each site; in three-tier pairs of access switches
  spines: number; // of each site; leaf-spine and two-sites only
  servers: number; // of each pair
  rate: "fast" | "slow";
  vendor: ProfileName
  out: string;
}

/** As flags or typed answers have them: texts. */
export type Given = Partial<Record<keyof Answers, string>>;

export interface Question {
  key: keyof Answers;
  flag: string;
  text: string;
  /** What stands in brackets behind the question, and is meant by an empty answer. */
  fallback(known: Partial<Answers>): string;
  /** The value; throws an Error that says what is wrong and what was meant. */
  read(text: string): string | number;
  /** Asked of these designs only. */
  of?: readonly Design[];
}

const oneOf = (what: string, known: readonly string[]) => (text: string): string => {
  if (known.includes(text)) return text;
  const near = didYouMean(text, known) ?? (text === "" ? undefined : known.find((name) => name.startsWith(text))) ?? null;
  throw new Error(`"${text}" is no ${what}: ${near === null ? `one of ${known.join(", ")}` : `did you mean "${near}"?`}`);
};

const wholeNumber = (what: string, low: number, high: number, why: string) => (text: string): number => {
  const value = Number(text);
  if (/^\d{1,6}$/.test(text) && value >= low && value <= high) return value;
  throw new Error(`"${text}": ${what} is a whole number from ${low} to ${high}${why}`);
};

function readName(text: string): string {
  if (/^[A-Za-z0-9][\w.-]{0,99}$/.test(text)) return text;
  throw new Error(`"${text}" cannot be a name: letters, digits, "-", "_" and ".", the first a letter or digit`);
}

function readPath(text: string): string {
  if (text.trim() !== "" && !/[\\/]$/.test(text)) return text;
  throw new Error(`"${text}" is no file: a name such as dc.dh.yaml`);
}

export const QUESTIONS: readonly Question[] = [
  { key: "design", flag: "--design", text: `Design (${DESIGNS.join(", ")})`, fallback: () => "leaf-spine", read: oneOf("design", DESIGNS) },
  { key: "name", flag: "--name", text: "Name of the topology", fallback: () => "dc", read: readName },
  { key: "leafPairs", flag: "--leaf-pairs", text: "Pairs of leaf (or access) switches, of each site", fallback: () => "2", read: wholeNumber("the number of pairs", 1, 32, ": each has two ports of an aggregation switch of 64") },
  {
    key: "spines", flag: "--spines", text: "Spines, of each site", fallback: () => "2", of: ["leaf-spine", "two-sites"],
    read: wholeNumber("the number of spines", 2, 16, ": a single spine takes everything with it"),
  },
  { key: "servers", flag: "--servers", text: "Servers of each pair", fallback: () => "8", read: wholeNumber("the number of servers", 1, 200, ": a pair has one network, a /24") },
  { key: "rate", flag: "--rate", text: "LACP rate (fast notices a silent cable after 3 s, slow after 90 s)", fallback: () => "fast", read: oneOf("LACP rate", ["fast", "slow"]) },
  { key: "vendor", flag: "--vendor", text: "Profile of the switches, whose timers are assumed", fallback: () => "standard", read: oneOf("profile", PROFILE_NAMES) },
  { key: "out", flag: "--out", text: "File", fallback: (known) => `${known.name ?? "dc"}.dh.yaml`, read: readPath },
];

export const applies = (question: Question, known: Partial<Answers>): boolean => question.of === undefined || known.design === undefined || question.of.includes(known.design);
