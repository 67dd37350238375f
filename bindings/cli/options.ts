// The options of `run`: as commander hands them over, and what they mean.

import { InvalidArgumentError, Option, type Command } from "commander";
import { parseDuration } from "../duration.ts";
import type { FaultOp } from "../topology/model.ts";

export interface StepFlag { op: FaultOp; text: string }

/** What the command line can do to a target: --fail, --repair .., and the words of --branch. */
export const STEP_OPTIONS: readonly [FaultOp, string][] = [
  ["fail", "node crashes, link is cut, port goes down"],
  ["repair", "what failed returns"],
  ["hang", "node: links stay up, no protocol speaks"],
  ["silent", "link: frames vanish, carrier stays; port: those that it sends"],
  ["carrier", "port: loses carrier; link: both ends do"],
  ["loss", "link or port: frames lost at random, LINK=20%@10s; 0% ends it"],
  ["slow", "link or port: frames take longer, one way, LINK=50ms@10s"],
  ["shutdown", "node: shut down in order"],
  ["down", "port, or a server's bond: set down by an operator"],
  ["up", "port or bond: set up again"],
  ["release", "member: leaves its Linux bond"],
  ["enslave", "member: joins the bond that it left"],
];

/** --fail, --repair ..: steps in the order of the command line. */
export function stepOptions(command: Command): StepFlag[] {
  const steps: StepFlag[] = [];
  for (const [op, help] of STEP_OPTIONS) {
    command.addOption(new Option(`--${op} <target@time>`, help).argParser((text: string) => { steps.push({ op, text }); }));
  }
  return steps;
}

export interface RunFlags {
  scenario?: string;
  steps: StepFlag[]; // in the order of the command line
  until?: bigint;
  seed?: bigint;
  output: "text" | "json" | "jsonl" | "trace";
  pcap?: string;
  perfetto?: string;
  report?: string;
  ports?: string;
  probe?: bigint;
  width?: number;
  everyHello?: boolean;
  at?: bigint;
  branches: string[];
  details: boolean;
  /** false: without the drawing */
  timeline?: boolean;
}

/** Flags of a run with branches. */
export type BranchFlags = RunFlags & { at: bigint };

export function durationArgument(text: string): bigint {
  try {
    const ns = parseDuration(text);
    if (ns > 0n) return ns;
  } catch (e) {
    throw new InvalidArgumentError((e as Error).message);
  }
  throw new InvalidArgumentError(`"${text}" is no time at all`);
}

/** An option that takes a duration, with what it is without one: said as it is written, since help cannot print a bigint by itself. */
export function durationOption(flags: string, description: string, otherwise: string): Option {
  return new Option(flags, description).argParser(durationArgument).default(durationArgument(otherwise), otherwise);
}

/** A point in time: 0s too. */
export function instantArgument(text: string): bigint {
  try {
    return parseDuration(text);
  } catch (e) {
    throw new InvalidArgumentError((e as Error).message);
  }
}

export function kernelArgument(text: string): string {
  if (!/^\d[\w.+-]{0,63}$/.test(text)) throw new InvalidArgumentError("a release is like 6.1.0-28-amd64");
  return text;
}

const SEED_MAX = (1n << 64n) - 1n;

export function seedArgument(text: string): bigint {
  if (!/^(\d{1,20}|0x[0-9a-f]{1,16})$/i.test(text) || BigInt(text) > SEED_MAX) throw new InvalidArgumentError("a seed is a whole number from 0 to 2^64 - 1");
  return BigInt(text);
}

export const WIDTH_MIN = 60;
const WIDTH_MAX = 1000;

export function widthArgument(text: string): number {
  const width = Number(text);
  if (!/^\d+$/.test(text) || width < WIDTH_MIN || width > WIDTH_MAX) throw new InvalidArgumentError(`a width is ${WIDTH_MIN} to ${WIDTH_MAX} columns`);
  return width;
}
