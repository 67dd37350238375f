// How words are painted, for those who print; what paints for a terminal is in paint.ts.

export type Style = "red" | "green" | "yellow" | "cyan" | "bold" | "dim";
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_style, text) => text;
