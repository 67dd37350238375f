// The guided tours, one for each system of docs/systems.md.

import { designs } from "./designs.ts";
import { gateways } from "./gateways.ts";
import { hosts } from "./hosts.ts";
import { lacp } from "./lacp.ts";
import type { Tour } from "./types.ts";

export type { Expectation, Said, Tour, TourAction, TourPoint, TourStep } from "./types.ts";
export { pointOf, saidIn, sayOf } from "./play.ts";

export const tours: readonly Tour[] = [...designs, ...lacp, ...hosts, ...gateways].sort((a, b) => a.system - b.system);
