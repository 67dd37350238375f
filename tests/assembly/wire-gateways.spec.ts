// Frames of first-hop gateways as bytes: VRRP over IPv6 (RFC 5798 5), neighbour discovery (RFC 4861 4.3, 4.4), MLD (RFC 3810 5.2), HSRP
// (RFC 2281 5.1) and what Wireshark's dissectors say of HSRP version 2 and GLBP.

import { HSRP_ACTIVE, HSRP_COUP, HSRP_HELLO, HSRP_INITIAL, HSRP_RESIGN, HSRP_SPEAK, HSRP_STANDBY } from "../../assembly/abi";
import { ALL_MLD6, ALL_NODES6, ALL_VRRP6, bytesOf, isIpv6, reserveAddresses, setAddress, solicitedNode, solicitedNodeMac } from "../../assembly/core/address";
import { internetChecksum, pseudoHeaderSum } from "../../assembly/wire/ethernet";
import { encodeGlbp, putForwarder } from "../../assembly/wire/glbp";
import { encodeHsrp1, encodeHsrp2, hsrpMac } from "../../assembly/wire/hsrp";
import { pseudoHeader6Sum } from "../../assembly/wire/ipv6";
import { encodeJoins, groupAt } from "../../assembly/wire/mld";
import { NA_OVERRIDE, NA_ROUTER, NA_SOLICITED, ND_ADVERTISEMENT, ND_SOLICITATION, encodeNd } from "../../assembly/wire/nd";
import { encodeVrrp6, virtualMac6 } from "../../assembly/wire/vrrp";
import { shareMemory } from "./share-memory";

const SECOND: i64 = 1000000000;
const out: usize = memory.data(512);
const vips: usize = memory.data(64);
const group: usize = memory.data(16);

const DIGITS = "0123456789abcdef";
function hexAt(at: usize, bytes: i32): string {
  let text = "";
  for (let i = 0; i < bytes; i++) {
    const byte = <i32>load<u8>(at + i);
    text += DIGITS.charAt(byte >> 4) + DIGITS.charAt(byte & 15);
  }
  return text;
}
function hex(from: i32, to: i32): string { return hexAt(out + from, to - from); }
function soil(): void { memory.fill(out, 0xa5, 512); }

const BASE: u32 = 0xf0000000;
const ROUTER: u32 = BASE + 4; // fe80::2
const VIRTUAL: u32 = BASE + 5; // fe80::1
const GLOBAL: u32 = BASE + 6; // 2001:db8:a::1
const HOST: u32 = BASE + 7; // 2001:db8:a::12:3456
shareMemory();
reserveAddresses(8);
setAddress(4, 0xfe80000000000000, 2);
setAddress(5, 0xfe80000000000000, 1);
setAddress(6, 0x20010db8000a0000, 1);
setAddress(7, 0x20010db8000a0000, 0x123456);

describe("addresses", () => {
  test("handles and numbers", () => {
    expect(isIpv6(BASE)).toBe(true); expect(isIpv6(0xf0ffffff)).toBe(true);
    expect(isIpv6(0xefffffff)).toBe(false); expect(isIpv6(0xf1000000)).toBe(false); expect(isIpv6(0xffffffff)).toBe(false); expect(isIpv6(0)).toBe(false);
  });
  test("the known groups", () => {
    expect(hexAt(bytesOf(BASE), 16)).toBe("00000000000000000000000000000000");
    expect(hexAt(bytesOf(ALL_NODES6), 16)).toBe("ff020000000000000000000000000001");
    expect(hexAt(bytesOf(ALL_VRRP6), 16)).toBe("ff020000000000000000000000000012");
    expect(hexAt(bytesOf(ALL_MLD6), 16)).toBe("ff020000000000000000000000000016");
  });
  test("RFC 4291 2.7.1: the solicited-node group, and its MAC address (RFC 2464 7)", () => {
    solicitedNode(HOST, group);
    expect(hexAt(group, 16)).toBe("ff0200000000000000000001ff123456");
    expect(solicitedNodeMac(HOST)).toBe(0x3333ff123456);
  });
});

