// How the editor looks: the page's own colours, which reach into its shadow as custom properties.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export const look = [
  EditorView.theme({
    "&": { color: "var(--text)", backgroundColor: "var(--ground)", border: "1px solid var(--edge)", borderRadius: "3px", fontSize: "13px", height: "100%", boxSizing: "border-box" },
    "&.cm-focused": { outline: "2px solid var(--link)", outlineOffset: "1px" },
    ".cm-scroller": { fontFamily: "ui-monospace, monospace", lineHeight: "1.45" },
    ".cm-content": { caretColor: "var(--text)" },
    ".cm-cursor": { borderLeftColor: "var(--text)" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--bar)" },
    ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
    ".cm-gutters": { color: "var(--quiet)", backgroundColor: "var(--ground)", borderRight: "1px solid var(--edge)" },
    ".cm-tooltip": { color: "var(--text)", backgroundColor: "var(--ground)", border: "1px solid var(--edge)", maxWidth: "32em" },
    ".cm-tooltip-autocomplete > ul > li[aria-selected]": { color: "var(--ground)", backgroundColor: "var(--link)" },
    ".cm-about": { padding: "4px 8px", whiteSpace: "pre-wrap", fontFamily: "system-ui, sans-serif" },
    ".cm-about b": { fontFamily: "ui-monospace, monospace" },
    ".cm-completionInfo": { whiteSpace: "pre-wrap", fontFamily: "system-ui, sans-serif" },
  }),
  syntaxHighlighting(HighlightStyle.define([
    { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--link)" },
    { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
    { tag: [tags.labelName, tags.typeName, tags.keyword], color: "var(--warn)" },
  ])),
];
