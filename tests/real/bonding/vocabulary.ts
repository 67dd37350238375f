// What an event of events.json means, whatever it is called. Recordings of one kind differ in words; what is done is one of the
// actions below. A name that fits none of them is reported, and the test of its folder fails with the names that it knows.

import type { RigEvent, Side } from "./folders.ts";

export type Action =
  | "quiet" // a mark, an observation, an announcement of the event that follows
  | "bond up" | "bond deleted" | "bond down" | "bond opened"
  | "cut" | "cable back" | "silent" | "unblock" | "carrier lost" | "carrier back"
  | "release" | "enslave" | "member down" | "member up"
  | "switch port down" | "switch port up" | "activate";

/** Names as recorded so far, or as the notes beside the recordings word them. */
const EXACT: Record<string, Action> = {
  rep: "quiet", rep_end: "quiet", snapshot: "quiet", all_collect_distribute_seen: "quiet", end: "quiet", bond_setup: "quiet", ping_from_A_to_plain_B: "quiet",
  cut_member: "quiet", unbond_B: "quiet", "silent failure, not seen by miimon": "quiet",
  bond_up: "bond up", bond_deleted: "bond deleted", bond_down: "bond down",
  cable_cut: "cut", cable_back: "cable back", silent_block: "silent", unblock: "unblock",
  carrier_lost: "carrier lost", carrier_lost_at_A: "carrier lost", carrier_lost_at_A_only: "carrier lost", carrier_back: "carrier back",
  release: "release", enslave: "enslave", member_down: "member down", member_up: "member up",
  switch_port_down: "switch port down", switch_port_up: "switch port up", admin_change_active: "activate",
};
export const KNOWN_NAMES = Object.keys(EXACT);

const BACK = /back|return|restor|repair|mend|heal|again|\bup\b|\bon\b|regain|plugged in/;
const GONE = /\bdown\b|\boff\b|lost|lose|loss|gone|clos|disabl|\bcut\b|unplug|pull/;

/** Words in any order and spelling: "slave_set_down", "ip link set a1 down", "member 1 released". First rule that fits. */
const RULES: readonly [RegExp, RegExp, Action][] = [
  [/unblock|unsilenc|loud|audible|passes again/, /./, "unblock"],
  [/silen|block|mute|drop/, BACK, "unblock"],
  [/silen|block|mute|drop/, /./, "silent"],
  [/releas|nomaster|unenslav|detach|\bleaves?\b|\bleft\b|removed? (member|slave)|(member|slave) removed?/, /./, "release"],
  [/enslav|\bjoin|attach|added? (member|slave)|(member|slave) added?|\bmaster\b/, /./, "enslave"],
  [/change active|active slave|set active|make active/, /./, "activate"],
  [/carrier|signal/, BACK, "carrier back"],
  [/carrier|signal/, GONE, "carrier lost"],
  [/switch port|bridge port/, BACK, "switch port up"],
  [/switch port|bridge port/, GONE, "switch port down"],
  [/cable|wire|\bcut\b|fibre/, BACK, "cable back"],
  [/cable|wire|\bcut\b|fibre/, GONE, "cut"],
  [/bond.*(delet|destroy|remov)|unbond/, /./, "bond deleted"],
  [/bond.*(setup|created?|made)/, /./, "quiet"],
  [/bond/, GONE, "bond down"],
  [/bond/, /\bup\b|open|\bon\b|back/, "bond up"],
  [/member|slave|port|interface|link|iface|admin|\b[ab]\d\b/, GONE, "member down"],
  [/member|slave|port|interface|link|iface|admin|\b[ab]\d\b/, /\bup\b|\bon\b|enabl|back/, "member up"],
];

/** Names that say that somebody looked, waited or wrote down. */
const LOOKED = /seen|snapshot|wait|settl|note|mark|ping|check|traffic|start|finish|begin|\brep\b|\bend\b|look|info|reached|stable|comment/;

const plain = (name: string): string => name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().replace(/[_\-.,:/]+/g, " ").trim();

/** Null: nobody knows what this is. */
export function actionOf(e: RigEvent): Action | null {
  const exact = EXACT[e.event];
  if (exact !== undefined) return exact;
  const words = plain(e.event);
  const rule = (text: string): (typeof RULES)[number] | undefined => RULES.find(([a, b]) => a.test(text) && b.test(text));
  // "down" alone: of whom, its other fields say
  const found = rule(words) ?? rule(`${words} ${plain([e.dev, e.bond, e.slave, e.port, e.name].filter((word) => word !== undefined).join(" "))}${e.member === undefined ? "" : " member"}`);
  if (found !== undefined && !(LOOKED.test(words) && e.t_done === undefined)) return found[2];
  return LOOKED.test(words) ? "quiet" : null;
}

/** The member that an event is about: a number, or a name such as "a1". */
export function memberOf(e: RigEvent): number | undefined {
  if (typeof e.member === "number") return e.member;
  for (const text of [e.member, e.slave, e.dev, e.port, e.name, e.event]) {
    const found = text === undefined ? null : /(?:^|[^a-z0-9])(?:ma|mb|a|b)?(\d+)(?:$|[^0-9])/.exec(String(text));
    if (found?.[1] !== undefined) return Number(found[1]);
  }
  return undefined;
}

/** The side that an event is about. Operators work at A unless the recording says otherwise. */
export function sideOf(e: RigEvent): Side {
  if (e.side === "A" || e.side === "B") return e.side;
  const text = [e.slave, e.dev, typeof e.member === "string" ? e.member : undefined, e.event].join(" ");
  return /(^|[ _])(at_B|B|b\d)($|[ _])/.test(text) ? "B" : "A";
}

/** Frames of which directions vanish. */
export function directionOf(e: RigEvent): "A to B" | "B to A" | "both" {
  const text = (e.direction ?? "both").toLowerCase().replace(/[^ab]/g, (c) => (c === " " ? " " : c === ">" ? " " : c));
  if (/both|^\s*ab\s*$|a\+b/.test(text)) return "both";
  const first = /\b([ab])\b/.exec(text)?.[1] ?? /^([ab])/.exec(text)?.[1];
  return first === "a" ? "A to B" : first === "b" ? "B to A" : "both";
}

/** What to say of an event that nobody knows. */
export function unknownText(folder: string, e: RigEvent): string {
  return `${folder}: event "${e.event}" at ${e.t} s is not known (${JSON.stringify(e)}); known are ${KNOWN_NAMES.join(", ")}, and names made of the same words`;
}
