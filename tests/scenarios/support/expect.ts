// The lines of an expect block as data. Every line ends in its reason: `# why this number`.
// A line that begins with # goes on with the reason of the line before.

import { formatDuration, parseDuration } from "../../../bindings/duration.ts";
import { ScenarioError, type Block } from "./document.ts";

/** Both ends included; see SLACK_NS. */
export interface Span { fromNs: bigint; toNs: bigint }

export type Subject = { kind: "flow" | "service"; name: string; direction: 0 | 1 | null };

export type Claim =
  | { is: "down"; of: Subject; within: Span; length: Span | null; open: boolean; may: boolean; because: string | null }
  | { is: "up"; of: Subject | null; during: Span }
  | { is: "nothing-else" }
  | { is: "never-up"; of: Subject; because: string | null }
  | { is: "record"; words: string[]; during: Span; times: Span | null } // times: how often, as counts; null: at least once
  | { is: "state"; words: string[]; state: string; atNs: bigint }
  | { is: "why"; of: Subject; text: string; kept: boolean }
  | { is: "hops"; of: Subject; hops: number; atNs: bigint }
  | { is: "exit"; code: number }
  | { is: "expectation"; text: string; kept: boolean }
  | { is: "assumed"; text: string; value: string | null }
  | { is: "refused"; code: string };

export interface Expectation { line: number; text: string; reason: string; claim: Claim }

/** Frames take microseconds to cross cables, and that is not what scenarios are about: spans are this much longer at their end. */
export const SLACK_NS = 1_000_000n;
export const FOREVER: bigint = 1n << 62n;

export function parseExpectations(file: string, block: Block): Expectation[] {
  const found: Expectation[] = [];
  for (const [i, raw] of block.text.split("\n").entries()) {
    const line = block.line + i;
    const text = raw.trim();
    if (text === "") continue;
    const last = found.at(-1);
    if (text.startsWith("#")) {
      if (last !== undefined) last.reason += ` ${text.slice(1).trim()}`;
      continue;
    }
    const at = text.search(/\s#\s/);
    const said = at < 0 ? text : text.slice(0, at).trim();
    try {
      found.push({ line, text: said, reason: at < 0 ? "" : text.slice(at + 2).trim(), claim: new Reader(split(said)).claim() });
    } catch (thrown) {
      throw new ScenarioError(file, line, `${said}: ${(thrown as Error).message}`);
    }
  }
  const bare = found.find((each) => each.reason.length < 6);
  if (bare !== undefined) throw new ScenarioError(file, bare.line, `without a reason: end the line with "# why this number"`);
  if (found.length === 0) throw new ScenarioError(file, block.line, "nothing is expected");
  return found;
}

/** Words; "several words" in double quotes are one. */
function split(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? "");
}

const TIME = /^\d[\d.]*(ns|us|µs|ms|s|m|h|d)$/;

