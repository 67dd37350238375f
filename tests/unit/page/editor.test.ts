// What the page's editor offers at a place of a topology file, however unfinished the file is, and what it says about what stands there.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { complete, hover } from "../../../web/page/editor/complete.ts";
import { keysAt } from "../../../web/page/editor/schema.ts";

const examples = new URL("../../../examples/", import.meta.url).pathname;
const FILE = `dualhome: 1
name: rack
sites:
  fra: {role: primary}
networks:
  vlan10: {vlan: 10, subnet: 10.1.10.0/24}
nodes:
  leaf1..2: {kind: leaf, profile: nxos-vpc, site: fra}
  srv1..2: {kind: server, network: vlan10}
links:
  - leaf1:Eth53 -- leaf2:Eth53
  - {endpoints: ["leaf1:Eth1", "srv1:eth2"], risk: duct-a}
mlag:
  pair: {peers: [leaf1, leaf2], peer-link: [Eth53]}
bonds:
  srv1..2:bond0: {to: pair, members: [eth0, eth1]}
gateways:
  vlan10: {protocol: vrrp, vrid: 10, vip: 10.1.10.1/24, routers: {leaf1: 110, leaf2: 100}}
flows:
  web: {from: srv1, to: srv2}
scenarios:
  crash: [{at: 10s, fail: leaf1}]
`;

/** The labels offered at |. */
function offered(text: string): string[] {
  const at = text.indexOf("|");
  return complete(text.slice(0, at) + text.slice(at + 1), at)?.options.map((o) => o.label) ?? [];
}
const added = (lines: string): string[] => offered(FILE + lines);
const changed = (what: string, to: string): string[] => { assert.ok(FILE.includes(what)); return offered(FILE.replace(what, to)); };
const has = (list: string[], ...wanted: string[]): void => { for (const each of wanted) assert.ok(list.includes(each), `${each} among ${list.join(" ")}`); };
const lacks = (list: string[], ...not: string[]): void => { for (const each of not) assert.ok(!list.includes(each), `${each} not among ${list.join(" ")}`); };

test("keys of the file that it has not, in an empty one all", () => {
  has(offered("|"), "dualhome", "nodes", "scenarios");
  has(added("se|"), "services", "vms");
  lacks(added("se|"), "nodes", "name");
  assert.equal(complete("|".slice(1), 0)!.options.find((o) => o.label === "dualhome")?.apply, "dualhome: ");
});

test("keys of a part, in maps of both forms, finished or not", () => {
  has(changed("kind: server,", "ki|, x: 1,"), "kind", "address", "pxe");
  has(changed("{to: pair, members: [eth0, eth1]}", "{to: pair, |"), "mode", "lacp-rate");
  lacks(changed("{to: pair, members: [eth0, eth1]}", "{to: pair, |"), "to");
  has(added("services:\n  shop:\n    |"), "clients", "servers");
  has(added("services:\n  shop:\n    clients: srv1\n    ser|"), "servers", "max-outage");
  lacks(added("services:\n  shop:\n    clients: srv1\n    ser|"), "clients");
  has(changed("[{at: 10s, fail: leaf1}]", "[{at: 10s, |}]"), "fail", "hang", "expect");
  has(changed("[{at: 10s, fail: leaf1}]", "\n    - at: 10s\n      |"), "fail", "silent");
});

test("values: of a list of words, and true and false", () => {
  assert.deepEqual(changed("kind: leaf", "kind: l|"), ["server", "leaf", "tor", "spine", "core", "l2switch", "router", "hypervisor"]);
  has(changed("{to: pair,", "{mode: |, to: pair,"), "802.3ad", "active-backup", "windows-lacp");
  has(added("services:\n  a:\n    protocol: |"), "tcp");
  assert.deepEqual(changed("{to: pair,", "{lacp-active: |, to: pair,"), ["true", "false"]);
});

test("names that the file has, where one is wanted", () => {
  assert.deepEqual(changed("network: vlan10", "network: |"), ["vlan10"]);
  assert.deepEqual(changed("site: fra", "site: |"), ["fra"]);
  assert.deepEqual(changed("peers: [leaf1, leaf2]", "peers: [leaf1, |]"), ["leaf1", "leaf2"]);
  assert.deepEqual(changed("from: srv1", "from: |"), ["srv1", "srv2"]);
  has(changed("to: pair,", "to: |,"), "pair", "leaf1");
  lacks(changed("to: pair,", "to: |,"), "srv1");
  assert.deepEqual(changed("routers: {leaf1: 110, leaf2: 100}", "routers: {leaf1: 110, |}"), ["leaf2"]);
  assert.deepEqual(changed("members: [eth0, eth1]", "members: [|]"), []);
});

