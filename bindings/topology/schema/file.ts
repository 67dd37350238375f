// The shape of a topology file. One schema gives the TypeScript type, the JSON Schema for editors, and the errors. What the network carries,
// scenarios, and failures stand in files of their own.

import * as z from "zod"; // as a namespace: bundlers then leave out what is not used
import { PROFILE_NAMES } from "../profiles.ts";
import { failuresSchema } from "./failures.ts";
import { expectation, scenario, step } from "./scenario.ts";
import { application, demand, flow, service } from "./traffic.ts";
import { duration, intBetween, name, oneOrMore, speed } from "./words.ts";

export { COMPOUND_OPS, STEP_OPS } from "./scenario.ts";

const vrrpPriority = intBetween(1, 255, "DH_PRIORITY").meta({ description: "1 to 254; 255: the router owns the address" });
const hashPolicy = z.enum(["layer2", "layer2+3", "layer3+4", "vlan+srcmac", "encap2+3", "encap3+4"]);
const rate = z.enum(["fast", "slow"]);
const bondMode = z.enum([
  "802.3ad", "active-backup", "balance-xor", "balance-rr", "broadcast", "balance-tlb", "balance-alb", "windows-switch-independent", "windows-lacp", "windows-static",
]);
const mac = z.string().regex(/^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$/, { error: "a MAC address is six pairs of hex digits with colons" });
const lacpPriority = intBetween(0, 65535, "DH_PRIORITY");

const linkFields = {
  speed: speed.optional(),
  delay: duration.optional().describe("One way"),
  "loss-detect": duration.optional().describe("Carrier lost until the driver says so"),
  "media-converter": z.boolean().optional().describe("Converters in the cable: an end's carrier does not depend on the other end"),
};
const timeFields = {
  boot: duration.optional().describe("Power on until the ports are up"),
  "mac-ageing": duration.optional(),
  "arp-ageing": duration.optional(),
};
const bondFields = {
  mode: bondMode.optional(),
  "lacp-rate": rate.optional(),
  "lacp-active": z.boolean().optional().describe("802.3ad: false speaks only when spoken to"),
  "ad-user-port-key": intBetween(0, 1023).optional().describe("802.3ad: the upper ten bits of the members' key"),
  "ad-actor-system-priority": intBetween(1, 65535, "DH_PRIORITY").optional(),
  "transmit-hash-policy": hashPolicy.optional(),
  "mii-monitor-interval": duration.optional(),
  "up-delay": duration.optional(),
  "down-delay": duration.optional(),
  "primary-reselect-policy": z.enum(["always", "better", "failure"]).optional(),
  "gratuitous-arp": intBetween(0, 255).optional(),
  "min-links": intBetween(0, 64).optional(),
  "ad-select": z.enum(["stable", "bandwidth", "count"]).optional(),
  "packets-per-slave": intBetween(0, 65535).optional().describe("balance-rr: frames in a row by one member; 0: at random"),
  "fail-over-mac-policy": z.enum(["none", "active", "follow"]).optional(),
  "peer-notify-delay": duration.optional().describe("Between gratuitous ARPs; otherwise one a poll"),
  "learn-packet-interval": duration.optional().describe("balance-tlb and balance-alb"),
  "tlb-dynamic": z.boolean().optional(),
  "load-balancing": z.enum(["address-hash", "hyper-v-port", "dynamic"]).optional().describe("Of the Windows modes"),
  "arp-interval": duration.optional().describe("ARP monitor, in place of the MII monitor"),
  "arp-ip-targets": oneOrMore.optional(),
  "arp-validate": z.enum(["none", "active", "backup", "all", "filter", "filter-active", "filter-backup"]).optional(),
  "arp-missed-max": intBetween(1, 255).optional(),
  "arp-all-targets": z.enum(["any", "all"]).optional(),
};
const bytes = z.string().regex(/^\d{1,6}(\.\d{1,3})?[KMG]B$/, { error: "DH_VALUE a size is a number with a unit, like 500MB" });
const fallback = z.strictObject({
  mode: z.enum(["none", "static", "individual", "force-up", "edge-port", "bypass"]).optional(),
  timeout: duration.optional().describe("All members silent until it begins"),
  port: name.optional().describe("The member that is forced up: the switch's port, or under bonds the server's"),
  peers: z.enum(["one", "each"]).optional().describe("Of an MC-LAG pair: one leg falls back, or each"),
});
const pxe = z.strictObject({
  nic: name.optional().describe("first (with a link), each (in turn), or a port"),
  at: duration.optional().describe("Power on"),
  post: duration.optional().describe("Self-test; the NICs have no link meanwhile"),
  "link-wait": duration.optional(),
  dhcp: z.strictObject({ first: duration.optional().describe("Doubles with each DISCOVER"), tries: intBetween(1, 10).optional() }).optional(),
  load: z.strictObject({
    protocol: z.enum(["tftp", "http"]).optional(),
    size: bytes.optional(),
    rate: speed.optional().describe("What one transfer reaches by itself"),
    retry: duration.optional(),
    retries: intBetween(1, 100).optional(),
  }).optional(),
  attempts: intBetween(1, 100).optional().describe("Of the firmware, with a restart between"),
  install: duration.optional(),
});
const lacpFields = {
  rate: rate.optional(),
  "system-priority": lacpPriority.optional(),
  hash: hashPolicy.optional(),
};

