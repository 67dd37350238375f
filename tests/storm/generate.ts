// Which networks the storm draws: those of the random tests, and two sites with a service, two VLANs, a Windows team and a virtual machine.

import fc from "fast-check";
import { layer2Case } from "../support/random-layer2.ts";
import { randomCase, slowCase } from "../support/random-networks.ts";
import { caseOf, type StormCase } from "./case.ts";
import { sitesCase } from "./random-sites.ts";

export const stormCase: fc.Arbitrary<StormCase> = fc.oneof({ weight: 4, arbitrary: randomCase }, { weight: 1, arbitrary: slowCase }, { weight: 3, arbitrary: layer2Case }, { weight: 2, arbitrary: sitesCase }).map(caseOf);
