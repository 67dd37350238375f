// What became of each application: events on one timeline, the share of its clients that was served, RTO and RPO.

import type { Outcome } from "../applications/index.ts";
import { duration, time } from "./format.ts";
import type { ReportInput } from "./input.ts";
import type { Paint } from "./paint.ts";

export function applicationsPart({ applications }: ReportInput, paint: Paint): string {
  if (applications.length === 0) return "";
  return [paint("bold", "Applications"), ...applications.map((a) => one(a, paint))].join("\n");
}

function one(a: Outcome, paint: Paint): string {
  const mark = a.kept === null ? " " : a.kept ? paint("green", "✓") : paint("red", "✗");
  const budget = a.maxOutageNs === null ? "" : `  max-outage ${duration(a.maxOutageNs)}`;
  const rto = a.outages.length === 0 ? "never down" : a.rtoNs === null ? "does not come back" : `RTO ${duration(a.rtoNs)}`;
  const rpo = a.rpoNs === null ? "" : `, RPO ${a.rpoNs === 0n ? "0" : duration(a.rpoNs)}`;
  const split = a.splitBrain.length === 0 ? "" : paint("red", `, split brain ${a.splitBrain.length === 1 ? "once" : `${a.splitBrain.length} times`}`);
  const lines = timeline(a).map(([at, text]) => `    ${time(at).padStart(15)}  ${text}`);
  return [`  ${mark} ${a.name} (${a.kind})${budget}  ${rto}${rpo}${split}`, ...lines].join("\n");
}

function timeline(a: Outcome): [bigint, string][] {
  const shares = a.served.filter((s) => s.fromNs > 0n || s.share < 1).map((s): [bigint, string] => [s.fromNs, `${(s.share * 100).toFixed(0)} % of requests are served`]);
  const events = a.events.map((e): [bigint, string] => [e.atNs, e.what]);
  return [...events, ...shares].sort((x, y) => (x[0] < y[0] ? -1 : x[0] > y[0] ? 1 : 0));
}