const hashSeed = intBetween(0, 4294967295).describe("Of the hash for members and next hops. Switches with equal ones on two tiers polarise; without it each has its own");
const stpMode = z.enum(["rstp", "stp", "none", "transparent"]);
const stpFields = {
  mode: stpMode.optional().describe("rstp: 802.1D-2004, stp: 802.1D-1998, none: BPDUs are dropped, transparent: they pass, as through a hub"),
  edge: z.union([z.literal("servers"), z.array(name)]).optional().describe("Ports that forward at once: a list, or all that lead to servers"),
  shared: z.array(name).optional().describe("Half-duplex ports: no proposal, no agreement"),
  "bpdu-guard": z.union([z.literal("edge"), z.array(name)]).optional().describe("Ports that a BPDU shuts down: a list, or all edge ports"),
  "loop-guard": z.boolean().optional().describe("A root or alternate port that hears no BPDUs any more stays closed"),
  hello: duration.optional(),
  "max-age": duration.optional(),
  "forward-delay": duration.optional(),
};
const bridgePriority = z.int({ error: "DH_PRIORITY a bridge priority is a multiple of 4096 from 0 to 61440" }).min(0, { error: "DH_PRIORITY must be 0 to 61440" })
  .max(61440, { error: "DH_PRIORITY must be 0 to 61440" }).multipleOf(4096, { error: "DH_PRIORITY must be a multiple of 4096" });
const stpDefaults = z.union([stpMode, z.strictObject(stpFields)]);
const stp = z.union([stpMode, z.strictObject({ ...stpFields, priority: bridgePriority.optional(), cost: z.record(name, intBetween(1, 200000000)).optional().describe("Of ports and port-channels") })]);

const defaults = z.strictObject({
  link: z.strictObject(linkFields).optional(),
  bond: z.strictObject(bondFields).optional(),
  lacp: z.strictObject({ ...lacpFields, "port-priority": lacpPriority.optional(), "lacp-fallback": fallback.optional() }).optional().describe("Of switches"),
  switch: z.strictObject({ ...timeFields, profile: z.enum(PROFILE_NAMES).optional(), stp: stpDefaults.optional(), "hash-seed": hashSeed.optional() }).optional(),
  server: z.strictObject({ boot: timeFields.boot }).optional(),
  flow: z.strictObject({ "max-outage": duration.optional() }).optional(),
});

const cost = z.number({ error: "a cost is a number, in the currency of costs" }).min(0, { error: "a cost is 0 or more" }).describe("What it costs, in the currency of costs");
const costs = z.strictObject({
  currency: name.optional(), server: cost.optional(), leaf: cost.optional(), tor: cost.optional(), spine: cost.optional(), core: cost.optional(), l2switch: cost.optional(), router: cost.optional(),
  hypervisor: cost.optional(), cable: cost.optional(),
}).describe("Of each node of a kind, unless it says its own, and of each cable");

const site = z.nullable(z.strictObject({ role: z.enum(["primary", "dr"]).optional() }));
const network = z.strictObject({ vlan: intBetween(1, 4094), subnet: name.optional().describe("IPv4 or IPv6, like 10.1.10.0/24 or fd00:10::/64"), site: name.optional() });
const node = z.strictObject({
  kind: z.enum(["server", "leaf", "tor", "spine", "core", "l2switch", "router", "hypervisor"]),
  site: name.optional(),
  profile: z.enum(PROFILE_NAMES).optional().describe("Whose timers are assumed where the file says nothing"),
  network: name.optional().describe("Servers: the network of the bond or port"),
  address: name.optional().describe("Servers: the address, or the first one of a range"),
  gateway: name.optional().describe("Servers: an address, the name of a gateway, or none"),
  "prefix-length": intBetween(1, 32).optional().describe("Servers: a mask other than the network's, which is a mistake that can be simulated"),
  stp: stp.optional().describe("Switches: spanning tree"),
  "hash-seed": hashSeed.optional(),
  tier: intBetween(1, 9).optional().describe("Switches: how high it stands, where the kind does not say it: leaf 1, spine 2, core and router 3"),
  cost: cost.optional(),
  pxe: z.nullable(pxe).optional().describe("Servers: boots over the network, without an operating system"),
  dhcp: z.boolean().optional().describe("Servers: answers DHCP and serves what is loaded"),
  cards: z.record(name, oneOrMore).optional().describe("Line cards of a switch, NICs of a server: their ports fail together"),
  power: oneOrMore.optional().describe("Power feeds; without all of them it is dead"),
  ...timeFields,
});

