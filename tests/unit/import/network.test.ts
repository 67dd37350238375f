// Several sources as one network: how they are joined, how conflicts are told, the command line, and what is refused before it is read.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { parse } from "yaml";
import { processIo } from "../../../bindings/cli/io.ts";
import { main } from "../../../bindings/cli/main.ts";
import { realParts } from "../../../bindings/cli/parts.ts";
import { IMPORTS } from "../../../bindings/cli/commands/import.ts";
import { FORMATS, formatNamed, importParts, importWhole, type Group } from "../../../bindings/importers/index.ts";
import { of, outagesOf, said, topologyOf } from "../../support/imported.ts";

type Part = Record<string, Record<string, unknown>>;
const example = (name: string): string => new URL(`../../../examples/imported-mixed/${name}`, import.meta.url).pathname;
const read = (format: string, ...names: string[]): Group => ({ format: formatNamed(format)!, files: names.map((name) => ({ name, text: readFileSync(example(name), "utf8") })) });
const layer1 = (...edges: [string, string, string, string][]): string =>
  JSON.stringify({ edges: edges.map(([a, p, b, q]) => ({ node1: { hostname: a, interfaceName: p }, node2: { hostname: b, interfaceName: q } })) });
const bond = (mode: string, address = "10.0.0.11/24"): string =>
  `network:\n  bonds:\n    bond0:\n      interfaces: [e0, e1]\n      parameters: {mode: ${mode}, mii-monitor-interval: 100}\n      addresses: [${address}]\n`;
const leaf = (name: string, port: string, channel = ""): string => `hostname ${name}\ninterface Port-Channel5\n   switchport access vlan 7\ninterface ${port}\n   channel-group 5 mode active\n${channel}interface Vlan7\n   ip address 10.0.0.1/24\n`;

describe("examples/imported-mixed", () => {
  const groups = [read("lldp", "core.json", "web1.json", "web2.json"), read("eos", "leaf1.cfg", "leaf2.cfg"), read("netplan", "web1.yaml", "web2.yaml")];
  const all = importWhole(groups, "imported-mixed");

  it("has in it what the import prints, and a scenario", () => {
    const file = parse(readFileSync(example("imported-mixed.dh.yaml"), "utf8")) as Record<string, unknown>;
    delete file["scenarios"];
    assert.deepEqual(file, all.parts);
  });

  it("cabling from one, bonds from another, switches from a third: it runs", async () => {
    const worst = await outagesOf(topologyOf(all), "leaf1");
    assert.deepEqual([...worst.keys()], ["in-vlan10"]);
  });

  it("in whatever order the sources are given the network is the same", () => {
    const turned = importWhole([groups[2]!, groups[1]!, groups[0]!], "imported-mixed");
    for (const part of ["networks", "mlag", "lags", "bonds", "gateways"]) assert.deepEqual(turned.parts[part], all.parts[part], part);
  });
});

