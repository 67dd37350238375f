// Capacity at the servers: what is offered there against the cables that are left. Fabrics are the matter of `dualhome capacity`.

import type { Lag } from "../topology/model.ts";
import { trafficOf } from "./budgets.ts";
import type { Design } from "./design.ts";
import { group } from "./rule.ts";

interface Load { server: string; mbps: number; largest: { mbps: number; name: string } | null; lag: Lag | null; members: number[]; where: Lag["where"] }

/** Servers that something is offered to or by, with the cables that carry it at a time. */
function* loads(design: Design): Iterable<Load> {
  for (const node of design.topology.nodes) {
    const { sendMbps, receiveMbps, largest } = trafficOf(design, node.name);
    const mbps = Math.max(sendMbps, receiveMbps);
    if (node.kind !== "server" || mbps === 0) continue;
    const ports = design.portsOf(node.name).filter((port) => design.linkAt(`${node.name}:${port.name}`) !== undefined);
    const lag = ports.flatMap((port) => design.lagAt(`${node.name}:${port.name}`) ?? [])[0] ?? null;
    const speeds = (lag === null ? ports : ports.filter((port) => lag.members.includes(port.name))).map((port) => port.speedMbps);
    const members = lag?.mode === "active-backup" ? [Math.min(...speeds)] : lag === null ? speeds.slice(0, 1) : speeds;
    yield { server: node.name, mbps, largest, lag, members, where: lag?.where ?? node.where };
  }
}

const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
const gigabits = (mbps: number): string => `${Math.round(mbps) / 1000}G`;

export const CAPACITY = group("capacity", {
  "more-than-cables": {
    severity: "error", systems: [2],
    title: "A server is offered more than its cables carry",
    why: "What is above the speed of the cables is dropped, of all flows alike, with nothing broken.",
    mend: "Use faster cables or more of them, or offer less.",
    effect: "a cable is asked for more than it carries",
    example: { faulty: "rate: 25G", mended: "rate: 8G" },
    find: function* (design) {
      for (const { server, mbps, members, where } of loads(design)) {
        if (mbps > sum(members)) yield { subject: server, at: where, seen: `${server} is to carry ${gigabits(mbps)} one way by cables of ${gigabits(sum(members))}` };
      }
    },
  },
  "both-halves": {
    severity: "warning", systems: [2],
    title: "Both halves of a bond are counted on",
    why: "The traffic fits while all cables work. When one is lost, or a peer of the pair is upgraded, the others are asked for more than they carry: the redundancy was spent on capacity.",
    mend: "Offer no more than is left without the largest member, or use faster cables.",
    effect: "after one cable is lost the others are asked for more than they carry",
    example: { faulty: "rate: 14G", mended: "rate: 8G" },
    find: function* (design) {
      for (const { server, mbps, members, lag, where } of loads(design)) {
        const left = sum(members) - Math.max(...members);
        if (lag === null || members.length < 2 || mbps > sum(members) || mbps <= left) continue;
        yield { subject: server, at: where, seen: `${server} is to carry ${gigabits(mbps)} one way, and ${lag.name} without a member has ${gigabits(left)}` };
      }
    },
  },
  "flow-above-member": {
    severity: "error", systems: [2, 7],
    title: "A flow is larger than a member of the bond that carries it",
    why: "A hash keeps a flow on one cable, so that its frames stay in order: the flow gets no more than one member, however many there are.",
    mend: "Use members as fast as the largest flow, or deal the traffic among several flows.",
    effect: "a member is asked for more than it carries",
    example: { faulty: "rate: 12G, flows: 1", mended: "rate: 12G, flows: 400" },
    find: function* (design) {
      for (const { server, largest, members, lag, where } of loads(design)) {
        if (lag === null || largest === null || members.length < 2 || largest.mbps <= Math.max(...members)) continue;
        yield { subject: server, at: where, seen: `a flow of ${largest.name} is ${gigabits(largest.mbps)}, and a member of ${lag.name} has ${gigabits(Math.max(...members))}` };
      }
    },
  },
});
