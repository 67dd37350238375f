// A bond's settings as the engine reads them.

import {
  BALANCE_DYNAMIC, BALANCE_HASH, BALANCE_PORT, FAIL_OVER_MAC_ACTIVE, FAIL_OVER_MAC_FOLLOW, FAIL_OVER_MAC_NONE, VALIDATE_ACTIVE, VALIDATE_BACKUP, VALIDATE_FILTER,
} from "../../assembly/abi.ts";
import type { BondOptions } from "../topology/model.ts";
import type { FlatBond } from "./flat.ts";
import { parseIp } from "../topology/ip.ts";

const FAIL_OVER_MAC = { none: FAIL_OVER_MAC_NONE, active: FAIL_OVER_MAC_ACTIVE, follow: FAIL_OVER_MAC_FOLLOW } as const;
const BALANCE = { "address-hash": BALANCE_HASH, "hyper-v-port": BALANCE_PORT, dynamic: BALANCE_DYNAMIC } as const;
const VALIDATE = {
  none: 0, active: VALIDATE_ACTIVE, backup: VALIDATE_BACKUP, all: VALIDATE_ACTIVE | VALIDATE_BACKUP, filter: VALIDATE_FILTER,
  "filter-active": VALIDATE_FILTER | VALIDATE_ACTIVE, "filter-backup": VALIDATE_FILTER | VALIDATE_BACKUP,
} as const;

export function flatBond(o: BondOptions): FlatBond {
  return {
    packetsPerSlave: o.packetsPerSlave, failOverMac: FAIL_OVER_MAC[o.failOverMac], notifyNs: o.peerNotifyDelayNs, learnNs: o.learnIntervalNs, dynamic: o.dynamic ? 1 : 0,
    balance: BALANCE[o.balance], arpNs: o.arpIntervalNs, validate: VALIDATE[o.arpValidate], missedMax: o.arpMissedMax, allTargets: o.arpAllTargets ? 1 : 0,
    targets: o.arpTargets.map((ip) => Number(parseIp(ip))),
  };
}
