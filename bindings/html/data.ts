// What the page of a report reads: plain data, in the file as JSON. web/report draws it; nothing is worked out there.

import type { Stretch, Track as TrackOf, Tracks } from "../analysis/tracks.ts";

export const PAGE_VERSION = 1;

/** good, bad: a verdict. warn: worth a look. plain: neither. */
export type Tone = "good" | "bad" | "warn" | "plain";

export interface Line { tone: Tone; text: string }

/** text; digits; ns; ns as an instant; a part of one; Mbit/s */
export type Kind = "text" | "number" | "ns" | "at" | "share" | "mbps";

export interface Column { head: string; kind: Kind }

/** A text in a column of numbers stands for more than any number ("stays down"); null is less than any ("none", an empty cell). */
export type Cell = string | number | null;

export interface Table {
  id: string;
  title: string;
  note: string;
  columns: Column[];
  rows: Cell[][];
  /** of each row: into `details`, -1: none */
  details?: number[];
  /** of each row; absent: plain */
  tones?: Tone[];
  /** sorted by this column to begin with; below zero: as the rows stand */
  sort?: number;
}

export type Part =
  | { kind: "facts"; rows: [string, string][] }
  /** from the record that took something down, or up again, back to what began it: the page follows `cause` */
  | { kind: "walk"; title: string; event: number; known?: number }
  /** into `chains` */
  | { kind: "chain"; title: string; chain: number }
  | { kind: "bars"; title: string; rows: { name: string; share: number; text: string }[] }
  /** a value against where it began: one mark from least to most for each stretch; null: none. ns. `bad`: it did not end */
  | { kind: "stretches"; title: string; windowNs: number; mostNs: number; rows: { least: number | null; most: number | null; bad: boolean; text: string }[] }
  | { kind: "lines"; title: string; lines: string[] };

/** What opens when a row is chosen. */
export interface Detail { title: string; parts: Part[] }

/** Records of a run, as columns: a report has 200,000 of them. */
export interface Events {
  at: number[]; // ns
  cause: number[]; // into these columns, -1: none that is here
  node: number[]; // into names
  what: number[]; // into names: the protocol
  text: string[];
  names: string[];
  leftOut: number;
}

/** `detail`: into `details`, what opens when it is chosen; -1: nothing. */
export interface Span extends Stretch { detail: number }
export type Track = TrackOf<Span>;
export type Timeline = Tracks<Span>;

export interface Drawing {
  sites: string[];
  /** name, 0 server 1 switch 2 router, tier, site or -1 */
  nodes: [name: string, kind: number, tier: number, site: number][];
  /** node and port of both ends; 1: a peer-link */
  links: [a: number, aPort: string, b: number, bPort: string, peerLink: number][];
  pairs: [name: string, a: number, b: number][];
  /** what the two strengths of a mark mean */
  strong: string;
  weak: string;
  /** by place above: 2 strong, 1 weak, with words */
  markedNodes: [node: number, strength: 1 | 2, words: string][];
  markedLinks: [link: number, strength: 1 | 2, words: string][];
}

/** Downtime a year, one line a subject: mean and the interval it is in. Minutes. */
export interface Intervals { title: string; rows: { name: string; mean: number; low: number; high: number; text: string; detail: number }[] }

/** How long something lasts, one line a subject: from the shortest to the longest, with what half, 90 and 99 of 100 do not exceed. ns; null: it did not end. */
export interface Spreads { title: string; note: string; rows: { group: string; name: string; least: number | null; p50: number | null; p90: number | null; p99: number | null; most: number | null; text: string; detail: number }[] }

export interface Page {
  format: number;
  command: string;
  title: string;
  about: string;
  version: string;
  pass: boolean | null;
  verdict: string;
  lines: Line[];
  drawing: Drawing | null;
  timeline: Timeline | null;
  intervals: Intervals | null;
  spreads?: Spreads;
  tables: Table[];
  details: Detail[];
  chains: [ns: number, text: string][][];
  events: Events | null;
}
