// An LACPDU that says what the last one said is told by four vectors: it must be told by every field, and by nothing else.

import { LACP_COLLECTING, LACP_DEFAULTED, LACP_DISTRIBUTING, LACP_EXPIRED, RX_CURRENT } from "../../assembly/abi";
import { LacpGroup, LacpPort } from "../../assembly/lacp/port";
import * as receive from "../../assembly/lacp/receive";
import { Lacpdu } from "../../assembly/wire/lacpdu";
import { SEC, frameFor, knows, makeGroup, portIn } from "./lacp-support";

const T: i64 = 100 * SEC;
const SAID: u32 = 0x3f;

let g: LacpGroup = changetype<LacpGroup>(0);
let p: LacpPort = changetype<LacpPort>(0);

/** A port that believes what the frame says, and the frame. */
function settled(): Lacpdu {
  g = makeGroup(0, false, 1);
  g.fast = true;
  p = portIn(g, RX_CURRENT);
  g.clock = T;
  knows(p, SAID);
  p.currentWhileAt = T + SEC;
  return frameFor(g, p, SAID);
}

describe("an LACPDU like the last one", () => {
  it("restarts current_while and changes nothing", () => {
    const f = settled();
    expect(receive.deliver(g, p, f)).toBe(false);
    expect(p.currentWhileAt).toBe(T + 3 * SEC);
    expect(p.ntt).toBe(false);
  });
  it("differs by any byte of what it says of the sender", () => {
    for (let at: usize = 0; at < 28; at++) {
      if (at == 6 || at == 7) continue; // an address has six bytes
      const f = settled();
      const byte = changetype<usize>(f) + at;
      store<u8>(byte, load<u8>(byte) ^ 0x40);
      expect(receive.deliver(g, p, f)).toBe(true, `byte ${at}`);
    }
  });
  it("differs by any byte of what it says of this port", () => {
    for (let at: usize = 32; at < 56; at++) {
      if (at == 38 || at == 39) continue;
      const f = settled();
      const byte = changetype<usize>(f) + at;
      store<u8>(byte, load<u8>(byte) ^ 0x40);
      expect(receive.deliver(g, p, f)).toBe(true, `byte ${at}`);
      expect(p.ntt).toBe(true, `byte ${at}`);
    }
  });
  it("not by bits of this port's state that update_NTT does not heed, nor by what follows the states", () => {
    const f = settled();
    f.partnerState ^= LACP_COLLECTING | LACP_DISTRIBUTING | LACP_DEFAULTED | LACP_EXPIRED;
    f.actorPad = 0x12345678; f.partnerPad = 0x9abcdef0;
    expect(receive.deliver(g, p, f)).toBe(false);
    expect(p.ntt).toBe(false);
  });
});
