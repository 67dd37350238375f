// What the page says, by language.

import { en, type Words } from "./words-en.ts";
import { ko } from "./words-ko.ts";

export type Language = "en" | "ko";
export type { Words } from "./words-en.ts";

export function words(language: Language): Words { return language === "ko" ? ko : en; }
