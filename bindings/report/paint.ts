// Colour, decided once. NO_COLOR wins over FORCE_COLOR; a terminal decides when neither is set.

import { styleText } from "node:util";
import { plain, type Paint, type Style } from "./style.ts";

export { plain, type Paint, type Style } from "./style.ts";

/** `validateStream: false`: the decision is ours, not that of the stream which styleText would look at. */
export const coloured: Paint = (style, text) => (styleText as (s: Style, t: string, o: { validateStream: boolean }) => string)(style, text, { validateStream: false });

export interface ColourWish { flag: boolean; env: Record<string, string | undefined>; isTTY: boolean }

/** `flag`: false with --no-color. */
export function paintFor({ flag, env, isTTY }: ColourWish): Paint {
  if (!flag || (env["NO_COLOR"] ?? "") !== "") return plain;
  const force = env["FORCE_COLOR"];
  if (force !== undefined) return force === "0" || force === "false" ? plain : coloured;
  return isTTY && env["TERM"] !== "dumb" ? coloured : plain;
}
