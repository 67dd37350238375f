// Frames of first-hop gateways as tshark reads them: HSRP of both versions, GLBP, VRRP over IPv6 with neighbour discovery. Nothing is
// malformed, every checksum is right, and the fields say what the file says.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pcapng } from "../../../bindings/pcap/pcapng.ts";
import { simulate } from "../../support/topologies.ts";

const haveTshark = spawnSync("tshark", ["--version"]).status === 0;
const ports = ["h1:eth0", "r1:Eth1"];

/** Two routers and two hosts on one switch; r1 dies and returns. */
const file = (gateway: string, subnet: string): string => `dualhome: 1
defaults: {switch: {boot: 5s}}
networks: {lan: {vlan: 10, subnet: "${subnet}"}, far: {vlan: 20, subnet: "${subnet.includes(":") ? "fd00:20::/64" : "10.1.20.0/24"}"}}
nodes:
  r1..2: {kind: router}
  sw: {kind: l2switch}
  h1: {kind: server, network: lan}
  d: {kind: server, network: far}
links:
  - {endpoints: ["r1:Eth1", "sw:Eth1"], networks: [lan, far]}
  - {endpoints: ["r2:Eth1", "sw:Eth2"], networks: [lan, far]}
  - h1:eth0 -- sw:Eth3
  - d:eth0 -- sw:Eth4
gateways:
  lan: {${gateway}, routers: {r1: 110, r2: 100}}
  far: {protocol: vrrp, vrid: 20, vip: "${subnet.includes(":") ? "fd00:20::1" : "10.1.20.1"}", routers: {r1: 110, r2: 100}}
flows: {f: {from: h1, to: d}}
scenarios:
  s: {until: 60s, steps: [{at: 10s, fail: r1}, {at: 30s, repair: r1}]}
`;

type Ask = (filter: string, ...fields: string[]) => string[];
async function capture(gateway: string, subnet: string, ask: (fields: Ask) => void): Promise<void> {
  const run = await simulate(file(gateway, subnet), { capturePorts: ports });
  const folder = mkdtempSync(join(tmpdir(), "dualhome-"));
  try {
    const path = join(folder, "t.pcapng");
    writeFileSync(path, pcapng(run.result.frames, { ports, application: "test", comment: "" }));
    const args = ["-n", "-r", path, "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"];
    ask((filter, ...fields) => {
      const out = spawnSync("tshark", [...args, "-Y", filter, "-T", "fields", "-E", "separator=|", "-E", "occurrence=a", ...(fields.length > 0 ? fields : ["frame.number"]).flatMap((f) => ["-e", f])], { encoding: "utf8" });
      assert.equal(out.status, 0, out.stderr);
      return out.stdout.split("\n").filter((line) => line !== "");
    });
  } finally { rmSync(folder, { recursive: true }); }
}
const distinct = (lines: readonly string[]): string[] => [...new Set(lines)].sort();
function sound(fields: Ask): void {
  assert.deepEqual(fields("_ws.malformed || _ws.expert.severity >= 0x600000"), []);
  for (const kind of ["ip", "udp", "vrrp", "icmpv6"]) assert.deepEqual(fields(`${kind}.checksum.status == 0`), [], `${kind}: a wrong checksum`);
}

