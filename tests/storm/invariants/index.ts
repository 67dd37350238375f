// All invariants of the storm. A case is held to each that says something of it.

import { objections, type Invariant } from "../invariant.ts";
import type { World } from "../world.ts";
import { noLoop } from "./no-loop.ts";
import { oneMaster } from "./one-master.ts";
import { pathReaches } from "./path-reaches.ts";
import { repairRestores } from "./repair-restores.ts";

export interface Held { name: string; hold(world: World): Promise<string[] | null> }

const held = <E>(invariant: Invariant<E>): Held => ({ name: invariant.name, hold: (world) => objections(invariant, world) });

export const invariants: readonly Held[] = [held(noLoop), held(oneMaster), held(pathReaches), held(repairRestores)];
