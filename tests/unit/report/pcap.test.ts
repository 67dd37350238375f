// Captures of a real run, as tshark reads them: fields are those of the file and of the standards, and each frame says what it did.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import { comments, descriptions } from "../../../bindings/pcap/comments.ts";
import { kindOf } from "../../../bindings/pcap/frame-kind.ts";
import { pcapng } from "../../../bindings/pcap/pcapng.ts";
import { simulate, topologyOf } from "../../support/topologies.ts";

const FILE = `dualhome: 1
networks: {vlan10: {vlan: 10, subnet: 10.1.10.0/24}}
nodes:
  leaf1..2: {kind: leaf, profile: nxos-vpc}
  srv1..2: {kind: server, network: vlan10}
links:
  - leaf1:Eth53 -- leaf2:Eth53
mlag: {pair: {peers: [leaf1, leaf2], domain: 10, peer-link: [Eth53]}}
bonds: {"srv1..2:bond0": {to: pair, members: [eth0, eth1], mode: 802.3ad, lacp-rate: fast}}
gateways: {vlan10: {protocol: vrrp, vrid: 10, vip: 10.1.10.1, routers: {leaf1: 110, leaf2: 100}}}
flows: {web: {from: srv1, to: srv2}}
scenarios:
  s: {until: 60s, steps: [{at: 10s, silent: "leaf1:Eth1"}, {at: 30s, hang: leaf1}]}
`;

const { result } = await simulate(FILE, { capturePorts: topologyOf(FILE).ports.map((p) => `${p.node}:${p.name}`) });
const told = [...comments(result, result.frames)];
const at = (ns: bigint, end: bigint, port: string, direction: "sent" | "received", kind = "lacp"): (string | null)[] =>
  result.frames.flatMap((f, i) => (f.at >= ns && f.at < end && f.port === port && f.direction === direction && kindOf(f.bytes) === kind ? [told[i]!] : []));
const S = 1_000_000_000n;

describe("what a frame did", () => {
  test("one comment or none a frame, the same each time", () => {
    assert.equal(told.length, result.frames.length);
    assert.deepEqual([...comments(result, result.frames)], told);
  });

  test("a LACPDU that changes nothing starts current_while anew", () => {
    const quiet = at(1n, 10n * S, "srv1:eth1", "received");
    assert.ok(quiet.length >= 9, `${quiet.length} in 9 s at the fast rate`);
    assert.deepEqual([...new Set(quiet)], ["nothing changes: current_while starts anew"]);
  });

  test("one that changes something says what, in the words of the trace", () => {
    const first = at(-1000n * S, 1n, "srv1:eth0", "received").filter((t) => t?.startsWith("at this instant") === true);
    assert.match(first[0]!, /^at this instant: srv1:eth0 LACP receive CURRENT: LACPDU heard/);
    const changes = [...result.trace.ofKinds(abi.T_LACP_RX)].filter((r) => r.b === abi.RX_CURRENT && r.at < S);
    for (const r of changes) {
      const heard = result.frames.flatMap((f, i) => (f.at === r.at && f.port === result.names.ports[r.entity] && f.direction === "received" ? [told[i]!] : []));
      assert.ok(heard.some((t) => t?.includes("LACP receive CURRENT")), `a LACPDU has brought record ${r.id} about`);
    }
  });

  test("what goes into a silent port is lost, and why; what comes the other way is not", () => {
    const lost = at(10n * S + 1n, 29n * S, "leaf1:Eth1", "sent");
    assert.ok(lost.length > 10, `${lost.length} in 19 s`);
    for (const t of lost) assert.match(t!, /^lost: srv1:eth0 does not get it; link leaf1:Eth1--srv1:eth0 drops frames from leaf1:Eth1 to srv1:eth0/);
    for (const [from, end, port] of [[10n, 60n, "srv1:eth0"], [10n, 60n, "leaf2:Eth1"], [-100n, 10n, "leaf1:Eth1"]] as const) {
      assert.deepEqual(at(from * S + 1n, end * S, port, "sent").filter((t) => t?.includes("lost") === true), [], port);
    }
  });

  test("a backup hears its master; nobody looks at what a hung node gets", () => {
    const heard = at(1n, 29n * S, "leaf2:Eth53", "received", "vrrp");
    assert.deepEqual([...new Set(heard)], ["vlan10@leaf2 is BACKUP: the master-down timer starts anew"]);
    const hung = at(31n * S, 60n * S, "leaf1:Eth53", "received", "vrrp");
    assert.ok(hung.length > 0);
    assert.deepEqual([...new Set(hung)], ["nobody looks at it: leaf1 is HUNG"]);
    assert.ok(at(30n * S, 40n * S, "leaf2:Eth53", "sent", "vrrp").some((t) => /VRRP MASTER: no advertisement until the master-down timer ran out/.test(t ?? "")), "the first advertisement of the new master");
  });

  test("the other end is not recorded: nobody says that it is lost", () => {
    const one = result.frames.filter((f) => f.port === "srv1:eth0");
    assert.ok([...comments(result, one)].every((t) => t?.includes("lost") !== true));
  });
});

