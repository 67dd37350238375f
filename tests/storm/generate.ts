// Which networks the storm draws: those of the random tests, and two sites with a service, two VLANs, a Windows team and a virtual machine.

import fc from "fast-check";
import { layer2Case } from "../support/random-layer2.ts";
import { randomCase, slowCase, type RandomCase } from "../support/random-networks.ts";
import { caseOf, type StormCase } from "./case.ts";
import { sitesCase } from "./random-sites.ts";

/** Every other case deals by addresses and ports: what the driver does unasked is layer2, by which a flow has no way of its own. */
function withHash({ text, seed }: RandomCase): RandomCase {
  return { text: seed % 2n === 0n ? text.replace(/mode: (802\.3ad|balance-xor),/g, "mode: $1, transmit-hash-policy: layer3+4,") : text, seed };
}

export const stormCase: fc.Arbitrary<StormCase> = fc.oneof({ weight: 4, arbitrary: randomCase }, { weight: 1, arbitrary: slowCase }, { weight: 3, arbitrary: layer2Case }, { weight: 2, arbitrary: sitesCase }).map(withHash).map(caseOf);
