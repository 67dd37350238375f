// Frames as bytes: ARP (RFC 826), VRRP (RFC 3768 5, RFC 5798 5, RFC 9568 5), MC-LAG keepalive (RFC 768).
// Vectors marked "recorded" are frames that keepalived 2.2.7 and FRR put on the wire.

import { ARP_REPLY, ARP_REQUEST, encodeArp } from "../../assembly/wire/arp";
import { BROADCAST, internetChecksum, pseudoHeaderSum, put16be, put32be, putMac } from "../../assembly/wire/ethernet";
import { encodeKeepalive } from "../../assembly/wire/keepalive";
import { encodeVrrp, virtualMac } from "../../assembly/wire/vrrp";

const SECOND: i64 = 1000000000;
const out: usize = memory.data(256);
const vips: usize = memory.data(128);

const DIGITS = "0123456789abcdef";
function hex(from: i32, to: i32): string {
  let text = "";
  for (let i = from; i < to; i++) {
    const byte = <i32>load<u8>(out + i);
    text += DIGITS.charAt(byte >> 4) + DIGITS.charAt(byte & 15);
  }
  return text;
}
function zeros(from: i32, to: i32): bool {
  for (let i = from; i < to; i++) if (load<u8>(out + i) != 0) return false;
  return true;
}
/** Each frame is written over rubbish, as in a ring. */
function soil(): void { memory.fill(out, 0xa5, 256); }

describe("ethernet", () => {
  test("network order", () => {
    soil();
    putMac(out, 0x0123456789ab);
    put16be(out + 6, 0xcdef);
    put32be(out + 8, 0x80010203);
    expect(hex(0, 13)).toBe("0123456789abcdef80010203a5");
  });
  test("RFC 1071 section 3: the sum of 0001 f203 f4f5 f6f7 is ddf2", () => {
    put32be(out, 0x0001f203); put32be(out + 4, 0xf4f5f6f7);
    expect(internetChecksum(out, 8, 0)).toBe(0xddf2 ^ 0xffff);
    expect(internetChecksum(out + 2, 6, 1)).toBe(0xddf2 ^ 0xffff); // the first word as initial value
  });
  test("an odd length counts a zero byte after it", () => {
    put32be(out, 0x0001f203);
    expect(internetChecksum(out, 3, 0)).toBe(0xf201 ^ 0xffff);
  });
  test("carries fold more than once", () => {
    memory.fill(out, 0xff, 256);
    expect(internetChecksum(out, 256, 0xffff)).toBe(0);
    expect(internetChecksum(out, 0, 0)).toBe(0xffff);
  });
  test("pseudo-header", () => {
    expect(pseudoHeaderSum(0xc0a80a02, 0xe0000012, 112, 12)).toBe(0xc0a8 + 0x0a02 + 0xe000 + 0x0012 + 112 + 12);
  });
});

describe("ARP", () => {
  test("gratuitous request, recorded", () => {
    soil();
    const length = encodeArp(out, BROADCAST, 0x020000000201, ARP_REQUEST, 0x020000000201, 0x0a6300fe, BROADCAST, 0x0a6300fe);
    expect(length).toBe(60);
    expect(hex(0, 42)).toBe("ffffffffffff02000000020108060001080006040001020000000201" + "0a6300fe" + "ffffffffffff" + "0a6300fe");
    expect(zeros(42, 60)).toBe(true);
  });
  test("reply", () => {
    soil();
    encodeArp(out, 0x020000006401, 0x00005e000133, ARP_REPLY, 0x00005e000133, 0x0a6300fe, 0x020000006401, 0x0a630064);
    expect(hex(0, 42)).toBe("02000000640100005e000133" + "08060001080006040002" + "00005e0001330a6300fe" + "0200000064010a630064");
  });
});

