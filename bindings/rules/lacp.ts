// LACP: who speaks, how soon silence is noticed, and what the two ends have to have in common.

import { group, refused } from "./rule.ts";

export const LACP = group("lacp", {
  "both-passive": {
    severity: "error",
    systems: [5, 6, 7],
    title: "Both ends of an aggregate are LACP passive",
    why: "A passive end speaks only when it is spoken to. When both are, neither sends the first LACPDU, the aggregate never forms, and nothing is carried.",
    mend: "Make one end active: `mode: lacp-active` at the switch, or no `lacp-active: false` at the server.",
    effect: "the flow never comes up",
    example: { faulty: "lacp-active: false", mended: "lacp-active: true" },
    find: refused("DH_LACP_PASSIVE"),
  },
  "static-end": {
    severity: "error",
    systems: [5, 7, 12],
    title: "One end bundles, and the other does not, or not in the same way",
    why: "An end that bundles without LACP deals frames to all its cables, whatever the other end takes them from. Frames on cables that the other end does not use are lost, and no port goes down to show it.",
    mend: "Bundle at both ends, and speak LACP at both: `mode: 802.3ad` at the server, `mode: lacp-active` at the switch.",
    effect: "flows that are dealt to the unused cable are down from the beginning",
    example: { faulty: "mode: static", mended: "mode: lacp-active" },
    find: refused("DH_LACP_STATIC"),
  },
});
