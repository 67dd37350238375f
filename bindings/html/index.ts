// Door of the html folder: a result as one HTML file.

export { html, inHtml, inScript, type Assets } from "./page.ts";
export { runPage, type Loads } from "./run.ts";
export { pairsPage, sweepPage, type Asked } from "./sweep.ts";
export { ninesPage } from "./nines.ts";
export { capacityPage } from "./capacity.ts";
export { phasesPage } from "./phases.ts";
export { comparePage } from "./compare.ts";
export type { Page } from "./data.ts";
