// Something that forwarding depends on has changed: flows are walked again before the next event.

import { cause } from "../core/trace";

export let dirty: bool = false;
/** The record on whose account flows may be up again. */
export let dirtyCause: u32 = 0;

export function markDirty(): void { dirty = true; dirtyCause = cause; }
export function clearDirty(): void { dirty = false; }
