// migrate: a virtual machine is unplugged from the hypervisor where it runs and, a pause later, plugged into another.

import { formatDuration } from "../../duration.ts";
import type { Draft } from "../draft.ts";
import type { Ns, Step, Vm } from "../model.ts";
import { meant, type Path } from "../problems.ts";
import type { StepInput } from "../schema/file.ts";

interface Move { vm: Vm; to: string; atNs: Ns; pauseNs: Ns; path: Path }

/** The migrations of one scenario, in order of time: each begins where the one before ended. */
export function expandMigrations(draft: Draft, list: readonly StepInput[], listPath: Path): Step[] {
  const moves = list.flatMap((input, i) => readMoves(draft, input, [...listPath, i]));
  moves.sort((a, b) => (a.atNs < b.atNs ? -1 : a.atNs > b.atNs ? 1 : 0));
  const place = new Map<Vm, string>();
  const busyUntil = new Map<Vm, Ns>();
  return moves.flatMap((move) => {
    const from = place.get(move.vm) ?? move.vm.on[0] ?? "";
    const wrong = from === move.to ? `${move.vm.name} already runs on ${move.to}` : (busyUntil.get(move.vm) ?? -1n) >= move.atNs ? `${move.vm.name} is still on its way to ${from}` : null;
    if (wrong !== null) {
      draft.report("DH_MIGRATE", [...move.path, "migrate"], wrong, null, { part: move.vm.name });
      return [];
    }
    place.set(move.vm, move.to);
    busyUntil.set(move.vm, move.atNs + move.pauseNs);
    return stepsOf(draft, move, from);
  });
}

function readMoves(draft: Draft, input: StepInput, path: Path): Move[] {
  if (input.migrate === undefined) return [];
  const { to } = input;
  if (to === undefined) {
    draft.report("DH_MISSING", path, 'migrate lacks "to"', "to: the hypervisor that it moves to");
    return [];
  }
  const atNs = draft.duration(input.at, [...path, "at"]) ?? 0n;
  const pauseNs = draft.choose(draft.duration(input.pause, [...path, "pause"]), [300_000_000n, "QEMU's limit of a migration's downtime"], "migrations: pause", formatDuration);
  return draft.namesOf(input.migrate, [...path, "migrate"]).flatMap((item) => {
    const vm = draft.vms.find((each) => each.name === item.name);
    if (vm === undefined) {
      if (!draft.excused(item.name)) draft.report("DH_UNKNOWN_VM", item.path, `there is no virtual machine "${item.name}"`, meant(item.name, draft.vms.map((each) => each.name)));
      return [];
    }
    if (vm.on.includes(to)) return [{ vm, to, atNs, pauseNs, path }];
    if (!draft.excused(to)) draft.report("DH_MIGRATE", [...path, "to"], `${vm.name} cannot run on "${to}"`, `its hypervisors are ${vm.on.join(" and ")}: say so under vms, on`);
    return [];
  });
}

function stepsOf(draft: Draft, { vm, to, atNs, pauseNs, path }: Move, from: string): Step[] {
  const where = draft.source.locate([...path, "migrate"]);
  const half = (op: "fail" | "repair", at: Ns, host: string): Step => {
    const link = vm.links[vm.on.indexOf(host)] ?? "";
    const part = op === "fail" ? "unplug" : "plug";
    return { atNs: at, op, target: link, targets: [{ kind: "link", name: link }], direction: "both", perMillion: 0, migration: { vm: vm.name, from, to, part }, where };
  };
  return [half("fail", atNs, from), half("repair", atNs + pauseNs, to)];
}
