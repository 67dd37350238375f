// The boot machine alone: which NIC, how long it waits, how a transfer advances, when it gives up.

import { DHCP_DISCOVER, DHCP_REQUEST, PXE_BOND, PXE_BOOTED, PXE_DISCOVER, PXE_FAILED, PXE_INSTALLING, PXE_LINK, PXE_LOADING, PXE_NIC_EACH, PXE_NIC_FIRST, PXE_NIC_NAMED, PXE_OS, PXE_POST, PXE_REQUEST } from "../../assembly/abi";
import { ACT_NONE, ACT_REBOOT, ACT_START_OS, BOOT_BYTES, Boot, NEVER, acknowledged, deadline, networkUp, next, offered, powerOff, powerOn, run, setRate, stall, started } from "../../assembly/pxe/boot";
import { MS, SEC, prepare } from "./lacp-support";

const memoryOf = memory.data(512);

function make(rule: i32): Boot {
  prepare();
  assert(BOOT_BYTES <= 512);
  memory.fill(memoryOf, 0, BOOT_BYTES);
  const b = changetype<Boot>(memoryOf);
  b.nicRule = rule; b.nic = 1; b.nics = 2; b.attempts = 2; b.discovers = 4; b.loadRetries = 3;
  b.postNs = 10 * SEC; b.linkNs = 5 * SEC; b.discoverNs = 4 * SEC; b.loadRetryNs = 2 * SEC; b.installNs = 60 * SEC; b.osNs = 30 * SEC;
  b.bytes = 100000000; b.limitKb = 12500;
  powerOff(b);
  powerOn(b);
  return b;
}

/** As far as loading, at 20 s. */
function loading(): Boot {
  const b = make(PXE_NIC_FIRST);
  started(b, 20 * SEC);
  b.links = 3;
  run(b, 20 * SEC);
  offered(b, 0, 20 * SEC);
  acknowledged(b, 0, 20 * SEC);
  return b;
}

describe("network boot", () => {
  it("self-test, then the first NIC with a link", () => {
    const b = make(PXE_NIC_FIRST);
    expect(b.state).toBe(PXE_POST);
    started(b, 10 * SEC);
    expect(b.state).toBe(PXE_LINK);
    b.links = 2;
    run(b, 11 * SEC);
    expect(b.state).toBe(PXE_DISCOVER);
    expect(b.nicNow).toBe(1);
    expect(b.send).toBe(DHCP_DISCOVER);
  });

  it("four DISCOVERs that wait 4, 8, 16, 32 s", () => {
    const b = make(PXE_NIC_FIRST);
    started(b, 0);
    b.links = 1;
    run(b, 0);
    const waits: StaticArray<i64> = [4, 12, 28, 60];
    for (let i = 0; i < 4; i++) {
      expect(deadline(b)).toBe(waits[i] * SEC);
      expect(b.send).toBe(DHCP_DISCOVER);
      b.send = 0;
      run(b, waits[i] * SEC);
    }
    expect(b.gaveUp).toBe(true);
    expect(deadline(b)).toBe(NEVER);
  });

  it("REQUESTs wait 1, 2, 3, 4 s", () => {
    const b = make(PXE_NIC_FIRST);
    started(b, 0);
    b.links = 1;
    run(b, 0);
    offered(b, 5, 0);
    expect(b.state).toBe(PXE_REQUEST);
    expect(b.send).toBe(DHCP_REQUEST);
    const waits: StaticArray<i64> = [1, 3, 6, 10];
    for (let i = 0; i < 4; i++) {
      expect(deadline(b)).toBe(waits[i] * SEC);
      run(b, waits[i] * SEC);
    }
    expect(b.gaveUp).toBe(true);
  });

  it("an ACK of another server is not taken", () => {
    const b = make(PXE_NIC_FIRST);
    started(b, 0);
    b.links = 1;
    run(b, 0);
    offered(b, 0, 0);
    acknowledged(b, 1, 0);
    expect(b.state).toBe(PXE_REQUEST);
  });

  it("a named NIC without a link is waited for, and no other is taken", () => {
    const b = make(PXE_NIC_NAMED);
    started(b, 0);
    b.links = 1;
    run(b, 0);
    expect(b.state).toBe(PXE_LINK);
    run(b, 5 * SEC);
    expect(b.gaveUp).toBe(true);
  });

  it("each NIC in turn, then a restart, then the end", () => {
    const b = make(PXE_NIC_EACH);
    started(b, 0);
    b.links = 3;
    run(b, 0);
    b.gaveUp = true;
    next(b, 60 * SEC);
    run(b, 60 * SEC);
    expect(b.nicNow).toBe(1);
    next(b, 120 * SEC);
    expect(b.state).toBe(PXE_POST);
    expect(b.act).toBe(ACT_REBOOT);
    started(b, 130 * SEC);
    run(b, 135 * SEC);
    next(b, 135 * SEC);
    expect(b.state).toBe(PXE_FAILED);
  });

  it("a transfer lasts its bytes over its rate; a change of rate counts from now", () => {
    const b = loading();
    expect(b.state).toBe(PXE_LOADING);
    setRate(b, 12500, 20 * SEC); // 100 MB at 12.5 MB/s: 8 s
    expect(deadline(b) / MS).toBe(28000);
    setRate(b, 6250, 24 * SEC); // half is left, at half the rate
    expect(deadline(b) / MS).toBe(32000);
    run(b, deadline(b));
    expect(b.state).toBe(PXE_INSTALLING);
  });

  it("a transfer that stalls is retried, and goes on where it was", () => {
    const b = loading();
    setRate(b, 12500, 20 * SEC);
    stall(b, 24 * SEC);
    expect(deadline(b)).toBe(26 * SEC);
    run(b, 26 * SEC);
    expect(deadline(b)).toBe(28 * SEC);
    b.way = true;
    run(b, 28 * SEC);
    setRate(b, 12500, 28 * SEC);
    expect(deadline(b) / MS).toBe(32000);
  });

  it("a transfer that stays stalled is given up", () => {
    const b = loading();
    setRate(b, 12500, 20 * SEC);
    stall(b, 21 * SEC);
    run(b, 23 * SEC);
    run(b, 25 * SEC);
    expect(b.gaveUp).toBe(false);
    run(b, 27 * SEC);
    expect(b.gaveUp).toBe(true);
  });

  it("installed: restart, operating system, network; from then on it starts from the disk", () => {
    const b = loading();
    setRate(b, 12500, 20 * SEC);
    run(b, 29 * SEC);
    run(b, 89 * SEC);
    expect(b.state).toBe(PXE_POST);
    expect(b.act).toBe(ACT_REBOOT);
    b.act = ACT_NONE;
    started(b, 99 * SEC);
    expect(b.state).toBe(PXE_OS);
    run(b, 129 * SEC);
    expect(b.state).toBe(PXE_BOND);
    expect(b.act).toBe(ACT_START_OS);
    networkUp(b);
    expect(b.state).toBe(PXE_BOOTED);
    powerOff(b);
    powerOn(b);
    started(b, 200 * SEC);
    expect(b.state).toBe(PXE_OS);
  });
});
