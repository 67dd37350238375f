// Puts the page where a tour stands: its file, what has been done, the instant, and what is looked at.

import type { Chosen, Control } from "../control.ts";
import type { Scene } from "../messages.ts";
import type { Tour, TourPoint } from "./types.ts";

let last: Promise<void> = Promise.resolve();
let turn = 0;

/** One after the other; of those that wait, the latest alone is done. */
export function standAt(control: Control, tour: Tour, point: TourPoint): Promise<void> {
  const mine = ++turn;
  last = last.then(() => (mine === turn ? stand(control, tour, point) : undefined)).catch((e: unknown) => control.say(e instanceof Error ? e.message : String(e), true));
  return last;
}

async function stand(control: Control, tour: Tour, { steps, at, select }: TourPoint): Promise<void> {
  const response = await fetch(`tours/${tour.file}`);
  if (!response.ok) throw new Error(`the tour's file ${tour.file} is not there`);
  const text = await response.text();
  control.play(false);
  control.choose(null); // before it is another file's
  const { state } = control;
  // What somebody has changed meanwhile is not what the tour speaks of.
  const fresh = state.text === text && state.scene !== null && state.b === null && state.problems.length === 0 && Object.keys(state.settings).length === 0;
  if (!fresh && !(await control.open(text, tour.file, { settings: {} }))) return;
  await control.setSteps(steps);
  await control.seekText(at);
  control.choose(select === null || control.state.scene === null ? null : chosenAt(control.state.scene, select));
}

/** With its place where it is drawn, of a port at its cable. */
function chosenAt({ drawing, linkNames }: Scene, target: string): Chosen {
  const node = drawing.nodes.findIndex(([name]) => name.replace(/ \(VM\)$/, "") === target);
  if (node >= 0) return { target, hit: { kind: "node", node } };
  const link = linkNames.indexOf(target);
  if (link >= 0) return { target, hit: { kind: "link", link } };
  const ofPort = linkNames.findIndex((name) => name.split("--").includes(target));
  return { target, hit: ofPort < 0 ? null : { kind: "port", link: ofPort, atA: linkNames[ofPort]!.startsWith(`${target}--`) } };
}
