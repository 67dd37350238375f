// The two packages that only a cluster needs. They are loaded here and nowhere else, when a command asks for them.

import { DualhomeError } from "../errors.ts";

export interface Packages { bullmq: typeof import("bullmq"); ioredis: typeof import("ioredis") }

type Load = (name: string) => Promise<unknown>;

/** Throws DH_CLUSTER_PACKAGES where they are not installed. */
export async function packages(load: Load = (name) => import(name)): Promise<Packages> {
  try {
    const [bullmq, ioredis] = await Promise.all([load("bullmq"), load("ioredis")]);
    return { bullmq, ioredis } as Packages;
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw e;
    throw new DualhomeError("DH_CLUSTER_PACKAGES", "a cluster needs two packages that are not installed with dualhome; install them with\n  npm install bullmq ioredis", 2);
  }
}
