// Of a long list only what is seen is in the page.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

export interface Seen { first: number; end: number }
const BEYOND = 12;
/** Whatever the height: of an element that is laid open not everything is seen. */
const MOST = 200;

/** The rows in sight of a scrolling element, all of them of one height. */
export function useSeen(count: number, rowHeight: number): { ref: { current: HTMLDivElement | null }; seen: Seen } {
  const ref = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState<Seen>({ first: 0, end: Math.min(count, 60) });
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const look = (): void => {
      const first = Math.max(0, Math.floor(element.scrollTop / rowHeight) - BEYOND);
      const end = Math.min(count, first + MOST, Math.ceil((element.scrollTop + Math.max(element.clientHeight, 200)) / rowHeight) + BEYOND);
      setSeen((old) => (old.first === first && old.end === end ? old : { first, end }));
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    const watch = new ResizeObserver(look);
    watch.observe(element);
    return () => { element.removeEventListener("scroll", look); watch.disconnect(); };
  }, [count, rowHeight]);
  return { ref, seen: { first: Math.min(seen.first, count), end: Math.min(Math.max(seen.end, seen.first), count) } };
}

/** Width of an element, as it changes. */
export function useWidth(): { ref: { current: HTMLDivElement | null }; width: number } {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const look = (): void => setWidth(element.clientWidth);
    look();
    const watch = new ResizeObserver(look);
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return { ref, width };
}

/** While the page is put on paper: then what scrolls is laid open, as far as that is of use. */
export function usePaper(): boolean {
  const [paper, setPaper] = useState(false);
  useEffect(() => {
    const on = (): void => setPaper(true); // Preact draws before the printer looks: in a microtask
    const off = (): void => setPaper(false);
    addEventListener("beforeprint", on);
    addEventListener("afterprint", off);
    return () => { removeEventListener("beforeprint", on); removeEventListener("afterprint", off); };
  }, []);
  return paper;
}
