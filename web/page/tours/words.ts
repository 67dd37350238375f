// What surrounds a tour, by language.

import type { Language } from "../words.ts";

interface TourWords { tours: string; choose: string; next: string; back: string; close: string; keys: string; step(place: number, of: number): string }

export const tourWords: Record<Language, TourWords> = {
  en: { tours: "Tour", choose: "choose one of 24", next: "Next", back: "Back", close: "End the tour", keys: "← and → go on and back, Escape ends", step: (place, of) => `step ${place} of ${of}` },
  ko: { tours: "둘러보기", choose: "24가지 중 선택", next: "다음", back: "이전", close: "끝내기", keys: "←와 →로 이동, Escape로 끝내기", step: (place, of) => `${of}단계 중 ${place}단계` },
};
