// The transmit hash against the slow reference on random packets, against the published vectors, and on broken frames.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { referenceHash, type Ip, type Packet, type Payload } from "../../reference/hash.ts";
import { addressBytes, ethernet, ipv4, ipv6, macBytes, packetFrame, transport, u16 } from "../../support/hash-frames.ts";
import { loadHash, POLICIES, type Policy } from "../../support/hash-wasm.ts";

const hash = await loadHash();
const hex = (value: number): string => `0x${(value >>> 0).toString(16).padStart(8, "0")}`;

// --- random packets --------------------------------------------------------------------------------

const bytes = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 0, max: 255 }), { minLength: length, maxLength: length });
const word16 = fc.integer({ min: 0, max: 0xffff });

const leaf: fc.Arbitrary<Payload> = fc.oneof(
  fc.record({ kind: fc.constant("ports" as const), proto: fc.constantFrom(6, 17, 33, 132, 136), sport: word16, dport: word16 }),
  fc.record({ kind: fc.constant("spi" as const), proto: fc.constantFrom(50 as const, 51 as const), spi: fc.integer({ min: 0, max: 0xffffffff }) }),
  fc.record({
    kind: fc.constant("icmp" as const), type: fc.constantFrom(0, 8, 9, 10, 13, 14, 128, 129, 133, 135),
    code: fc.integer({ min: 0, max: 255 }), id: fc.oneof(fc.constant(0), word16),
  }),
  fc.record({ kind: fc.constant("other" as const), proto: fc.constantFrom(2, 89, 103, 112, 115) }),
);

function ipOf(version: 4 | 6, payload: fc.Arbitrary<Payload>): fc.Arbitrary<Ip> {
  const size = version === 4 ? 4 : 16;
  const extensions = version === 4 ? fc.constant<number[]>([])
    : fc.tuple(fc.subarray([0, 43, 60]), fc.constantFrom<number[]>([], [], [44])).map(([a, b]) => [...a, ...b]);
  const fragment = version === 4 ? fc.integer({ min: 0, max: 9 }).map((n) => n === 0) : fc.constant(false);
  return fc.record({ version: fc.constant(version), src: bytes(size), dst: bytes(size), fragment, extensions, payload });
}

const anyIp = (payload: fc.Arbitrary<Payload>): fc.Arbitrary<Ip> => fc.oneof(ipOf(4, payload), ipOf(6, payload));

function payloadOf(version: 4 | 6, depth: number): fc.Arbitrary<Payload> {
  const types = version === 4 ? [3, 4, 5, 11, 12] : [1, 2, 3, 4];
  const failure = fc.record({
    kind: fc.constant("icmp-error" as const), type: fc.constantFrom(...types), code: fc.integer({ min: 0, max: 15 }),
    quoted: ipOf(version, leaf),
  });
  if (depth === 0) return fc.oneof(leaf, failure);
  const inner = fc.oneof(ipOf(4, payloadOf(4, depth - 1)), ipOf(6, payloadOf(6, depth - 1)));
  return fc.oneof(
    { weight: 3, arbitrary: leaf }, { weight: 1, arbitrary: failure },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("ip" as const), inner }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("mpls" as const), inner: anyIp(leaf) }) },
    { weight: 2, arbitrary: fc.record({
      kind: fc.constant("gre" as const), key: fc.boolean(), checksum: fc.boolean(), sequence: fc.boolean(), ethernet: fc.boolean(), inner,
    }) },
  );
}

const body = fc.oneof(
  { weight: 8, arbitrary: fc.oneof(ipOf(4, payloadOf(4, 3)), ipOf(6, payloadOf(6, 3))) },
  { weight: 1, arbitrary: fc.constantFrom(
    { ethertype: 0x0806, known: true }, { ethertype: 0x8035, known: true }, { ethertype: 0x8847, known: true },
    { ethertype: 0x88cc, known: false }, { ethertype: 0x1234, known: false }, { ethertype: 0x88f7, known: true }) },
);

const tag = fc.record({ tpid: fc.constantFrom(0x8100, 0x88a8), tci: word16 });

const packets: fc.Arbitrary<Packet> = fc.record({
  dstMac: bytes(6), srcMac: bytes(6), tci: word16, body,
  tags: fc.oneof({ weight: 6, arbitrary: fc.constant<Packet["tags"]>([]) }, { weight: 1, arbitrary: fc.array(tag, { minLength: 1, maxLength: 3 }) }),
});

