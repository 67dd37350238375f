// Every row of every hash capture: a frame handed to bond0 of a real Linux kernel, and the member that carried it.
//
// Captures lie in $DUALHOME_CAPTURES/hash (default tests/real/captures/hash). Files are told apart by their columns:
// with `frame` the whole frame is given, else the frame of a flow is built here.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, test } from "node:test";
import { loadHash, POLICIES, type Policy } from "../support/hash-wasm.ts";
import { flowFrame } from "../support/hash-frames.ts";

const captures = process.env["DUALHOME_CAPTURES"] ?? fileURLToPath(new URL("./captures", import.meta.url));
const folder = join(captures, "hash");
const SHOWN = 10; // failing rows printed a group

type Row = Record<string, string>;

interface Group {
  name: string;
  rows: { line: number; row: Row }[];
}

function readRows(file: string): { header: string[]; rows: Row[] } {
  const lines = readFileSync(join(folder, file), "utf8").split(/\r?\n/);
  const header = (lines.shift() ?? "").split(",");
  const rows: Row[] = [];
  for (const line of lines) {
    if (line === "") continue;
    const cells = line.split(",");
    assert.equal(cells.length, header.length, `${file}: a line of ${cells.length} cells under ${header.length} columns`);
    rows.push(Object.fromEntries(header.map((column, i) => [column, cells[i] ?? ""])));
  }
  return { header, rows };
}

function groupRows(rows: Row[]): Group[] {
  const groups = new Map<string, Group>();
  rows.forEach((row, index) => {
    const name = [row["kernel"], row["test"] ?? row["name"], row["mode"], row["policy"], `${row["members"]} members`].join(" ");
    let group = groups.get(name);
    if (!group) groups.set(name, group = { name, rows: [] });
    group.rows.push({ line: index + 2, row });
  });
  return [...groups.values()];
}

function cell(row: Row, column: string): string {
  const value = row[column];
  assert.notEqual(value, undefined, `column ${column} is missing`);
  return value as string;
}

function frameOf(row: Row): Uint8Array {
  if (row["frame"] !== undefined) return Uint8Array.from(Buffer.from(row["frame"], "hex"));
  const saddr = cell(row, "saddr");
  const family = Number(cell(row, "ethertype"));
  assert.equal(family, isIPv6(saddr) ? 0x86dd : 0x0800, "the ethertype does not go with the addresses");
  return flowFrame({
    srcMac: cell(row, "srcmac"), dstMac: cell(row, "dstmac"), src: saddr, dst: cell(row, "daddr"),
    proto: Number(cell(row, "proto")), sport: Number(cell(row, "sport") || 0), dport: Number(cell(row, "dport") || 0),
  });
}

/** The usable members in the driver's order, as indices of the order of enslaving. */
function usableMembers(row: Row): number[] {
  const given = row["usable_members"] ?? "";
  if (given !== "") return given.split(" ").map(Number);
  return Array.from({ length: Number(cell(row, "members")) }, (_, i) => i);
}

const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".csv")).sort() : [];

test("there are captures", () => assert.ok(files.length > 0, `no *.csv in ${folder}`));

const hash = await loadHash();

for (const file of files) {
  const { header, rows } = readRows(file);
  describe(`${file}: ${rows.length} rows`, () => {
    test("has the columns of a hash capture", () => {
      for (const column of ["kernel", "policy", "members", "member_index"]) assert.ok(header.includes(column), column);
      assert.ok(rows.length > 0, "no rows");
    });
    for (const group of groupRows(rows)) {
      test(`${group.name}: ${group.rows.length} rows`, () => {
        const failures: string[] = [];
        for (const { line, row } of group.rows) {
          const policy = cell(row, "policy") as Policy;
          assert.ok(POLICIES.includes(policy), `policy ${policy}`);
          const usable = usableMembers(row);
          const value = hash.hashFrame(policy, frameOf(row), Number(row["vlan"] || 0));
          const member = usable[value % usable.length];
          if (member === Number(cell(row, "member_index"))) continue;
          failures.push(`line ${line}: member ${member} from hash 0x${value.toString(16).padStart(8, "0")}, the kernel took `
            + `${row["member_index"]}: ${Object.values(row).join(",")}`);
        }
        const more = failures.length > SHOWN ? [`... and ${failures.length - SHOWN} more`] : [];
        assert.equal(failures.length, 0, [`${failures.length} of ${group.rows.length} rows disagree`,
          ...failures.slice(0, SHOWN), ...more].join("\n"));
      });
    }
  });
}
