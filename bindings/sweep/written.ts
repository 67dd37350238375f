// Numbers for options and rows: short where there are few.

const DIGITS = 36;
export const written = (numbers: readonly number[]): string => numbers.map((n) => n.toString(DIGITS)).join(" ");
export const parsed = (text: string): number[] => (text === "" ? [] : text.split(" ").map((digits) => parseInt(digits, DIGITS)));
