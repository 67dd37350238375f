// Profiles: what a vendor's machine does where the file says nothing. Every value taken from here is printed as assumed.

import { parseDuration } from "../duration.ts";

/** [value, who says so] */
export type Sourced<T> = readonly [T, string];

export interface PairProfile {
  /** Hellos of the control protocol over the peer-link, and how long none may come */
  controlInterval: Sourced<bigint>;
  controlTimeout: Sourced<bigint>;
  keepaliveInterval: Sourced<bigint>;
  keepaliveTimeout: Sourced<bigint>;
  hold: Sourced<bigint>;
  rolePriority: Sourced<number>;
  systemPriority: Sourced<number>;
  delayRestore: Sourced<bigint>;
  /** Suspended, and then the keepalive falls silent too; NEVER: it stays suspended */
  autoRecovery: Sourced<bigint>;
  /** Booted, and its peer does not show up */
  alone: Sourced<bigint>;
  peerGateway: Sourced<boolean>;
  gatewayActive: Sourced<boolean>;
  suspendSecondary: Sourced<boolean>;
  suspendPorts: Sourced<"members" | "orphans" | "all">;
  /** Where the secondary does not suspend: does it become primary when the peer-link is lost, whoever is heard? */
  splits: Sourced<boolean>;
  /** The other peer is asked at once, and what was heard since the loss counts at the end of the hold */
  checks: Sourced<boolean>;
  /** The standby (worse priority) shows its own LACP system while the keepalive is not heard */
  ownSystem: Sourced<boolean>;
  /** Domain id and the first peer's base MAC → the system MAC that both show */
  systemMac(domain: number, peerMac: bigint): Sourced<bigint>;
}

export interface Profile {
  vendor: string;
  boot: Sourced<bigint>;
  macAge: Sourced<bigint>;
  arpAge: Sourced<bigint>;
  lacpFast: Sourced<boolean>;
  lacpTick: bigint;
  systemPriority: number;
  portPriority: number;
  hash: Sourced<"layer2" | "layer3+4">;
  vrrpVersion: Sourced<2 | 3>;
  vrrpImplementation: Sourced<"rfc5798" | "rfc9568" | "keepalived">;
  pair: PairProfile;
}

const OURS = "dualhome's own default";
/** Of autoRecovery and alone. */
const NEVER = -1n;
const d = parseDuration;

const standardPair: PairProfile = {
  controlInterval: [d("1s"), OURS],
  controlTimeout: [d("5s"), OURS],
  keepaliveInterval: [d("1s"), OURS],
  keepaliveTimeout: [d("5s"), OURS],
  hold: [d("3s"), OURS],
  rolePriority: [32768, OURS],
  systemPriority: [32768, "IEEE 802.1AX default"],
  delayRestore: [d("30s"), OURS],
  autoRecovery: [d("240s"), OURS],
  alone: [d("240s"), OURS],
  peerGateway: [true, OURS],
  gatewayActive: [true, "common to MC-LAG implementations"],
  suspendSecondary: [true, "common to MC-LAG implementations"],
  suspendPorts: ["members", "common to MC-LAG implementations"],
  splits: [false, OURS],
  checks: [false, OURS],
  ownSystem: [false, OURS],
  systemMac: (domain) => [0x02d0_0000_0000n + BigInt(domain), OURS],
};

const standard: Profile = {
  vendor: "standard",
  boot: [d("120s"), OURS],
  macAge: [d("300s"), "IEEE 802.1Q default"],
  arpAge: [d("1200s"), OURS],
  lacpFast: [false, OURS],
  lacpTick: 0n,
  systemPriority: 0x8000,
  portPriority: 0x8000,
  hash: ["layer3+4", OURS],
  vrrpVersion: [3, "RFC 9568"],
  vrrpImplementation: ["rfc9568", "RFC 9568"],
  pair: standardPair,
};

type Changes = Partial<Omit<Profile, "pair">> & { vendor: string; pair?: Partial<PairProfile> };

function vendor(changes: Changes): Profile {
  return { ...standard, ...changes, pair: { ...standardPair, ...changes.pair } };
}

const NXOS = "Cisco NX-OS default";
const EOS = "Arista EOS default";
const JUNOS = "Junos default";
const SONIC = "SONiC iccpd default";
const ARUBA = "Aruba CX default";
const DELL = "Dell OS10 default";
const COMWARE = "Comware default";
const HUAWEI = "Huawei default";
const CUMULUS = "Cumulus default";
const LINUX = "Linux default";

