// The tracks: what each service, bundle and gateway was, across the panels of time.

import { useMemo, useState } from "preact/hooks";
import type { Span, Timeline, Track } from "../../bindings/html/data.ts";
import { panelsOf, place, shownFirst, ticksOf, whole, type Panel } from "../shared/scale.ts";
import { usePaper, useSeen, useWidth } from "../shared/window.ts";
import { count, duration, instant } from "../shared/words.ts";

const ROW = 26;
const PAPER_MAX = 80;

export function TimelineView({ timeline, onOpen }: { timeline: Timeline; onOpen(detail: number): void }) {
  const { ref, width } = useWidth();
  const panels = useMemo(() => panelsOf(timeline), [timeline]);
  const [chosen, setChosen] = useState<string | null>(null);
  const choice = chosen ?? String(shownFirst(panels, width));
  const shown = choice === "all" ? panels : choice === "whole" ? [whole(timeline)] : [panels[Number(choice)] ?? whole(timeline)];
  const narrow = width < 560;
  const nameWidth = narrow ? 110 : 190;
  const each = Math.max(60, (width - nameWidth - 16 - 8 * (shown.length - 1)) / shown.length);
  return (
    <section class="view" id="timeline" aria-labelledby="timeline-title">
      <h2 id="timeline-title">Timeline <span class="count">{count(timeline.tracks.length, "track")}</span></h2>
      <p class="note">
        After each step time is a logarithm of what has passed since: the first microseconds are seen, and the last minutes. Choose an outage to read its causes; all are in the table of outages, too.
        {timeline.still.map((s) => ` ${s.group} to which nothing happened: ${s.count}.`).join("")}
      </p>
      <p class="filter"><label>Show <select value={choice} onChange={(e) => setChosen(e.currentTarget.value)}>
        {panels.length > 1 && <option value="all">all steps side by side</option>}
        {panels.map((p, i) => <option key={i} value={String(i)}>after {instant(p.from)}: {p.title}</option>)}
        <option value="whole">the whole run, evenly</option>
      </select></label></p>
      <p class="legend"><Key tone="bad" words="down, or nobody" /><Key tone="warn" words="members lost, or two masters" /><Key tone="good" words="as it should be" /></p>
      <div ref={ref} class="timeline">
        {width > 0 && <div class="axis"><span class="name" style={{ width: `${nameWidth}px` }} />{shown.map((panel, i) => <Axis key={i} panel={panel} width={each} />)}</div>}
        {width > 0 && <Tracks tracks={timeline.tracks} panels={shown} each={each} nameWidth={nameWidth} onOpen={onOpen} />}
      </div>
    </section>
  );
}

function Key({ tone, words }: { tone: string; words: string }) { return <span class="key"><svg width="18" height="10" aria-hidden="true"><rect class={`span ${tone}`} x="0" y={tone === "good" ? 3 : 0} width="18" height={tone === "good" ? 4 : 10} /></svg> {words}</span>; }

function Axis({ panel, width }: { panel: Panel; width: number }) {
  return (
    <div class="panel" style={{ width: `${width}px` }}>
      <div class="step" title={panel.title}><b>{instant(panel.from)}</b> {panel.title}</div>
      <svg width={width} height="18" aria-hidden="true">{ticksOf(panel, width).map((tick) => {
        const x = place(panel, tick.at) * width;
        return <g key={tick.at}><line x1={x} x2={x} y1="13" y2="18" /><text x={Math.min(Math.max(x, 0), width - 2)} y="11" text-anchor={x < 24 ? "start" : x > width - 24 ? "end" : "middle"}>{tick.label}</text></g>;
      })}</svg>
    </div>
  );
}

interface Row { heading: string | null; track: Track | null }

function Tracks({ tracks, panels, each, nameWidth, onOpen }: { tracks: readonly Track[]; panels: readonly Panel[]; each: number; nameWidth: number; onOpen(detail: number): void }) {
  const rows = useMemo(() => {
    const list: Row[] = [];
    tracks.forEach((track, i) => {
      if (track.group !== tracks[i - 1]?.group) list.push({ heading: track.group, track: null });
      list.push({ heading: null, track });
    });
    return list;
  }, [tracks]);
  const paper = usePaper();
  const { ref, seen } = useSeen(rows.length, ROW);
  const [first, end] = paper ? [0, Math.min(rows.length, PAPER_MAX)] : [seen.first, seen.end];
  if (rows.length === 0) return <p>Nothing happened to a service, a bundle or a gateway.</p>;
  return (
    <div class="tracks" ref={ref} tabIndex={0} role="region" aria-label="Tracks">
      <div class="all" role="list" style={{ height: `${(paper ? end : rows.length) * ROW}px` }}>
        {rows.slice(first, end).map(({ heading, track }, k) => (
          <div key={first + k} class={track === null ? "track group" : "track"} role="listitem" style={{ top: `${(first + k) * ROW}px`, height: `${ROW}px` }}>
            {track === null ? <span class="heading">{heading}</span> : <TrackView track={track} panels={panels} each={each} nameWidth={nameWidth} onOpen={onOpen} />}
          </div>
        ))}
      </div>
    </div>
  );
}

function TrackView({ track, panels, each, nameWidth, onOpen }: { track: Track; panels: readonly Panel[]; each: number; nameWidth: number; onOpen(detail: number): void }) {
  const bad = track.spans.filter((s) => s.tone === "bad");
  const sum = bad.reduce((total, s) => total + s.to - s.from, 0);
  return (
    <>
      <span class="name" style={{ width: `${nameWidth}px` }} title={track.name}>{track.name}<span class="unseen">, {bad.length === 0 ? "never down" : `down ${bad.length === 1 ? "once" : `${bad.length} times`}, ${duration(sum)} in all`}</span></span>
      {panels.map((panel, i) => <svg key={i} class="panel" width={each} height={ROW - 4} aria-hidden="true"><line class="base" x1="0" x2={each} y1={ROW / 2 - 2} y2={ROW / 2 - 2} />{bars(track.spans, panel, each).map((bar) => (
        <rect key={bar.x} class={`span ${bar.span.tone}${bar.span.detail >= 0 ? " choose" : ""}`} x={bar.x} width={bar.w} y={bar.span.tone === "good" ? ROW / 2 - 4 : 2} height={bar.span.tone === "good" ? 4 : ROW - 8} onClick={bar.span.detail >= 0 ? () => onOpen(bar.span.detail) : undefined}>
          <title>{`${track.name}: ${bar.span.text}, ${duration(bar.span.to - bar.span.from)}, from ${instant(bar.span.from)}`}</title>
        </rect>
      ))}</svg>)}
    </>
  );
}

interface Bar { x: number; w: number; span: Span }
const LEAST = 2; // pixels

/** What is within a panel; of several in one pixel the first. */
function bars(spans: readonly Span[], panel: Panel, width: number): Bar[] {
  const list: Bar[] = [];
  for (const span of spans) {
    if (span.to <= panel.from || span.from >= panel.to) continue;
    const x = place(panel, span.from) * width;
    const w = Math.max(LEAST, place(panel, span.to) * width - x);
    const last = list.at(-1);
    if (last !== undefined && last.span.tone === span.tone && x + w <= last.x + last.w) continue;
    list.push({ x: Math.min(x, width - LEAST), w, span });
  }
  return list;
}
