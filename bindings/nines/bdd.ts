// A binary decision diagram of a structure function: is the service down, given which effects are? (Bryant 1986; Rauzy 1993 for fault
// trees). Made of minimal cut sets; the probability of independent variables is then exact, however many cut sets there are.

interface Node { variable: number; up: number; down: number } // children: the variable is up, is down

const FALSE = 0;
const TRUE = 1;

export class Bdd {
  readonly #nodes: Node[] = [{ variable: Infinity, up: -1, down: -1 }, { variable: Infinity, up: -1, down: -1 }];
  readonly #unique = new Map<string, number>();
  readonly #known = new Map<string, number>();

  /** The function that is true where all variables of some cut are down. */
  ofCuts(cuts: readonly (readonly number[])[]): number {
    return cuts.reduce((root, cut) => this.or(root, this.#all(cut)), FALSE);
  }

  get size(): number { return this.#nodes.length; }

  #all(cut: readonly number[]): number {
    return [...cut].sort((a, b) => b - a).reduce((below, variable) => this.#node(variable, FALSE, below), TRUE);
  }

  #node(variable: number, up: number, down: number): number {
    if (up === down) return up;
    const key = `${variable} ${up} ${down}`;
    let found = this.#unique.get(key);
    if (found === undefined) {
      found = this.#nodes.push({ variable, up, down }) - 1;
      this.#unique.set(key, found);
    }
    return found;
  }

  or(f: number, g: number): number {
    if (f === TRUE || g === TRUE) return TRUE;
    if (f === FALSE || f === g) return g;
    if (g === FALSE) return f;
    const key = f < g ? `${f} ${g}` : `${g} ${f}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const [a, b] = [this.#nodes[f]!, this.#nodes[g]!];
    const variable = Math.min(a.variable, b.variable);
    const [fUp, fDown] = a.variable === variable ? [a.up, a.down] : [f, f];
    const [gUp, gDown] = b.variable === variable ? [b.up, b.down] : [g, g];
    const result = this.#node(variable, this.or(fUp, gUp), this.or(fDown, gDown));
    this.#known.set(key, result);
    return result;
  }

  /** P(root), and for each variable P(root | down) − P(root | up): Birnbaum's importance. `q` are the probabilities of being down. */
  probability(root: number, q: ArrayLike<number>): { p: number; birnbaum: Float64Array } {
    const below = new Float64Array(this.#nodes.length); // P(true below the node)
    below[TRUE] = 1;
    for (let i = 2; i < this.#nodes.length; i++) { // children were made before their parents
      const n = this.#nodes[i]!;
      below[i] = (1 - q[n.variable]!) * below[n.up]! + q[n.variable]! * below[n.down]!;
    }
    const reach = new Float64Array(this.#nodes.length); // P(the way down comes through the node)
    reach[root] = 1;
    const birnbaum = new Float64Array(q.length);
    for (let i = this.#nodes.length - 1; i >= 2; i--) {
      const n = this.#nodes[i]!;
      if (reach[i] === 0) continue;
      birnbaum[n.variable]! += reach[i]! * (below[n.down]! - below[n.up]!);
      reach[n.up]! += reach[i]! * (1 - q[n.variable]!);
      reach[n.down]! += reach[i]! * q[n.variable]!;
    }
    return { p: below[root]!, birnbaum };
  }
}
