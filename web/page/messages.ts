// What goes between the page and its worker. Plain data; times are ns as numbers, exact up to 104 days.

import type { Drawing } from "../../bindings/html/data.ts";
import type { FaultOp } from "../../bindings/topology/model.ts";

export interface Problem { line: number; col: number; message: string; hint?: string; severity: "error" | "warning" }

/** What the second run is, when it is another network and not a fork. */
export interface Settings {
  /** of every bundle that speaks LACP, both ends */
  lacpRate?: "slow" | "fast";
  /** of every Linux bond */
  hash?: "layer2" | "layer2+3" | "layer3+4";
  miimonMs?: number;
  seed?: number;
}

export interface Group { kind: "site" | "risk" | "power" | "peer-link" | "keepalive" | "gateway" | "card"; target: string; nodes: number[]; links: number[] }

/** What does not change while a file is played. Places are those of `drawing.nodes` and `drawing.links`. */
export interface Scene {
  name: string;
  fileName: string;
  drawing: Drawing;
  linkNames: string[];
  flows: { name: string; from: number; to: number; text: string }[];
  services: { name: string; text: string }[];
  groups: Group[];
  scenarios: { name: string; steps: number }[];
  assumptions: number;
  /** control frames are recorded */
  frames: boolean;
}

/** Of a cable: worst first wins. */
export const LINK = { fine: 0, standby: 1, unused: 2, impaired: 3, dark: 4, cut: 5 } as const;
/** Of a node. */
export const NODE = { up: 0, crashed: 1, hung: 2, off: 3 } as const;

export interface Frame { atNs: number; link: number; fromA: boolean; kind: string }

/** What is drawn at an instant. */
export interface View {
  ns: number;
  nodes: Uint8Array;
  links: Uint8Array;
  /** flows of the node that are down */
  hurt: Uint16Array;
  /** 1: both directions arrive */
  flows: Uint8Array;
  flowsDown: number;
  /** of routers: 1: master or active of some gateway */
  masters: Uint8Array;
  events: number;
  frames: Frame[];
}

export interface Both { a: View; b: View | null; /** the run found nothing more, or was stopped */ stopped: boolean }

/** much: of loss and slow, as it is written; scenario: of the file, that it came from */
export interface StepRow { atNs: number; op: FaultOp; target: string; much: string; text: string; scenario: string | null }

/** When something was down; null: still. */
export interface Lane { kind: "service" | "flow"; name: string; spans: [from: number, to: number | null][] }
export interface Lanes { a: Lane[]; b: Lane[] | null; stepsA: StepRow[]; stepsB: StepRow[] | null; downA: number; downB: number | null }

export interface Fact { name: string; value: string; tone?: "good" | "bad" | "warn" }
export interface Inspection {
  title: string; kind: "node" | "port" | "link" | "group"; ports: string[]; facts: Fact[]; machines: { title: string; facts: Fact[] }[];
  /** text: of those that are open */
  tables: { view: string; text: string | null }[];
}

export interface FlowDetail { name: string; ends: string; up: boolean; reason: string | null; forth: string[]; back: string[]; links: number[]; outages: { fromNs: number; toNs: number | null; why: [atNs: number, text: string][]; back: [atNs: number, text: string][] }[] }

export interface Reached { to: string; forth: boolean; back: boolean }

export interface EventRow { id: number; atNs: number; node: string; protocol: string; text: string }

export type Opened = { problems: Problem[] } | { scene: Scene; view: View };
export interface StepText { at: string; text: string }