describe("conflicts are told with both places", () => {
  const conflicts = (groups: Group[]): string[] => {
    const joined = importWhole(groups, "x");
    topologyOf(joined);
    return said(joined).filter((line) => line.includes("a conflict: "));
  };
  const cables: [string, string, string, string][] = [["leaf1", "Eth1", "web", "e0"], ["leaf1", "Eth2", "web", "e1"]];

  it("a port with two cables", () => {
    assert.deepEqual(conflicts([of("layer1", ["a.json", layer1(...cables)]), of("lldp", ["web=b.json", JSON.stringify({ lldp: [{ interface: [{ name: "e0", chassis: [{ name: [{ value: "leaf1" }] }], port: [{ id: [{ type: "ifname", value: "Eth9" }] }] }] }] })])]), [
      "b.json:1: a conflict: web:e0 is cabled to leaf1:Eth9 here and to leaf1:Eth1 elsewhere (a.json:1): the latter is kept",
    ]);
  });

  it("a VLAN that two know otherwise", () => {
    const netplan = "network:\n  ethernets: {e0: {}}\n  vlans: {v: {id: 9, link: e0, addresses: [10.0.0.11/24]}}\n";
    assert.deepEqual(conflicts([of("layer1", ["a.json", layer1(["leaf1", "Eth9", "web", "e0"])]), of("eos", ["leaf1.cfg", leaf("leaf1", "Ethernet1")]), of("netplan", ["web.yaml", netplan])]), [
      "web.yaml:3: a conflict: 10.0.0.0/24 is VLAN 9 here and VLAN 7 elsewhere (leaf1.cfg:6): 7 is kept",
    ]);
  });

  it("another mask", () => {
    const netplan = "network:\n  ethernets: {e0: {addresses: [10.0.0.11/25]}}\n";
    assert.deepEqual(conflicts([of("layer1", ["a.json", layer1(["leaf1", "Eth9", "web", "e0"])]), of("eos", ["leaf1.cfg", leaf("leaf1", "Ethernet1")]), of("netplan", ["web.yaml", netplan])]), [
      "web.yaml:1: a conflict: the network is 10.0.0.0/25 here and 10.0.0.0/24 elsewhere (leaf1.cfg:6): 10.0.0.0/24 is kept",
    ]);
  });

  it("LACP at one end and active-backup at the other", () => {
    const found = conflicts([of("layer1", ["a.json", layer1(...cables)]), of("eos", ["leaf1.cfg", leaf("leaf1", "Ethernet1", "interface Ethernet2\n   channel-group 5 mode active\n")]), of("netplan", ["web.yaml", bond("active-backup")])]);
    assert.deepEqual(found, ["web.yaml:3: a conflict: web:bond0 is active-backup and leaf1:Po5 is LACP (leaf1.cfg:2): active-backup is kept"]);
  });

  it("a port-channel between switches, of which one has a member less: that cable is a plain one of its VLAN", () => {
    const trunk = (name: string, both: boolean): string =>
      `hostname ${name}\ninterface Port-Channel5\n   switchport access vlan 7\ninterface Ethernet1\n   channel-group 5 mode active\ninterface Ethernet2\n   ${both ? "channel-group 5 mode active" : "switchport access vlan 7"}\ninterface Vlan7\n   ip address 10.0.0.${both ? 1 : 2}/24\n`;
    const groups = [of("layer1", ["a.json", layer1(["leaf1", "Eth1", "leaf2", "Eth1"], ["leaf1", "Eth2", "leaf2", "Eth2"])]), of("eos", ["leaf1.cfg", trunk("leaf1", true)], ["leaf2.cfg", trunk("leaf2", false)])];
    assert.deepEqual(conflicts(groups), ["leaf1.cfg:2: a conflict: leaf1:Po5 is a port-channel and leaf2:Eth2 at its other end is in none (leaf2.cfg:6): the plain port is kept"]);
    const { parts } = importWhole(groups, "x");
    const lag = { members: ["Eth1"], mode: "lacp-active", networks: ["vlan7"] };
    assert.deepEqual([parts["lags"], (parts["links"] as unknown[]).slice(0, 2)], [{ "leaf1:Po5": lag, "leaf2:Po5": lag }, ["leaf1:Eth1 -- leaf2:Eth1", { endpoints: ["leaf1:Eth2", "leaf2:Eth2"], networks: ["vlan7"] }]]);
  });

  it("a port-channel to a switch of which nothing is known: it bundles as its neighbour, and that is a guess", () => {
    const all = importWhole([of("layer1", ["a.json", layer1(["leaf1", "Eth1", "core9", "p1"])]), of("eos", ["leaf1.cfg", leaf("leaf1", "Ethernet1").replace("mode active", "mode passive")])], "x");
    assert.deepEqual((all.parts["lags"] as Part)["core9:Po5"], { members: ["p1"], mode: "lacp-active" });
    assert.ok(said(all).includes("leaf1.cfg:2: a guess: core9:Po5 is a port-channel of p1: leaf1:Po5 at its other end is one"));
    topologyOf(all);
  });

  it("an address on a port that the switch has in a port-channel", () => {
    const plain = "network:\n  ethernets: {e0: {addresses: [10.0.0.11/24]}}\n";
    assert.deepEqual(conflicts([of("layer1", ["a.json", layer1(["leaf1", "Eth1", "web", "e0"])]), of("eos", ["leaf1.cfg", leaf("leaf1", "Ethernet1")]), of("netplan", ["web.yaml", plain])]), [
      "web.yaml:2: a conflict: web:e0 is no bond's and leaf1:Po5 is a port-channel (leaf1.cfg:2): the plain port is kept",
    ]);
  });

  it("one address of two", () => {
    const two = [of("netplan", ["web.yaml", bond("active-backup")]), of("netplan", ["app.yaml", bond("active-backup")])];
    assert.deepEqual(conflicts(two), ["app.yaml:6: a conflict: 10.0.0.11 is that of app here and of web elsewhere (web.yaml:6): that of web is kept"]);
  });

  it("a host that is a switch elsewhere", () => {
    assert.deepEqual(conflicts([of("eos", ["leaf1.cfg", leaf("leaf1", "Ethernet1")]), of("netplan", ["leaf1.yaml", bond("active-backup")])]), [
      "leaf1.yaml:1: a conflict: leaf1 is a server here and a switch elsewhere (leaf1.cfg:1): the switch is kept",
    ]);
  });

  it("a bond that two sources describe", () => {
    assert.deepEqual(conflicts([of("netplan", ["web=a.yaml", bond("802.3ad")]), of("teamd", ["web=b.json", '{"device": "bond0", "runner": {"name": "lacp"}, "ports": {"e0": {}, "e1": {}}}'])]), [
      "b.json:1: a conflict: web:bond0 is not the same here and elsewhere (a.yaml:3): the latter is kept",
    ]);
  });

  it("a switch that two files describe is an error", () => {
    assert.throws(() => importWhole([of("eos", ["a.cfg", "hostname x\n"]), of("nxos", ["b.cfg", "hostname x\n"])], "x"), { code: "DH_IMPORT", message: "b.cfg:1:1: x is described twice: a.cfg:1 is also of x" });
  });
});

