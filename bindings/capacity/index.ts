// Door of the capacity folder: what every cable carries, whole and after failures.

export { question as capacityQuestion, type CapacityOptions } from "./question.ts";
export { sourcesOf as trafficSources, trafficOf, type Traffic, type TrafficFlow } from "./traffic.ts";
export { directionsOf, type Direction } from "./cables.ts";
export type { Finding, FindingKind } from "./findings.ts";
export type { CapacityResult, FailureRow, LinkRow, PeerLinkRow } from "./result.ts";
export type { Balance } from "./shares.ts";
export type { Oversubscription, TierRow } from "./tiers.ts";
export { CAPACITY_DEFAULT, capacity, mustOffer, type CapacityRun } from "./capacity.ts";
