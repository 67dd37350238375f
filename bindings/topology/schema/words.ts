// Words that every part of a topology file's schema is made of: names, durations, speeds, numbers in a range.
// An error text may begin with a DH_ code; without one, the kind of the issue gives the code.

import * as z from "zod"; // as a namespace: bundlers then leave out what is not used
import { DURATION_PATTERN } from "../../duration.ts";

export const SPEED_PATTERN = /^\d{1,6}(\.\d{1,3})?[MGT]$/;

export const name = z.string({ error: "a name is a text" }).min(1).max(200);
export const duration = z
  .string({ error: "DH_DURATION a duration is a number with a unit, like 250ms, 10s or 15m" })
  .regex(DURATION_PATTERN, { error: "DH_DURATION a duration is a number with a unit, like 250ms, 10s or 15m" })
  .meta({ id: "duration", description: "A number with a unit: ns, us, ms, s, m, h, d", examples: ["250ms", "10s"] });
export const speed = z
  .string({ error: "DH_SPEED a speed is a number with a unit, like 10G" })
  .regex(SPEED_PATTERN, { error: "DH_SPEED a speed is a number with a unit, like 10G" })
  .meta({ id: "speed", description: "Bits per second: 1G, 25G, 100G", examples: ["25G"] });
export const intBetween = (low: number, high: number, code = "DH_VALUE") =>
  z.int({ error: `${code} a whole number from ${low} to ${high} is wanted` })
    .min(low, { error: `${code} must be ${low} to ${high}` })
    .max(high, { error: `${code} must be ${low} to ${high}` });
export const oneOrMore = z.union([name, z.array(name).min(1)]);
