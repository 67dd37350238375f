// State read by `dualhome show` and the mode matrix. Exports only: nothing here changes anything.

import { neighbourOf, neighbourRows } from "./arp/neighbour";
import { bondMemberOf } from "./bond/options";
import { ARP_FREE, LAG_ACTIVE_BACKUP } from "./abi";
import { hasActive } from "./bond/options";
import { LacpPort } from "./lacp/port";
import { peerOf } from "./mclag/peer";
import { movesOf, probeCount, sentBy, takenBy } from "./sim/counters";
import { fdbFirstOf, fdbNextOf, fdbOut, NO_ROW } from "./collections/fdb";
import { BRIDGE_LAG, groupOf, l3Of, lacpPortOf, lagOf, memberOf, nodeOf, portOf, vrrpOf } from "./sim/tables";

export function macMoves(node: i32): u32 { return movesOf(node); }
export function portSent(port: i32): u32 { return sentBy(port); }
export function portTaken(port: i32): u32 { return takenBy(port); }
/** Row: flow·4 + direction·2, and 1 for its broadcasts. */
export function probeSent(row: i32): u32 { return probeCount(row).sent; }
export function probeReceived(row: i32): u32 { return probeCount(row).arrived; }
export function probeCopies(row: i32): u32 { return probeCount(row).copies; }
export function probeLate(row: i32): u32 { return probeCount(row).late; }
