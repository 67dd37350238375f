// Network boots and LACP fallback in words. The rows of describe.ts for their records.

import * as abi from "../../assembly/abi.ts";
import type { TraceRecord } from "../trace/records.ts";
import type { Context, Row, Words } from "./describe.ts";
import { dropWords, nameAt } from "./words.ts";

export const PXE_STATES = ["OFF", "POST", "LINK", "DISCOVER", "REQUEST", "LOADING", "INSTALLING", "OS", "BOND", "BOOTED", "FAILED"];

const STATE_WORDS: Record<number, string> = {
  [abi.PXE_POST]: "self-test", [abi.PXE_LINK]: "firmware waits for a link", [abi.PXE_LOADING]: "loading", [abi.PXE_INSTALLING]: "installing",
  [abi.PXE_OS]: "the operating system starts from the disk", [abi.PXE_BOND]: "the network is configured, the bond is not up yet",
  [abi.PXE_BOOTED]: "booted: the network is up", [abi.PXE_FAILED]: "gives up: no attempt is left", [abi.PXE_OFF]: "has no power",
};

export const bootRows: Record<number, Row> = {
  [abi.T_PXE]: (r, x) => {
    const nic = x.names.ports[r.c];
    const local = nic === undefined ? "" : nic.slice(nic.indexOf(":") + 1);
    const sentence = r.b === abi.PXE_DISCOVER ? `firmware tries ${local}` : r.b === abi.PXE_REQUEST ? "has an offer" : (STATE_WORDS[r.b] ?? nameAt(PXE_STATES, r.b));
    return boot(r, x, `${nameAt(PXE_STATES, r.a)}>${nameAt(PXE_STATES, r.b)}`, sentence, local === "" ? "" : `nic ${local}`);
  },
  [abi.T_PXE_DHCP]: (r, x) => boot(r, x, `dhcp ${["silence", "discover", "offer", "request", "", "ack"][r.a] ?? r.a} ${r.b}/${r.c}`, dhcpWords(r)),
  [abi.T_PXE_LOAD]: (r, x) => boot(r, x, `load ${["", "begin", "done", "stalled", "resumed", "retry"][r.a] ?? r.a} ${r.b}`, loadWords(r)),
  [abi.T_PXE_FAILED]: (r, x) => boot(r, x, `failed ${WHY_KEYS[r.a] ?? r.a}`, `boot failed: ${failureWords(r, x)}`),
  [abi.T_FALLBACK]: (r, x) => {
    const lag = nameAt(x.names.lags, r.entity);
    const at = lag.indexOf(":");
    const open = membersOf(lag, r.c, x);
    const sentence = r.b === 0 ? `${lag} leaves LACP fallback` : open.length === 0 ? `${lag} is in LACP fallback, with no member of its own open` : `${lag} falls back: ${open.join(" and ")} forwards without LACP`;
    return { node: lag.slice(0, at), protocol: "lacp", change: `fallback ${r.b === 0 ? "off" : open.length === 0 ? "yields" : open.join(",")}`, place: `lag ${lag.slice(at + 1)}`, sentence };
  },
};

export const WHY_KEYS: Record<number, string> = {
  [abi.PXE_WHY_NO_LINK]: "no-link", [abi.PXE_WHY_CLOSED]: "suspended", [abi.PXE_WHY_UNHEARD]: "unheard", [abi.PXE_WHY_ANSWER_LOST]: "answer-lost", [abi.PXE_WHY_LOAD]: "load",
};

/** Names of the members whose bits are set. */
export function membersOf(lag: string, bits: number, x: Context): string[] {
  return (x.topology?.lags.find((each) => each.name === lag)?.members ?? []).filter((_, i) => ((bits >>> i) & 1) === 1);
}

function dhcpWords(r: TraceRecord): string {
  switch (r.a) {
    case abi.DHCP_SILENCE: return `DHCP: no answer, try ${r.b} of ${r.c}`;
    case abi.DHCP_DISCOVER: return r.b === 1 ? "DHCP: asks" : `DHCP: asks again, ${r.b} of ${r.c}`;
    case abi.DHCP_OFFER: return "DHCP: an offer";
    case abi.DHCP_REQUEST: return "DHCP: takes the offer";
    default: return "DHCP: has an address";
  }
}

function loadWords(r: TraceRecord): string {
  switch (r.a) {
    case abi.LOAD_BEGIN: return `loads ${mb(r.b)}`;
    case abi.LOAD_DONE: return `has loaded ${mb(r.b)}`;
    case abi.LOAD_STALLED: return `loading stops, ${mb(r.b)} are missing`;
    case abi.LOAD_RESUMED: return `loading goes on, ${mb(r.b)} are missing`;
    default: return `loading: no answer, retry ${r.b} of ${r.c}`;
  }
}
function mb(kib: number): string { return `${(kib * 1024 / 1e6).toFixed(1)} MB`; }

/** Why a NIC led nowhere. */
export function failureWords(r: TraceRecord, x: Context): string {
  const place = placeOf(r.b, x);
  const at = place === null ? "" : ` at ${place}`;
  const loss = r.c === abi.DROP_NONE ? "; the way is open by now" : `: ${dropWords(r.c)}${at}`;
  switch (r.a) {
    case abi.PXE_WHY_NO_LINK: return "no NIC has a link";
    case abi.PXE_WHY_CLOSED: return `DHCP had no answer because the switch keeps ${closedWords(place, x)}`;
    case abi.PXE_WHY_UNHEARD: return `DHCP had no answer: the server was not reached${loss}`;
    case abi.PXE_WHY_ANSWER_LOST: return `DHCP had no answer: the server answered, but not to this NIC${loss}`;
    default: return `the transfer was cut off${loss}`;
  }
}

function closedWords(place: string | null, x: Context): string {
  const node = place?.split(":")[0];
  const lag = x.topology?.lags.find((each) => each.node === node && each.members.some((m) => `${each.node}:${m}` === place));
  if (lag === undefined) return `${place ?? "the port"} closed`;
  const f = lag.fallback ?? null;
  const rest = f === null ? "it has no LACP fallback" : f.mode === "force-up" && f.port === null && f.named ? "its LACP fallback is the other peer's" : `its LACP fallback (${f.mode}, after ${Number(f.timeoutNs) / 1e9} s) did not open ${place} in time`;
  return `${lag.name} suspended: no LACPDU was heard, and ${rest}`;
}

export function placeOf(value: number, x: Context): string | null {
  if (value >= 0) return x.names.ports[value] ?? null;
  return value <= -2 ? (x.names.nodes[-2 - value] ?? null) : null;
}

function boot(r: TraceRecord, x: Context, change: string, sentence: string, place = ""): Words {
  const node = nameAt(x.names.nodes, r.entity);
  return { node, protocol: "pxe", change, place, sentence: `${node} ${sentence}` };
}
