// A guided tour beside the network: what is said, and on to the next step. What is to be done is asked for; whoever shows the panel does it.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Language } from "../words.ts";
import { pointOf, saidIn, sayOf, tours, type Tour, type TourPoint } from "./index.ts";
import { tourWords } from "./words.ts";

export interface TourPanelProps {
  tour: Tour;
  language: Language;
  /** Shows where the tour stands now, from a fresh file: next and back are the same to it. */
  onAction(point: TourPoint): Promise<void> | void;
  onClose(): void;
}

export function TourPanel({ tour, language, onAction, onClose }: TourPanelProps) {
  const [place, setPlace] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);
  const said = tourWords[language];
  const go = (to: number): void => {
    if (to < 0 || to >= tour.steps.length) return;
    setPlace(to);
    void onAction(pointOf(tour, to));
  };
  useEffect(() => { setPlace(0); void onAction(pointOf(tour, 0)); heading.current?.focus(); }, [tour]);
  const keyed = (e: KeyboardEvent): void => {
    if (e.key === "ArrowRight") go(place + 1);
    else if (e.key === "ArrowLeft") go(place - 1);
    else if (e.key === "Escape") onClose();
    else return;
    e.preventDefault();
  };
  const step = tour.steps[Math.min(place, tour.steps.length - 1)]!;
  return (
    <section class="tour" aria-labelledby="tour-title" lang={language} onKeyDown={keyed}>
      <h2 id="tour-title" tabIndex={-1} ref={heading}>{tour.system}. {saidIn(tour.title, language)} <span class="count">{said.step(place + 1, tour.steps.length)}</span></h2>
      <p aria-live="polite" class="said">{marked(sayOf(step, language))}</p>
      <p class="moves">
        <button type="button" disabled={place === 0} onClick={() => go(place - 1)}>{said.back}</button>{" "}
        <button type="button" class="next" disabled={place === tour.steps.length - 1} onClick={() => go(place + 1)}>{said.next}</button>{" "}
        <button type="button" onClick={onClose}>{said.close}</button> <span class="note">{said.keys}</span>
      </p>
    </section>
  );
}

/** `words` that are to be typed or read as they are. */
const marked = (text: string) => text.split("`").map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part));

/** Which tour: all of them, by their number. */
export function TourChoice({ language, chosen, onChoose }: { language: Language; chosen: Tour | null; onChoose(tour: Tour): void }) {
  const said = tourWords[language];
  return (
    <label>{said.tours} <select value={chosen?.id ?? ""} onChange={(e) => { const tour = tours.find((t) => t.id === e.currentTarget.value); if (tour !== undefined) onChoose(tour); }}>
      <option value="" disabled>{said.choose}</option>
      {tours.map((t) => <option key={t.id} value={t.id}>{t.system}. {saidIn(t.title, language)}</option>)}
    </select></label>
  );
}
