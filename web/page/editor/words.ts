// What the editor says of its own, by language. Descriptions of keys come from the schema, in English.

import type { Language } from "../words.ts";

interface EditorWords { label: string; mistake: string; phrases: Record<string, string> }

export const editorWords: Record<Language, EditorWords> = {
  en: { label: "Topology file. Ctrl and space complete, Escape and Tab leave.", mistake: "mistake", phrases: {} },
  ko: {
    label: "토폴로지 파일. Ctrl+스페이스로 자동 완성, Escape 다음 Tab으로 나갑니다.", mistake: "오류",
    phrases: { "Completions": "자동 완성", "Diagnostics": "오류 목록", "No diagnostics": "오류 없음", "close": "닫기", "Control character": "제어 문자", "Folded lines": "접힌 줄", "Unfolded lines": "펼친 줄", "unfold": "펼치기", "folded code": "접힌 내용" },
  },
};
