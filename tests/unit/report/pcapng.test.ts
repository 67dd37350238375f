import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { BLOCK_INTERFACE, BLOCK_PACKET, BLOCK_SECTION, pcapng, type Frame } from "../../../bindings/pcap/pcapng.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));
const zeros = (n: number): string => "00".repeat(n);

// actor priority 65535, key 15, port 1; partner a vPC domain; both state 0x3d
const LACPDU = hex(`0180c2000002 525400aa0001 8809 01 01 0114 ffff 525400aa0001 000f 00ff 0001 3d 000000
  0214 8000 002304eebe0a 800a 8000 4101 3d 000000 0310 0000 ${zeros(12)} 0000 ${zeros(50)}`);
const ARP = hex(`ffffffffffff 02005e100001 0806 0001 0800 06 04 0001 02005e100001 0a010a0b 000000000000 0a010a01 ${zeros(18)}`);
// VRRPv3, VRID 10, priority 100, 1 s, 192.168.10.1, from 192.168.10.2; checksum with the pseudo-header
const VRRP = hex(`01005e000012 00005e00010a 0800 ${ipv4Header("c0a80a02", "e0000012", 112, 12)} 310a64010064f4acc0a80a01`);

function ipv4Header(from: string, to: string, protocol: number, length: number): string {
  const head = hex(`4500 ${(20 + length).toString(16).padStart(4, "0")} 0000 0000 ff ${protocol.toString(16)} 0000 ${from} ${to}`);
  let sum = 0;
  for (let i = 0; i < 20; i += 2) sum += head[i]! * 256 + head[i + 1]!;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  head[10] = (~sum >> 8) & 255;
  head[11] = ~sum & 255;
  return Buffer.from(head).toString("hex");
}

const frames: Frame[] = [
  { at: 1_000_000_001n, port: "leaf1:Eth1", direction: "sent", bytes: LACPDU },
  { at: 1_000_000_501n, port: "srv1:eth0", direction: "received", bytes: LACPDU },
  { at: 5_000_000_000_000n, port: "srv1:eth0", direction: "sent", bytes: ARP },
  { at: 5_000_000_000_007n, port: "leaf2:Eth9", direction: "sent", bytes: VRRP },
];

interface Block { type: number; body: DataView; options: Map<number, Uint8Array> }

function readBlocks(file: Uint8Array): Block[] {
  const blocks: Block[] = [];
  const v = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 0; at < file.length;) {
    const type = v.getUint32(at, true);
    const length = v.getUint32(at + 4, true);
    assert.equal(length % 4, 0);
    assert.equal(v.getUint32(at + length - 4, true), length);
    const body = new DataView(file.buffer, file.byteOffset + at + 8, length - 12);
    const fixed = type === BLOCK_SECTION ? 16 : type === BLOCK_INTERFACE ? 8 : 20 + Math.ceil(body.getUint32(12, true) / 4) * 4;
    blocks.push({ type, body, options: readOptions(body, fixed) });
    at += length;
  }
  return blocks;
}