const nxos = vendor({
  vendor: "Cisco NX-OS",
  macAge: [d("1800s"), `${NXOS} (unverified)`],
  arpAge: [d("1500s"), `${NXOS} (unverified)`],
  lacpFast: [false, NXOS],
  vrrpVersion: [2, NXOS],
  vrrpImplementation: ["rfc5798", "NX-OS, taken to behave as RFC 5798"],
  pair: {
    controlInterval: [d("1s"), `${OURS}; that of NX-OS is unverified`],
    controlTimeout: [d("5s"), `${OURS}; that of NX-OS is unverified`],
    keepaliveInterval: [d("1s"), NXOS],
    keepaliveTimeout: [d("5s"), NXOS],
    hold: [d("3s"), NXOS],
    rolePriority: [32667, NXOS],
    systemPriority: [32667, NXOS],
    delayRestore: [d("30s"), NXOS],
    autoRecovery: [d("240s"), `${NXOS} where auto-recovery is on`],
    alone: [d("240s"), `${NXOS}: auto-recovery reload-delay, where auto-recovery is on`],
    peerGateway: [false, NXOS],
    gatewayActive: [true, "Cisco vPC: both peers route for the virtual MAC"],
    suspendSecondary: [true, "Cisco vPC"],
    systemMac: (domain) => [0x0023_04ee_be00n + BigInt(domain & 0xff), "Cisco vPC: 00:23:04:ee:be and the domain"],
  },
});

const eos = vendor({
  vendor: "Arista EOS",
  macAge: [d("300s"), `${EOS} (unverified)`],
  arpAge: [d("14400s"), `${EOS} (unverified)`],
  lacpFast: [false, EOS],
  vrrpVersion: [2, EOS],
  vrrpImplementation: ["rfc5798", "EOS, taken to behave as RFC 5798"],
  pair: {
    controlInterval: [d("4s"), "Arista vEOS heartbeat, as it displays"],
    controlTimeout: [d("60s"), "Arista vEOS heartbeat, as it displays"],
    keepaliveInterval: [d("4s"), "Arista vEOS, as it displays"],
    keepaliveTimeout: [d("60s"), "Arista vEOS, as it displays"],
    hold: [0n, `${EOS}: loss of the peer-link is acted on at once`],
    delayRestore: [d("300s"), "Arista vEOS reload-delay, as it displays"],
    autoRecovery: [NEVER, `${EOS}: no such timer`],
    alone: [d("300s"), "Arista vEOS reload-delay, as it displays; that it does not wait for the peer is assumed"],
    suspendSecondary: [false, `${EOS}: dual-primary detection is off`],
    splits: [true, `${EOS}: without dual-primary detection both become primary`],
    systemMac: (_domain, peerMac) => [peerMac | 0x0200_0000_0000n, "Arista MLAG: a peer's MAC with the local bit"],
  },
});

const junos = vendor({
  vendor: "Junos",
  arpAge: [d("1200s"), JUNOS],
  pair: { delayRestore: [d("240s"), "Junos init-delay-time, as recommended"], hold: [0n, `${OURS}; Junos names none`],
    autoRecovery: [0n, `${JUNOS}: the standby node carries all when the active one is dead by backup liveness`], alone: [d("240s"), "Junos init-delay-time, as recommended; that it does not wait for the peer is assumed"],
  },
});

const sonic = vendor({
  vendor: "SONiC",
  pair: {
    controlInterval: [d("1s"), `${SONIC}: ICCP`], controlTimeout: [d("15s"), `${SONIC}: ICCP session timeout`],
    keepaliveInterval: [d("1s"), SONIC], keepaliveTimeout: [d("15s"), SONIC], hold: [0n, SONIC],
    delayRestore: [0n, `${SONIC}: no such timer`], autoRecovery: [NEVER, `${SONIC}: no such timer`], alone: [0n, `${SONIC}: no such timer; that members do not wait is assumed`],
    gatewayActive: [false, "SONiC: only the VRRP master has the virtual MAC"], suspendSecondary: [false, SONIC], ownSystem: [true, "SONiC iccpd: without a session the standby restores its own LACP system"],
  },
});

