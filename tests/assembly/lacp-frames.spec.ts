// What leaves a port and when: the transmit limit, churn detection, keys and the bytes of the frame.

import { PERIODIC_FAST, PERIODIC_NONE, RX_CURRENT, RX_EXPIRED, RX_INITIALIZE, RX_PORT_DISABLED, T_LACP_CHURN } from "../../assembly/abi";
import { setNow, traceWritten } from "../../assembly/core/trace";
import * as churn from "../../assembly/lacp/churn";
import * as lacp from "../../assembly/lacp/lacp";
import { LacpGroup, LacpPort, NEVER, operationalKey } from "../../assembly/lacp/port";
import * as transmit from "../../assembly/lacp/transmit";
import { encodeLacpdu, lacpduAt } from "../../assembly/wire/lacpdu";
import { MS, SEC, countRecords, makeGroup, portIn } from "./lacp-support";
import { member } from "../../assembly/lacp/port";

const T: i64 = 100 * SEC; // "now" of all rows

// --- transmit and churn ----------------------------------------------------------------------------------

function sends(g: LacpGroup, p: LacpPort, at: i64): bool {
  g.clock = at;
  p.ntt = true;
  p.sendPdu = false;
  transmit.run(g, p, at);
  return p.sendPdu;
}

describe("transmit machine", () => {
  it("three frames in a second, the fourth when the first is a second old", () => {
    const g = makeGroup(0, false, 1);
    const p = portIn(g, RX_CURRENT);
    p.periodicState = PERIODIC_FAST;
    expect(sends(g, p, T)).toBe(true);
    expect(sends(g, p, T + 100 * MS)).toBe(true);
    expect(sends(g, p, T + 200 * MS)).toBe(true);
    expect(sends(g, p, T + 300 * MS)).toBe(false);
    expect(p.ntt).toBe(true, "the need stays");
    expect(transmit.deadline(g, p)).toBe(T + SEC);
    expect(sends(g, p, T + SEC - 1)).toBe(false);
    expect(sends(g, p, T + SEC)).toBe(true);
    expect(sends(g, p, T + SEC + 99 * MS)).toBe(false);
    expect(sends(g, p, T + SEC + 100 * MS)).toBe(true);
  });
  it("NO_PERIODIC forgets the need; a link that is down keeps it", () => {
    const g = makeGroup(0, false, 1);
    const p = portIn(g, RX_CURRENT);
    p.periodicState = PERIODIC_NONE;
    expect(sends(g, p, T)).toBe(false);
    expect(p.ntt).toBe(false);
    p.enabled = false;
    expect(sends(g, p, T)).toBe(false);
    expect(p.ntt).toBe(true);
    expect(transmit.deadline(g, p)).toBe(NEVER);
  });
  it("Linux: every third tick of the port", () => {
    const g = makeGroup(0, true, 1);
    const p = portIn(g, RX_CURRENT);
    p.firstTick = 4;
    for (let k: i64 = 4; k < 40; k++) {
      g.tick = k;
      expect(sends(g, p, k * 100 * MS)).toBe(k % 3 == 0, k.toString());
      p.ntt = true;
      expect(transmit.deadline(g, p)).toBe((k / 3 + 1) * 300 * MS, k.toString());
    }
  });
});

describe("churn detection", () => {
  it("60 s after it started it looks once; only churn is told", () => {
    for (let sync: u32 = 0; sync <= 8; sync += 8) {
      const g = makeGroup(0, false, 1);
      const p = portIn(g, RX_EXPIRED);
      const mark = traceWritten();
      g.clock = T;
      p.churned = true;
      p.actorState = 7 | sync;
      p.partnerState = 7;
      churn.run(g, p, T);
      expect(p.churnAt).toBe(T + 60 * SEC);
      churn.run(g, p, T + 60 * SEC - 1);
      expect(p.actorChurn).toBe(0);
      churn.run(g, p, T + 60 * SEC);
      expect(p.actorChurn).toBe(sync == 8 ? 1 : 2);
      expect(p.partnerChurn).toBe(2);
      expect(p.churnAt).toBe(NEVER);
      expect(countRecords(mark, T_LACP_CHURN, 10)).toBe(sync == 8 ? 1 : 2);
    }
  });
});

// --- keys and the frame ------------------------------------------------------------------------------------

describe("keys and frames", () => {
  it("Linux keys: 10 G 15, 25 G 21, 100 G 29; the user's key from bit 6; no link, no speed", () => {
    const g = makeGroup(0, true, 1);
    const p = member(g, 0);
    p.enabled = true;
    expect(operationalKey(g, p)).toBe(15);
    p.speedMbps = 25000;
    expect(operationalKey(g, p)).toBe(21);
    p.speedMbps = 100000;
    expect(operationalKey(g, p)).toBe(29);
    g.key = 5 << 6;
    expect(operationalKey(g, p)).toBe(320 + 29);
    p.enabled = false;
    expect(operationalKey(g, p)).toBe(320);
  });
  it("the 124 bytes", () => {
    const f = lacpduAt(memory.data(64));
    f.actorSystemPriority = 65535; f.actorSystem = 0x525400aa0001; f.actorKey = 15; f.actorPortPriority = 255; f.actorPort = 1; f.actorState = 0x3d;
    f.partnerSystemPriority = 0x8000; f.partnerSystem = 0x002304eebe0a; f.partnerKey = 0x800a; f.partnerPortPriority = 0x8000;
    f.partnerPort = 0x4101; f.partnerState = 0x3d;
    const out = memory.data(128);
    store<u8>(out, 77, 124);
    expect(encodeLacpdu(f, 0x525400aa0001, out)).toBe(124);
    const head = "0180c2000002525400aa0001880901010114ffff525400aa0001000f00ff00013d00000002148000002304eebe0a800a800041013d0000000310";
    let hex = "";
    for (let i: usize = 0; i < 58; i++) {
      const byte = <u32>load<u8>(out + i);
      hex += "0123456789abcdef".charAt(<i32>(byte >> 4)) + "0123456789abcdef".charAt(<i32>(byte & 15));
    }
    expect(hex).toBe(head);
    for (let i: usize = 58; i < 124; i++) expect(load<u8>(out + i)).toBe(0);
    expect(load<u8>(out, 124)).toBe(77, "no byte behind the frame");
  });
  it("a whole power-on by the public functions alone", () => {
    const g = makeGroup(0, false, 1);
    const p = member(g, 0);
    setNow(0);
    lacp.begin(g, 0);
    lacp.run(g, 0);
    expect(p.rxState).toBe(RX_PORT_DISABLED);
    expect(lacp.nextDeadline(g)).toBe(NEVER);
    lacp.setEnabled(g, p, true, 0);
    expect(lacp.nextDeadline(g)).toBe(0);
    lacp.run(g, 0);
    expect(p.rxState).toBe(RX_EXPIRED);
    expect(p.sendPdu).toBe(true, "a new link is spoken on at once");
    expect(p.rxState == RX_INITIALIZE).toBe(false);
  });
});
