// Door of the show folder: what a node would show at an instant.

export { Simulation, type NodeState } from "./simulation.ts";
export { bondingText, KERNEL } from "./bonding.ts";
export { VIEWS, type View, type Views } from "./types.ts";
export type * from "./types.ts";