const aruba = vendor({
  vendor: "Aruba CX",
  pair: { controlInterval: [d("1s"), `${ARUBA}: ISL hello`], controlTimeout: [d("20s"), `${ARUBA}: ISL dead interval`], keepaliveInterval: [d("1s"), ARUBA], keepaliveTimeout: [d("3s"), ARUBA], hold: [0n, ARUBA], delayRestore: [d("180s"), ARUBA],
    autoRecovery: [0n, `${ARUBA}: the secondary is shut while the keepalive is alive`], alone: [d("180s"), `${ARUBA}: linkup-delay; that it does not wait for the peer is assumed`],
  },
});

const dell = vendor({
  vendor: "Dell OS10",
  pair: {
    keepaliveInterval: [d("30s"), DELL], keepaliveTimeout: [d("90s"), "dualhome's own default: three intervals of Dell OS10"],
    hold: [0n, `${DELL}: the backup link is checked at once`], checks: [true, `${DELL}: the backup link is checked at once`], delayRestore: [d("90s"), DELL],
    autoRecovery: [0n, `${DELL}: the secondary takes primary when VLTi and backup link are down`], alone: [d("90s"), `${DELL}: delay-restore; that it does not wait for the peer is assumed`],
  },
});

const comware = vendor({
  vendor: "Comware",
  arpAge: [d("1200s"), COMWARE],
  pair: { controlInterval: [d("30s"), `${COMWARE}: DRCP, long timeout (unverified as the default)`], controlTimeout: [d("90s"), `${COMWARE}: DRCP, long timeout (unverified as the default)`], keepaliveInterval: [d("1s"), COMWARE], keepaliveTimeout: [d("5s"), COMWARE], hold: [d("3s"), COMWARE], suspendPorts: ["all", "Comware: MAD DOWN of all ports that are not reserved"] },
});

const huawei = vendor({
  vendor: "Huawei",
  pair: { keepaliveInterval: [d("1s"), HUAWEI], hold: [d("3s"), `${HUAWEI}: decision delay`], delayRestore: [d("240s"), `${HUAWEI}: up-delay`],
    checks: [true, `${HUAWEI}: accelerated detection`], suspendPorts: ["all", "Huawei: every port but management and peer-link goes Error-Down"],
    autoRecovery: [NEVER, `${HUAWEI}: only enhanced detection lets the loser return`], alone: [d("240s"), `${HUAWEI}: up-delay; that it does not wait for the peer is assumed`],
  },
});

const cumulus = vendor({
  vendor: "Cumulus",
  pair: { controlInterval: [d("2s"), `${CUMULUS}: lacpPoll (unverified as the hello's)`], controlTimeout: [d("20s"), `${CUMULUS}: peerTimeout`], keepaliveTimeout: [d("20s"), CUMULUS], hold: [0n, `${OURS}; Cumulus names none`], rolePriority: [32768, CUMULUS], delayRestore: [d("180s"), `${CUMULUS}: initDelay`],
    autoRecovery: [0n, `${CUMULUS}: primary when the backup path does not show the other one alive`], alone: [d("300s"), `${CUMULUS}: reloadTimer (unverified as this one)`],
  },
});

const linux = vendor({
  vendor: "Linux",
  boot: [d("60s"), OURS],
  macAge: [d("300s"), "Linux bridge default"],
  arpAge: [d("60s"), LINUX],
  lacpFast: [false, LINUX],
  lacpTick: d("100ms"),
  systemPriority: 65535,
  portPriority: 255,
  hash: ["layer2", LINUX],
  vrrpVersion: [2, "keepalived default"],
  vrrpImplementation: ["keepalived", "keepalived"],
});

const exos = vendor({ vendor: "Extreme EXOS" });
const fastiron = vendor({ vendor: "Ruckus FastIron" });

export const PROFILE_NAMES = [
  "standard", "linux", "nxos-vpc", "eos-mlag", "junos-mclag", "sonic-mclag", "aruba-vsx", "dell-vlt", "comware-mlag", "huawei-mlag", "cumulus-clag", "exos-mlag", "fastiron-mct",
] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  "standard": standard, "linux": linux, "nxos-vpc": nxos, "eos-mlag": eos, "junos-mclag": junos, "sonic-mclag": sonic,
  "aruba-vsx": aruba, "dell-vlt": dell, "comware-mlag": comware, "huawei-mlag": huawei, "cumulus-clag": cumulus, "exos-mlag": exos, "fastiron-mct": fastiron,
};
