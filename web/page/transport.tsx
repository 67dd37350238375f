// The clock: play, pause, event by event, how fast, and any instant on the axis that the tracks below have, too.

import { useEffect, useMemo, useState } from "preact/hooks";
import { instantAt, place, ticksOf, type Panel } from "../shared/scale.ts";
import { useWidth } from "../shared/window.ts";
import { instant } from "../shared/words.ts";
import type { Control, State } from "./control.ts";
import { Tracks } from "./tracks.tsx";
import type { Words } from "./words.ts";

const SPEEDS = [0.001, 0.01, 0.1, 1, 10, 60, 600];
const STEPS = 10_000;
const NAME_WIDTH = 150;

export function Transport({ control, state, words }: { control: Control; state: State; words: Words }) {
  const [log, setLog] = useState(false);
  const { ref, width } = useWidth();
  const steps = [...(state.lanes?.stepsA ?? []), ...(state.lanes?.stepsB ?? [])];
  const now = state.a?.ns ?? 0;
  const last = steps.filter((s) => s.atNs <= now).at(-1)?.atNs ?? 0;
  const panel = useMemo((): Panel => (log ? { from: last, to: Math.max(state.untilNs, last + 1e6), title: "", log: true } : { from: 0, to: state.untilNs, title: "", log: false }), [log, last, state.untilNs]);
  const nameWidth = width < 520 ? 78 : NAME_WIDTH;
  const track = Math.max(80, width - nameWidth - 8);
  useKeys(control);
  return (
    <section class="time" aria-labelledby="time-title">
      <h2 id="time-title" class="unseen">{words.transport}</h2>
      <div class="bar">
        <span class="buttons">
          <button type="button" onClick={() => void control.seek(0)} aria-label={words.toStart} title={words.toStart}><Icon d="M3 3v10M13 3 5 8l8 5z" /></button>
          <button type="button" onClick={() => void control.previous()} aria-label={words.back} title={`${words.back} (,)`}><Icon d="M12 3 4 8l8 5z" /></button>
          <button type="button" class="main" onClick={() => control.play()} aria-label={state.playing ? words.pause : words.play} title={state.playing ? words.pause : words.play}>{state.playing ? <Icon full d="M4 3h3v10H4zM9 3h3v10H9z" /> : <Icon full d="M4 2l10 6-10 6z" />}</button>
          <button type="button" onClick={() => void control.next()} aria-label={words.forward} title={`${words.forward} (.)`}><Icon d="M4 3l8 5-8 5z" /></button>
        </span>
        <label>{words.speed} <select value={String(SPEEDS.indexOf(state.speed))} onChange={(e) => control.set({ speed: SPEEDS[Number(e.currentTarget.value)] ?? 1 })}>{words.speeds.map((text, i) => <option key={i} value={String(i)}>{text}</option>)}</select></label>
        <output class="clock" aria-live="off">{instant(now)}</output>
        <label class="scale">{words.scale} <select value={log ? "log" : "even"} onChange={(e) => setLog(e.currentTarget.value === "log")}><option value="even">{words.scaleEven}</option><option value="log">{words.scaleLog}</option></select></label>
      </div>
      <div class="axis" ref={ref}>
        {width > 0 && <>
          <div class="row">
            <span class="name" style={{ width: `${nameWidth}px` }}>{words.scrub}</span>
            <input type="range" class="scrub" aria-label={words.scrub} aria-valuetext={instant(now)} min={0} max={STEPS} step={1} style={{ width: `${track}px` }} value={Math.round(place(panel, now) * STEPS)}
              onInput={(e) => void control.seek(instantAt(panel, Number(e.currentTarget.value) / STEPS))} />
          </div>
          <div class="row" aria-hidden="true">
            <span class="name" style={{ width: `${nameWidth}px` }} />
            <svg width={track} height="18" class="ticks">{ticksOf(panel, track).map((tick) => {
              const x = place(panel, tick.at) * track;
              return <g key={tick.at}><line x1={x} x2={x} y1="0" y2="4" /><text x={x} y="15" text-anchor={x < 24 ? "start" : x > track - 24 ? "end" : "middle"}>{tick.label}</text></g>;
            })}</svg>
          </div>
          <Tracks control={control} state={state} words={words} panel={panel} width={track} nameWidth={nameWidth} />
        </>}
      </div>
    </section>
  );
}

/** Drawn: not every font has the signs of players. */
function Icon({ d, full = false }: { d: string; full?: boolean }) { return <svg class={full ? "icon full" : "icon"} width="16" height="16" aria-hidden="true"><path d={d} /></svg>; }

/** Space, comma and full stop, as players have them, unless something is being written. */
function useKeys(control: Control): void {
  useEffect(() => {
    const listen = (e: KeyboardEvent): void => {
      if (e.ctrlKey || e.metaKey || e.altKey || (e.target as HTMLElement).closest("input, select, textarea, button, summary, [contenteditable], dialog") !== null) return;
      if (e.key === " ") control.play();
      else if (e.key === ".") void control.next();
      else if (e.key === ",") void control.previous();
      else return;
      e.preventDefault();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
}
