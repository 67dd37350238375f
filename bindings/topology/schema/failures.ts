// The shape of the `failures:` section: how often what fails, how long repairs take, what fails together.

import * as z from "zod"; // as a namespace: bundlers then leave out what is not used
import { FAILURE_KINDS, SPAN_PATTERN } from "../failures.ts";
import { name, oneOrMore } from "./words.ts";

const SPAN = "DH_DURATION a span is a number with a unit, like 5m, 4h, 90d or 20y";
const span = z.string({ error: SPAN }).regex(SPAN_PATTERN, { error: SPAN }).meta({ id: "span", description: "A number with a unit: ms, s, m, h, d, y (365 days)", examples: ["4h", "20y"] });
const percent = z.number({ error: "a share in percent is wanted, like 15" }).min(0, { error: "must be 0 to 100" }).max(100, { error: "must be 0 to 100" });

const law = z.union([
  z.enum(["exponential", "deterministic"]),
  z.strictObject({ weibull: z.number().min(0.2, { error: "a shape from 0.2 to 20 is wanted" }).max(20, { error: "a shape from 0.2 to 20 is wanted" }).describe("Shape; below 1 early failures, above 1 wear") }),
  z.strictObject({ lognormal: z.number().min(0.05, { error: "a sigma from 0.05 to 4 is wanted" }).max(4, { error: "a sigma from 0.05 to 4 is wanted" }).describe("Sigma of the logarithm") }),
  z.strictObject({ trace: z.array(span).min(1).max(100_000).describe("Spans that were observed, each as likely; their mean goes before mtbf or mttr") }),
]);

const lifeFields = {
  mtbf: span.optional().describe("Mean time from the return to the next failure"),
  mttr: span.optional().describe("Mean time of a repair"),
  "time-to-failure": law.optional().describe("Distribution; exponential where nothing is said"),
  "time-to-repair": law.optional().describe("Distribution; exponential where nothing is said"),
  crew: z.boolean().optional().describe("The repair needs one of the repair-crews"),
};
const life = z.strictObject(lifeFields);
const named = z.strictObject({ as: z.union([z.enum(FAILURE_KINDS), z.array(z.enum(FAILURE_KINDS)).min(1)]).optional().describe("Fails in these ways instead of its own"), ...lifeFields });

export const failuresSchema = z.strictObject({
  kinds: z.partialRecord(z.enum(FAILURE_KINDS), z.union([z.literal("never"), life])).optional().describe("Of each way to fail"),
  names: z.record(name, z.union([z.literal("never"), named])).optional().describe("Of nodes and cables whose names fit the pattern; * stands for anything, and later patterns go before earlier ones"),
  "common-cause": z.strictObject({
    peers: percent.optional().describe("Percent of the failures of a peer that hit its peers too: MC-LAG pairs, routers of a gateway, spines of a site"),
    feeds: percent.optional().describe("Percent of the failures of a feed that hit the other feeds of a node too"),
    shared: z.record(name, z.strictObject({ nodes: oneOrMore, beta: percent })).optional().describe("Other nodes that share causes of failure"),
  }).optional(),
  feeds: z.record(name, life).optional().describe("Of power feeds that nodes hang on (power:), by name"),
  groups: z.record(name, z.strictObject({ nodes: oneOrMore.optional(), links: oneOrMore.optional(), ...lifeFields })).optional().describe("What fails as a whole: a rack, a room, a duct; patterns"),
  maintenance: z.record(name, z.strictObject({ nodes: oneOrMore, every: span, length: span })).optional().describe("Windows in which nodes are shut down, one after another"),
  "human-error": z.union([z.literal("never"), z.strictObject({ "per-year": z.number().min(0).max(1000).optional(), mttr: span.optional() })]).optional().describe("Of each set of peers"),
  "repair-crews": z.int({ error: "a whole number from 1 to 1000 is wanted" }).min(1, { error: "must be 1 to 1000" }).max(1000, { error: "must be 1 to 1000" }).optional().describe("Repairs that go on at a time; others wait, first come, first served"),
});

export type FailuresInput = z.infer<typeof failuresSchema>;
export type LifeInput = z.infer<typeof life>;
export type LawInput = z.infer<typeof law>;
