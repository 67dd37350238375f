// Tracks of a run as the page's data.

import { tracks, type Outage, type Run } from "../analysis/index.ts";
import type { Timeline } from "./data.ts";

/** `detailOf`: of an outage, what opens when it is chosen; -1: nothing. */
export function timeline(run: Run, outages: readonly Outage[], detailOf: (o: Outage) => number): Timeline {
  const found = tracks(run, outages);
  return { ...found, tracks: found.tracks.map(({ group, name, spans }) => ({ group, name, spans: spans.map(({ outage, ...span }) => ({ ...span, detail: outage === null ? -1 : detailOf(outage) })) })) };
}