describe("VRRP over IPv6", () => {
  test("VRID 10, priority 100, 1 s, fe80::1 and 2001:db8:a::1 from fe80::2", () => {
    soil();
    store<u32>(vips, VIRTUAL); store<u32>(vips, GLOBAL, 4);
    expect(encodeVrrp6(out, virtualMac6(10), ROUTER, 10, 100, SECOND, vips, 2)).toBe(14 + 40 + 40);
    expect(hex(0, 22)).toBe("333300000012" + "00005e00020a" + "86dd" + "6c000000" + "0028" + "70" + "ff");
    expect(hex(22, 54)).toBe("fe800000000000000000000000000002" + "ff020000000000000000000000000012");
    expect(hex(54, 62)).toBe("310a640200644019"); // the checksum by hand, with the pseudo-header
    expect(hex(62, 94)).toBe("fe800000000000000000000000000001" + "20010db8000a00000000000000000001");
    expect(load<u8>(out + 94)).toBe(0xa5, "writes no further");
  });
  test("farewell, and the longest interval", () => {
    encodeVrrp6(out, virtualMac6(255), ROUTER, 255, 0, 40950000000, vips, 2);
    expect(hex(6, 12)).toBe("00005e0002ff");
    expect(hex(54, 60)).toBe("31ff00020fff");
    expect(internetChecksum(out + 54, 40, pseudoHeader6Sum(bytesOf(ROUTER), bytesOf(ALL_VRRP6), 112, 40))).toBe(0);
  });
});

describe("neighbour discovery", () => {
  test("solicitation to the group, with the asker's MAC address", () => {
    soil();
    solicitedNode(GLOBAL, group);
    expect(encodeNd(out, solicitedNodeMac(GLOBAL), 0x020000006401, bytesOf(HOST), group, ND_SOLICITATION, 0, bytesOf(GLOBAL), 0x020000006401)).toBe(86);
    expect(hex(0, 22)).toBe("3333ff000001" + "020000006401" + "86dd" + "60000000" + "0020" + "3a" + "ff");
    expect(hex(54, 56)).toBe("8700");
    expect(hex(58, 86)).toBe("00000000" + "20010db8000a00000000000000000001" + "0101020000006401");
    expect(internetChecksum(out + 54, 32, pseudoHeader6Sum(bytesOf(HOST), group, 58, 32))).toBe(0);
  });
  test("a probe of a known neighbour has no option", () => {
    soil();
    expect(encodeNd(out, 0x00005e00020a, 0x020000006401, bytesOf(HOST), bytesOf(GLOBAL), ND_SOLICITATION, 0, bytesOf(GLOBAL), 0)).toBe(78);
    expect(hex(18, 20)).toBe("0018");
    expect(load<u8>(out + 78)).toBe(0xa5, "writes no further");
    expect(internetChecksum(out + 54, 24, pseudoHeader6Sum(bytesOf(HOST), bytesOf(GLOBAL), 58, 24))).toBe(0);
  });
  test("RFC 5798 6.4.2: the unsolicited advertisement of a new Master has R and O, and the virtual MAC", () => {
    encodeNd(out, 0x333300000001, virtualMac6(10), bytesOf(GLOBAL), bytesOf(ALL_NODES6), ND_ADVERTISEMENT, NA_ROUTER | NA_OVERRIDE, bytesOf(GLOBAL), virtualMac6(10));
    expect(hex(0, 12)).toBe("333300000001" + "00005e00020a");
    expect(hex(54, 56)).toBe("8800");
    expect(hex(58, 86)).toBe("a0000000" + "20010db8000a00000000000000000001" + "020100005e00020a");
    expect(internetChecksum(out + 54, 32, pseudoHeader6Sum(bytesOf(GLOBAL), bytesOf(ALL_NODES6), 58, 32))).toBe(0);
  });
  test("the answer to a question has S too", () => {
    encodeNd(out, 0x020000006401, virtualMac6(10), bytesOf(GLOBAL), bytesOf(HOST), ND_ADVERTISEMENT, NA_ROUTER | NA_SOLICITED | NA_OVERRIDE, bytesOf(GLOBAL), virtualMac6(10));
    expect(hex(58, 62)).toBe("e0000000");
  });
});

describe("MLD", () => {
  test("joins the solicited-node groups of two addresses", () => {
    soil();
    solicitedNode(VIRTUAL, groupAt(out, 0)); solicitedNode(HOST, groupAt(out, 1));
    expect(encodeJoins(out, 0x020000000101, bytesOf(ROUTER), bytesOf(ALL_MLD6), 2)).toBe(14 + 40 + 8 + 8 + 40);
    expect(hex(0, 22)).toBe("333300000016" + "020000000101" + "86dd" + "60000000" + "0038" + "00" + "01");
    expect(hex(54, 64)).toBe("3a00050200000100" + "8f00");
    expect(hex(66, 110)).toBe("00000002" + "04000000" + "ff0200000000000000000001ff000001" + "04000000" + "ff0200000000000000000001ff123456");
    expect(internetChecksum(out + 62, 48, pseudoHeader6Sum(bytesOf(ROUTER), bytesOf(ALL_MLD6), 58, 48))).toBe(0);
  });
});

