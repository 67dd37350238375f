// What happens to a hypervisor happens to the virtual machines that run on it at that time.

import type { Ns, Step, Topology } from "./model.ts";

/** A step as reports name it. */
export function stepName(step: Step): string {
  const { migration, flap } = step;
  if (flap !== undefined) return `flap ${step.target} ${flap.number} of ${flap.of}: ${flap.part}`;
  if (migration === undefined) return `${step.op} ${step.target}`;
  const { vm, from, to, part } = migration;
  return part === "unplug" ? `migrate ${vm} to ${to}: leaves ${from}` : `migrate ${vm} to ${to}: arrives`;
}

/**
 * The steps, and what follows from them: machines die with their hypervisor and start when it is up again. One whose
 * hypervisor is dead is started anew where it is migrated to: what a cluster manager does.
 */
export function withGuests(topology: Pick<Topology, "vms" | "nodes">, steps: readonly Step[]): Step[] {
  if (topology.vms.length === 0) return [...steps];
  const guests = new Guests(topology);
  for (const step of [...steps].sort((a, b) => (a.atNs < b.atNs ? -1 : a.atNs > b.atNs ? 1 : 0))) guests.see(step);
  return [...steps, ...guests.follow];
}

class Guests {
  follow: Step[] = [];
  readonly #place: Map<string, string>;
  readonly #bootNs: Map<string, Ns>;
  readonly #dead = new Set<string>();
  readonly #off = new Set<string>();
  readonly #hung = new Set<string>();

  constructor(topology: Pick<Topology, "vms" | "nodes">) {
    this.#place = new Map(topology.vms.map((vm) => [vm.name, vm.on[0] ?? ""]));
    const hosts = new Set(topology.vms.flatMap((vm) => vm.on));
    this.#bootNs = new Map(topology.nodes.filter((node) => hosts.has(node.name)).map((node) => [node.name, node.bootNs]));
  }

  see(step: Step): void {
    if (step.migration?.part === "plug") this.#arrive(step, step.migration.vm, step.migration.to);
    for (const { kind, name } of step.targets) if (kind === "node" && this.#bootNs.has(name)) this.#host(step, name);
  }

  #host(step: Step, host: string): void {
    if (step.op === "fail" || step.op === "shutdown") {
      this.#off.add(host);
      this.#hung.delete(host);
      this.#kill(step, host);
    } else if (step.op === "hang") {
      if (!this.#off.has(host)) this.#hung.add(host);
    } else if (step.op === "repair") {
      if (this.#hung.delete(host)) this.#kill(step, host); // it is reloaded
      this.#off.delete(host);
      for (const vm of this.#on(host)) if (this.#dead.has(vm)) this.#start(step, vm, step.atNs + (this.#bootNs.get(host) ?? 0n));
    }
  }

  #arrive(step: Step, vm: string, to: string): void {
    this.#place.set(vm, to);
    if (this.#dead.has(vm) && !this.#off.has(to)) this.#start(step, vm, step.atNs);
  }

  #on(host: string): string[] { return [...this.#place].flatMap(([vm, at]) => (at === host ? [vm] : [])); }

  #kill(step: Step, host: string): void {
    const here = new Set(this.#on(host));
    this.follow = this.follow.filter((later) => !(later.op === "repair" && later.atNs > step.atNs && here.has(later.target)));
    for (const vm of here) {
      if (!this.#dead.has(vm)) this.follow.push(nodeStep(step, "fail", vm, step.atNs));
      this.#dead.add(vm);
    }
  }

  #start(step: Step, vm: string, atNs: Ns): void {
    this.follow.push(nodeStep(step, "repair", vm, atNs));
    this.#dead.delete(vm);
  }
}

function nodeStep(step: Step, op: "fail" | "repair", vm: string, atNs: Ns): Step {
  return { atNs, op, target: vm, targets: [{ kind: "node", name: vm }], direction: "both", perMillion: 0, where: step.where };
}