test("random packets: every policy agrees with the reference", () => {
  fc.assert(fc.property(packets, (packet) => {
    const frame = packetFrame(packet);
    for (const policy of POLICIES) {
      assert.equal(hex(hash.hashFrame(policy, frame, packet.tci)), hex(referenceHash(policy, packet)), policy);
    }
  }), { numRuns: 3000 });
});

test("flowKeyIpv4 makes the key that the frame of the flow makes", () => {
  const mac = fc.bigInt({ min: 0n, max: 0xffffffffffffn });
  const address = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(fc.property(mac, mac, address, address, leaf, (srcMac, dstMac, src, dst, payload) => {
    const split = (value: bigint): number[] => macBytes(value.toString(16).padStart(12, "0").match(/../g)!.join(":"));
    const four = (value: number): number[] => [...u16(Math.floor(value / 65536)), ...u16(value % 65536)];
    let { proto, sport, dport } = { proto: 0, sport: 0, dport: 0 };
    if (payload.kind === "ports") ({ proto, sport, dport } = payload);
    else if (payload.kind === "spi") [proto, sport, dport] = [payload.proto, Math.floor(payload.spi / 65536), payload.spi % 65536];
    else if (payload.kind === "icmp") [proto, sport] = [1, payload.id];
    else if (payload.kind === "other") ({ proto } = payload);
    const said: Payload = payload.kind === "icmp" ? { ...payload, type: 8, code: 0 } : payload;
    const packet: Packet = {
      dstMac: split(dstMac), srcMac: split(srcMac), tci: 0, tags: [],
      body: { version: 4, src: four(src), dst: four(dst), fragment: false, extensions: [], payload: said },
    };
    POLICIES.forEach((policy, index) => {
      const made = hash.raw.hashIpv4(index, srcMac, dstMac, src, dst, proto, sport, dport);
      assert.equal(hex(made), hex(referenceHash(policy, packet)), policy);
    });
  }), { numRuns: 500 });
});

test("the key fits the room that is kept for it", () => {
  assert.ok(hash.raw.keyBytes() <= hash.raw.keyRoom());
  assert.equal(hash.raw.keyRoom() % 16, 0);
});

// --- frames that break off or loop -----------------------------------------------------------------

const far = macBytes("00:1c:73:00:00:99");
const near = macBytes("52:54:00:aa:00:01");
const a4 = addressBytes("10.0.0.11");
const b4 = addressBytes("10.0.1.20");
const frameOf = (type: number, payload: number[]): Uint8Array => Uint8Array.from(ethernet(far, near, type, payload));
const LINK = 0x98; // the two last MAC bytes

