import type { create, readTopology } from "../../bindings/index.ts";
export function answers(dualhome: { create: typeof create; readTopology: typeof readTopology }, text: string): Promise<Record<string, { trace: string; outages: string[] }>>;
