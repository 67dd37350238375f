// Tours of LACP: the protocol, its modes, what to mind, and a server without a system (systems 5 to 9).

import type { Tour } from "./types.ts";

/** An LACPDU each second, three of them missed: 3 s, counted from the last that came, up to 1.2 s before (IEEE 802.1AX, Short_Timeout_Time). */
const SHORT = { within: [1800, 3000] as [number, number], because: "Short_Timeout_Time of 3 s, counted from the last LACPDU" };
const CARRIER = { within: [10, 10.1] as [number, number], because: "loss-detect of 10 ms" };

export const lacp: Tour[] = [
  {
    system: 5, id: "lacp", file: "bond.dh.yaml",
    title: { en: "LACP: a cable goes silent", ko: "LACP: 조용해진 케이블" },
    steps: [
      {
        say: { en: "srv1 and sw1 send each other LACPDUs to 01:80:c2:00:00:02, with the fast rate one a second. Both ports of the bundle are collecting and distributing.", ko: "srv1과 sw1은 01:80:c2:00:00:02로 LACPDU를 주고받습니다. fast 주기이므로 1초에 하나입니다. 묶음의 두 포트 모두 수집·분배(collecting, distributing) 상태입니다." },
        do: [{ seek: "10s" }, { select: "srv1:eth0" }], expect: [{ show: "LACP rate: fast", of: ["srv1", "bonding"] }, { show: "Number of ports: 2", of: ["srv1", "bonding"] }],
      },
      {
        say: { en: "The first cable goes silent: light stays on, frames vanish. No carrier tells anybody. sw1 waits 3 s for an LACPDU and stops using the port; the flows are back after {1} and {2}.", ko: "첫 케이블이 조용해집니다. 불은 켜져 있는데 프레임이 사라집니다. 캐리어는 아무것도 알려 주지 않습니다. sw1은 LACPDU를 3초 기다린 뒤 그 포트를 쓰지 않습니다. 플로우는 {1}와 {2} 만에 돌아옵니다." },
        do: [{ step: "silent sw1:Eth1--srv1:eth0" }, { run: "5s" }, { select: "sw1:Eth1" }],
        expect: [{ down: "first", ms: 2741.457, ...SHORT }, { down: "second", ms: 1841.457, ...SHORT }, { event: "sw1:Eth1 LACP receive EXPIRED: no LACPDU for 3 s", atMs: 11841.457 }],
      },
      {
        say: { en: "After 3 s more in EXPIRED the receive machine gives its partner up and is DEFAULTED, at {1} on the server's side. From here on it speaks only every 30 s, for the partner that it assumes has a long timeout.", ko: "EXPIRED로 3초가 더 지나면 수신 기계는 상대를 포기하고 DEFAULTED가 됩니다. 서버 쪽은 {1}입니다. 기본값으로 가정한 상대는 긴 타임아웃이므로, 이제부터 30초마다 한 번만 말합니다." },
        do: [{ run: "5s" }, { select: "srv1:eth0" }], expect: [{ event: "srv1:eth0 LACP receive DEFAULTED", atMs: 15741.457 }],
      },
      {
        say: { en: "The cable is mended at 30 s, and nobody knows. The next LACPDU comes at {1}; the port carries again at {2}. The return took longer than the failure: that is what the 30 s cost.", ko: "30초에 케이블을 고쳤지만 아무도 모릅니다. 다음 LACPDU가 {1}에 오고, 포트는 {2}에 다시 나릅니다. 복귀가 장애보다 오래 걸렸습니다. 30초 주기의 대가입니다." },
        do: [{ seek: "30s" }, { step: "repair sw1:Eth1--srv1:eth0" }, { seek: "60s" }], expect: [{ event: "srv1:eth0 LACP receive CURRENT", atMs: 44841.458 }, { event: "srv1:eth0 as a member: receives and sends", atMs: 47241.457 }, { show: "Number of ports: 2", of: ["srv1", "bonding"] }],
      },
    ],
  },
  {
    system: 6, id: "active-passive", file: "passive.dh.yaml",
    title: { en: "LACP active and passive", ko: "LACP 액티브와 패시브" },
    steps: [
      { say: { en: "sw1 is active: it sends LACPDUs unasked. sw2 is passive: it answers. That is enough, the bundle is up and the flow arrives.", ko: "sw1은 액티브여서 먼저 LACPDU를 보내고, sw2는 패시브여서 받으면 응답합니다. 이것으로 충분합니다. 묶음이 올라오고 플로우가 도달합니다." }, do: [{ seek: "10s" }, { select: "sw2" }], expect: [{ isUp: "web" }] },
      { say: { en: "The first cable goes silent. The passive end has the same timers as the active one: the flow is down for {1}.", ko: "첫 케이블이 조용해집니다. 패시브 쪽도 액티브 쪽과 같은 타이머를 씁니다. 플로우는 {1} 동안 끊깁니다." }, do: [{ step: "silent sw1:Eth1--sw2:Eth1" }, { run: "10s" }], expect: [{ down: "web", ms: 2810.696, ...SHORT }] },
      { say: { en: "If both ends were passive, each would wait for the other for ever. Such a file is refused before anything runs. So is LACP at one end and a static bundle at the other.", ko: "양쪽이 모두 패시브라면 서로를 영원히 기다립니다. 그런 파일은 실행하기 전에 거부합니다. 한쪽만 LACP이고 다른 쪽이 정적 묶음인 경우도 마찬가지입니다." }, expect: [{ refused: "DH_LACP_PASSIVE", change: ["mode: lacp-active", "mode: lacp-passive"] }, { refused: "DH_LACP_STATIC", change: ["mode: lacp-passive", "mode: static"] }] },
    ],
  },
  {
    system: 7, id: "cautions", file: "trunk.dh.yaml",
    title: { en: "LACP: plan for one member", ko: "LACP 유의 사항: 멤버 하나의 대역폭으로" },
    steps: [
      { say: { en: "Three cables of 10 Gbit/s, three flows of 3 Gbit/s. All members have one speed and end on one system, as LACP wants it. The sum fits on one cable.", ko: "10 Gbit/s 케이블 셋, 3 Gbit/s 플로우 셋입니다. LACP가 요구하는 대로 멤버의 속도가 모두 같고 한 시스템에서 끝납니다. 합계가 케이블 하나에 들어갑니다." }, do: [{ seek: "10s" }, { select: "sw1" }], expect: [{ isUp: "f1" }, { isUp: "f2" }, { isUp: "f3" }] },
      { say: { en: "A cable is cut. The hash deals the flows over the two that are left; {1} is what it takes.", ko: "케이블 하나가 끊겼습니다. 해시가 남은 둘에 플로우를 다시 나눕니다. {1}가 걸립니다." }, do: [{ step: "fail sw1:Eth1--sw2:Eth1" }, { run: "10s" }], expect: [{ down: "f1", ms: 10, ...CARRIER }, { isUp: "f2" }, { isUp: "f3" }] },
      { say: { en: "A second one. Everything goes over the last: 9 Gbit/s on 10. Whoever had planned with 20 or 30 would lose frames now, and no flow would be reported down. Hence the rule: count the bandwidth of one member.", ko: "두 번째도 끊겼습니다. 모든 것이 마지막 하나로 갑니다. 10 Gbit/s에 9 Gbit/s입니다. 20이나 30으로 계획했다면 지금 프레임을 잃고, 그래도 끊긴 플로우는 하나도 보고되지 않습니다. 그래서 멤버 하나의 대역폭을 기준으로 잡습니다." }, do: [{ step: "fail sw1:Eth2--sw2:Eth2" }, { run: "10s" }], expect: [{ isUp: "f1" }, { isUp: "f2" }, { isUp: "f3" }] },
      { say: { en: "A bundle whose members have two speeds is refused: LACP would only ever use the ports of one of them.", ko: "멤버의 속도가 둘인 묶음은 거부합니다. LACP는 그중 한 속도의 포트만 씁니다." }, expect: [{ refused: "DH_LAG_SPEED", change: ["sw1:Eth1 -- sw2:Eth1,", '{endpoints: ["sw1:Eth1", "sw2:Eth1"], speed: 25G},'] }] },
    ],
  },
  {
    system: 8, id: "pxe", file: "pxe.dh.yaml",
    title: { en: "PXE boot over LACP", ko: "LACP 위의 PXE 부팅" },
    steps: [
      { say: { en: "srv1 has no system. After its self-test the firmware asks for an address, for the first time at {1}. It speaks no LACP, so the switch keeps the port-channel closed and the question is lost.", ko: "srv1에는 운영체제가 없습니다. 자가 진단 뒤 펌웨어가 주소를 요청합니다. 처음은 {1}입니다. LACP를 말하지 못하므로 스위치는 포트 채널을 닫아 두고, 요청은 사라집니다." }, do: [{ seek: "12s" }, { select: "srv1" }], expect: [{ event: "srv1 DHCP: asks", atMs: 10010 }] },
      { say: { en: "After 5 s without an LACPDU the switch falls back and opens the port as if it were a single one. The third question gets through; the offer is there at {1}.", ko: "LACPDU 없이 5초가 지나면 스위치는 폴백으로 포트를 단독 포트처럼 엽니다. 세 번째 요청이 지나가고, {1}에 제안(offer)이 옵니다." }, do: [{ seek: "25s" }, { select: "sw1" }], expect: [{ event: "srv1 DHCP: an offer", atMs: 22010.002 }] },
      { say: { en: "The image is loaded over the one port, and the system is being installed from {1} on.", ko: "포트 하나로 이미지를 받고, {1}부터 운영체제를 설치합니다." }, do: [{ seek: "45s" }, { select: "srv1" }], expect: [{ event: "srv1 installing", atMs: 30010.005 }] },
      { say: { en: "The new system configures its bond and sends LACPDUs. The switch leaves the fallback at {1}, and at {2} the server is up with both cables in the bundle.", ko: "새 운영체제가 본드를 설정하고 LACPDU를 보냅니다. 스위치는 {1}에 폴백을 끝내고, {2}에 서버가 케이블 둘을 모두 묶은 채 올라옵니다." }, do: [{ seek: "100s" }], expect: [{ event: "sw1:Po1 leaves LACP fallback", atMs: 90241.457 }, { event: "srv1 booted: the network is up", atMs: 92341.457 }, { show: "Number of ports: 2", of: ["srv1", "bonding"] }] },
    ],
  },
  {
    system: 9, id: "fallback", file: "fallback.dh.yaml",
    title: { en: "LACP fallback, by vendor", ko: "벤더별 LACP 폴백" },
    steps: [
      { say: { en: "Three servers start without a system. Vendors call what helps them by many names: Cisco lacp suspend-individual, Arista and Extreme lacp fallback, Juniper force-up, HP lacp edge-port. Here: none, one after 5 s, and one after 90 s.", ko: "서버 세 대가 운영체제 없이 켜집니다. 이때 필요한 기능을 벤더마다 다르게 부릅니다. Cisco는 lacp suspend-individual, Arista와 Extreme은 lacp fallback, Juniper는 force-up, HP는 lacp edge-port입니다. 여기서는 없음, 5초 뒤, 90초 뒤입니다." }, do: [{ seek: "12s" }, { select: "short" }], expect: [{ event: "short DHCP: asks", atMs: 10010 }, { event: "none DHCP: asks", atMs: 10010 }] },
      { say: { en: "With 5 s the switch has opened a port before the third question: `short` has its offer at {1}.", ko: "5초라면 세 번째 요청 전에 포트가 열립니다. `short`는 {1}에 제안을 받습니다." }, do: [{ seek: "25s" }], expect: [{ event: "short DHCP: an offer", atMs: 22010.002 }] },
      { say: { en: "The firmware asks four times and gives up: `none` at {1}, and `long` at the same instant, because 90 s is longer than it waits. A fallback that comes too late is none.", ko: "펌웨어는 네 번 묻고 포기합니다. `none`은 {1}에 포기하고, 90초는 기다리는 시간보다 길어서 `long`도 같은 순간에 포기합니다. 너무 늦은 폴백은 없는 것과 같습니다." }, do: [{ seek: "80s" }, { select: "long" }], expect: [{ event: "none boot failed", atMs: 70010 }, { event: "long boot failed", atMs: 70010 }] },
      { say: { en: "`short` is installed and up at {1}, with both cables in its bundle.", ko: "`short`는 설치를 마치고 {1}에 케이블 둘을 모두 묶어 올라옵니다." }, do: [{ seek: "110s" }, { select: "short" }], expect: [{ event: "short booted: the network is up", atMs: 92358.766 }, { show: "Number of ports: 2", of: ["short", "bonding"] }] },
    ],
  },
];
