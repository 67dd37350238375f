// The state of the page as a link, and a link as the state of the page.

import { formatDuration } from "../../bindings/duration.ts";
import type { Control } from "./control.ts";
import { decodePermalink, encodePermalink, type PermalinkState } from "./permalink.ts";
import { asTexts } from "./step-texts.ts";
import type { Language } from "./words.ts";

export async function linkTo({ state }: Control, language: Language): Promise<string> {
  const kept: PermalinkState = {
    text: state.text, fileName: state.fileName, language, at: formatDuration(BigInt(Math.round(state.a?.ns ?? 0))),
    steps: asTexts(state.lanes?.stepsA ?? [], state.scene?.scenarios ?? []), ...(state.compared === null ? {} : { settings: state.compared }),
  };
  return `${location.href.replace(/#.*$/s, "")}#${await encodePermalink(kept)}`;
}

/** True: the address held a state, which is shown now. */
export async function openLink(control: Control, hash: string): Promise<{ language?: Language } | null> {
  if (hash.length <= 1) return null;
  const { text, fileName, steps, at, settings, language } = await decodePermalink(hash);
  if (!(await control.open(text, fileName, { settings: {} }))) return language === undefined ? {} : { language };
  if (steps.length > 0) await control.setSteps(steps);
  if (settings !== undefined) await control.compare(settings);
  if (at !== undefined) await control.seekText(at);
  return language === undefined ? {} : { language };
}
