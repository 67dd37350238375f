// The built command when something around it fails: readers that go away, disks that are full, signals. It says why in words, and ends with the status of docs/cli.md.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, lstatSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { makeFolder } from "../../../bindings/make-folder.ts";

const root = new URL("../../..", import.meta.url).pathname;
const command = join(root, "bin/dualhome.js");
const example = join(root, "examples/two-site/two-site.dh.yaml");
const FULL = "/dev/full";
const noFull = existsSync(FULL) ? false : "no /dev/full here";

interface Ended { status: number | null; signal: string | null; out: string; err: string }

/** In a session of its own: no terminal, whoever runs the tests. */
function start(args: string[], stdio: ("ignore" | "pipe" | number)[] = ["ignore", "pipe", "pipe"], cwd = root): { child: ReturnType<typeof spawn>; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [command, ...args], { stdio, cwd, detached: true, env: { ...process.env, NO_COLOR: "1" } });
  const said = { out: "", err: "" };
  child.stdout?.on("data", (text: Buffer) => { said.out += text.toString(); });
  child.stderr?.on("data", (text: Buffer) => { said.err += text.toString(); });
  return { child, ended: new Promise((resolve) => { child.on("close", (status, signal) => resolve({ status, signal, ...said })); }) };
}

const noTrace = (text: string): void => assert.doesNotMatch(text, /\n\s+at |unreachable|RuntimeError|a mistake in dualhome/);