class Reader {
  #words: string[];
  constructor(words: string[]) { this.#words = words; }

  claim(): Claim {
    const claim = this.#read();
    if (this.#words.length > 0) throw new Error(`"${this.#words.join(" ")}" is left over`);
    return claim;
  }

  #read(): Claim {
    const [first = "", second = ""] = this.#words;
    switch (first) {
      case "flow": case "service": return this.#ofSubject(this.#subject());
      case "no": return this.#none();
      case "at": this.#take(); return this.#at(this.#time());
      case "trace": this.#take(); return this.#trace(null);
      case "never": this.#take(); return this.#trace({ fromNs: 0n, toNs: 0n });
      case "count": this.#take(); return this.#trace(this.#counts());
      case "why": this.#take(); return this.#why(second === "service" ? this.#subject() : this.#flow());
      case "expectation": return this.#expectation();
      case "exit": this.#take(); return { is: "exit", code: this.#number() };
      case "assumed": this.#take(); return { is: "assumed", text: this.#take(), value: this.#optional("is") };
      case "refused": this.#take(); return { is: "refused", code: this.#take() };
      default: throw new Error(`"${first}" begins no expectation`);
    }
  }

  #ofSubject(of: Subject): Claim {
    const verb = this.#take();
    if (verb === "may") { this.#must("be"); this.#must("down"); return this.#down(of, true); }
    if (verb === "hops") return { is: "hops", of, hops: this.#number(), atNs: this.#takes("at") ? this.#time().fromNs : FOREVER };
    if (verb === "never") { this.#must("up"); return { is: "never-up", of, because: this.#optional("because") }; }
    if (verb === "up") return { is: "up", of, during: this.#during() };
    if (verb !== "down") throw new Error(`a ${of.kind} is down, may be down, is up, never up, or has hops; not "${verb}"`);
    return this.#down(of, false);
  }

  /** `down 10s..10.2s`, `down for 2.6s..3.7s after 10s`, `down for 3s from 10s..10.1s`, `down from 10s to the end`. */
  #down(of: Subject, may: boolean): Claim {
    let within: Span | null = TIME_SPAN.test(this.#words[0] ?? "") ? this.#time() : null;
    let length: Span | null = null;
    let open = false;
    if (this.#takes("for")) length = this.#time();
    if (this.#takes("after")) within = { fromNs: this.#time().fromNs, toNs: FOREVER };
    else if (this.#takes("from")) {
      within = this.#time();
      if (this.#takes("to")) { this.#must("the"); this.#must("end"); open = true; length = { fromNs: 0n, toNs: FOREVER }; }
    }
    if (within === null) throw new Error("down when? `10s..10.2s`, `after 10s` or `from 10s..11s`");
    return { is: "down", of, within, length, open, may, because: this.#optional("because") };
  }

  /** `no outage of bulk`, `no outage after 10s`, `no other outage`. */
  #none(): Claim {
    this.#must("no");
    if (this.#takes("other")) { this.#must("outage"); return { is: "nothing-else" }; }
    this.#must("outage");
    let of: Subject | null = null;
    if (this.#takes("of")) of = this.#words[0] === "service" ? this.#subject() : this.#flow();
    return { is: "up", of, during: this.#during() };
  }

  /** `at 12s..13s srv1 lacp rx CURRENT>EXPIRED`, `at 20s leaf1 vrrp is MASTER`. */
  #at(time: Span): Claim {
    const is = this.#words.indexOf("is");
    if (is < 0) return { is: "record", words: this.#pattern(this.#words.length), during: time, times: null };
    const words = this.#pattern(is);
    this.#must("is");
    return { is: "state", words, state: this.#take(), atNs: time.fromNs };
  }

  #trace(times: Span | null): Claim {
    const end = this.#words.findIndex((word, i) => i > 1 && (word === "after" || TIME_SPAN.test(word)));
    const words = this.#pattern(end < 0 ? this.#words.length : end);
    return { is: "record", words, during: this.#during(), times };
  }

  #why(of: Subject): Claim {
    const verb = this.#take();
    if (verb === "contains") return { is: "why", of, text: this.#take(), kept: false };
    if (verb !== "kept") throw new Error("why NAME contains \"...\", or why NAME kept down by \"...\"");
    this.#must("down");
    this.#must("by");
    return { is: "why", of, text: this.#take(), kept: true };
  }

  /** `expectation "up web" kept`, `expectation "up web" broken`: of the topology file's own. */
  #expectation(): Claim {
    this.#must("expectation");
    const text = this.#take();
    const word = this.#take();
    if (word !== "kept" && word !== "broken") throw new Error(`"${word}" is neither kept nor broken`);
    return { is: "expectation", text, kept: word === "kept" };
  }

  /** node, protocol and at least one word of what changed */
  #pattern(length: number): string[] {
    const words = this.#words.splice(0, length);
    if (words.length < 2) throw new Error("name a node, a protocol and what changes: leaf1 vrrp BACKUP>MASTER");
    return words;
  }

  #during(): Span {
    if (this.#takes("after")) return { fromNs: this.#time().fromNs, toNs: FOREVER };
    return TIME_SPAN.test(this.#words[0] ?? "") ? this.#time() : { fromNs: 0n, toNs: FOREVER };
  }

  #subject(): Subject {
    const kind = this.#take();
    if (kind !== "flow" && kind !== "service") throw new Error(`"${kind}" is neither flow nor service`);
    return kind === "flow" ? this.#flow() : { kind, name: this.#take(), direction: null };
  }
  #flow(): Subject {
    this.#takes("flow");
    const name = this.#take();
    return { kind: "flow", name, direction: this.#takes("forward") ? 0 : this.#takes("back") ? 1 : null };
  }

  #take(): string {
    const word = this.#words.shift();
    if (word === undefined) throw new Error("the line ends too early");
    return word;
  }
  /** Takes the next word if it is this one. */
  #takes(word: string): boolean {
    if (this.#words[0] !== word) return false;
    this.#words.shift();
    return true;
  }
  #must(word: string): void { const got = this.#take(); if (got !== word) throw new Error(`"${word}" is wanted, not "${got}"`); }
  #optional(word: string): string | null { return this.#takes(word) ? this.#take() : null; }
  #number(): number { const word = this.#take(); if (!/^\d+$/.test(word)) throw new Error(`"${word}" is no number`); return Number(word); }
  #counts(): Span {
    const match = /^(\d+)(?:\.\.(\d+))?$/.exec(this.#take());
    if (match === null) throw new Error("how many? count 2 ..., count 1..3 ...");
    return { fromNs: BigInt(match[1] ?? "0"), toNs: BigInt(match[2] ?? match[1] ?? "0") };
  }
  #time(): Span {
    const [from = "", to] = this.#take().split("..");
    return { fromNs: parseDuration(from), toNs: parseDuration(to ?? from) };
  }
}

const TIME_SPAN = new RegExp(`${TIME.source.slice(0, -1)}(\\.\\.${TIME.source.slice(1, -1)})?$`);

export function spanText({ fromNs, toNs }: Span): string {
  if (fromNs === toNs) return formatDuration(fromNs);
  return toNs === FOREVER ? `${formatDuration(fromNs)} or later` : `${formatDuration(fromNs)}..${formatDuration(toNs)}`;
}
