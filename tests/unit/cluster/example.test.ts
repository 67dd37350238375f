// examples/cluster: manifests and job scripts say what Kubernetes, Slurm and the command line understand.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";
import { shardOf } from "../../../bindings/batch/index.ts";
import type { Actions } from "../../../bindings/cli/actions/index.ts";
import { program } from "../../../bindings/cli/program.ts";

const folder = fileURLToPath(new URL("../../../examples/cluster/", import.meta.url));

/** The command that these arguments are, with what it was told; throws for what it does not understand. */
async function understood(args: readonly string[]): Promise<{ command: string; told: unknown[] }> {
  let found: { command: string; told: unknown[] } | null = null;
  const action = (name: string): ((...told: unknown[]) => Promise<void>) => async (...told) => { found = { command: name, told }; };
  const actions = new Proxy({}, { get: (_, name: string) => (name === "cluster" ? new Proxy({}, { get: (_, sub: string) => action(`cluster ${sub}`) }) : action(name)) }) as Actions;
  const root = program("0", actions);
  const all = (command: typeof root): (typeof root)[] => [command, ...command.commands.flatMap((each) => all(each as typeof root))];
  let said = "";
  for (const command of all(root)) command.configureOutput({ writeErr: (text) => { said += text; }, writeOut: () => {} });
  await root.parseAsync(args, { from: "user" }).catch((e: Error) => assert.fail(`dualhome ${args.join(" ")}: ${said || e.message}`));
  assert.ok(found !== null);
  const { command, told } = found as { command: string; told: unknown[] };
  if (command === "cluster submit") await understood(told[1] as string[]); // the question that is submitted
  return { command, told };
}

interface Container { name: string; image: string; args: string[]; env?: { name: string; value: string }[]; volumeMounts: { name: string; mountPath: string }[] }
interface Manifest {
  apiVersion: string; kind: string; metadata: { name: string };
  spec: { completionMode?: string; completions?: number; parallelism?: number; selector?: { matchLabels?: object }; accessModes?: string[]; template?: { metadata?: { labels: object }; spec: { restartPolicy?: string; containers: Container[]; volumes?: { name: string; persistentVolumeClaim?: { claimName: string } }[] } }; volumeClaimTemplates?: { metadata: { name: string } }[] };
}

function manifests(file: string): Manifest[] {
  return parseAllDocuments(readFileSync(folder + file, "utf8"), { strict: true, uniqueKeys: true }).map((document) => {
    assert.deepEqual(document.errors, [], file);
    return document.toJS() as Manifest;
  });
}

const VERSIONS: Record<string, string> = { Job: "batch/v1", Deployment: "apps/v1", StatefulSet: "apps/v1", Service: "v1", PersistentVolumeClaim: "v1" };
const all = [...manifests("indexed-job.yaml"), ...manifests("workers.yaml")];

test("manifests: versions, selectors, volumes and claims fit together", () => {
  const claims = all.filter(({ kind }) => kind === "PersistentVolumeClaim");
  assert.ok(claims.every(({ spec }) => spec.accessModes?.includes("ReadWriteMany")), "all pods write to it");
  for (const { apiVersion, kind, metadata, spec } of all) {
    assert.equal(apiVersion, VERSIONS[kind], metadata.name);
    const pod = spec.template?.spec;
    if (pod === undefined) continue;
    if (kind === "Job") assert.equal(pod.restartPolicy, "Never"); // a Job's default is not allowed
    else assert.deepEqual(spec.selector?.matchLabels, spec.template?.metadata?.labels, metadata.name);
    const volumes = [...(pod.volumes ?? []), ...(spec.volumeClaimTemplates ?? []).map((claim) => claim.metadata)].map(({ name }) => name);
    for (const container of pod.containers) for (const mount of container.volumeMounts) assert.ok(volumes.includes(mount.name), `${metadata.name}: no volume ${mount.name}`);
    for (const { persistentVolumeClaim: claim } of pod.volumes ?? []) if (claim !== undefined) assert.ok(claims.some((each) => each.metadata.name === claim.claimName));
  }
});

test("manifests: every command is one of this version", async () => {
  const commands: string[] = [];
  for (const { spec } of all) {
    for (const container of spec.template?.spec.containers ?? []) if (container.name === "dualhome") commands.push((await understood(container.args)).command);
  }
  assert.deepEqual(commands, ["phases", "cluster work", "cluster submit"]);
});

test("the Indexed Job: each index is a shard of its own, and they are all", () => {
  const job = all.find(({ spec }) => spec.completionMode === "Indexed")!;
  const env = Object.fromEntries(job.spec.template!.spec.containers[0]!.env!.map(({ name, value }) => [name, value]));
  const count = job.spec.completions!;
  const shards = Array.from({ length: count }, (_, i) => shardOf("auto", { ...env, JOB_COMPLETION_INDEX: `${i}` }));
  assert.deepEqual(shards, Array.from({ length: count }, (_, i) => ({ index: i + 1, of: count })));
});

const SBATCH = new Set(["job-name", "array", "cpus-per-task", "mem", "time", "requeue", "signal"]);

for (const file of readdirSync(folder).filter((name) => name.endsWith(".sbatch"))) {
  test(`${file}: the shell reads it, Slurm's options stand before the first command, and the command is one of this version`, async () => {
    const text = readFileSync(folder + file, "utf8");
    assert.equal(spawnSync("bash", ["-n"], { input: text }).status, 0);
    const lines = text.split("\n");
    const options = lines.flatMap((line, i) => (line.startsWith("#SBATCH ") ? [{ i, name: /^#SBATCH --([a-z-]+)/.exec(line)?.[1] ?? "" }] : []));
    assert.ok(options.length > 0 && options.every(({ name }) => SBATCH.has(name)), JSON.stringify(options));
    assert.ok(options.every(({ i }) => i < lines.findIndex((line) => line !== "" && !line.startsWith("#"))));
    // What the shell would start, with Slurm's variables as they would be.
    const env = { PATH: process.env["PATH"] ?? "", SLURM_SUBMIT_DIR: "/work", SLURM_CPUS_PER_TASK: "4", REDIS: "redis://queue:6379", PARTS: "/shared/parts" };
    const printed = spawnSync("bash", ["-c", `exec() { printf '%s\\0' "$@"; }\n${text}`], { env, encoding: "utf8" });
    const [name, ...args] = printed.stdout.split("\0").slice(0, -1);
    assert.equal(name, "dualhome", printed.stderr);
    const { command } = await understood(args);
    assert.equal(command, file === "shards.sbatch" ? "phases" : "cluster work");
    if (file === "shards.sbatch") assert.deepEqual(shardOf("auto", { SLURM_ARRAY_TASK_ID: "64", SLURM_ARRAY_TASK_MIN: "1", SLURM_ARRAY_TASK_COUNT: "64", SLURM_ARRAY_TASK_STEP: "1" }), { index: 64, of: 64 });
  });
}

test("the README's commands are of this version", async () => {
  const commands = [...readFileSync(`${folder}README.md`, "utf8").matchAll(/^dualhome (.*?)(?: +#.*)?$/gm)].map(([, line = ""]) => spawnSync("bash", ["-c", `printf '%s\\0' ${line}`], { encoding: "utf8" }).stdout.split("\0").slice(0, -1));
  assert.ok(commands.length >= 4);
  for (const args of commands) await understood(args);
});
