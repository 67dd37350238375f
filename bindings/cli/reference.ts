// docs/cli-reference.md, out of the commands themselves: every command, argument and option.

import type { Command } from "commander";

const HEAD = `# Every command and option

Made from the commands by \`npm run schema\`. What they are for, and what to make of their answers, is told in [cli.md](cli.md).
`;

/** Commands with the same arguments and options, as the formats of \`import\` are, are told in one table. */
export function cliReference(root: Command): string {
  return [HEAD, ...root.commands.map((command) => section(command as Command, "dualhome"))].join("\n");
}

function section(command: Command, before: string): string {
  const name = `${before} ${command.name()}`;
  const below = command.commands as Command[];
  const alike = below.length > 1 && new Set(below.map((each) => options(each).join("\n"))).size === 1;
  const lines = [`${"#".repeat(before.split(" ").length + 1)} ${name}`, "", `${sentence(command.description())}`, ""];
  if (below.length === 0) lines.push("```", usage(command, before), "```", "", ...list(command));
  else if (alike) lines.push("```", usage(below[0]!, name).replace(` ${below[0]!.name()} `, " FORMAT "), "```", "", "| FORMAT | |", "|---|---|", ...below.map((each) => `| \`${each.name()}\` | ${cell(each.description())} |`), "", ...list(below[0]!));
  else lines.push(...below.map((each) => section(each, name)));
  return lines.join("\n");
}

function usage(command: Command, before: string): string {
  return `${before} ${command.name()} ${command.usage()}`.trim();
}

function list(command: Command): string[] {
  const given = command.registeredArguments.filter((each) => each.description !== "").map((each) => `| \`${each.name()}\` | ${cell(each.description)} |`);
  const rows = [...given, ...options(command)];
  return rows.length === 0 ? [] : ["| | |", "|---|---|", ...rows, ""];
}

function options(command: Command): string[] {
  return command.options.filter((option) => !option.hidden).map((option) => {
    const choices = option.argChoices === undefined ? "" : ` (${option.argChoices.join(", ")})`;
    const left = option.defaultValue === undefined || option.negate || Array.isArray(option.defaultValue) ? "" : ` (default ${option.defaultValueDescription ?? String(option.defaultValue)})`;
    return `| \`${cell(option.flags)}\` | ${cell(option.description)}${cell(choices)}${cell(left)} |`;
  });
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? "" : "."}`;
/** Inside a table, a bar would end the cell. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replace(/\s*\n\s*/g, " ");
