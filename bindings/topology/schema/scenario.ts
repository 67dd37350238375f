// What happens, and what has to be so afterwards: the steps of scenarios.

import * as z from "zod";
import { duration, intBetween, name, oneOrMore } from "./words.ts";

export const STEP_OPS = ["fail", "repair", "hang", "silent", "carrier", "loss", "shutdown", "nothing", "down", "up", "release", "enslave", "slow"] as const;
/** Steps that stand for several of STEP_OPS. */
export const COMPOUND_OPS = ["migrate", "flap"] as const;
export const expectation = z.strictObject({
  within: duration.optional().describe("Judged so long after the step; without it just before the next step, or at the end"),
  up: oneOrMore.optional().describe("Flows, services and applications that work at that instant; all"),
  down: oneOrMore.optional().describe("Flows, services and applications that do not work at that instant; all"),
  "max-outage": z.union([duration, z.record(name, duration)]).optional().describe("None since the step is longer; of all, or of each by name"),
  active: z.record(name, oneOrMore).optional().describe("Who is active, and nobody else: ports of srv1:bond0, routers of gateway/NAME, the primary of mlag/PAIR; none"),
  standby: z.record(name, oneOrMore).optional().describe("Who stands by: routers of gateway/NAME, the secondary of mlag/PAIR; none"),
}).check((e) => {
  const { up, down, "max-outage": outage, active, standby } = e.value;
  if (e.issues.length > 0 || [up, down, outage, active, standby].some((word) => word !== undefined)) return;
  e.issues.push({ code: "custom", input: e.value, message: "DH_EXPECT nothing is expected: say up, down, max-outage, active or standby" });
});
export const step = z.strictObject({
  at: duration,
  fail: oneOrMore.optional(),
  repair: oneOrMore.optional(),
  hang: oneOrMore.optional().describe("Control plane dead, links up"),
  silent: oneOrMore.optional().describe("Frames vanish, carrier stays"),
  carrier: oneOrMore.optional().describe("One end loses carrier"),
  loss: oneOrMore.optional().describe("Frames lost at random: see percent"),
  shutdown: oneOrMore.optional().describe("In order"),
  slow: oneOrMore.optional().describe("Frames take longer: see delay"),
  delay: duration.optional().describe("slow: one way from now on, 1us to 10s"),
  nothing: oneOrMore.optional(),
  down: oneOrMore.optional().describe("A port, or the whole bond of a server: administratively down"),
  up: oneOrMore.optional(),
  release: oneOrMore.optional().describe("Members leave their Linux bond"),
  enslave: oneOrMore.optional().describe("Members join the bond that they left"),
  migrate: oneOrMore.optional().describe("Virtual machines: see to and pause"),
  to: name.optional().describe("migrate: the hypervisor that it moves to"),
  pause: duration.optional().describe("migrate: unplugged here until plugged in there"),
  flap: oneOrMore.optional().describe("Cables or ports that go down and come back again and again: see times and period"),
  times: intBetween(1, 1000).optional().describe("flap: how often"),
  period: duration.optional().describe("flap: from one loss to the next; down for the first half of it"),
  direction: z.enum(["both", "a-to-b", "b-to-a"]).optional(),
  percent: z.number().min(0).max(100).optional(),
  expect: z.union([expectation, z.array(expectation).min(1)]).optional().describe("What has to be so after the step; alone in a step: at its time"),
});
export const scenario = z.union([z.array(step), z.strictObject({ until: duration.optional(), steps: z.array(step) })]);