const haveTshark = spawnSync("tshark", ["--version"]).status === 0;

describe("tshark reads", { skip: haveTshark ? false : "tshark is not installed" }, () => {
  const folder = mkdtempSync(join(tmpdir(), "dualhome-pcap-"));
  after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "t.pcapng");
  const ports = [...new Set(result.frames.map((f) => f.port))];
  writeFileSync(path, pcapng(result.frames, { ports, descriptions: descriptions(result), comments: told }));

  function fields(filter: string, ...names: string[]): string[] {
    const out = spawnSync("tshark", ["-n", "-r", path, "-o", "ip.check_checksum:TRUE", "-Y", filter, "-T", "fields", "-E", "separator=|", ...names.flatMap((f) => ["-e", f])], { encoding: "utf8", maxBuffer: 1 << 28 });
    assert.equal(out.status, 0, out.stderr);
    return out.stdout.split("\n").filter((line) => line !== "");
  }
  const distinct = (lines: readonly string[]): string[] => [...new Set(lines)].sort();

  test("nothing malformed, no warning, no wrong checksum, every frame", () => {
    // a capture with comments: each is an expert note of its own, of the severity "comment"
    assert.deepEqual(fields("_ws.malformed || _ws.expert.severity >= 0x600000", "frame.number"), []);
    assert.deepEqual(fields("ip.checksum.status == 0 || vrrp.checksum.status == 0", "frame.number"), []);
    assert.equal(fields("frame", "frame.number").length, result.frames.length);
  });

  test("interfaces with name and description; comments as they were given", () => {
    assert.deepEqual(distinct(fields("frame.interface_name == \"srv1:eth0\"", "frame.interface_description")), ["eth0 of srv1, cabled to leaf1:Eth1, member of srv1:bond0"]);
    const read = fields("frame", "frame.number", "frame.comment").map((line) => line.split("|")[1]!);
    assert.deepEqual(read, told.map((t) => t ?? ""));
  });

  test("stamps to the nanosecond", () => {
    const read = fields("frame.time_epoch >= 0", "frame.time_epoch");
    assert.deepEqual(read.map((text) => BigInt(text.replace(".", ""))), result.frames.filter((f) => f.at >= 0n).map((f) => f.at), "the shift of the bring-up is taken back");
  });

  test("LACP: rate, keys, and one system of the pair", () => {
    const server = distinct(fields("lacp && frame.interface_name == \"srv1:eth1\" && frame.packet_flags_direction == 2 && frame.time_epoch > 1", "eth.dst", "lacp.actor.sysid", "lacp.actor.state.timeout", "lacp.actor.state"));
    assert.equal(server.length, 1, server.join("\n"));
    assert.match(server[0]!, /^01:80:c2:00:00:02\|02:00:00:[\da-f:]+\|(1|True)\|0x3f$/);
    assert.equal(distinct(fields("lacp && frame.interface_name matches \"srv\" && frame.packet_flags_direction == 1 && frame.time_epoch > 1", "lacp.actor.sysid")).length, 1, "both leaves speak as one");
  });

  test("VRRP and ARP", () => {
    assert.deepEqual(distinct(fields("vrrp && frame.time_epoch > 1 && frame.time_epoch < 29", "eth.src", "ip.dst", "ip.ttl", "vrrp.virt_rtr_id", "vrrp.prio", "vrrp.ip_addr")), ["00:00:5e:00:01:0a|224.0.0.18|255|10|110|10.1.10.1"]);
    assert.ok(fields("arp.isgratuitous == 1 && arp.src.proto_ipv4 == 10.1.10.1", "arp.src.hw_mac").every((mac) => mac === "00:00:5e:00:01:0a"));
  });
});
