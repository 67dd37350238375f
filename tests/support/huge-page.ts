// A page of the largest size that opens at once: 10,000 servers in racks of forty, 200,000 events, an outage for every server. Its names are odd.

import type { Detail, Drawing, Events, Page, Track } from "../../bindings/html/data.ts";

const RACKS = 250;
const PER_RACK = 40;
const EVENTS = 200_000;

export function hugePage(): Page {
  const drawing = network();
  const servers = drawing.nodes.flatMap(([name, kind]) => (kind === 0 ? [name] : []));
  const tracks: Track[] = servers.map((name, i) => ({ group: "Flows", name, spans: [{ from: 1e10, to: 1e10 + 1e6 * (i + 1), tone: "bad", text: "down", detail: i }] }));
  const details: Detail[] = servers.map((name, i) => ({ title: `${name}: down ${i + 1} ms`, parts: [{ kind: "facts", rows: [["between", `${name} → x`]] }, { kind: "walk", title: "Down, because", event: 10 + i }] }));
  return {
    format: 1, command: "run", title: '<img src=x onerror="document.title=1">: huge', about: "made up", version: "0", pass: false, verdict: "Failed: made up", lines: [{ tone: "bad", text: "</script><script>alert(1)</script>" }],
    drawing, timeline: { startNs: 1e10, endNs: 6e10, steps: [{ at: 1e10, text: "fail all" }, { at: 4e10, text: "repair all" }], tracks, still: [] }, intervals: null,
    tables: [{
      id: "outages", title: "Outages", note: "", columns: [{ head: "who", kind: "text" }, { head: "from", kind: "at" }, { head: "down", kind: "ns" }],
      rows: servers.map((name, i) => [name, 1e10, 1e6 * (i + 1)]), details: servers.map((_, i) => i), sort: 2,
    }],
    details, chains: [], events: events(),
  };
}

function network(): Drawing {
  const d: Drawing = { sites: [], nodes: [], links: [], pairs: [], strong: "failed", weak: "took part", markedNodes: [[0, 2, "fail"]], markedLinks: [] };
  for (let spine = 0; spine < 4; spine++) d.nodes.push([`spine${spine}`, 1, 2, -1]);
  for (let rack = 0; rack < RACKS; rack++) {
    const leaf = d.nodes.push([`leaf${rack}a`, 1, 1, -1], [`leaf${rack}b`, 1, 1, -1]) - 2;
    d.pairs.push([`rack${rack}`, leaf, leaf + 1]);
    for (let spine = 0; spine < 4; spine++) d.links.push([leaf, `Eth${spine}`, spine, `Eth${rack}`, 0], [leaf + 1, `Eth${spine}`, spine, `Eth${rack + RACKS}`, 0]);
    for (let i = 0; i < PER_RACK; i++) {
      const server = d.nodes.push([`srv${rack}-${i}`, 0, 0, -1]) - 1;
      d.links.push([server, "eth0", leaf, `Po${i}`, 0], [server, "eth1", leaf + 1, `Po${i}`, 0]);
      if (i % 8 === 0) { d.markedNodes.push([server, 1, "was down"]); d.markedLinks.push([d.links.length - 1, 1, "carrier lost"]); }
    }
  }
  return d;
}

function events(): Events {
  const list: Events = { at: [], cause: [], node: [], what: [], text: [], names: ["leaf1", "lacp"], leftOut: 0 };
  for (let i = 0; i < EVENTS; i++) {
    list.at.push(1e10 + i * 1000);
    list.cause.push(i < 10 ? i - 1 : i % 10);
    list.node.push(0);
    list.what.push(1);
    list.text.push(`srv${i % 250}-${i % 40}:eth0 LACP receive EXPIRED: no LACPDU for 3 s, event ${i}`);
  }
  return list;
}
