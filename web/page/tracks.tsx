// What was down when, of one run or of two on one axis, with what was done. As a drawing and in words.

import { place, type Panel } from "../shared/scale.ts";
import { duration, instant } from "../shared/words.ts";
import type { Control, State } from "./control.ts";
import type { Lane, StepRow } from "./messages.ts";
import type { Words } from "./words.ts";

const ROW = 20;
const ROWS_MAX = 60;

interface Props { control: Control; state: State; words: Words; panel: Panel; width: number; nameWidth: number }

export function Tracks({ control, state, words, panel, width, nameWidth }: Props) {
  const { lanes, a } = state;
  if (lanes === null || a === null) return null;
  const names = [...new Map([...lanes.a, ...(lanes.b ?? [])].map((l) => [`${l.kind} ${l.name}`, l])).values()];
  const of = (list: readonly Lane[] | null, lane: Lane): Lane["spans"] => list?.find((l) => l.kind === lane.kind && l.name === lane.name)?.spans ?? [];
  const x = (ns: number): number => place(panel, ns) * width;
  const two = lanes.b !== null;
  const shown = names.slice(0, ROWS_MAX);
  return (
    <div class="tracks">
      <StepMarks label={two ? words.sideA : ""} steps={lanes.stepsA} x={x} width={width} nameWidth={nameWidth} now={a.ns} control={control} />
      {two && <StepMarks label={words.sideB} steps={lanes.stepsB ?? []} x={x} width={width} nameWidth={nameWidth} now={a.ns} control={control} />}
      {names.length === 0 && <p class="note">{words.timelineNone}</p>}
      <ul aria-label={words.timeline}>
        {shown.map((lane) => (
          <li key={`${lane.kind} ${lane.name}`} class="row">
            <button type="button" class="name open" style={{ width: `${nameWidth}px` }} title={lane.name} onClick={() => void control.chooseFlow(lane.name)}>{lane.name}<span class="unseen">: {inWords(words, of(lanes.a, lane), of(lanes.b, lane), two)}</span></button>
            <svg width={width} height={two ? 2 * ROW - 12 : ROW} aria-hidden="true">
              <line class="base" x1="0" x2={width} y1={two ? 7 : 10} y2={two ? 7 : 10} />
              {two && <line class="base" x1="0" x2={width} y1="21" y2="21" />}
              <Spans spans={of(lanes.a, lane)} x={x} now={a.ns} y={two ? 2 : 4} height={two ? 10 : 12} side="a" />
              {two && <Spans spans={of(lanes.b, lane)} x={x} now={a.ns} y={16} height={10} side="b" />}
              <line class="now" x1={x(a.ns)} x2={x(a.ns)} y1="0" y2={2 * ROW} />
            </svg>
          </li>
        ))}
      </ul>
      {names.length > ROWS_MAX && <p class="note">+ {names.length - ROWS_MAX}</p>}
      {two && <p class="legend"><span class="key"><span class="swatch a" /> A: {duration(lanes.downA)}</span><span class="key"><span class="swatch b" /> B: {duration(lanes.downB ?? 0)}</span> {words.downInAll}</p>}
    </div>
  );
}

function Spans({ spans, x, now, y, height, side }: { spans: Lane["spans"]; x(ns: number): number; now: number; y: number; height: number; side: string }) {
  return <>{spans.map(([from, to]) => <rect key={from} class={`span ${side}`} x={x(from)} y={y} width={Math.max(1.5, x(to ?? now) - x(from))} height={height}><title>{instant(from)} – {to === null ? "…" : `${instant(to)}: ${duration(to - from)}`}</title></rect>)}</>;
}

/** What was done, each a button that leads there. */
function StepMarks({ label, steps, x, width, nameWidth, now, control }: { label: string; steps: readonly StepRow[]; x(ns: number): number; width: number; nameWidth: number; now: number; control: Control }) {
  return (
    <div class="row marks">
      <span class="name" style={{ width: `${nameWidth}px` }}>{label}</span>
      <div class="rail" style={{ width: `${width}px` }}>
        {steps.map((s, i) => <button key={i} type="button" class={s.op === "repair" || s.op === "up" || s.op === "enslave" ? "step good" : "step bad"} style={{ left: `${x(s.atNs)}px` }} title={`${instant(s.atNs)} ${s.text}`} aria-label={`${instant(s.atNs)} ${s.text}`} onClick={() => void control.seek(s.atNs)}>{s.op === "repair" || s.op === "up" || s.op === "enslave" ? "▲" : "▼"}</button>)}
        <span class="now" style={{ left: `${x(now)}px` }} />
      </div>
    </div>
  );
}

function inWords(words: Words, a: Lane["spans"], b: Lane["spans"], two: boolean): string {
  const said = (spans: Lane["spans"]): string => (spans.length === 0 ? words.up : spans.map(([from, to]) => `${words.down} ${instant(from)}, ${to === null ? words.stillDown : duration(to - from)}`).join("; "));
  return two ? `A ${said(a)}. B ${said(b)}` : said(a);
}
