// Door of the locality folder: which two failures can meet, by proof (docs/sweep.md).

export { Locality, mayMeet, joinsOf, reachOf, subjectsOf, type Joins, type Reach, type Surroundings } from "./locality.ts";
