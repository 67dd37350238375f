// What Node has and browsers have not, asked for when it is needed: an import would stop bundlers, and pages that a server renders.

type Process = { versions?: { node?: string }; getBuiltinModule?(id: string): unknown };

const host = (): Process | undefined => (globalThis as { process?: Process }).process;

export const inNode = (): boolean => host()?.versions?.node !== undefined;

/** A module of Node; undefined where there is none. */
export function builtin<T>(id: `node:${string}`): T | undefined {
  return inNode() ? host()?.getBuiltinModule?.(id) as T | undefined : undefined;
}
