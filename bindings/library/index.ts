// Door of the library folder: what a program asks for first.

export { create, Dualhome, type CreateOptions, type SimulationOptions } from "./create.ts";
export { Simulation, type RunWatch, type SimulationSnapshot, type When } from "./simulation.ts";
export { readTopology, TopologyError } from "./topology.ts";
export type { SimulationEvent } from "./events.ts";
