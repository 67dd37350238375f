// Files that are given as topologies and are none: what they are is said, and what was probably meant. A topology with a mistake is never taken for one.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { binaryKind } from "../../../bindings/binary.ts";
import { FORMATS } from "../../../bindings/importers/formats.ts";
import { parseDesign, parseTopology, type Problem } from "../../../bindings/topology/index.ts";
import { globSync } from "../../support/glob.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const problemsOf = (text: string): Problem[] => {
  const read = parseTopology(text, "t.dh.yaml");
  return "problems" in read ? read.problems : [];
};
const shown = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);

/** A text, what it is said to be, and the command that reads it; null: dualhome init is named. */
const KINDS: [string, string, string | null][] = [
  ["# A design\n\nSome words on it.\n", "Markdown", null],
  ["Some words.\n\n## Part\n\n- one\n- two\n", "Markdown", null],
  ["# t\n\n[a](b.md) and more\n", "Markdown", null],
  ["See:\n\n```yaml\ndualhome: 1\nnodes: {}\n```\n# x\ny\n".replace("See:", "See this"), "Markdown", null],
  ["Title\n=====\n\nWords.\n", "Markdown", null],
  ['[{"a": 1}, {"b": 2}]', "a list in JSON", null],
  ["[]\n", "a list in JSON", null],
  ["<!DOCTYPE html>\n<html><body>a: b</body></html>\n", "an HTML page", null],
  ["\n<html>\n", "an HTML page", null],
  ['<?xml version="1.0"?>\n<a/>\n', "XML", null],
  ["%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\n", "a PDF document", null],
  ["digraph dc {\n  a -> b;\n}\n", "a drawing of Graphviz", null],
  ["flowchart LR\n  a --- b\n", "a drawing of Mermaid", null],
  ["#!/bin/sh\necho hi: there\n", "a script", null],
  ["#!/bin/sh\nset -e\necho\n", "a script", null],
  ["name;role;rack\nleaf1;leaf;1\n", "a table (CSV)", null],
  ["\0\0\0\0", "a file with a zero byte", null],
  ["hostname leaf1\n!\ninterface Ethernet1\n   mtu 9000\n!\n", "a switch's configuration", "eos"],
  ["!Command: show running-config\nversion 9.3(5)\ninterface Ethernet1/1\n", "a switch's configuration", "nxos"],
  ["set interfaces ae0 mtu 9000\nset system host-name a\n", "a configuration of Junos", "junos"],
  ["system {\n    host-name a;\n}\n", "a configuration of Junos", "junos"],
  ["global_defs {\n}\nvrrp_instance a {\n}\n", "a configuration of keepalived", "keepalived"],
  ["frr version 8.4\nhostname a\n", "a configuration of FRR", "frr"],
  ["[NetDev]\nName=bond0\nKind=bond\n", "a file of systemd-networkd", "networkd"],
  ["[connection]\nid=bond0\ntype=bond\n", "a connection of NetworkManager", "keyfile"],
  ["DEVICE=bond0\nONBOOT=yes\n", "a network script of Red Hat", "ifcfg"],
  ["name: lab\ntopology:\n  nodes:\n    a: {kind: linux}\n", "a lab of containerlab", "containerlab"],
  ["network: {version: 2, ethernets: {eth0: {}}}\n", "a file of netplan", "netplan"],
  ["provider: clab\nnodes: [a, b]\nlinks: [a-b]\n", "a topology of netlab", "netlab"],
  ["defaults: {device: eos}\nnodes: [a, b]\n", "a topology of netlab", "netlab"],
  ['{"DEVICE_METADATA": {"localhost": {}}}', "a config_db.json of SONiC", "sonic"],
  ['{"lldp": [{"interface": []}]}', "what lldpctl has written", "lldp"],
  ['{"edges": []}', "a layer1_topology.json", "layer1"],
  ['{"device": "team0", "runner": {"name": "lacp"}}', "a configuration of teamd", "teamd"],
  ["apiVersion: v1\nkind: Pod\n", "a manifest of Kubernetes", null],
  ["services:\n  web: {image: nginx}\nnetworks: {a: {}}\n", "a file of Docker Compose", null],
  ['{"format": 1, "dualhome": "1.0.0", "pass": true}', "a result that dualhome has written", null],
];

