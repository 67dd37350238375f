// How a result is printed: options of the commands that print tables, and colour.

import type { Command } from "commander";

/** What a result is printed as: a terminal's table, or one of these; and a file beside it. */
export interface OutputFlags { json: boolean; markdown: boolean; all: boolean; parquet?: string; report?: string }
export interface RawOutput { json?: boolean; markdown?: boolean; all?: boolean; parquet?: string; report?: string }

export function outputOptions(command: Command): Command {
  return command
    .option("--json", "one JSON object")
    .option("--markdown", "Markdown, for a ticket or a wiki")
    .option("--parquet <file>", "also write all rows as a Parquet file")
    .option("--all", "no row is left out of the tables");
}

/** Of the commands whose results have a page. */
export function reportOption(command: Command): Command { return command.option("--report <file>", "also write the result as one HTML file"); }

export function outputFlags({ json, markdown, all, parquet, report }: RawOutput): OutputFlags {
  return { json: json === true, markdown: markdown === true, all: all === true, ...(parquet === undefined ? {} : { parquet }), ...(report === undefined ? {} : { report }) };
}

export function colourOf(command: Command): boolean {
  return command.opts<{ color?: boolean }>().color !== false && command.parent?.opts<{ color?: boolean }>().color !== false;
}