describe("frames that break off", () => {
  test("any prefix of any packet hashes without reading past its end", () => {
    const flood = new Uint8Array(hash.raw.memory.buffer, hash.raw.frameAt(), hash.raw.frameBytes());
    fc.assert(fc.property(packets, fc.nat(), (packet, cut) => {
      const frame = packetFrame(packet).subarray(0, cut % 160);
      for (const policy of POLICIES) {
        flood.fill(0x00);
        const before = hash.hashFrame(policy, frame, 0);
        flood.fill(0xff);
        assert.equal(hex(hash.hashFrame(policy, frame, 0)), hex(before), policy);
      }
    }), { numRuns: 500 });
  });

  test("an ICMP error that quotes less than a header falls back to the Ethernet header", () => {
    const frame = frameOf(0x0800, ipv4(b4, a4, 1, [3, 1, 0, 0, 0, 0, 0, 0, ...ipv4(a4, b4, 17, []).slice(0, 12)]));
    assert.equal(hash.hashFrame("layer3+4", frame, 0), LINK ^ 0x0800);
    assert.equal(hash.hashFrame("layer2+3", frame, 0), LINK ^ 0x0800);
  });

  test("GRE with an unknown payload falls back, GRE with routing or version 2 keeps the outer addresses", () => {
    const gre = (flags: number, type: number): Uint8Array => frameOf(0x0800, ipv4(a4, b4, 47, [...u16(flags), ...u16(type), ...transport(1, 2)]));
    const bare = frameOf(0x0800, ipv4(a4, b4, 89, transport(1, 2)));
    assert.equal(hash.hashFrame("encap3+4", gre(0, 0x88cc), 0), LINK ^ 0x0800);
    assert.equal(hash.hashFrame("encap3+4", gre(0x4000, 0x0800), 0), hash.hashFrame("encap3+4", bare, 0));
    assert.equal(hash.hashFrame("encap3+4", gre(2, 0x0800), 0), hash.hashFrame("encap3+4", bare, 0));
  });

  test("PPPoE is descended by the encap policies only", () => {
    const packet = ipv4(a4, b4, 6, transport(40000, 443));
    const frame = frameOf(0x8864, [0x11, 0, 0, 1, ...u16(packet.length + 2), 0, 0x21, ...packet]);
    assert.equal(hash.hashFrame("encap3+4", frame, 0), 0x5252723c);
    assert.equal(hash.hashFrame("layer3+4", frame, 0), LINK ^ 0x8864);
  });

  test("forty headers of IP in IP end the walk at the fifteenth", () => {
    let packet = ipv4(a4, b4, 6, transport(1, 2));
    for (let i = 0; i < 40; i++) packet = ipv4([10, 0, 0, 40 - i], [10, 1, 0, 40 - i], 4, packet);
    const level = (n: number): number => hash.hashFrame("encap3+4", frameOf(0x0800, ipv4([10, 0, 0, n], [10, 1, 0, n], 89, [])), 0);
    assert.equal(hex(hash.hashFrame("encap3+4", frameOf(0x0800, packet), 0)), hex(level(16)));
  });

  test("a tag in the frame hides the packet; the sixteen bits behind it decide whether it is misread", () => {
    const packet = ipv6(addressBytes("2001:db8::1"), addressBytes("2001:db8::2"), 17, transport(1, 2));
    const frame = frameOf(0x8100, [0, 65, 0x86, 0xdd, ...packet]);
    for (const policy of POLICIES.filter((name) => name !== "vlan+srcmac")) {
      assert.equal(hash.hashFrame(policy, frame, 0), LINK ^ 0x8100, policy);
    }
  });
});

// --- published vectors -----------------------------------------------------------------------------

type Cells = Partial<Record<Policy, number>>;
interface Vector { id: string; dst: string; src: string; tci: number; type: number; payload: number[]; want: Cells }

const gateway = "00:1c:73:00:00:99";
const vrid = "00:00:5e:00:01:0a";
const host = (n: number): string => `52:54:00:aa:00:${n.toString(16).padStart(2, "0")}`;
const v4 = (src: string, dst: string, proto: number, l4: number[], more = {}): number[] =>
  ipv4(addressBytes(src), addressBytes(dst), proto, l4, more);
const v6 = (src: string, dst: string, proto: number, l4: number[]): number[] => ipv6(addressBytes(src), addressBytes(dst), proto, l4);
const echo = (type: number, id: number): number[] => [type, 0, 0, 0, ...u16(id), 0, 1];
const f = (id: string, dst: string, src: string, type: number, tci: number, payload: number[], cells: [number, number, number, number]): Vector =>
  ({ id, dst, src, tci, type, payload, want: { layer2: cells[0], "layer2+3": cells[1], "layer3+4": cells[2], "vlan+srcmac": cells[3] } });
const e = (id: string, dst: string, src: string, type: number, payload: number[], encap23: number, encap34: number): Vector =>
  ({ id, dst, src, tci: 0, type, payload, want: { "encap2+3": encap23, "encap3+4": encap34 } });

const f5 = v4("172.16.5.200", "172.16.9.77", 6, transport(51515, 3306));
const gre3 = v4("10.20.30.40", "10.20.30.41", 6, transport(1024, 2049));
const gre4 = ethernet(macBytes("02:00:00:00:00:01"), macBytes("02:00:00:00:00:02"), 0x0800, v4("10.20.30.40", "10.20.30.42", 6, transport(1024, 2049)));

