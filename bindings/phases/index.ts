// Door of the phases folder: the same steps at many instants.

export { phaseOf, phasesQuestion, plainSteps, type PhasesCase, type PhasesOptions, type PhasesRow } from "./question.ts";
export { distributions, type Distribution, type PhasesCaseResult, type PhasesResult, type Stretch } from "./distribution.ts";
