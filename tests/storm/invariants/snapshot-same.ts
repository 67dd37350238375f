// A copy of the state at any instant goes on as the run does: restored, or as a branch beside it, its trace is the whole run's byte for byte. All state is one memory,
// so that nothing can be forgotten in a copy; what was shared with an earlier copy and written to since is what this would find.

import type { Session } from "../../../bindings/engine/index.ts";
import type { Invariant } from "../invariant.ts";

interface Evidence { whole: Buffer; sliced: Buffer; branch: Buffer; restored: Buffer }

export const snapshotSame: Invariant<Evidence> = {
  name: "snapshot-same",
  async gather(world) {
    const { scenario, seed, faultsNs } = world.of;
    const whole = await world.whole();
    const session = await world.open();
    const atNs = (seed * 104_729_000_003n) % (faultsNs + 20_000_000_000n);
    await world.drive(session, atNs / 2n);
    session.snapshot();
    await world.drive(session, atNs);
    const copy = session.snapshot();
    const branch = session.branch(copy);
    const bytes = async (of: Session): Promise<Buffer> => { await world.drive(of, scenario.untilNs); return Buffer.from(of.result().trace.bytes()); };
    const sliced = await bytes(session);
    session.restore(copy);
    return { whole: Buffer.from(whole.trace.bytes()), sliced, branch: await bytes(branch), restored: await bytes(session) };
  },
  judge: ({ whole, ...others }) => Object.entries(others).filter(([, trace]) => !whole.equals(trace)).map(([what]) => `${what}: another trace than the whole run's`),
};