describe("the command when what is around it fails", { concurrency: 2 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "dualhome-faults-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("a reader that has enough (| head -1): no complaint", async () => {
    const { status, stdout, stderr } = spawnSync("bash", ["-c", `set -o pipefail; "$0" "$1" run "$2" --trace | head -1`, process.execPath, command, example], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    assert.equal(stdout.trim().split("\n").length, 1);
    noTrace(stderr);
    assert.doesNotMatch(stderr, /EPIPE/);
  });

  test("standard output on a full disk, also of help and the version", { skip: noFull }, async () => {
    for (const args of [["run", example], ["--help"], ["sweep", "--help"], ["--version"], ["schema"]]) {
      const full = openSync(FULL, "w");
      const { status, err } = await start(args, ["ignore", full, "pipe"]).ended;
      closeSync(full);
      assert.equal(status, 2);
      assert.match(err, /(?:^|\n)dualhome: standard output: cannot be written: no space left on device \[DH_FILE\]\n$/, args.join(" "));
      noTrace(err);
    }
  });

  test("a folder that makes no folders, though it says only that they are not there: one message, and not for ever", { skip: !existsSync("/proc/self") }, async () => {
    const { status, out, err } = await start(["sweep", join(root, "examples/mclag-pair/mclag-pair.dh.yaml"), "--only", "switch", "--workers", "0", "--parts", "/proc/dualhome/parts"]).ended;
    assert.deepEqual([status, out], [2, ""], err);
    assert.match(err, /\/proc\/dualhome\/parts: cannot be written: no such file or directory \[DH_FILE\]\n$/);
    noTrace(err);
  });

  test("nothing is written over what is read, under whatever path", async () => {
    const text = readFileSync(join(root, "examples/mclag-pair/mclag-pair.dh.yaml"), "utf8");
    const cwd = join(folder, "over");
    mkdirSync(cwd);
    writeFileSync(join(cwd, "dc.dh.yaml"), text);
    for (const [command, ...options] of [
      ["export", "-o", "dc.dh.yaml"], ["export", "-o", "./dc.dh.yaml"], ["export", "-o", join(cwd, "dc.dh.yaml")], ["run", "--report", "dc.dh.yaml"], ["run", "--perfetto", "dc.dh.yaml"], ["run", "--pcap", "dc.dh.yaml"],
      ["check", "--sarif", "dc.dh.yaml"], ["check", "--summary", "dc.dh.yaml"],
    ] as const) {
      const { status, out, err } = await start([command, ...(command === "export" ? ["netlab"] : []), "dc.dh.yaml", ...options], undefined, cwd).ended;
      assert.deepEqual([status, out], [2, ""], `${command} ${options.join(" ")}: ${err}`);
      assert.match(err, /dc\.dh\.yaml is one of the files that are read: nothing is written over it \[DH_USAGE\]\n$/);
      assert.equal(readFileSync(join(cwd, "dc.dh.yaml"), "utf8"), text);
    }
  });

  test("folders are made with those that they lie in, and what is no folder is said", async () => {
    const deep = join(folder, "a/b/c");
    await Promise.all([makeFolder(deep), makeFolder(deep), makeFolder(join(folder, "a/b/d"))]);
    await makeFolder(deep);
    assert.ok(lstatSync(deep).isDirectory() && lstatSync(join(folder, "a/b/d")).isDirectory());
    writeFileSync(join(folder, "a/file"), "");
    await assert.rejects(makeFolder(join(folder, "a/file")), { code: "EEXIST" });
    await assert.rejects(makeFolder(join(folder, "a/file/b/c")), { code: "ENOTDIR" });
  });

  test("messages that nobody can read do not end a run", { skip: noFull }, async () => {
    const full = openSync(FULL, "w");
    const { status, out } = await start(["run", example], ["ignore", "pipe", full]).ended;
    closeSync(full);
    assert.equal(status, 0);
    assert.match(out, /two-site/);
  });

  test("a file on a full disk; a device is not replaced by a file", { skip: noFull }, async () => {
    // A link: were the device named, and this test wrong, it would be gone for all.
    const link = join(folder, "full.json");
    symlinkSync(FULL, link);
    const { status, err } = await start(["run", example, "--perfetto", link]).ended;
    assert.equal(status, 2);
    assert.match(err, /full\.json: cannot be written: no space left on device \[DH_FILE\]/);
    assert.ok(lstatSync(link).isSymbolicLink());
    noTrace(err);
  });

  test("a link to a file stays one, and a pipe is written to", async () => {
    const target = join(folder, "target.json");
    const link = join(folder, "link.json");
    writeFileSync(target, "old");
    symlinkSync(target, link);
    assert.equal((await start(["run", example, "--perfetto", link]).ended).status, 0);
    assert.ok(lstatSync(link).isSymbolicLink());
    assert.ok(readFileSync(target, "utf8").startsWith("{"));
    const { status, stdout } = spawnSync("bash", ["-c", `"$0" "$1" run "$2" --perfetto >(wc -c) > /dev/null; wait`, process.execPath, command, example], { encoding: "utf8" });
    assert.equal(status, 0);
    void stdout; // what wc says goes to the redirected output
  });

  test("a folder that cannot be written to, and one that is not there: nothing is left behind", async () => {
    const closed = process.getuid?.() === 0 ? "/proc/1" : join(folder, "closed"); // root may write everywhere but there
    if (!closed.startsWith("/proc")) mkdirSync(closed, { mode: 0o555 });
    for (const path of [join(closed, "out.html"), join(folder, "missing/out.html")]) {
      const { status, err } = await start(["run", example, "--report", path]).ended;
      assert.equal(status, 2);
      assert.match(err, /out\.html: cannot be written: [a-z ]+ \[DH_FILE\]/);
      noTrace(err);
    }
    assert.deepEqual(readdirSync(folder).filter((name) => name.endsWith(".tmp")), []);
  });

  test("a file that is not there, a folder, what is no text, what never ends", async () => {
    const binary = join(folder, "binary.yaml");
    writeFileSync(binary, Buffer.from([0x64, 0x75, 0, 0xff, 0xfe, 0x0a]));
    const utf16 = join(folder, "utf16.yaml");
    writeFileSync(utf16, Buffer.from(readFileSync(example, "utf8"), "utf16le"));
    const wrong: [string, RegExp][] = [
      [join(folder, "none.yaml"), /no such file \[DH_FILE\]/], [join(binary, "none.yaml"), /a part of its path is no folder \[DH_FILE\]/], [folder, /is a folder \[DH_FILE\]/],
      [binary, /is no text in UTF-8: it is a file with a zero byte \[DH_FILE\]/], [utf16, /is no text in UTF-8: it is text in UTF-16 \[DH_FILE\]/], ["/dev/zero", /larger than 64 MiB \[DH_FILE_SIZE\]/],
    ];
    for (const [path, words] of wrong) {
      for (const args of [["check", path], ["sweep", path], ["compare", example, path]]) {
        const { status, out, err } = await start(args).ended;
        assert.deepEqual([status, out], [2, ""], err);
        assert.match(err, words);
        assert.equal(err.trim().split("\n").length, 1);
        noTrace(err);
      }
    }
  });

  test("every option that names a file to be written, where none can be: one message, status 2, no result on stdout before it, nothing left behind", async () => {
    const config = join(folder, "leaf1.cfg");
    writeFileSync(config, "hostname leaf1\n");
    const capacity = join(root, "examples/capacity/capacity.dh.yaml");
    const small = ["--workers", "0", "--runs", "4"];
    const commands = [
      ["run", example, "--report"], ["run", example, "--perfetto"], ["run", example, "--pcap"], ["check", example, "--sarif"], ["check", example, "--junit"], ["check", example, "--summary"],
      ["nines", example, ...small, "--years", "1", "--parquet"], ["nines", example, ...small, "--years", "1", "--report"], ["phases", example, "hang fra-leaf1", ...small, "--parquet"],
      ["capacity", capacity, "--failures", "0", "--workers", "0", "--parquet"], ["sweep", example, "--only", "site", "--workers", "0", "--parquet"], ["sweep", example, "--only", "site", "--workers", "0", "--parts"],
      ["export", "mermaid", example, "-o"], ["import", "eos", config, "-o"], ["init", "--design", "two-tier", "--yes", "-o"],
    ];
    const inFile = join(config, "out");
    for (const args of commands) {
      const { status, out, err } = await start([...args, inFile]).ended;
      assert.deepEqual([status, out], [2, ""], `${args.join(" ")}: ${err}`);
      assert.match(err, /leaf1\.cfg\/out: cannot be written: not a directory \[DH_FILE\]\n$/);
      noTrace(err);
    }
    assert.deepEqual(readdirSync(folder).filter((name) => name.endsWith(".tmp")), []);
  });

  test("parts that cannot be read or are none", async () => {
    mkdirSync(join(folder, "no-parts"));
    for (const [path, words] of [[join(folder, "missing"), /missing: no such file or folder \[DH_PART_MISSING\]/], [join(folder, "no-parts"), /no-parts: no part is in it \[DH_PART_MISSING\]/], [example, /not a part, or cut off \[DH_PART_BROKEN\]/]] as const) {
      const { status, err } = await start(["merge", path]).ended;
      assert.equal(status, 2);
      assert.match(err, words);
    }
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    test(`${signal} while a file is written: no part of it is left`, async () => {
      const cwd = join(folder, `writing-${signal}`);
      mkdirSync(cwd);
      const program = `import { processIo } from ${JSON.stringify(join(root, "dist/bindings/cli/io.js"))};
        function* pieces() { for (let i = 0; ; i++) { if (i === 40) process.kill(process.pid, "${signal}"); yield "x".repeat(1 << 16); } }
        await processIo().saveText("out.json", pieces());`;
      const { status } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { cwd, encoding: "utf8", timeout: 20_000 });
      assert.equal(status, 130);
      assert.deepEqual(readdirSync(cwd), []);
    });
  }

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    test(`${signal} while it runs: it stops, and what would have been written is not there`, async () => {
      const out = join(folder, `${signal}.json`);
      const cwd = join(folder, signal); // where it keeps what was answered
      mkdirSync(cwd);
      const { status, signal: killed, out: said, err } = await stopped(signal, ["sweep", example, "--failures", "2", "--workers", "0", "--json", "--report", out], cwd);
      assert.deepEqual([status, killed], [130, null], err);
      assert.match(err, /^interrupted: \d+ of 750 failures are kept/);
      assert.equal(said, "");
      assert.equal(existsSync(out), false);
      noTrace(err);
    });
  }

  test("--timeout: as Ctrl-C, with the reason; a run says where it stood, a question keeps what it has", async () => {
    const long = join(folder, "long.dh.yaml");
    const small = join(root, "examples/dual-homed-server/dual-homed-server.dh.yaml"); // up in no time: what is left is its years
    writeFileSync(long, readFileSync(small, "utf8").replace(/^scenarios:/m, "scenarios:\n  years: {until: 20000d, steps: [{at: 10s, silent: \"sw1:Eth2 -- srv1:eth1\"}]}"));
    const run = await start(["run", long, "--scenario", "years", "--every-hello", "--timeout", "8s"]).ended;
    assert.deepEqual([run.status, run.signal, run.out], [130, null, ""], run.err);
    assert.match(run.err, /not done after 8s, as --timeout says\nit stood at [\d. ]+ \w+: run with --until [\d.]+(ms|s|m|h) tells what was until then\ninterrupted\n$/);
    const cwd = join(folder, "timeout");
    mkdirSync(cwd);
    const sweep = await start(["sweep", example, "--failures", "2", "--workers", "0", "--timeout", "4s", "--parts", "kept"], undefined, cwd).ended;
    assert.deepEqual([sweep.status, sweep.out], [130, ""], sweep.err);
    assert.match(sweep.err, /^not done after 4s, as --timeout says\ninterrupted: \d+ of \d+ (failures|pairs) are kept in kept/m);
    const last = await start(["run", example, "--timeout", "1ms"]).ended;
    assert.deepEqual([last.status, last.out], [130, ""], "also when the time is up in the last slice of the run");
    assert.match(last.err, /not done after 1ms, as --timeout says\n(it stood at .*\n)?interrupted\n$/);
    const short = await start(["run", example, "--timeout", "10m"]).ended;
    assert.equal(short.status, 0, "what is done in time is not disturbed, and does not wait for the end of it");
    const wrong = await start(["run", example, "--timeout", "10"]).ended;
    assert.equal(wrong.status, 2);
    assert.match(wrong.err, /"10" is not a duration/);
  });

  test("no terminal: no colours, no progress line, no questions", async () => {
    const { status, out, err } = await start(["run", example]).ended;
    assert.equal(status, 0);
    assert.doesNotMatch(out + err, /\x1b\[|\r/);
    const asked = await start(["init"]).ended;
    assert.equal(asked.status, 2);
    assert.match(asked.err, /no terminal/);
  });

  /** What becomes of it when the signal comes while it works. Before it listens a signal ends it like any other program: then it is given twice as long. */
  async function stopped(signal: "SIGINT" | "SIGTERM", args: string[], cwd: string): Promise<Awaited<ReturnType<typeof start>["ended"]>> {
    for (let ms = 3000; ; ms *= 2) {
      const { child, ended } = start(args, undefined, cwd);
      const timer = setTimeout(() => child.kill(signal), ms);
      const result = await ended;
      clearTimeout(timer);
      if (result.signal !== signal) return result;
    }
  }
});