function readOptions(body: DataView, from: number): Map<number, Uint8Array> {
  const options = new Map<number, Uint8Array>();
  for (let at = from; at < body.byteLength;) {
    const code = body.getUint16(at, true);
    const length = body.getUint16(at + 2, true);
    if (code !== 0) options.set(code, new Uint8Array(body.buffer, body.byteOffset + at + 4, length));
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return options;
}

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

describe("read back", () => {
  test("a section, an interface a port before its first packet, every packet", () => {
    const blocks = readBlocks(pcapng(frames, { ports: ["srv1:eth0", "leaf1:Eth1"], application: "dualhome" }));
    assert.deepEqual(blocks.map((b) => b.type), [BLOCK_SECTION, BLOCK_INTERFACE, BLOCK_INTERFACE, BLOCK_PACKET, BLOCK_PACKET, BLOCK_PACKET, BLOCK_INTERFACE, BLOCK_PACKET]);
    assert.equal(text(blocks[0]!.options.get(4)), "dualhome");
    const interfaces = blocks.filter((b) => b.type === BLOCK_INTERFACE);
    assert.deepEqual(interfaces.map((b) => text(b.options.get(2))), ["srv1:eth0", "leaf1:Eth1", "leaf2:Eth9"]);
    assert.deepEqual(interfaces.map((b) => b.options.get(9)![0]), [9, 9, 9]);
  });

  test("stamps, bytes and directions come back", () => {
    const packets = readBlocks(pcapng(frames)).filter((b) => b.type === BLOCK_PACKET);
    packets.forEach(({ body, options }, i) => {
      const frame = frames[i]!;
      assert.equal((BigInt(body.getUint32(4, true)) << 32n) | BigInt(body.getUint32(8, true)), frame.at);
      assert.deepEqual(new Uint8Array(body.buffer, body.byteOffset + 20, body.getUint32(12, true)), frame.bytes);
      assert.equal(options.get(2)![0], frame.direction === "received" ? 1 : 2);
    });
  });

  test("bring-up: negative times are shifted by whole seconds, and the interface says so", () => {
    const early = { ...frames[0]!, at: -1_500_000_000n };
    const blocks = readBlocks(pcapng([early, ...frames]));
    const offset = blocks[1]!.options.get(14)!;
    assert.equal(new DataView(offset.buffer, offset.byteOffset).getBigInt64(0, true), -2n);
    const stamps = blocks.filter((b) => b.type === BLOCK_PACKET).map(({ body }) => (BigInt(body.getUint32(4, true)) << 32n) | BigInt(body.getUint32(8, true)));
    assert.deepEqual(stamps.slice(0, 2), [500_000_000n, 3_000_000_001n]);
  });

  test("no frame and odd lengths", () => {
    assert.equal(readBlocks(pcapng([])).length, 1);
    for (const n of [1, 2, 3, 4, 61]) {
      const [, , p] = readBlocks(pcapng([{ at: 0n, port: "p", direction: "sent", bytes: new Uint8Array(n).fill(7) }]));
      assert.equal(p!.body.getUint32(12, true), n);
    }
  });
});

const haveTshark = spawnSync("tshark", ["--version"]).status === 0;

describe("tshark", { skip: haveTshark ? false : "tshark is not installed" }, () => {
  function dissect(...args: string[]): string[] {
    const folder = mkdtempSync(join(tmpdir(), "dualhome-pcap-"));
    try {
      writeFileSync(join(folder, "t.pcapng"), pcapng(frames));
      const ran = spawnSync("tshark", ["-n", "-r", join(folder, "t.pcapng"), "-o", "ip.check_checksum:TRUE", ...args], { encoding: "utf8" });
      assert.equal(ran.status, 0, ran.stderr);
      return ran.stdout.trim().split("\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  const fields = (filter: string, ...names: string[]): string[] => dissect("-Y", filter, "-T", "fields", "-E", "separator=|", ...names.flatMap((n) => ["-e", n]));

  test("nothing malformed, no warning", () => assert.deepEqual(dissect("-Y", "_ws.malformed or _ws.expert.severity >= 6291456"), [""]));

  test("interfaces, nanoseconds and direction", () => {
    assert.deepEqual(fields("frame", "frame.interface_name", "frame.time_epoch", "frame.packet_flags_direction"), [
      "leaf1:Eth1|1.000000001|0x00000002", "srv1:eth0|1.000000501|0x00000001", "srv1:eth0|5000.000000000|0x00000002", "leaf2:Eth9|5000.000000007|0x00000002",
    ]);
  });

  test("LACP, ARP and VRRP fields", () => {
    assert.deepEqual(fields("lacp and frame.number == 1", "lacp.actor.sysid", "lacp.actor.key", "lacp.actor.state", "lacp.partner.sysid", "lacp.partner.port"), ["52:54:00:aa:00:01|15|0x3d|00:23:04:ee:be:0a|16641"]);
    assert.deepEqual(fields("arp", "arp.opcode", "arp.src.proto_ipv4", "arp.dst.proto_ipv4"), ["1|10.1.10.11|10.1.10.1"]);
    assert.deepEqual(fields("vrrp", "vrrp.version", "vrrp.virt_rtr_id", "vrrp.prio", "vrrp.ip_addr", "ip.checksum.status"), ["3|10|100|192.168.10.1|1"]);
  });
});
