// The spanning tree that 802.1D-2004 17.3 to 17.6 defines, computed by hand: priority vectors are compared until nobody learns anything
// new. No time, no messages, no machines; 802.1D-1998 8.3.2 defines the same tree.

export interface Attachment { bridge: string; port: string; portId: number; cost: number }
export interface Network {
  bridges: { name: string; id: bigint }[]; // priority in the upper 16 bits, address below
  lans: Attachment[][]; // a cable has two attachments, a hub many, a host's cable or a deaf one a single
}

export type Role = "root" | "designated" | "alternate" | "backup";
export interface Tree {
  root: Map<string, bigint>; // bridge → the root that it knows
  cost: Map<string, number>;
  roles: Map<string, Role>; // port → role
  forwards: Map<string, boolean>;
}

/** Root, cost, designated bridge, designated port, receiving port: the first that differs decides, the lower is the better one. */
type Vector = readonly [bigint, number, bigint, number, number];

function better(a: Vector, b: Vector): boolean {
  for (let i = 0; i < 5; i++) if (a[i] !== b[i]) return a[i]! < b[i]!;
  return false;
}

interface Knowledge { vector: Vector; by: string | null }

export function spanningTree(network: Network): Tree {
  const idOf = new Map(network.bridges.map((b) => [b.name, b.id]));
  let known = new Map<string, Knowledge>(network.bridges.map((b) => [b.name, { vector: [b.id, 0, b.id, 0, 0], by: null }]));
  for (let round = 0; ; round++) {
    const next = learn(network, idOf, known);
    if ([...next].every(([name, k]) => k.by === known.get(name)!.by && k.vector.every((v, i) => v === known.get(name)!.vector[i]))) break;
    if (round > network.bridges.length + 1) throw new Error("the vectors do not settle");
    known = next;
  }
  const tree: Tree = { root: new Map(), cost: new Map(), roles: new Map(), forwards: new Map() };
  for (const [name, k] of known) { tree.root.set(name, k.vector[0]); tree.cost.set(name, k.vector[1]); }
  for (const lan of network.lans) {
    const says = serving(lan, idOf, known);
    for (const a of lan) {
      const role: Role = known.get(a.bridge)!.by === a.port ? "root" : says.port === a.port && says.bridge === a.bridge ? "designated" : says.bridge === a.bridge ? "backup" : "alternate";
      tree.roles.set(a.port, role);
      tree.forwards.set(a.port, role === "root" || role === "designated");
    }
  }
  return tree;
}

/** 17.6: what a bridge says on a LAN is its root and cost, itself, and the port. */
function designated(a: Attachment, idOf: Map<string, bigint>, known: Map<string, Knowledge>): Vector {
  const [root, cost] = known.get(a.bridge)!.vector;
  return [root, cost, idOf.get(a.bridge)!, a.portId, 0];
}

function serving(lan: Attachment[], idOf: Map<string, bigint>, known: Map<string, Knowledge>): Attachment {
  return lan.reduce((best, a) => (better(designated(a, idOf, known), designated(best, idOf, known)) ? a : best));
}

/** Each bridge looks at all its LANs at once: the best of what others say there, farther by its own port's cost. */
function learn(network: Network, idOf: Map<string, bigint>, known: Map<string, Knowledge>): Map<string, Knowledge> {
  const next = new Map<string, Knowledge>(network.bridges.map((b) => [b.name, { vector: [b.id, 0, b.id, 0, 0], by: null }]));
  for (const lan of network.lans) {
    for (const own of lan) {
      for (const far of lan) {
        if (far.bridge === own.bridge) continue;
        const [root, cost, bridge, port] = designated(far, idOf, known);
        const path: Vector = [root, cost + own.cost, bridge, port, own.portId];
        if (better(path, next.get(own.bridge)!.vector)) next.set(own.bridge, { vector: path, by: own.port });
      }
    }
  }
  return next;
}

/** Do the ports that forward join all LANs and bridges that cables join, without a loop? */
export function isSpanning(network: Network, forwards: (port: string) => boolean): boolean {
  const all = new Sets(); const open = new Sets();
  let loops = false;
  network.lans.forEach((lan, i) => {
    for (const a of lan) {
      all.join(`lan ${i}`, a.bridge);
      if (forwards(a.port) && !open.join(`lan ${i}`, a.bridge)) loops = true;
    }
  });
  const joined = network.lans.flatMap((lan) => lan.map((a) => a.bridge));
  return !loops && joined.every((a) => joined.every((b) => (all.find(a) === all.find(b)) === (open.find(a) === open.find(b))));
}

class Sets {
  readonly #parent = new Map<string, string>();
  find(x: string): string { const up = this.#parent.get(x); return up === undefined ? x : this.find(up); }
  join(a: string, b: string): boolean {
    const [x, y] = [this.find(a), this.find(b)];
    if (x !== y) this.#parent.set(x, y);
    return x !== y;
  }
}
