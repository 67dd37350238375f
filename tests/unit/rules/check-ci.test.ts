// examples/ci: both files are YAML of their platform, and their commands do what they say on a repository with a design that gets worse.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { parse } from "yaml";

const root = new URL("../../../", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "dualhome-ci-"));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Step { uses?: string; run?: string; if?: string; with?: Record<string, unknown> }
const github = parse(readFileSync(`${root}examples/ci/github-actions.yml`, "utf8")) as { on: unknown; permissions: Record<string, string>; jobs: { check: { env: Record<string, string>; steps: Step[] } } };
const gitlab = parse(readFileSync(`${root}examples/ci/gitlab-ci.yml`, "utf8")) as { dualhome: { variables: Record<string, string>; script: string[]; artifacts: { when: string; paths: string[]; reports: { junit: string } } } };

const GOOD = `dualhome: 1
name: t
defaults: {lacp: {rate: fast}}
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
nodes:
  sw: {kind: l2switch}
  srv: {kind: server, network: lan}
bonds:
  srv:bond0: {to: sw, members: [eth0, eth1], lacp-rate: fast, min-links: 2}
`;

/** A clone whose origin has GOOD on main, and whose own commit has `text`. Runs the commands one by one; true: all ended with 0. */
function runs(name: string, text: string, commands: string[], env: Record<string, string>): { passes: boolean; read(file: string): string } {
  const [origin, clone] = [join(folder, `${name}.git`), join(folder, name)];
  const git = (cwd: string, ...args: string[]): void => { execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "init.defaultBranch=main", ...args], { cwd, stdio: "ignore" }); };
  const write = (cwd: string, content: string): void => {
    mkdirSync(join(cwd, "network"), { recursive: true });
    writeFileSync(join(cwd, "network/dc.dh.yaml"), content);
    git(cwd, "add", "-A");
    git(cwd, "commit", "-m", "x");
  };
  mkdirSync(origin);
  git(origin, "init");
  write(origin, GOOD);
  git(folder, "clone", origin, clone);
  git(clone, "checkout", "-b", "change");
  if (text !== GOOD) write(clone, text);
  const dualhome = `"${process.execPath}" "${root}bin/dualhome.js"`;
  const passes = commands.every((command) => spawnSync("bash", ["-e", "-c", command.replaceAll("npx --yes dualhome", dualhome)], { cwd: clone, env: { ...process.env, ...env } }).status === 0);
  return { passes, read: (file) => readFileSync(join(clone, file), "utf8") };
}

const WORSE = GOOD.replace("min-links: 2", "min-links: 2, lacp-active: true").replace("nodes:", "nodes:\n  srv2: {kind: server, network: lan}").replace("bonds:", "bonds:\n  srv2:bond0: {to: sw, members: [eth0, eth1], min-links: 3}");
const SAME = `# a comment\n${GOOD}`;

for (const [name, commands, env] of [
  ["github-actions.yml", github.jobs.check.steps.flatMap((step) => step.run ?? []).filter((run) => !run.includes("GITHUB_STEP_SUMMARY")), { ...github.jobs.check.env, GITHUB_BASE_REF: "main", RUNNER_TEMP: folder }],
  ["gitlab-ci.yml", gitlab.dualhome.script, { FILE: gitlab.dualhome.variables["FILE"]!, CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main" }],
] as const) {
  describe(name, () => {
    test("passes while nothing is new, although something is known", () => {
      const ran = runs(`${name}-same`, SAME, [...commands], env);
      assert.equal(ran.passes, true);
      assert.match(ran.read("check.md"), /ok; 1 known from the baseline/);
    });
    test("fails on what is new, and leaves the reports", () => {
      const ran = runs(`${name}-worse`, WORSE, [...commands], env);
      assert.equal(ran.passes, false);
      assert.match(ran.read("check.xml"), /failures="1"/);
      assert.match(ran.read("check.sarif"), /"baselineState": "new"/);
    });
  });
}

test("what the platforms read is what is written", () => {
  const upload = github.jobs.check.steps.find((step) => step.uses?.startsWith("github/codeql-action/upload-sarif@"));
  assert.deepEqual([upload?.with?.["sarif_file"], upload?.if, github.permissions["security-events"]], ["check.sarif", "always()", "write"]);
  assert.deepEqual([gitlab.dualhome.artifacts.when, gitlab.dualhome.artifacts.reports.junit], ["always", "check.xml"]);
});
