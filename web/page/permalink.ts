// The file and what was done to it as the part of an address behind its #, which browsers keep to themselves. JSON, deflated, as base64url behind
// a version and a checksum: deflate itself would not notice a letter that was changed on the way. What comes back is taken for what anybody may
// have written.

import { crc32 } from "../../bindings/crc32.ts";
import { readSettings } from "./settings.ts";
import type { Settings, StepText } from "./messages.ts";

export interface PermalinkState { text: string; fileName: string; steps: StepText[]; at?: string; settings?: Settings; language?: "en" | "ko" }

const VERSION = "1.";
/** A page that unpacks whatever it is given can be made to fill the memory. */
const BYTES_MAX = 8 << 20;
const STEPS_MAX = 2_000;

export async function encodePermalink(state: PermalinkState): Promise<string> {
  const packed = await all(through(new TextEncoder().encode(JSON.stringify(state)), new CompressionStream("deflate-raw")), Infinity);
  let binary = "";
  for (let at = 0; at < packed.length; at += CHUNK) binary += String.fromCharCode(...packed.subarray(at, at + CHUNK));
  return `${VERSION}${crc32(packed)}.` + btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

const CHUNK = 0x2000;

const DAMAGED = "the link is damaged: a part of it is missing, or was changed on the way";

/** With or without the #. Throws an Error that says what is wrong. */
export async function decodePermalink(hash: string): Promise<PermalinkState> {
  const text = hash.replace(/^#/, "");
  if (!text.startsWith(VERSION)) throw new Error("the link is of another version of the page, or is no link of it");
  const [, sum, data] = /^([0-9a-f]{8})\.([A-Za-z0-9_-]+)$/.exec(text.slice(VERSION.length)) ?? [];
  if (data === undefined) throw new Error(DAMAGED);
  let json: unknown;
  try {
    const bytes = Uint8Array.from(atob(data.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    if (crc32(bytes) !== sum) throw new Error(DAMAGED);
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await all(through(bytes, new DecompressionStream("deflate-raw")), BYTES_MAX)));
  } catch (e) {
    throw e instanceof RangeError ? e : new Error(DAMAGED, { cause: e });
  }
  return read(json);
}

function read(json: unknown): PermalinkState {
  const { text, fileName, steps, at, settings, language } = (typeof json === "object" && json !== null ? json : {}) as Record<string, unknown>;
  const fine = typeof text === "string" && typeof fileName === "string" && Array.isArray(steps) && steps.length <= STEPS_MAX && steps.every((s: Partial<StepText> | null) => typeof s?.at === "string" && typeof s.text === "string");
  if (!fine) throw new Error("the link does not hold a file and its steps");
  return {
    text: text as string, fileName: fileName as string, steps: (steps as StepText[]).map((s) => ({ at: s.at, text: s.text })), ...(typeof at === "string" ? { at } : {}),
    ...(settings === undefined ? {} : { settings: readSettings(settings) }), ...(language === "en" || language === "ko" ? { language } : {}),
  };
}

function through(bytes: Uint8Array<ArrayBuffer>, transform: CompressionStream | DecompressionStream): ReadableStream<Uint8Array> {
  return new Blob([bytes]).stream().pipeThrough(transform);
}

async function all(stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    length += value.length;
    if (length > most) { await reader.cancel(); throw new RangeError(`the link unpacks to more than ${most >> 20} MiB`); }
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}
