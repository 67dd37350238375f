// Availability for other programs: one JSON object, or a Parquet row for each cause of each service.

import type { Cause, NinesResult, NinesSubject } from "../nines/index.ts";
import { FORMAT_VERSION } from "./json.ts";
import { parquet, type Column } from "./parquet.ts";

export function ninesJson(result: NinesResult, file: string, seed: bigint): string {
  const finite = (_key: string, value: unknown): unknown => (value === Infinity ? null : value); // the last bin has no end
  return `${JSON.stringify({ format: FORMAT_VERSION, file, seed: seed.toString(), ...result }, finite, 2)}\n`;
}

interface Row { subject: NinesSubject; cause: Cause | null }

const COLUMNS: Column<Row>[] = [
  { name: "kind", type: "STRING", of: (r) => r.subject.kind, required: true },
  { name: "service", type: "STRING", of: (r) => r.subject.name, required: true },
  { name: "availability", type: "DOUBLE", of: (r) => r.subject.availability, required: true },
  { name: "minutes_year", type: "DOUBLE", of: (r) => r.subject.down.mean, required: true },
  { name: "minutes_low", type: "DOUBLE", of: (r) => r.subject.down.low, required: true },
  { name: "minutes_high", type: "DOUBLE", of: (r) => r.subject.down.high, required: true },
  { name: "by", type: "STRING", of: (r) => r.subject.by, required: true },
  { name: "cause", type: "STRING", of: (r) => r.cause?.name ?? null },
  { name: "cause_minutes_year", type: "DOUBLE", of: (r) => r.cause?.minutes ?? null },
  { name: "cause_share", type: "DOUBLE", of: (r) => r.cause?.share ?? null },
];

export function ninesParquet(result: NinesResult, file: string): Promise<Uint8Array> {
  const rows = result.subjects.flatMap((subject): Row[] => (subject.causes.length === 0 ? [{ subject, cause: null }] : subject.causes.map((cause) => ({ subject, cause }))));
  return parquet(rows, COLUMNS, { file, topology: result.topology });
}
