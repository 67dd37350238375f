// Records of HSRP, GLBP, tracking and proxy ARP in words.

import * as abi from "../../assembly/abi.ts";
import type { Names } from "../engine/names.ts";
import type { TraceRecord } from "../trace/records.ts";
import type { Words } from "./describe.ts";
import * as w from "./words.ts";

type Row = (r: TraceRecord, x: { names: Names }) => Words;

export const GATEWAY_ROWS: Record<number, Row> = {
  [abi.T_HSRP]: (r, x) => election(r, x.names, "HSRP"),
  [abi.T_GLBP]: (r, x) => election(r, x.names, "GLBP gateway (AVG)"),
  [abi.T_FORWARDER]: forwarder,
  [abi.T_TRACK]: (r, x) => {
    const name = w.nameAt(x.names.tracks, r.entity);
    const state = r.a === 1 ? "up" : "down";
    return { ...owned(name), protocol: "track", change: `${state} ${r.b}>${r.c}`, sentence: `${name} is ${state}: ${r.b} becomes ${r.c}` };
  },
  [abi.T_PROXY_ARP]: (r, x) => {
    const name = w.nameAt(x.names.l3ifs, r.entity);
    const node = name.split(" ")[0]!;
    return {
      node, protocol: "arp", change: `proxy ${w.address(r.a, x.names)}`, place: `if ${name.slice(node.length + 1)}`,
      sentence: `${name} answers ${w.address(r.b, x.names)} for ${w.address(r.a, x.names)} (proxy ARP)`,
    };
  },
};

function election(r: TraceRecord, names: Names, protocol: string): Words {
  const name = w.nameAt(names.fhrps, r.entity);
  const state = w.nameAt(w.HSRP_STATES, r.b);
  const change = `${w.nameAt(w.HSRP_STATES, r.a)}>${state}`;
  return { ...owned(name), protocol: protocol === "HSRP" ? "hsrp" : "glbp", change, sentence: `${name} ${protocol} ${state}: ${w.HSRP_WHY[r.c] ?? `reason ${r.c}`}` };
}

function forwarder(r: TraceRecord, x: { names: Names }): Words {
  const name = w.nameAt(x.names.fhrps, r.entity);
  const number = r.c & 255;
  const state = w.nameAt(w.FORWARDER_STATES, r.b);
  const why = w.FORWARDER_WHY[r.c >> 8] ?? `reason ${r.c >> 8}`;
  return {
    ...owned(name), protocol: "glbp", change: `forwarder ${number} ${w.nameAt(w.FORWARDER_STATES, r.a)}>${state}`,
    sentence: `${name} GLBP forwarder ${number} ${state}: ${why}`,
  };
}

/** "vlan10@leaf1 uplinks" → the node that speaks, and what of it. */
function owned(name: string): { node: string; place: string } {
  const [router = name, what = ""] = name.split(" ", 2);
  const at = router.lastIndexOf("@");
  return { node: router.slice(at + 1), place: `${router.slice(0, Math.max(at, 0))}${what === "" ? "" : ` ${what}`}` };
}
