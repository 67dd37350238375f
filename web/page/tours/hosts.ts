// Tours of hosts: Linux bonding, Windows teams, and what the two ends of a bundle must agree about (systems 10 to 12).

import type { Tour } from "./types.ts";

const CARRIER = { within: [10, 10.1] as [number, number], because: "loss-detect of 10 ms" };
const MII = { within: [10, 110.1] as [number, number], because: "loss-detect of 10 ms, and at most one MII interval of 100 ms" };
const SHORT = { within: [1800, 3000] as [number, number], because: "Short_Timeout_Time of 3 s, counted from the last LACPDU" };

export const hosts: Tour[] = [
  {
    system: 10, id: "linux-bonding", file: "backup.dh.yaml",
    title: { en: "Linux bonding: active-backup", ko: "리눅스 본딩: 액티브-백업" },
    steps: [
      { say: { en: "srv1 has mode 1, active-backup: eth0 is primary and active, eth1 stands by. The two switches know nothing of it. /proc/net/bonding/bond0 shows what the driver thinks.", ko: "srv1은 모드 1, 액티브-백업입니다. eth0이 프라이머리이자 액티브이고 eth1은 대기합니다. 두 스위치는 아무것도 모릅니다. /proc/net/bonding/bond0에서 드라이버의 판단을 볼 수 있습니다." }, do: [{ seek: "10s" }, { select: "srv1" }], expect: [{ show: "Currently Active Slave: eth0", of: ["srv1", "bonding"] }] },
      { say: { en: "The active cable is cut. The MII monitor looks every 100 ms; after {1} eth1 is active, and gratuitous ARP tells the switches where srv1 is now.", ko: "액티브 케이블이 끊겼습니다. MII 모니터는 100 ms마다 확인합니다. {1} 뒤에 eth1이 액티브가 되고, GARP로 srv1의 새 위치를 스위치에 알립니다." }, do: [{ step: "fail sw1:Eth1--srv1:eth0" }, { run: "5s" }], expect: [{ down: "web", ms: 73.95, ...MII }, { show: "Currently Active Slave: eth1", of: ["srv1", "bonding"] }] },
      { say: { en: "It is mended at 20 s, and eth0 is active again, because it is primary and the policy is always. The way back costs nothing more: {1} in all.", ko: "20초에 고치면 eth0이 다시 액티브가 됩니다. 프라이머리이고 재선택 정책이 always이기 때문입니다. 돌아오는 데는 더 끊기지 않습니다. 합계 {1}입니다." }, do: [{ seek: "20s" }, { step: "repair sw1:Eth1--srv1:eth0" }, { seek: "35s" }], expect: [{ down: "web", ms: 73.95, ...MII }, { show: "Currently Active Slave: eth0", of: ["srv1", "bonding"] }] },
      { say: { en: "Now the cable goes silent instead: the carrier stays. The MII monitor sees nothing, and the flow is down until somebody else notices. An ARP monitor, or LACP, would have.", ko: "이번에는 케이블이 조용해집니다. 캐리어는 그대로입니다. MII 모니터는 아무것도 보지 못하고, 누군가 알아차릴 때까지 플로우가 끊깁니다. ARP 모니터나 LACP였다면 알아차렸을 것입니다." }, do: [{ seek: "40s" }, { step: "silent sw1:Eth1--srv1:eth0" }, { run: "20s" }], expect: [{ isDown: "web" }, { show: "Currently Active Slave: eth0", of: ["srv1", "bonding"] }] },
    ],
  },
  {
    system: 11, id: "windows-teams", file: "teams.dh.yaml",
    title: { en: "Windows teaming", ko: "윈도우 티밍" },
    steps: [
      { say: { en: "Three teams: Switch Independent on plain ports, LACP on an LACP port-channel, Static on a static one. Each needs something else from the switch.", ko: "팀이 셋입니다. Switch Independent는 일반 포트, LACP는 LACP 포트 채널, Static은 정적 포트 채널에 있습니다. 스위치에 요구하는 것이 저마다 다릅니다." }, do: [{ seek: "10s" }, { select: "free" }], expect: [{ isUp: "free" }, { isUp: "lacp" }, { isUp: "static" }] },
      { say: { en: "A cable of the Switch Independent team is cut: {1}. No switch had to do anything.", ko: "Switch Independent 팀의 케이블 하나가 끊겼습니다. {1}입니다. 스위치는 아무것도 할 필요가 없었습니다." }, do: [{ step: "fail sw1:Eth1--free:nic1" }, { run: "10s" }], expect: [{ down: "free", ms: 10, ...CARRIER }] },
      { say: { en: "It is mended. At 30 s a cable of each team goes silent: the light stays on. LACP misses its LACPDUs and is back after {1}; the two others have nothing that could notice, and stay down.", ko: "고친 뒤 30초에 각 팀의 케이블 하나가 조용해집니다. 불은 켜져 있습니다. LACP 팀은 LACPDU가 오지 않는 것을 알고 {1} 만에 돌아옵니다. 나머지 둘은 알아차릴 방법이 없어 끊긴 채로 있습니다." }, do: [{ step: "repair sw1:Eth1--free:nic1" }, { seek: "30s" }, { step: "silent sw1:Eth2--free:nic2" }, { step: "silent sw1:Eth3--lacp:nic1" }, { step: "silent sw1:Eth6--static:nic2" }, { run: "20s" }, { select: "lacp" }], expect: [{ down: "lacp", ms: 2810.696, ...SHORT }, { isDown: "free" }, { isDown: "static" }] },
    ],
  },
  {
    system: 12, id: "modes", file: "modes.dh.yaml",
    title: { en: "Host mode against switch mode", ko: "호스트 모드와 스위치 모드" },
    steps: [
      { say: { en: "`fits` speaks LACP with a whole port-channel. For `half` somebody forgot a port of the switch's side. `fixed` is balance-xor on a static port-channel.", ko: "`fits`는 온전한 포트 채널과 LACP를 주고받습니다. `half`는 스위치 쪽 포트 하나를 빠뜨렸습니다. `fixed`는 정적 포트 채널 위의 balance-xor입니다." }, do: [{ seek: "10s" }, { select: "half" }], expect: [{ show: "Number of ports: 2", of: ["fits", "bonding"] }, { show: "Number of ports: 1", of: ["half", "bonding"] }] },
      { say: { en: "All three work: nobody notices the forgotten port until the first cable of each is cut. `fits` and `fixed` are down for {1} and {2}. `half` takes {3}: it has to give up one aggregate for another.", ko: "셋 다 동작합니다. 빠뜨린 포트는 각각의 첫 케이블이 끊길 때까지 아무도 모릅니다. `fits`와 `fixed`는 {1}와 {2} 동안 끊깁니다. `half`는 집합(aggregate)을 통째로 바꿔야 해서 {3}가 걸립니다." }, do: [{ step: "fail sw1:Eth1--fits:eth0" }, { step: "fail sw1:Eth3--half:eth0" }, { step: "fail sw1:Eth5--fixed:eth0" }, { run: "5s" }], expect: [{ down: "fits", ms: 10, ...CARRIER }, { down: "fixed", ms: 10, ...CARRIER }, { down: "half", ms: 91.217, ...MII }] },
      { say: { en: "The cables are mended at 20 s. At 40 s a cable of `fits` and one of `fixed` go silent. LACP notices within 3 s, so that `fits` has been down for {1} in all; the static bundle never does.", ko: "20초에 케이블을 고쳤습니다. 40초에 `fits`와 `fixed`의 케이블이 하나씩 조용해집니다. LACP는 3초 안에 알아차려 `fits`는 합쳐서 {1} 동안 끊깁니다. 정적 묶음은 끝내 알아차리지 못합니다." }, do: [{ seek: "20s" }, { step: "repair sw1:Eth1--fits:eth0" }, { step: "repair sw1:Eth3--half:eth0" }, { step: "repair sw1:Eth5--fixed:eth0" }, { seek: "40s" }, { step: "silent sw1:Eth1--fits:eth0" }, { step: "silent sw1:Eth6--fixed:eth1" }, { run: "20s" }, { select: "fits" }], expect: [{ down: "fits", ms: 2043.621, within: [1810, 3120], because: "10 ms, 3 s counted from the last LACPDU, and at most one tick" }, { isDown: "fixed" }] },
      { say: { en: "`dualhome matrix` runs every host mode against every switch mode and names the symptom of each mismatch. Pairs that cannot work are refused in a file.", ko: "`dualhome matrix`는 모든 호스트 모드와 모든 스위치 모드를 맞붙여 어긋난 조합마다 증상을 알려 줍니다. 동작할 수 없는 조합은 파일에서 거부합니다." }, expect: [{ refused: "DH_LACP_STATIC", change: ["[Eth1, Eth2], mode: lacp-active", "[Eth1, Eth2], mode: static"] }] },
    ],
  },
];
