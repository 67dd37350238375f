// Rules about the ignore file itself. They are found while the others are judged.

import { group } from "./rule.ts";

export const IGNORE = group("ignore", {
  expired: {
    severity: "warning",
    systems: [],
    title: "An entry of the ignore file has expired, and its fault is still there",
    why: "The reason was good until that day. The finding counts again.",
    mend: "Mend the fault, or give the entry a new reason and a new day.",
    effect: null,
    example: { faulty: "- {rule: lacp/slow-rate, reason: before the upgrade, until: 2025-06-30}", mended: "- {rule: lacp/slow-rate, reason: the upgrade is late, until: 2099-06-30}" },
    find: () => [],
  },
  unused: {
    severity: "warning",
    systems: [],
    title: "An entry of the ignore file leaves nothing out",
    why: "The fault is mended, or the entry does not say where it is. It would hide the next one.",
    mend: "Take the entry out, or correct `where` or `file`.",
    effect: null,
    example: { faulty: "- {rule: lacp/slow-rate, where: \"bonds/old*\", reason: legacy, until: never}", mended: "[]" },
    find: () => [],
  },
});