const linkEntry = z.strictObject({
  endpoints: z.array(name).length(2, { error: "a link has two endpoints" }).optional(),
  mesh: z.strictObject({ from: oneOrMore, to: oneOrMore, ...linkFields }).optional().describe("A cable from each to each, on the next free ports"),
  ...linkFields,
  risk: oneOrMore.optional().describe("Shared-risk groups: their links fail together"),
  networks: oneOrMore.optional().describe("Bridged, and carries these; without it, cables between routed switches are routed"),
});
const link = z.union([name, linkEntry]);

const lag = z.strictObject({
  members: oneOrMore,
  mode: z.enum(["static", "lacp-active", "lacp-passive"]),
  ...lacpFields,
  key: intBetween(1, 65535).optional(),
  "min-links": intBetween(0, 64).optional(),
  "max-bundle": intBetween(0, 64).optional(),
  "port-priority": z.record(name, lacpPriority).optional(),
  networks: oneOrMore.optional(),
  "lacp-fallback": fallback.optional(),
  mlag: name.optional().describe("The pair that this is a member of"),
  "mlag-id": intBetween(1, 65535).optional(),
});

const peerLink = z.union([oneOrMore, z.strictObject({ ports: oneOrMore, ...linkFields, risk: oneOrMore.optional() })]);
const mlag = z.strictObject({
  peers: z.array(name).length(2, { error: "DH_PAIR a pair has two peers" }),
  "peer-link": peerLink.optional(),
  keepalive: z.strictObject({
    via: z.enum(["mgmt", "link"]).optional(),
    link: name.optional().describe("With via: link, the cable: leaf1:Eth47 -- leaf2:Eth47"),
    interval: duration.optional(),
    timeout: duration.optional(),
    hold: duration.optional().describe("Peer-link lost until keepalives are looked at"),
  }).optional(),
  control: z.union([z.literal("off"), z.strictObject({ interval: duration.optional(), timeout: duration.optional() })]).optional()
    .describe("Hellos of the control protocol over the peer-link; off: a peer-link that is silent is not noticed"),
  domain: intBetween(1, 65535).optional(),
  "role-priority": z.record(name, intBetween(1, 65535, "DH_PRIORITY")).optional().describe("Lower wins"),
  "system-mac": mac.optional(),
  "system-priority": lacpPriority.optional(),
  "delay-restore": duration.optional(),
  "auto-recovery": z.union([z.literal("off"), duration]).optional(),
  "peer-gateway": z.boolean().optional(),
  "gateway-active": z.boolean().optional().describe("Both peers forward frames sent to the virtual router's MAC"),
  "suspend-ports": z.enum(["members", "orphans", "all"]).optional().describe("What the secondary suspends then: its dual-homed members, its orphan ports as well, or all but peer-link and keepalive"),
  "suspend-secondary": z.boolean().optional().describe("When the peer-link is lost and the peer still heard"),
});

const bond = z.strictObject({
  to: oneOrMore.optional().describe("A pair or switch: makes the cables and the switch's side"),
  members: oneOrMore,
  ...bondFields,
  ...linkFields,
  primary: name.optional(),
  network: name.optional(),
  "lacp-fallback": fallback.optional().describe("Of the switch's side"),
});

const vm = z.strictObject({
  on: oneOrMore.describe("Hypervisors: it runs on the first and may move to the others"),
  network: name,
  address: name.optional().describe("The address, or the first one of a range"),
  gateway: name.optional().describe("An address, the name of a gateway, or none"),
  boot: duration.optional().describe("Start of the virtual machine until it answers"),
});

