// The shape of an invariant: what it looks at, and what it says of it. The two are apart, so that a test can hand it something made wrong and see it object.

import type { World } from "./world.ts";

export interface Invariant<Evidence> {
  name: string;
  /** null: it says nothing of this case */
  gather(world: World): Promise<Evidence | null>;
  /** objections; empty: it holds */
  judge(evidence: Evidence): string[];
}

/** null: it did not apply. */
export async function objections<E>(invariant: Invariant<E>, world: World): Promise<string[] | null> {
  const evidence = await invariant.gather(world);
  return evidence === null ? null : invariant.judge(evidence);
}
