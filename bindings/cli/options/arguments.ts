// Texts of the command line as values: durations, seeds, widths, counts. What is none is told with what would be one.

import { InvalidArgumentError, Option, type Command } from "commander";
import { parseDuration } from "../../duration.ts";

export function durationArgument(text: string): bigint {
  try {
    const ns = parseDuration(text);
    if (ns > 0n) return ns;
  } catch (e) {
    throw new InvalidArgumentError((e as Error).message);
  }
  throw new InvalidArgumentError(`"${text}" is no time at all`);
}

/** Of commands that may take long. What it does: cli/deadline.ts. */
export function timeoutOption(command: Command): Command { return command.option("--timeout <duration>", "stop, as Ctrl-C does, what is not done after so long", durationArgument); }

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

/** `what` as in "a number of runs". */
export function countArgument(what: string, low: number, high: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (!/^\d+$/.test(text) || count < low || count > high) throw new InvalidArgumentError(`${what} is a whole number from ${low} to ${high}`);
    return count;
  };
}
