// The references in docs/ are what the schema and the commands say: `npm run schema` writes them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Actions } from "../../../bindings/cli/actions/index.ts";
import { program } from "../../../bindings/cli/program.ts";
import { cliReference } from "../../../bindings/cli/reference.ts";
import { jsonSchema } from "../../../bindings/topology/index.ts";
import { topologyReference, type Node } from "../../../bindings/topology/reference.ts";

const doc = (name: string): string => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), "utf8");
const schema = jsonSchema() as Node;

test("docs/topology-reference.md is the schema's", () => {
  assert.equal(doc("topology-reference.md"), topologyReference(schema), "npm run schema");
});

test("no part of a file is left out of it", () => {
  const text = topologyReference(schema);
  for (const key of Object.keys(schema.properties ?? {})) assert.match(text, new RegExp(`^## ${key}$`, "m"));
});

test("docs/cli-reference.md is the commands'", () => {
  assert.equal(doc("cli-reference.md"), cliReference(program("", {} as Actions)), "npm run schema");
});

test("no command and no option is left out of it", () => {
  const text = cliReference(program("", {} as Actions));
  const each = (command: { name(): string; commands: readonly unknown[]; options: readonly { flags: string }[] }): void => {
    for (const { flags } of command.options) assert.ok(text.includes(`\`${flags.replaceAll("|", "\\|")}\``), `${command.name()} ${flags}`);
    for (const below of command.commands) each(below as Parameters<typeof each>[0]);
  };
  for (const command of program("", {} as Actions).commands) each(command);
});