const vectors: Vector[] = [
  f("F1", gateway, host(1), 0x0800, 0, v4("10.0.0.11", "10.0.1.20", 6, transport(40000, 443)), [0x898, 0x1f1e168e, 0x5252723c, 0xf85401]),
  f("F2", gateway, host(1), 0x0800, 0, v4("10.0.0.11", "10.0.1.20", 6, transport(40001, 443)), [0x898, 0x1f1e168e, 0x525272bc, 0xf85401]),
  f("F3", gateway, host(2), 0x0800, 0, v4("10.0.0.12", "10.0.1.20", 6, transport(40002, 443)), [0x89b, 0x1819118a, 0x51d1f0be, 0xf85402]),
  f("F4", vrid, host(3), 0x0800, 10, v4("192.168.10.3", "8.8.8.8", 17, transport(53124, 53)), [0x809, 0x0b09a160, 0x1f1e0c0f, 0xf85409]),
  f("F5", vrid, host(4), 0x0800, 20, f5, [0x80e, 0x8589818f, 0x37b7aa4e, 0xf85410]),
  f("F6", "02:00:00:00:01:01", "02:00:00:00:02:fe", 0x0800, 100, v4("192.0.2.1", "198.51.100.254", 1, echo(8, 0x1234)), [0x8ff, 0xff99a25b, 0x76dfc641, 0x2029a]),
  f("F7", "00:00:5e:00:02:01", host(5), 0x86dd, 0, v6("2001:db8:0:1::11", "2001:db8:0:2::20", 6, transport(50000, 80)), [0x86d9, 0x3232b46d, 0x31311978, 0xf85405]),
  f("F8", "33:33:00:00:00:01", host(6), 0x86dd, 4094, v6("fe80::5054:ff:feaa:6", "ff02::1", 58, echo(128, 7)), [0x86da, 0xf8f80277, 0x7c7fc1d6, 0xf85bf8]),
  f("F9", "ff:ff:ff:ff:ff:ff", host(7), 0x0806, 0, transport(1, 2), [0x8fe, 0x8fe, 0x8fe, 0xf85407]),
  f("F10", gateway, "3c:fd:fe:12:34:56", 0x0800, 300, v4("10.255.254.253", "10.1.2.3", 47, [0, 0, 8, 0]), [0x8cf, 0xfe02f43b, 0x7f017e7e, 0x2ec884]),
  e("E1", gateway, host(1), 0x0800, v4("10.9.0.1", "10.9.0.2", 4, v4("192.168.1.10", "192.168.2.20", 6, transport(40000, 80))), 0x1e1d158d, 0x272686c8),
  e("E2", gateway, host(1), 0x0800, v4("10.9.0.1", "10.9.0.2", 4, v4("192.168.1.11", "192.168.2.20", 6, transport(40000, 80))), 0x1f1c148c, 0x27a60648),
  e("E3", gateway, host(1), 0x0800, v4("10.9.0.1", "10.9.0.2", 47, [0x20, 0, 8, 0, 0, 0, 0, 7, ...gre3]), 0x01010991, 0x00040406),
  e("E4", gateway, host(1), 0x0800, v4("10.9.0.1", "10.9.0.2", 47, [0, 0, 0x65, 0x58, ...gre4]), 0x02020a92, 0x01858587),
  e("E5", vrid, host(4), 0x0800, v4("10.9.0.1", "10.9.0.2", 41, v6("2001:db8::a", "2001:db8::b", 6, transport(50000, 443))), 0x01010907, 0x5d5df594),
  e("E6", "00:00:5e:00:02:01", host(5), 0x86dd, v6("2001:db8::1", "2001:db8::2", 4, f5), 0x85890fd6, 0x37b7aa4e),
  e("E7", gateway, host(2), 0x0800, v4("10.9.0.1", "10.9.0.2", 17, transport(55555, 4789)), 0x03030b90, 0x5b5253bf),
  e("E8", gateway, host(2), 0x0800, v4("10.0.0.12", "10.0.1.20", 6, transport(40002, 443)), 0x1819118a, 0x51d1f0be),
  e("E9", gateway, host(2), 0x0800, v4("10.9.0.1", "10.9.0.2", 4, v4("192.168.1.10", "192.168.2.20", 1, echo(8, 77))), 0x1e1d158e, 0x0f28282c),
  e("E10", gateway, host(2), 0x0800, v4("10.0.0.12", "10.0.1.20", 17, transport(40002, 443), { fragment: 0x2000 }), 0x1819118a, 0x0c0c8c8c),
];

describe("vectors", () => {
  for (const vector of vectors) {
    test(vector.id, () => {
      const frame = Uint8Array.from(ethernet(macBytes(vector.dst), macBytes(vector.src), vector.type, vector.payload));
      for (const policy of POLICIES) {
        const want = vector.want[policy];
        if (want !== undefined) assert.equal(hex(hash.hashFrame(policy, frame, vector.tci)), hex(want), policy);
      }
    });
  }
});
