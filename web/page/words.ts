// What the page says, by language.

import { en, type Words } from "./words-en.ts";

export type Language = "en" | "ko";
export type { Words } from "./words-en.ts";

export function words(_language: Language): Words { return en; }