describe("tshark reads", { skip: haveTshark ? false : "tshark is not installed" }, () => {
  test("HSRP version 1", () => capture("protocol: hsrp, version: 1, group: 10, vip: 10.1.10.1", "10.1.10.0/24", (fields) => {
    sound(fields);
    const hello = distinct(fields("hsrp.opcode == 0 && hsrp.state == 16", "eth.src", "ip.dst", "ip.ttl", "udp.dstport", "hsrp.hellotime", "hsrp.holdtime", "hsrp.priority", "hsrp.group", "hsrp.auth_data", "hsrp.virt_ip"));
    assert.deepEqual(hello, [
      "00:00:0c:07:ac:0a|224.0.0.2|1|1985|3|10|100|10|cisco|10.1.10.1", "00:00:0c:07:ac:0a|224.0.0.2|1|1985|3|10|110|10|cisco|10.1.10.1",
    ]);
    assert.ok(fields("hsrp.opcode == 0 && hsrp.state == 8").length > 0 && fields("hsrp.opcode == 0 && hsrp.state == 4").length > 0, "hellos of Standby and Speak");
  }));

  test("HSRP version 2", () => capture("protocol: hsrp, version: 2, group: 1000, vip: 10.1.10.1, preempt: true", "10.1.10.0/24", (fields) => {
    sound(fields);
    const hello = distinct(fields("hsrp2.opcode == 0 && hsrp2.state == 6", "eth.src", "ip.dst", "hsrp2.version", "hsrp2.group", "hsrp2.priority", "hsrp2.hellotime", "hsrp2.holdtime", "hsrp2.virt_ip"));
    assert.deepEqual(hello, ["00:00:0c:9f:f3:e8|224.0.0.102|2|1000|100|3000|10000|10.1.10.1", "00:00:0c:9f:f3:e8|224.0.0.102|2|1000|110|3000|10000|10.1.10.1"]);
    assert.ok(fields("hsrp2.opcode == 1").length > 0, "the coup of the router that returns");
    assert.ok(fields("hsrp2.opcode == 2").length > 0, "the resignation in answer to it");
  }));

  test("GLBP", () => capture("protocol: glbp, group: 10, vip: 10.1.10.1", "10.1.10.0/24", (fields) => {
    sound(fields);
    const hello = distinct(fields("glbp.hello.vgstate == 32", "ip.dst", "glbp.group", "glbp.hello.priority", "glbp.hello.helloint", "glbp.hello.holdint", "glbp.hello.redirect", "glbp.hello.timeout", "glbp.hello.virtualipv4"));
    assert.deepEqual(hello, ["224.0.0.102|10|100|3000|10000|600|14400|10.1.10.1", "224.0.0.102|10|110|3000|10000|600|14400|10.1.10.1"]);
    assert.ok(distinct(fields("glbp", "glbp.reqresp.virtualmac")).includes("00:07:b4:00:0a:01,00:07:b4:00:0a:02"), "both forwarders are told");
    assert.ok(fields("glbp.reqresp.vfstate == 32 && glbp.reqresp.vfstate == 4").length > 0, "one forwards for itself and listens for the other");
  }));

  test("VRRP over IPv6, and neighbour discovery", () => capture('protocol: vrrp, vrid: 10, vip: "fd00:10::1"', "fd00:10::/64", (fields) => {
    sound(fields);
    const adverts = distinct(fields("vrrp.virt_rtr_id == 10", "eth.src", "eth.dst", "ipv6.dst", "ipv6.hlim", "vrrp.version", "vrrp.ipv6_addr"));
    assert.deepEqual(adverts, ["00:00:5e:00:02:0a|33:33:00:00:00:12|ff02::12|255|3|fe80::200:5eff:fe00:20a,fd00:10::1"]);
    const announced = fields("icmpv6.type == 136 && ipv6.dst == ff02::1", "eth.src", "icmpv6.nd.na.flag.r", "icmpv6.nd.na.flag.s", "icmpv6.nd.na.flag.o", "icmpv6.nd.na.target_address", "icmpv6.opt.linkaddr");
    assert.ok(announced.length > 0 && distinct(announced.filter((line) => line.includes("fd00:10::1"))).join().match(/^00:00:5e:00:02:0a\|(1|True)\|(0|False)\|(1|True)\|fd00:10::1\|00:00:5e:00:02:0a$/) !== null, distinct(announced).join("\n"));
    const asked = distinct(fields("icmpv6.type == 135 && icmpv6.nd.ns.target_address == fd00:10::1", "eth.dst", "ipv6.dst", "ipv6.hlim"));
    assert.ok(asked.includes("33:33:ff:00:00:01|ff02::1:ff00:1|255"), asked.join("\n"));
    const joined = distinct(fields("icmpv6.type == 143", "icmpv6.mldr.mar.multicast_address"));
    assert.ok(joined.includes("ff02::1:ff00:20a,ff02::1:ff00:1"), joined.join("\n"));
  }));
});
