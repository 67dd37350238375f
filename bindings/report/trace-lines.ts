// One line per transition, columns fixed, so that a node keeps its place and two traces can be compared with diff:
//     #17    12.003000000s leaf1  lacp     rx CURRENT>EXPIRED                        port Eth3        because #12

import { describer } from "../analysis/index.ts";
import { seconds } from "./format.ts";
import type { ReportInput } from "./input.ts";
import type { Paint } from "./style.ts";

const PROTOCOL_WIDTH = 8;
const CHANGE_WIDTH = 40;

export function* traceLines({ run }: ReportInput, paint: Paint): Generator<string> {
  const describe = describer(run.names, run.topology);
  const nodeWidth = Math.max(1, ...run.names.nodes.map((n) => n.length));
  const idWidth = `#${run.trace.length}`.length;
  const startNs = run.trace.length > 0 ? run.trace.get(1).at : 0n; // negative: bring-up
  const timeWidth = Math.max(`${seconds(run.endNs)}s`.length, `${seconds(startNs)}s`.length);
  const placeWidth = Math.max(
    ...run.names.ports.map((p) => "port ".length + p.length - p.indexOf(":") - 1),
    ...run.names.flows.map((f) => f.length + " forward".length), 8,
  );
  for (const r of run.trace) {
    const { node, protocol, change, place } = describe(r);
    const because = r.cause === 0 ? "" : paint("dim", `because #${r.cause}`);
    const columns = [`${seconds(r.at)}s`.padStart(timeWidth), node.padEnd(nodeWidth), protocol.padEnd(PROTOCOL_WIDTH), change.padEnd(CHANGE_WIDTH), place.padEnd(placeWidth)];
    yield `${`${paint("dim", `#${r.id}`.padStart(idWidth))}  ${columns.join(" ")} ${because}`.trimEnd()}\n`;
  }
}