const track = z.strictObject({
  port: name.optional().describe("A port of the router: Eth49"),
  link: name.optional().describe("A cable of the router: leaf1:Eth49 -- spine1:Eth1"),
  uplinks: z.literal(true).optional().describe("All its cables to a higher tier: down when the last one is"),
  decrement: intBetween(1, 255).optional(),
}).describe("What lowers the priority (GLBP: the weighting) while it is down");
const weighting = z.strictObject({ value: intBetween(1, 254).optional(), lower: intBetween(1, 254).optional(), upper: intBetween(1, 254).optional() });
const gatewayRouter = z.union([
  vrrpPriority,
  z.strictObject({
    priority: vrrpPriority.optional(), address: name.optional(),
    "advert-interval": duration.optional(), preempt: z.boolean().optional(), "preempt-delay": duration.optional(),
    track: z.array(track).optional(), weighting: weighting.optional(), "proxy-arp": z.boolean().optional(),
  }).describe("What is said here goes before what the gateway says"),
]);
const gateway = z.strictObject({
  network: name.optional().describe("If the key is neither a network's name nor vlanN"),
  protocol: z.enum(["vrrp", "hsrp", "glbp", "anycast", "static"]),
  version: z.union([z.literal(1), z.literal(2), z.literal(3)], { error: "DH_VALUE the version is 2 or 3 for VRRP, 1 or 2 for HSRP" }).optional(),
  vrid: intBetween(1, 255).optional(),
  vip: oneOrMore.describe("Address, with or without the prefix length; of an IPv6 virtual router also its link-local one"),
  routers: z.record(name, gatewayRouter),
  "advert-interval": duration.optional(),
  preempt: z.boolean().optional(),
  "preempt-delay": duration.optional(),
  implementation: z.enum(["rfc3768", "rfc5798", "rfc9568", "keepalived", "frr"]).optional().describe("VRRP. Of version 2 the RFCs are one, 3768, whichever is named"),
  group: intBetween(0, 4095).optional().describe("HSRP and GLBP"),
  hello: duration.optional().describe("HSRP and GLBP"),
  hold: duration.optional().describe("HSRP and GLBP"),
  "load-balancing": z.enum(["round-robin", "weighted", "host-dependent"]).optional().describe("GLBP"),
  weighting: weighting.optional().describe("GLBP"),
  redirect: duration.optional().describe("GLBP: after this a silent owner's number is no longer handed out"),
  timeout: duration.optional().describe("GLBP: after this nobody forwards for a silent owner"),
  "forwarder-preempt-delay": duration.optional().describe("GLBP: the owner waits before it takes its number back"),
  mac: mac.optional().describe("Anycast: the MAC address of all its routers"),
  track: z.array(track).optional(),
  "proxy-arp": z.boolean().optional().describe("Answers ARP for every address that it has a route to: reported as a security finding"),
  "virtual-mac": z.boolean().optional().describe("Speak and answer with 00:00:5e:00:01:VRID; keepalived does so only with use_vmac"),
});

export const fileSchema = z.strictObject({
  dualhome: z.literal(1, { error: "DH_VERSION this program reads version 1 of the format: dualhome: 1" }).describe("Version of the format"),
  name: name.optional(),
  defaults: defaults.optional(),
  sites: z.record(name, site).optional(),
  networks: z.record(name, network).optional(),
  nodes: z.record(name, node),
  links: z.array(link).optional(),
  lags: z.record(name, lag).optional(),
  mlag: z.record(name, mlag).optional(),
  bonds: z.record(name, bond).optional(),
  vms: z.record(name, vm).optional(),
  gateways: z.record(name, gateway).optional(),
  flows: z.record(name, flow).optional(),
  demands: z.record(name, demand).optional(),
  costs: costs.optional(),
  services: z.record(name, service).optional(),
  applications: z.record(name, application).optional(),
  scenarios: z.record(name, scenario).optional(),
  failures: failuresSchema.optional().describe("How often what fails, for dualhome nines"),
});

export type FileInput = z.infer<typeof fileSchema>;
export type NodeInput = z.infer<typeof node>;
export type StpInput = z.infer<typeof stp>;
export type LinkFields = { speed?: string | undefined; delay?: string | undefined; "loss-detect"?: string | undefined; "media-converter"?: boolean | undefined };
export type LinkInput = z.infer<typeof linkEntry>;
export type LagInput = z.infer<typeof lag>;
export type FallbackInput = z.infer<typeof fallback>;
export type MlagInput = z.infer<typeof mlag>;
export type BondInput = z.infer<typeof bond>;
export type VmInput = z.infer<typeof vm>;
export type BondFields = Pick<BondInput, keyof typeof bondFields>;
export type GatewayInput = z.infer<typeof gateway>;
export type TrackInput = z.infer<typeof track>;
export type FlowInput = z.infer<typeof flow>;
export type DemandInput = z.infer<typeof demand>;
export type ServiceInput = z.infer<typeof service>;
export type ApplicationInput = z.infer<typeof application>;
export type StepInput = z.infer<typeof step>;
export type ExpectationInput = z.infer<typeof expectation>;
export type ScenarioInput = z.infer<typeof scenario>;

/** The JSON Schema that editors read (draft-7: what yaml-language-server understands). */
export function jsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(fileSchema, { target: "draft-7", io: "input" }) as Record<string, unknown>;
  return { ...schema, $id: "dualhome-1.schema.json", title: "dualhome topology file, version 1" };
}