describe("dualhome import", () => {
  const folder = mkdtempSync(join(tmpdir(), "dualhome-import-"));
  after(() => rmSync(folder, { recursive: true }));
  const cli = async (...args: string[]): Promise<{ status: number; out: string; err: string }> => {
    const ran = { status: 0, out: "", err: "" };
    ran.status = await main(["import", ...args], { ...processIo(), out: async (text) => { ran.out += text; }, err: (text) => { ran.err += text; } }, realParts);
    return ran;
  };

  it("lists the formats that there are", () => assert.deepEqual(IMPORTS.map(([name]) => name).sort(), FORMATS.map((f) => f.name).sort()));

  it("FORMAT FILE... + FORMAT FILE... -o FILE writes a whole file that checks", async () => {
    const out = join(folder, "dc.dh.yaml");
    const ran = await cli("lldp", ...["core", "web1", "web2"].map((n) => example(`${n}.json`)), "+", "eos", example("leaf1.cfg"), example("leaf2.cfg"), "+", "netplan", example("web1.yaml"), "-o", out);
    assert.deepEqual([ran.status, ran.out], [0, ""]);
    assert.match(readFileSync(out, "utf8"), /^dualhome: 1\nname: dc\n/);
    assert.match(ran.err, /a guess: web2:bond0 is active-backup over nic0, nic1/);
  });

  it("what is left contradictory is told as check tells it, with exit status 1", async () => {
    const half = (n: number): string => `hostname leaf${n}\nvpc domain 5\n  role priority 99999\ninterface port-channel5\n  vpc peer-link\ninterface Ethernet1/1\n  channel-group 5 mode active\n`;
    for (const n of [1, 2]) writeFileSync(join(folder, `n${n}.cfg`), half(n));
    const ran = await cli("nxos", join(folder, "n1.cfg"), join(folder, "n2.cfg"), "-o", join(folder, "n.dh.yaml"));
    assert.equal(ran.status, 1);
    assert.match(ran.err, /n\.dh\.yaml:\d+:\d+: error DH_PRIORITY: mlag\.vpc5\.role-priority\.leaf1: must be 1 to 65535/);
  });

  it("wrong usage", async () => {
    assert.match((await cli("eos", example("leaf1.cfg"), "+", "ios", "x")).err, /there is no format "ios": nxos, eos, /);
    assert.match((await cli("eos", example("leaf1.cfg"), "+")).err, /after "\+" comes a format/);
    assert.match((await cli("eos", example("leaf1.cfg"), "+", "lldp")).err, /lldp: no file is given/);
    assert.match((await cli("eos", example("leaf1.cfg"), "-o", example("leaf1.cfg"))).err, /is one of the files that are read/);
    assert.match((await cli("eos", join(folder, "none.cfg"))).err, /no such file/);
  });

  it("a file that is empty, or nothing but comments, is refused in every format; one that has nothing for a topology says so", async () => {
    const [empty, comments, plain] = ["empty.cfg", "comments.cfg", "plain.cfg"].map((name) => join(folder, name)) as [string, string, string];
    writeFileSync(empty, "\ufeff\n \r\n");
    writeFileSync(comments, "! a\n# b\n  ; c\n");
    writeFileSync(plain, "hostname leaf1\n!\nend\n");
    for (const format of FORMATS) {
      assert.throws(() => importParts({ format, files: [{ name: "x=e.cfg", text: "" }] }), { code: "DH_IMPORT", exitCode: 2, message: `e.cfg:1:1: the file is empty: nothing of ${format.name} is in it` });
      assert.throws(() => importParts({ format, files: [{ name: "x=c.cfg", text: "# a\n" }] }), { message: `c.cfg:1:1: the file holds nothing but comments: nothing of ${format.name} is in it` });
    }
    assert.deepEqual(await cli("eos", plain, empty, comments), {
      status: 2, out: "", err: `${empty}:1:1: the file is empty: nothing of eos is in it\n${comments}:1:1: the file holds nothing but comments: nothing of eos is in it\n2 problems\n`,
    });
    assert.deepEqual(await cli("eos", plain), { status: 0, out: "", err: "nothing in it is a part of a topology file: no bundle, MC-LAG pair, gateway, network, server or cable\n" });
  });

  it("a file of 100 MB is refused within a second, in every format", async () => {
    const large = join(folder, "large.json");
    writeFileSync(large, "");
    truncateSync(large, 100_000_000);
    for (const { name } of FORMATS) {
      const begun = performance.now();
      const ran = await cli(name, large);
      assert.deepEqual([ran.status, ran.out], [2, ""]);
      assert.match(ran.err, /large\.json:1:1: the file is larger than 16 MiB: no configuration is/);
      assert.ok(performance.now() - begun < 1000, `${name}: ${performance.now() - begun} ms`);
    }
    const begun = performance.now();
    assert.equal((await cli("eos", "/dev/zero")).status, 2);
    assert.ok(performance.now() - begun < 1000);
  });

  it("and so is a text of 100 MB", () => {
    const text = "x".repeat(100_000_000);
    for (const format of FORMATS) {
      const begun = performance.now();
      assert.throws(() => importParts({ format, files: [{ name: "x=large", text }] }), { code: "DH_IMPORT", message: /large:1:1: the file is larger than \d+ MiB/ }, format.name);
      assert.ok(performance.now() - begun < 1000, format.name);
    }
  });
});

it("importers open nothing: no path outside the given files is reached", () => {
  const folder = new URL("../../../bindings/importers/", import.meta.url);
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) if (name.endsWith(".ts")) assert.doesNotMatch(readFileSync(new URL(name, folder), "utf8"), /from "node:|import\(|require\(|fetch\(/, name);
  assert.equal(typeof (({}) as Part)["polluted"], "undefined");
});
