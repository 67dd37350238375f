// docs/rules: a page a rule and an index of them, written from the rules' own words by `npm run rules`.

import { RULES, type Rule } from "./index.ts";
import { IGNORE } from "./own.ts";

/** File below docs/rules → text. */
export function pages(rules: readonly Rule[] = [...RULES, ...IGNORE]): Map<string, string> {
  return new Map([["README.md", indexPage(rules)], ...rules.map((rule): [string, string] => [`${rule.id}.md`, page(rule)])]);
}

function page(rule: Rule): string {
  return [
    `# ${rule.id}`,
    `**${rule.title}.**`,
    `Severity: ${rule.severity}.${systemsOf(rule)}`,
    "## Why it matters", rule.why,
    ...(rule.effect === null ? [] : [`What a run shows: ${rule.effect}. A test of the rule runs the design with the fault and without it.`]),
    "## How to mend it", rule.mend,
    "With the fault:", fenced(rule.example.faulty),
    "Mended:", fenced(rule.example.mended),
    ...(rule.systems.length === 0 ? [] : ["Where it is meant, an entry of [the ignore file](../../check.md#ignore-file) says why, and until when."]),
  ].join("\n\n") + "\n";
}

function systemsOf({ systems }: Rule): string {
  return systems.length === 0 ? "" : ` ${systems.length === 1 ? "System" : "Systems"} of [systems.md](../../systems.md): ${systems.join(", ")}.`;
}

const fenced = (text: string): string => `\`\`\`yaml\n${text.replace(/^\n+|\s+$/g, "")}\n\`\`\``;

function indexPage(rules: readonly Rule[]): string {
  const rows = rules.map((rule) => `| [${rule.id}](${rule.id}.md) | ${rule.severity} | ${rule.systems.join(", ") || "–"} | ${rule.title} |`);
  return `# Rules of \`dualhome check\`

Written by \`npm run rules\` from bindings/rules; [check.md](../check.md) says how they are run, left out and reported.
Systems are those of [systems.md](../systems.md).

| Rule | Severity | Systems | What is the matter |
|---|---|---|---|
${rows.join("\n")}
`;
}
