// What the network carries, and for whom: flows, demands, services, applications.

import * as z from "zod";
import { duration, intBetween, name, oneOrMore, speed } from "./words.ts";

const portNumber = intBetween(0, 65535);
export const flow = z.strictObject({
  from: oneOrMore,
  to: oneOrMore,
  protocol: z.enum(["tcp", "udp", "icmp"]).optional(),
  sport: portNumber.optional(),
  dport: portNumber.optional(),
  "max-outage": duration.optional(),
  rate: speed.optional().describe("Offered load in each direction, for dualhome path and load"),
});
const standby = z.strictObject({
  servers: oneOrMore,
  decision: z.enum(["automatic", "manual"]).optional(),
  delay: duration.optional().describe("Decision until the standby serves"),
});
const demandFields = {
  protocol: z.enum(["tcp", "udp"]).optional(),
  sport: intBetween(1, 65535).optional().describe("The first source port of each pair of servers; each further flow takes the next. Without it they are drawn"),
  dport: intBetween(1, 65535).optional(),
  flows: intBetween(1, 1_000_000).optional().describe("Among how many flows the rate is dealt, evenly; of a matrix or gravity: of each pair of groups"),
};
export const demand = z.strictObject({
  from: oneOrMore.optional().describe("Servers that send"),
  to: oneOrMore.optional().describe("Servers that it is sent to"),
  rate: speed.optional().describe("Of all flows together; of gravity: of all groups"),
  back: speed.optional().describe("What the same flows carry the other way"),
  matrix: z.record(name, z.record(name, speed)).optional().describe("Group that sends → group that it is sent to → rate"),
  gravity: z.record(name, z.number().positive({ error: "DH_DEMAND a weight is above zero" })).optional().describe("Servers → weight of each: two servers exchange in proportion to the product of theirs"),
  ...demandFields,
}).check((d) => {
  if (d.issues.length > 0) return;
  const { from, to, rate, back, matrix, gravity } = d.value;
  const wrong = (message: string): void => { d.issues.push({ code: "custom", input: d.value, message: `DH_DEMAND ${message}` }); };
  const forms = [from !== undefined || to !== undefined, matrix !== undefined, gravity !== undefined].filter(Boolean).length;
  if (forms !== 1) wrong("is one of: from, to and rate; a matrix; gravity and rate");
  else if (matrix !== undefined && (rate !== undefined || back !== undefined)) wrong("the rates of a matrix stand in it");
  else if (matrix === undefined && rate === undefined) wrong("says no rate: rate: 40G");
  else if (gravity !== undefined && Object.keys(gravity).length === 0) wrong("has a gravity of no servers");
  else if (gravity !== undefined && back !== undefined) wrong("gravity has both directions already");
  else if (matrix === undefined && gravity === undefined && (from === undefined || to === undefined)) wrong("goes from servers to servers: say both");
});

export const service = z.strictObject({
  clients: oneOrMore,
  servers: oneOrMore.describe("The first is the primary, the second its standby"),
  standby: standby.optional(),
  dr: standby.optional().describe("A standby at another site"),
  protocol: z.enum(["tcp", "udp"]).optional(),
  port: portNumber.optional(),
  "health-check": z.strictObject({ interval: duration.optional(), fall: intBetween(1, 100).optional(), rise: intBetween(1, 100).optional() }).optional(),
  failback: z.boolean().optional(),
  rate: speed.optional().describe("Offered load in each direction of each client's flow"),
  "max-outage": duration.optional(),
});

const common = { clients: oneOrMore, "max-outage": duration.optional() };
const check = z.strictObject({ interval: duration.optional(), fall: intBetween(1, 100).optional(), rise: intBetween(1, 100).optional() });
export const application = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("balanced"), balancer: name, servers: oneOrMore, need: intBetween(1, 10_000).optional().describe("k of n"), "health-check": check.optional(), ...common }),
  z.strictObject({
    kind: z.literal("active-standby"), primary: name, standby: name, witness: name.optional(),
    heartbeat: z.strictObject({ interval: duration.optional(), timeout: duration.optional() }).optional(),
    replication: z.enum(["sync", "async"]).optional(), lag: duration.optional().describe("Asynchronous: age of the newest write at the standby"),
    decision: z.enum(["automatic", "manual"]).optional(), delay: duration.optional().describe("Of the decision"), promote: duration.optional(),
    failback: z.boolean().optional(), "dns-ttl": duration.optional(), withdraw: duration.optional().describe("Clients follow by routing, after this"), ...common,
  }),
  z.strictObject({ kind: z.literal("quorum"), members: oneOrMore, election: duration.optional(), ...common }),
]);