describe("VRRP", () => {
  test("version 2, VRID 10, priority 100, 1 s, 192.168.10.1", () => {
    soil();
    store<u32>(vips, 0xc0a80a01);
    const length = encodeVrrp(out, virtualMac(10), 0xc0a80a02, 2, 10, 100, SECOND, vips, 1, true);
    expect(length).toBe(60);
    expect(hex(34, 54)).toBe("210a64010001b049c0a80a01" + "0000000000000000");
    expect(hex(0, 14)).toBe("01005e000012" + "00005e00010a" + "0800");
    expect(zeros(54, 60)).toBe(true);
  });
  test("version 2, farewell", () => {
    store<u32>(vips, 0xc0a80a01);
    encodeVrrp(out, virtualMac(10), 0xc0a80a02, 2, 10, 0, SECOND, vips, 1, true);
    expect(hex(34, 46)).toBe("210a00010001144ac0a80a01");
  });
  test("version 3 with the pseudo-header (5798) and without (9568)", () => {
    soil();
    store<u32>(vips, 0xc0a80a01);
    expect(encodeVrrp(out, virtualMac(10), 0xc0a80a02, 3, 10, 100, SECOND, vips, 1, true)).toBe(60);
    expect(hex(34, 46)).toBe("310a64010064f4acc0a80a01");
    expect(zeros(46, 60)).toBe(true);
    encodeVrrp(out, virtualMac(10), 0xc0a80a02, 3, 10, 100, SECOND, vips, 1, false);
    expect(hex(34, 46)).toBe("310a640100649fe6c0a80a01");
  });
  test("keepalived version 2, recorded", () => {
    store<u32>(vips, 0x0a6300fe);
    encodeVrrp(out, 0x020000000201, 0x0a630002, 2, 51, 100, SECOND, vips, 1, true);
    expect(hex(0, 18)).toBe("01005e000012020000000201080045c00028");
    expect(hex(22, 24)).toBe("ff70");
    expect(hex(26, 54)).toBe("0a630002e000001221336401" + "00016f690a6300fe0000000000000000");
    expect(hex(24, 26)).toBe("d02e"); // recorded d02d: its identification is 1, ours 0
  });
  test("keepalived and FRR version 3, recorded: the same message", () => {
    store<u32>(vips, 0x0a6300fe);
    encodeVrrp(out, virtualMac(51), 0x0a630001, 3, 51, 110, SECOND, vips, 1, true);
    expect(hex(6, 18)).toBe("00005e000133080045c00020");
    expect(hex(34, 46)).toBe("31336e0100646a130a6300fe");
  });
  test("the interval: 0.1 s, 40.95 s, 255 s", () => {
    encodeVrrp(out, 0, 0, 3, 1, 1, SECOND / 10, vips, 1, true); expect(hex(38, 40)).toBe("000a");
    encodeVrrp(out, 0, 0, 3, 1, 1, 40950000000, vips, 1, true); expect(hex(38, 40)).toBe("0fff");
    encodeVrrp(out, 0, 0, 2, 1, 1, 255 * SECOND, vips, 1, true); expect(hex(38, 40)).toBe("00ff");
  });
  test("many addresses: no padding, every checksum right", () => {
    for (let version: u32 = 2; version <= 3; version++) {
      for (let count = 1; count <= 29; count++) {
        soil();
        for (let i = 0; i < count; i++) store<u32>(vips + (<usize>i << 2), 0xc0a80a01 + <u32>i);
        const length = encodeVrrp(out, virtualMac(255), 0xffffffff, version, 255, 255, SECOND, vips, count, true);
        const bytes = 8 + 4 * count + (version == 2 ? 8 : 0);
        expect(length).toBe(max(60, 34 + bytes));
        expect(load<u8>(out + length)).toBe(0xa5, "writes no further");
        // A right checksum makes the sum, itself included, all ones.
        expect(internetChecksum(out + 14, 20, 0)).toBe(0);
        expect(internetChecksum(out + 34, bytes, version == 3 ? pseudoHeaderSum(0xffffffff, 0xe0000012, 112, bytes) : 0)).toBe(0);
      }
    }
  });
  test("virtual MAC", () => {
    expect(virtualMac(51)).toBe(0x00005e000133);
    expect(virtualMac(255)).toBe(0x00005e0001ff);
  });
});

describe("keepalive", () => {
  test("UDP 3200, mark and sequence number", () => {
    soil();
    expect(encodeKeepalive(out, 0x020000000201, 0x020000000101, 0xc0000201, 0xc0000202, 0x01020304)).toBe(60);
    expect(hex(0, 18)).toBe("020000000201020000000101080045c00024");
    expect(hex(26, 40)).toBe("c0000201c00002020c800c800010");
    expect(hex(42, 50)).toBe("64686b6101020304");
    expect(zeros(50, 60)).toBe(true);
  });
  test("checksums are right and never zero, for 70,000 sequence numbers", () => {
    let wrong = 0;
    for (let sequence: u32 = 0; sequence < 70000; sequence++) {
      encodeKeepalive(out, 1, 2, 0xc0000201, 0xc0000202, sequence);
      const sum = internetChecksum(out + 34, 16, pseudoHeaderSum(0xc0000201, 0xc0000202, 17, 16));
      if (sum != 0 || load<u16>(out + 40) == 0 || internetChecksum(out + 14, 20, 0) != 0) wrong += 1;
    }
    expect(wrong).toBe(0);
  });
});
