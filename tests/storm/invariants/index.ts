// All invariants of the storm. A case is held to each that says something of it.

import { objections, type Invariant } from "../invariant.ts";
import type { World } from "../world.ts";
import { framesConserved } from "./frames-conserved.ts";
import { hashReference } from "./hash-reference.ts";
import { hellosSame } from "./hellos-same.ts";
import { lacpReference } from "./lacp-reference.ts";
import { macReference } from "./mac-reference.ts";
import { noLoop } from "./no-loop.ts";
import { nothingChanges } from "./nothing-changes.ts";
import { oneMaster } from "./one-master.ts";
import { pathReaches } from "./path-reaches.ts";
import { probesAgree } from "./probes-agree.ts";
import { repairRestores } from "./repair-restores.ts";
import { rstpReference } from "./rstp-reference.ts";
import { snapshotSame } from "./snapshot-same.ts";
import { vrrpReference } from "./vrrp-reference.ts";

export interface Held { name: string; hold(world: World): Promise<string[] | null> }

const held = <E>(invariant: Invariant<E>): Held => ({ name: invariant.name, hold: (world) => objections(invariant, world) });

/** Those that look at the case's own run. */
const cheap = [held(noLoop), held(oneMaster), held(pathReaches), held(repairRestores)];
/** Those that look at one run that is recorded for them. */
const models = [held(rstpReference), held(vrrpReference), held(lacpReference)];
/** Those that make runs of their own. */
const dear = [[held(probesAgree)], [held(framesConserved)], [held(nothingChanges)], models, [held(hashReference), held(macReference)], [held(snapshotSame)], [held(hellosSame)]];

export const invariants: readonly Held[] = [...cheap, ...dear.flat()];

/** The k-th case of a storm is held to the cheap ones and to the dear ones in turn, two of them: more cases see more than more questions of each. */
export function inTurn(k: number): readonly Held[] { return [...cheap, ...dear[k % dear.length]!, ...dear[(k + 1) % dear.length]!]; }