describe("other files", () => {
  for (const [text, what, format] of KINDS) {
    test(`${shown(text)}: ${what}`, () => {
      const [problem, ...more] = problemsOf(text);
      assert.equal(more.length, 0);
      assert.deepEqual([problem?.code, problem?.message, problem?.where.line], ["DH_NOT_TOPOLOGY", `this is ${what}, and no topology file`, problem?.where.line]);
      assert.match(problem?.help ?? "", format === null ? /dualhome init/ : new RegExp(`dualhome import ${format} `));
      if (format !== null) assert.ok(FORMATS.some(({ name }) => name === format));
      const design = parseDesign(text, "t.dh.yaml");
      assert.deepEqual("problems" in design ? design.problems.map(({ code }) => code) : [], ["DH_NOT_TOPOLOGY"]);
    });
  }

  for (const [text, message] of [
    ["", "the file is empty"], ["\n \n", "the file is empty"], ["null\n", "the file is empty"], ["{}\n", "the file is empty"], ["# later\n\n", "the file holds nothing but comments"],
    ['{"version": "1.0.0", "private": true}', 'none of its keys is a topology\'s: "version", "private"'],
    ["a: 1\nb: 2\nc: 3\nd: 4\ne: 5\n", 'none of its keys is a topology\'s: "a", "b", "c", "d", ...'],
  ] as const) test(`${shown(text)}: ${message}`, () => assert.deepEqual(problemsOf(text).map((problem) => [problem.code, problem.message]), [["DH_NOT_TOPOLOGY", message]]));

  test("words, a number, a list in YAML: that a map is wanted, and how it begins", () => {
    for (const text of ["just words\n", "42\n", "- a\n- b\n"]) assert.deepEqual(problemsOf(text).map(({ code, help }) => [code, /dualhome: 1/.test(help ?? "")]), [["DH_TYPE", true]]);
  });
});

test("every document of the project is told from a topology, and every example of a format, too", () => {
  const files = [...globSync([`${root}docs`, `${root}examples`], ".md"), `${root}README.md`, `${root}README.ko.md`, `${root}SECURITY.md`, `${root}CHANGELOG.md`];
  assert.ok(files.length > 50);
  for (const file of files) assert.deepEqual(problemsOf(readFileSync(file, "utf8")).map(({ code, message }) => [code, message]), [["DH_NOT_TOPOLOGY", "this is Markdown, and no topology file"]], file);
});

describe("topologies with a mistake are topologies", () => {
  const MISTAKEN: [string, string][] = [
    ["dualhome: 1\nnodes:\n\ta: {kind: leaf}\n", "DH_YAML"],
    ["# my lab\n\ndualhome: 1\nnodes: {a: {kind: leaf}\n", "DH_YAML"],
    ["# my lab\n\n## nodes\n\nname: x\nnodes: {a: {kind: leaf}\n", "DH_YAML"],
    ["nodes:\n  a: {kind: leaf}\n  b: @x\n# **later**\n", "DH_YAML"],
    ["# my lab\n\ndualhome 1\nname: x\nnodes: {}\n", "DH_YAML"],
    ["nodes: {a: {kind: leaf}}\n", "DH_VERSION"],
    ["nods: {a: {kind: leaf}}\n", "DH_VERSION"],
    ["dualhom: 1\nname: x\n", "DH_VERSION"],
    ["dualhome: 2\nnodes: {}\n", "DH_VERSION"],
    ['{"dualhome": "1", "nodes": {}}', "DH_VERSION"],
    ["dualhome: 1\ntopology: {nodes: {}}\n", "DH_UNKNOWN_KEY"],
    ["dualhome: 1\nfoo: 2\n", "DH_UNKNOWN_KEY"],
    ["dualhome: 1\nnodes: {}\nprovider: x\n", "DH_UNKNOWN_KEY"],
  ];
  for (const [text, code] of MISTAKEN) {
    test(`${shown(text)}: ${code}`, () => {
      const codes = problemsOf(text).map((problem) => problem.code);
      assert.ok(codes.includes(code), codes.join());
      assert.ok(!codes.includes("DH_NOT_TOPOLOGY"));
    });
  }
});

test("what is no text is known by how it begins", () => {
  const bytes: [number[] | string, string][] = [
    [[0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13], "a PNG image"], [[0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0], "a JPEG image"], ["GIF89a\0", "a GIF image"], ["%PDF-1.7\n\0", "a PDF document"],
    [[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0], "a recording of packets (pcap)"], [[0xa1, 0xb2, 0xc3, 0xd4, 0, 2, 0, 4], "a recording of packets (pcap)"],
    [[0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 4, 0], "a recording of packets (pcap)"], [[0xa1, 0xb2, 0x3c, 0x4d, 0, 2, 0, 4], "a recording of packets (pcap)"], [[10, 13, 13, 10, 0x1c, 0, 0, 0], "a recording of packets (pcapng)"],
    [[0x1f, 0x8b, 8, 0, 0], "a file packed with gzip"], [[0x28, 0xb5, 0x2f, 0xfd, 0], "a file packed with zstd"], [[0x50, 0x4b, 3, 4, 0], "a ZIP archive, or a document that is one inside"],
    [[0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0], "a program"], [[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], "a WebAssembly module"], ["PAR1\0", "a Parquet table"], ["SQLite format 3\0", "an SQLite database"],
    [[0xff, 0xfe, 0x64, 0, 0x75, 0], "text in UTF-16"], [[0x64, 0, 0x75, 0], "text in UTF-16"], [[0, 0x64, 0, 0x75], "text in UTF-16"], [[1, 2, 3, 0], "a file with a zero byte"],
  ];
  for (const [each, what] of bytes) assert.equal(binaryKind(typeof each === "string" ? each : new TextDecoder().decode(new Uint8Array(each))), what, what);
});
