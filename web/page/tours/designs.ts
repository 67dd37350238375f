// Tours of designs: what fails, what is left, and what comes back (systems 1 to 4, 13 to 15, 24).

import type { Tour } from "./types.ts";

/** Loss of carrier is noticed after 10 ms (loss-detect); a hop or two more. */
const CARRIER = { within: [10, 10.1] as [number, number], because: "loss-detect of 10 ms" };

export const designs: Tour[] = [
  {
    system: 1, id: "single-points", file: "pair.dh.yaml",
    title: { en: "Single points of failure", ko: "단일 장애점(SPoF)" },
    steps: [
      {
        say: { en: "srv1 and srv2 have a leg on each leaf. orphan has one cable, to leaf2. Three flows run, and all of them arrive.", ko: "srv1과 srv2는 리프 두 대에 다리를 하나씩 두었습니다. orphan은 leaf2에만 케이블 하나로 연결되어 있습니다. 플로우 셋이 모두 도달합니다." },
        do: [{ seek: "10s" }, { select: "orphan" }], expect: [{ isUp: "left" }, { isUp: "right" }, { isUp: "single" }],
      },
      {
        say: { en: "leaf1 fails. The one flow that went through it is back after {1}, which is how long the loss of carrier goes unnoticed; the others never stop. leaf1 is no single point of failure.", ko: "leaf1에 장애가 났습니다. leaf1을 지나던 플로우 하나만 {1} 동안 끊깁니다. 캐리어가 사라진 것을 알아차리는 시간입니다. 나머지는 끊기지 않습니다. leaf1은 단일 장애점이 아닙니다." },
        do: [{ step: "fail leaf1" }, { run: "5s" }, { select: "leaf1" }], expect: [{ down: "right", ms: 10, ...CARRIER }, { neverDown: "left" }, { neverDown: "single" }],
      },
      {
        say: { en: "leaf1 is repaired and has come back. Now leaf2 fails, the same machine on the other side: the two servers go on, and orphan is gone for as long as leaf2 is. For orphan, leaf2 and its cable are single points of failure.", ko: "leaf1이 복구되어 돌아왔습니다. 이번에는 반대쪽의 같은 장비 leaf2에 장애가 납니다. 두 서버는 계속 통신하지만, orphan은 leaf2가 돌아올 때까지 끊깁니다. orphan에게는 leaf2와 그 케이블이 단일 장애점입니다." },
        do: [{ step: "repair leaf1" }, { run: "75s" }, { step: "fail leaf2" }, { run: "10s" }, { select: "leaf2" }], expect: [{ isUp: "left" }, { isUp: "right" }, { isDown: "single" }],
      },
      { say: { en: "A second cable to leaf1 removes it. `dualhome sweep` fails everything in turn, lists all such points from end to end, and says what removes each.", ko: "leaf1로 가는 두 번째 케이블이 있으면 없어집니다. `dualhome sweep`은 모든 것에 차례로 장애를 내어 처음부터 끝까지(End-to-End) 단일 장애점을 모두 찾고, 무엇을 하면 없어지는지 알려 줍니다." } },
    ],
  },
  {
    system: 2, id: "active-active", file: "two-ways.dh.yaml",
    title: { en: "Active-active against active-standby", ko: "액티브-액티브와 액티브-스탠바이" },
    steps: [
      {
        say: { en: "Both servers have two cables of 10 Gbit/s. `both` bundles them by LACP and sends 16 Gbit/s over the two; `one` is active-backup and sends 8 Gbit/s over one.", ko: "두 서버 모두 10 Gbit/s 케이블이 두 개씩 있습니다. `both`는 LACP로 묶어 둘 위로 16 Gbit/s를 보내고, `one`은 액티브-백업으로 하나 위로 8 Gbit/s를 보냅니다." },
        do: [{ seek: "10s" }, { select: "both" }], expect: [{ show: "Number of ports: 2", of: ["both", "bonding"] }, { show: "Currently Active Slave: eth0", of: ["one", "bonding"] }],
      },
      {
        say: { en: "A cable of `both` is cut. Every flow is up again after {1}, and yet this plan is broken: 16 Gbit/s are left with one cable of 10. Whoever counts both halves has no redundancy. `dualhome capacity` finds such plans.", ko: "`both`의 케이블 하나가 끊겼습니다. {1} 뒤에는 모든 플로우가 다시 도달하지만 이 계획은 깨졌습니다. 16 Gbit/s가 10 Gbit/s 케이블 하나에 남습니다. 양쪽 용량을 모두 기준으로 잡으면 이중화가 아닙니다. `dualhome capacity`가 이런 계획을 찾아냅니다." },
        do: [{ step: "fail leaf1:Eth1--both:eth0" }, { run: "5s" }], expect: [{ down: "both1", ms: 10.001, ...CARRIER }, { neverDown: "both2" }, { show: "Number of ports: 1", of: ["both", "bonding"] }],
      },
      {
        say: { en: "Now the active cable of `one`. It takes {1}, for the bond looks at its links every 100 ms; then eth1 carries the same 8 Gbit/s. Nothing of the capacity is lost, because half of it was never used.", ko: "이번에는 `one`의 액티브 케이블입니다. 본드가 링크를 100 ms마다 확인하므로 {1}가 걸리고, 그 뒤 eth1이 같은 8 Gbit/s를 나릅니다. 절반은 처음부터 쓰지 않았으므로 잃은 용량이 없습니다." },
        do: [{ step: "fail leaf1:Eth4--one:eth0" }, { run: "5s" }, { select: "one" }], expect: [{ down: "one", ms: 71.972, within: [10, 110.1], because: "loss-detect of 10 ms, and at most one MII interval of 100 ms" }, { show: "Currently Active Slave: eth1", of: ["one", "bonding"] }],
      },
    ],
  },
  {
    system: 3, id: "fault-tolerance", file: "bond.dh.yaml",
    title: { en: "Fault tolerance, in milliseconds", ko: "장애 허용(FT)을 밀리초로" },
    steps: [
      { say: { en: "Two flows from srv1 to srv2, over a bundle of two cables. What does a fault cost them, and what does the repair?", ko: "srv1에서 srv2로 가는 플로우 둘이 케이블 두 개짜리 묶음 위에 있습니다. 장애는 얼마를 끊고, 복구는 얼마를 끊을까요?" }, do: [{ seek: "10s" }, { select: "srv1:eth0" }], expect: [{ isUp: "first" }, { isUp: "second" }] },
      {
        say: { en: "A cable is cut. Both flows are down for {1}: until both ends have noticed that the carrier is gone. Then the other cable takes them. The service continues.", ko: "케이블 하나가 끊겼습니다. 두 플로우 모두 {1} 동안 끊깁니다. 양 끝이 캐리어가 사라진 것을 알아차릴 때까지입니다. 그 뒤에는 다른 케이블이 이어받고 서비스는 계속됩니다." },
        do: [{ step: "fail sw1:Eth1--srv1:eth0" }, { run: "10s" }], expect: [{ down: "first", ms: 10, ...CARRIER }, { down: "second", ms: 10, ...CARRIER }],
      },
      {
        say: { en: "It is mended at 20 s. LACP takes it back at {1}, after negotiating and waiting 2 s for others to join. No flow has lost a millisecond over the return.", ko: "20초에 고쳤습니다. LACP는 협상하고 다른 멤버를 2초 기다린 뒤 {1}에 다시 넣습니다. 돌아올 때는 어느 플로우도 1 ms조차 잃지 않았습니다." },
        do: [{ step: "repair sw1:Eth1--srv1:eth0" }, { run: "10s" }], expect: [{ event: "srv1:eth0 as a member: receives and sends", atMs: 22341.457 }, { down: "first", ms: 10.001, ...CARRIER }],
      },
      {
        say: { en: "Both cables at once: now nothing is left, and both flows are down until somebody repairs. Fault tolerance is always a tolerance of so many faults.", ko: "두 케이블이 동시에 끊기면 남은 것이 없어, 누군가 고칠 때까지 두 플로우 모두 끊깁니다. 장애 허용은 언제나 몇 개까지의 장애를 허용한다는 뜻입니다." },
        do: [{ step: "fail sw1:Eth1--srv1:eth0" }, { step: "fail sw1:Eth2--srv1:eth1" }, { run: "5s" }], expect: [{ isDown: "first" }, { isDown: "second" }],
      },
    ],
  },
  {
    system: 4, id: "dr-site", file: "sites.dh.yaml",
    title: { en: "A DR site takes over", ko: "재해복구(DR) 센터의 인수" },
    steps: [
      { say: { en: "Site one serves erp; site two has a standby and the client. The client checks the primary every 2 s and gives up after 3 failures. `copy` is the replication between the sites.", ko: "센터 one이 erp를 서비스하고, 센터 two에는 스탠바이와 클라이언트가 있습니다. 클라이언트는 2초마다 주 서버를 확인하고 3번 실패하면 포기합니다. `copy`는 두 센터 사이의 복제입니다." }, do: [{ seek: "11s" }, { select: "site/one" }], expect: [{ isUp: "erp" }, { isUp: "copy" }] },
      {
        say: { en: "Site one is lost. The service is down for {1}: that is what three checks at 2 s take, counted from the last that went well. This is the RTO. Replication stands still, and what it had not yet carried is the RPO.", ko: "센터 one을 잃었습니다. 서비스는 {1} 동안 끊깁니다. 마지막으로 성공한 확인부터 2초 간격의 확인 세 번에 걸린 시간입니다. 이것이 RTO입니다. 복제는 멈췄고, 아직 넘기지 못한 것이 RPO입니다." },
        do: [{ step: "fail site/one" }, { run: "15s" }, { select: "dr" }], expect: [{ down: "erp", ms: 5000, within: [4000, 6000], because: "fall 3 at an interval of 2 s" }, { isDown: "copy" }],
      },
      {
        say: { en: "Site one is repaired at 60 s. Its switches start, then its server; replication runs again, after {1} without it. The service goes home without another outage, because it waits for two good checks first.", ko: "60초에 센터 one을 복구합니다. 스위치가 켜지고 서버가 켜지면 {1} 동안 멈췄던 복제가 다시 흐릅니다. 서비스는 성공한 확인 두 번을 기다린 뒤 돌아가므로 다시 끊기지 않습니다." },
        do: [{ seek: "60s" }, { step: "repair site/one" }, { seek: "200s" }, { select: "main" }], expect: [{ down: "copy", ms: 69044.001, within: [69000, 70200], because: "49 s of failure, 20 s of boot, carrier and ARP" }, { down: "erp", ms: 5000, within: [4000, 6000], because: "failback costs nothing" }],
      },
    ],
  },
  {
    system: 13, id: "mc-lag", file: "pair.dh.yaml",
    title: { en: "MC-LAG: the peer-link is cut", ko: "MC-LAG: 피어 링크 절단" },
    steps: [
      {
        say: { en: "leaf1 and leaf2 are peers of one MC-LAG domain. To the servers they are one LACP system, with one virtual system MAC. leaf1 is primary.", ko: "leaf1과 leaf2는 한 MC-LAG 도메인의 피어 장비입니다. 서버에게는 가상 시스템 MAC 하나를 쓰는 LACP 시스템 하나로 보입니다. leaf1이 프라이머리입니다." },
        do: [{ seek: "10s" }, { select: "leaf1" }], expect: [{ isUp: "single" }, { show: "Number of ports: 2", of: ["srv1", "bonding"] }],
      },
      {
        say: { en: "The peer-link is cut, the keepalive is not. leaf2 still hears that the primary lives and gives way: at {1} it suspends its legs, once the hold time of 3 s is over. That avoids a split brain.", ko: "피어 링크가 끊겼지만 킵얼라이브는 살아 있습니다. leaf2는 프라이머리가 살아 있음을 듣고 물러납니다. 보류 시간 3초가 지난 {1}에 자기 다리를 차단(suspend)합니다. 스플릿 브레인을 막기 위해서입니다." },
        do: [{ step: "fail mlag/pair/peer-link" }, { run: "10s" }, { select: "leaf2" }], expect: [{ event: "leaf2:Po1 is suspended", atMs: 13329.2 }, { isUp: "left" }, { isUp: "right" }],
      },
      {
        say: { en: "The servers go on over leaf1. orphan hangs on leaf2 alone, an orphan port: nobody can reach it now, although every machine is alive.", ko: "서버들은 leaf1로 계속 통신합니다. orphan은 leaf2에만 달린 고아 포트여서, 모든 장비가 살아 있어도 이제 아무도 도달할 수 없습니다." },
        do: [{ run: "5s" }, { select: "orphan" }], expect: [{ isDown: "single" }],
      },
      {
        say: { en: "It is repaired at 60 s. orphan is back at once; leaf2 takes its legs back at {1}, after a delay restore of 30 s. A switch that has just come back must first learn what its peer knows.", ko: "60초에 고치면 orphan은 바로 돌아옵니다. leaf2는 복원 지연(delay restore) 30초가 지난 {1}에 다리를 다시 올립니다. 막 돌아온 스위치는 피어가 아는 것을 먼저 배워야 하기 때문입니다." },
        do: [{ seek: "60s" }, { step: "repair mlag/pair/peer-link" }, { seek: "110s" }, { select: "leaf2" }],
        expect: [{ event: "leaf2:Po1 is restored", atMs: 90010.001 }, { isUp: "single" }, { show: "Number of ports: 2", of: ["srv1", "bonding"] }],
      },
    ],
  },
  {
    system: 14, id: "profiles", file: "profiles.dh.yaml",
    title: { en: "The same rack by two vendors' timers", ko: "같은 랙, 두 벤더의 타이머" },
    steps: [
      { say: { en: "One rack has Cisco vPC's timers (nx1, nx2), one Arista MLAG's (eos1, eos2). The file names the profile and leaves the rest open; every value that is taken from a profile is printed as assumed.", ko: "한 랙은 Cisco vPC(nx1, nx2), 다른 랙은 Arista MLAG(eos1, eos2)의 타이머를 씁니다. 파일에는 프로파일 이름만 있고 나머지는 비어 있습니다. 프로파일에서 가져온 값은 모두 가정(ASSUMED)으로 표시됩니다." }, do: [{ seek: "10s" }, { select: "nx1" }], expect: [{ isUp: "nx" }, { isUp: "eos" }] },
      { say: { en: "A peer of each fails. The outage is the same, {1} and {2}: a failure is noticed by the carrier, whoever made the switch.", ko: "각 랙에서 피어 하나에 장애가 났습니다. 끊긴 시간은 {1}와 {2}로 같습니다. 어느 벤더든 장애는 캐리어로 알아차립니다." }, do: [{ step: "fail nx1" }, { step: "fail eos1" }, { run: "20s" }], expect: [{ down: "nx", ms: 10, ...CARRIER }, { down: "eos", ms: 10, ...CARRIER }] },
      { say: { en: "Both are repaired at 100 s and boot for 60 s. nx1 waits for a delay restore of 30 s and is back at {1}. Until then one leaf alone carries everything.", ko: "둘 다 100초에 복구하고 60초 동안 부팅합니다. nx1은 복원 지연 30초를 기다려 {1}에 돌아옵니다. 그때까지 리프 하나가 모든 것을 나릅니다." }, do: [{ seek: "100s" }, { step: "repair nx1" }, { step: "repair eos1" }, { seek: "250s" }], expect: [{ event: "nx1:Po1 is restored", atMs: 190010.001 }] },
      { say: { en: "eos1 waits for a reload delay of 300 s: it is back at {1}. For so long the pair is no pair, and a second failure would end the service.", ko: "eos1은 재기동 지연 300초를 기다려 {1}에 돌아옵니다. 그동안 이 쌍은 쌍이 아니어서, 장애가 하나 더 나면 서비스가 끝납니다." }, do: [{ seek: "500s" }, { select: "eos1" }], expect: [{ event: "eos1:Po1 is restored", atMs: 460010.001 }] },
    ],
  },
  {
    system: 15, id: "pair-to-pair", file: "pair-to-pair.dh.yaml",
    title: { en: "Pair to pair: four cables, none blocked", ko: "쌍과 쌍(1:1): 케이블 넷, 차단 없음" },
    steps: [
      { say: { en: "Two pairs are joined by four cables. Each pair is one LACP system to the other, so that all four are one bundle: no loop, and nothing for a spanning tree to block.", ko: "두 쌍이 케이블 네 개로 이어져 있습니다. 서로에게 LACP 시스템 하나이므로 네 개가 한 묶음입니다. 루프가 없어 스패닝 트리가 차단할 것도 없습니다." }, do: [{ seek: "10s" }, { select: "b1" }], expect: [{ isUp: "one" }, { isUp: "two" }, { isUp: "three" }] },
      { say: { en: "a1 fails and takes two of the four cables with it. The flow that went through it is down for {1}; the two others notice nothing.", ko: "a1에 장애가 나 케이블 넷 중 둘이 사라집니다. a1을 지나던 플로우는 {1} 동안 끊기고, 나머지 둘은 아무것도 느끼지 못합니다." }, do: [{ step: "fail a1" }, { run: "10s" }], expect: [{ down: "one", ms: 10, ...CARRIER }, { neverDown: "two" }, { neverDown: "three" }] },
      { say: { en: "a1 returns at 60 s and serves again after boot and delay restore. The return costs more than the failure: {1} in all, because the switch uses the leg up to one tick of 100 ms before the server takes frames from it.", ko: "a1은 60초에 돌아오고, 부팅과 복원 지연 뒤에 다시 일합니다. 복귀가 장애보다 비쌉니다. 합쳐서 {1}입니다. 서버가 그 다리의 프레임을 받기 시작하기 전, 최대 한 틱(100 ms) 먼저 스위치가 그 다리를 쓰기 때문입니다." }, do: [{ seek: "60s" }, { step: "repair a1" }, { seek: "110s" }, { select: "srv1" }], expect: [{ down: "one", ms: 110, within: [10, 110.1], because: "10 ms, and at most one tick of the bond's 100 ms" }, { neverDown: "two" }] },
    ],
  },
  {
    system: 24, id: "applications", file: "applications.dh.yaml",
    title: { en: "Applications: k of n, and a quorum", ko: "애플리케이션 이중화: n 중 k, 정족수" },
    steps: [
      { say: { en: "A shop behind a load balancer needs two of its three servers; a lock on the same three needs two of them to agree. The network is not enough: the application has to be redundant, too.", ko: "로드 밸런서 뒤의 shop은 서버 셋 중 둘이 필요하고, 같은 셋 위의 lock은 둘의 합의가 필요합니다. 네트워크만으로는 부족합니다. 애플리케이션도 이중화해야 합니다." }, do: [{ seek: "10s" }, { select: "lb" }], expect: [{ isUp: "shop" }, { isUp: "lock" }] },
      { say: { en: "web1 fails. Two of three are left, which is what both of them need. The lock had its leader there and elects another one: {2}. The shop is never down, but until the third failed check the balancer still sends every third connection to web1.", ko: "web1에 장애가 났습니다. 셋 중 둘이 남아 둘 다 필요한 수를 채웁니다. lock은 리더가 web1에 있었으므로 새로 뽑는 데 {2}가 걸립니다. shop은 끊기지 않지만, 확인이 세 번 실패할 때까지 로드 밸런서는 연결 셋 중 하나를 여전히 web1로 보냅니다." }, do: [{ step: "fail web1" }, { run: "20s" }, { select: "web1" }], expect: [{ neverDown: "shop" }, { down: "lock", ms: 3000, within: [3000, 3000], because: "election of 3 s" }] },
      { say: { en: "web2 fails, too. One of three: the shop is down, and the lock refuses to answer, for the one that is left cannot know whether it is alone or cut off.", ko: "web2까지 장애가 났습니다. 셋 중 하나만 남아 shop은 끊기고, lock은 응답을 거부합니다. 남은 하나는 혼자 살아남은 것인지 끊어진 것인지 알 수 없기 때문입니다." }, do: [{ step: "fail web2" }, { run: "10s" }, { select: "web3" }], expect: [{ isDown: "shop" }, { isDown: "lock" }] },
      { say: { en: "web1 is repaired at 60 s and boots for 20 s. Once two checks have gone well the shop is back, after {1}; the lock has a majority again and elects, so that it was away for {2} in all.", ko: "web1을 60초에 복구하면 20초 동안 부팅합니다. 확인이 두 번 성공하면 shop이 {1} 만에 돌아옵니다. lock은 다시 과반수가 되어 리더를 뽑고, 합쳐서 {2} 동안 없었습니다." }, do: [{ seek: "60s" }, { step: "repair web1" }, { seek: "110s" }, { select: "web1" }], expect: [{ down: "shop", ms: 54000, within: [52000, 54100], because: "30 s until the repair, 20 s of boot, rise 2 at an interval of 2 s" }, { down: "lock", ms: 56010.003, within: [56000, 56100], because: "3 s; 50 s without a majority, carrier, and 3 s" }] },
    ],
  },
];
