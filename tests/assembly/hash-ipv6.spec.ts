// The transmit hash of an IPv6 flow that the engine makes from handles is that of the frame's own bytes (docs/hashing.md).

import { HASH_ENCAP23, HASH_ENCAP34, HASH_LAYER2, HASH_LAYER23, HASH_LAYER34, HASH_VLAN_SRCMAC } from "../../assembly/abi";
import { dissect } from "../../assembly/bond/dissect";
import { FLOW_KEY_BYTES, FlowKey, flowKeyIpv6, xmitHash } from "../../assembly/bond/xmit-hash";
import { put16be, putEthernetHeader } from "../../assembly/wire/ethernet";
import { ETHERTYPE_IPV6, IPV6_PAYLOAD, putIpv6Header } from "../../assembly/wire/ipv6";

const out: usize = memory.data(128);
const src: usize = memory.data(16);
const dst: usize = memory.data(16);
const ours = changetype<FlowKey>(memory.data(112));
const read = changetype<FlowKey>(memory.data(112));

let seed: u64 = 1;
function random(): u32 { seed = seed * 6364136223846793005 + 1442695040888963407; return <u32>(seed >> 33); }

function differs(proto: u32, echo: bool): i32 {
  for (let i: usize = 0; i < 16; i++) { store<u8>(src + i, <u8>random()); store<u8>(dst + i, <u8>random()); }
  const srcMac = <u64>random() & 0xfeffffff; const dstMac = <u64>random();
  const sport = random() & 0xffff; const dport = random() & 0xffff;
  memory.fill(out, 0, 128);
  putEthernetHeader(out, dstMac, srcMac, ETHERTYPE_IPV6);
  putIpv6Header(out + 14, 0, proto, 64, src, dst, 40);
  if (echo) { put16be(out + IPV6_PAYLOAD, 128 << 8); put16be(out + IPV6_PAYLOAD + 4, sport); }
  else { put16be(out + IPV6_PAYLOAD, sport); put16be(out + IPV6_PAYLOAD + 2, dport); }
  memory.fill(changetype<usize>(read), 0, FLOW_KEY_BYTES);
  dissect(out, 94, 0, read);
  flowKeyIpv6(ours, srcMac, dstMac, src, dst, proto, sport, dport, echo);
  let wrong = 0;
  for (let policy = HASH_LAYER2; policy <= HASH_VLAN_SRCMAC; policy++) if (xmitHash(policy, ours) != xmitHash(policy, read)) wrong += 1;
  return wrong;
}

describe("the hash of an IPv6 flow", () => {
  test("TCP and UDP, every policy, 1000 flows each", () => {
    let wrong = 0;
    for (let i = 0; i < 1000; i++) wrong += differs(6, false) + differs(17, false);
    expect(wrong).toBe(0);
  });
  test("ICMPv6 echo requests", () => {
    let wrong = 0;
    for (let i = 0; i < 1000; i++) wrong += differs(58, true);
    expect(wrong).toBe(0);
  });
  test("the policies are those of abi.ts", () => {
    expect(HASH_LAYER2).toBe(0); expect(HASH_LAYER34).toBe(1); expect(HASH_LAYER23).toBe(2); expect(HASH_ENCAP23).toBe(3); expect(HASH_ENCAP34).toBe(4);
  });
});