test("ends of cables, in a text that is not finished", () => {
  has(changed("- leaf1:Eth53 -- leaf2:Eth53", "- leaf1:Eth53 -- le|"), "leaf1:Eth1", "srv1:eth0", "leaf2:");
  has(changed('"srv1:eth2"]', '"sr|"]'), "srv1:eth0", "leaf1:Eth53");
});

test("what a step may be done to", () => {
  const list = changed("fail: leaf1", "fail: |");
  has(list, "leaf1", "srv2", "leaf1:Eth53--leaf2:Eth53", "leaf1:Eth1--srv1:eth2", "leaf1:Eth53", "srv1:bond0", "mlag/pair/peer-link", "site/fra", "risk/duct-a", "gateway/vlan10");
  has(changed("fail: leaf1", "hang: [leaf1, |]"), "leaf2", "gateway/vlan10");
  has(changed("fail: leaf1", "fail: leaf1, expect: {up: |}"), "all", "web");
  has(changed("fail: leaf1", "fail: leaf1, expect: {active: {|}}"), "srv1:bond0", "gateway/vlan10", "mlag/pair");
  has(changed("fail: leaf1", 'fail: leaf1, expect: {active: {"srv1:bond0": |}}'), "eth0", "eth1", "none");
  has(changed("fail: leaf1", "fail: leaf1, expect: {active: {gateway/vlan10: |}}"), "leaf2");
});

test("what replaces what: the whole word, and no second colon", () => {
  const at = FILE.indexOf("kind: leaf") + "kind: le".length;
  const done = complete(FILE, at)!;
  assert.equal(FILE.slice(done.from, done.to), "leaf");
  const key = complete(FILE, FILE.indexOf("profile:") + 3)!;
  assert.equal(FILE.slice(key.from, key.to), "profile");
  assert.equal(key.options.find((o) => o.label === "profile")!.apply, "profile");
});

test("nothing in comments, and nothing where anything may stand", () => {
  assert.deepEqual(added("# ki|"), []);
  assert.deepEqual(changed("name: rack", "name: ra|"), []);
  assert.deepEqual(changed("fra: {role", "fr|: {role"), []);
});

test("what is said about a key, and about a value by its key", () => {
  const profile = hover(FILE, FILE.indexOf("profile") + 2)!;
  assert.equal(profile.title, "profile");
  assert.match(profile.text, /Whose timers are assumed/);
  assert.match(profile.text, /eos-mlag/);
  assert.equal(FILE.slice(profile.from, profile.to), "profile");
  assert.equal(hover(FILE, FILE.indexOf("nxos-vpc") + 2)!.title, "profile");
  assert.match(hover(FILE, FILE.indexOf("vrid") + 1)!.text, /1 – 255/);
  assert.equal(hover(`# vrid\n${FILE}`, 4), null);
});

test("in every example, at every key that a part has, that key would have been offered", () => {
  const known = new Set(["nodes", "mlag", "bonds", "gateways", "flows", "services"].flatMap((part) => keysAt([part, "x"]).map((k) => k.name)));
  let asked = 0;
  for (const path of readdirSync(examples, { recursive: true }) as string[]) {
    if (!/^[a-z-]+\/[a-z-]+\.dh\.yaml$/.test(path) || path.includes("imported")) continue;
    const text = readFileSync(examples + path, "utf8");
    const keys = [...text.matchAll(/^ {2}\S+: \{([a-z-]+): /gm)].filter(([, key]) => known.has(key!));
    for (const match of keys.slice(0, 4)) {
      const at = match.index + match[0].length - match[1]!.length - 2;
      const labels = complete(text, at + 1)?.options.map((o) => o.label) ?? [];
      assert.ok(labels.includes(match[1]!), `${path}: ${match[0]}: ${labels.join(" ")}`);
      asked++;
    }
  }
  assert.ok(asked > 40, String(asked));
});

test("whatever is written, wherever one stands, nothing is thrown", () => {
  const pieces = fc.constantFrom("nodes:", "\n", "  ", "- ", "{", "}", "[", "]", ": ", "&a ", "*a", "<<: ", "srv1..4", "srv4..1", "'", '"', "#", "|", "%", "at: 10s", "links:\n", "null", "\t", "? ", "!!map ");
  fc.assert(fc.property(fc.array(pieces, { maxLength: 40 }), fc.double({ min: 0, max: 1, noNaN: true }), (parts, at) => {
    const text = parts.join("");
    const offset = Math.floor(at * text.length);
    const found = complete(text, offset);
    if (found !== null) assert.ok(found.from <= offset && offset <= Math.max(found.to, offset) && found.to <= text.length);
    hover(text, offset);
  }), { numRuns: 2_000, seed: 3 });
});
