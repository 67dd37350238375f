// Door of the nines folder: availability and downtime of each service, and what causes it.

export { type Oracle, type System } from "./model.ts";