describe("HSRP", () => {
  test("RFC 2281 5.1: version 1, a hello of the active router", () => {
    soil();
    expect(encodeHsrp1(out, hsrpMac(1, 10), 0x0a010a02, HSRP_HELLO, HSRP_ACTIVE, 110, 10, 3 * SECOND, 10 * SECOND, 0x0a010a01)).toBe(62);
    expect(hex(0, 14)).toBe("01005e000002" + "00000c07ac0a" + "0800");
    expect(hex(22, 24)).toBe("0111"); // TTL 1, UDP
    expect(hex(26, 40)).toBe("0a010a02e0000002" + "07c107c1001c");
    //                       version op state hello hold priority group reserved   authentication   virtual address
    expect(hex(42, 62)).toBe("00" + "00" + "10" + "03" + "0a" + "6e" + "0a" + "00" + "636973636f000000" + "0a010a01");
    expect(internetChecksum(out + 34, 28, pseudoHeaderSum(0x0a010a02, 0xe0000002, 17, 28))).toBe(0);
  });
  test("version 1: opcodes 0 to 2, states 0, 4, 8, 16", () => {
    encodeHsrp1(out, 1, 2, HSRP_COUP, HSRP_STANDBY, 255, 255, SECOND, 255 * SECOND, 3); expect(hex(42, 49)).toBe("00010801ffffff");
    encodeHsrp1(out, 1, 2, HSRP_RESIGN, HSRP_SPEAK, 0, 0, SECOND, 3 * SECOND, 3); expect(hex(42, 49)).toBe("00020401030000");
    encodeHsrp1(out, 1, 2, HSRP_HELLO, HSRP_INITIAL, 1, 1, SECOND, 3 * SECOND, 3); expect(hex(44, 45)).toBe("00");
  });
  test("version 2: group state TLV, then text authentication", () => {
    soil();
    expect(encodeHsrp2(out, hsrpMac(2, 1000), 0x020000001000, 0x0a010a02, HSRP_HELLO, HSRP_ACTIVE, 110, 1000, 3 * SECOND, 10 * SECOND, 0x0a010a01)).toBe(94);
    expect(hex(0, 14)).toBe("01005e000066" + "00000c9ff3e8" + "0800");
    expect(hex(30, 34)).toBe("e0000066");
    expect(hex(42, 68)).toBe("0128" + "02" + "00" + "06" + "04" + "03e8" + "020000001000" + "0000006e" + "00000bb8" + "00002710");
    expect(hex(68, 84)).toBe("0a010a01000000000000000000000000");
    expect(hex(84, 94)).toBe("0308" + "636973636f000000");
    expect(internetChecksum(out + 34, 60, pseudoHeaderSum(0x0a010a02, 0xe0000066, 17, 60))).toBe(0);
  });
});

describe("GLBP", () => {
  test("a hello of the AVG with two forwarders", () => {
    soil();
    putForwarder(out, 0, 1, true, true, 100, 0x0007b4000a01);
    putForwarder(out, 1, 2, false, false, 300, 0x0007b4000a02);
    const length = encodeGlbp(out, 0x0007b4000a01, 0x020000001000, 0x0a010a02, 10, HSRP_ACTIVE, 110, 3 * SECOND, 10 * SECOND, 600 * SECOND, 14400 * SECOND, 0x0a010a01, 2);
    expect(length).toBe(42 + 12 + 28 + 40);
    expect(hex(0, 14)).toBe("01005e000066" + "0007b4000a01" + "0800");
    expect(hex(22, 24)).toBe("ff11");
    expect(hex(34, 38)).toBe("0c960c96");
    expect(hex(42, 54)).toBe("0100000a0000" + "020000001000");
    expect(hex(54, 82)).toBe("011c" + "00" + "20" + "00" + "6e" + "0000" + "00000bb8" + "00002710" + "0258" + "3840" + "0000" + "01" + "04" + "0a010a01");
    expect(hex(82, 102)).toBe("0214" + "01" + "20" + "00" + "a7" + "64" + "00000000000000" + "0007b4000a01");
    expect(hex(102, 122)).toBe("0214" + "02" + "04" + "00" + "87" + "ff" + "00000000000000" + "0007b4000a02");
    expect(internetChecksum(out + 34, 88, pseudoHeaderSum(0x0a010a02, 0xe0000066, 17, 88))).toBe(0);
  });
});
