// Tours of the first hop: spanning tree, ARP, VRRP and its kin, gateways of machines (systems 16 to 23).

import type { Tour } from "./types.ts";

const CARRIER = { within: [10, 10.1] as [number, number], because: "loss-detect of 10 ms" };
/** RFC 5798 6.1: 3 x 1 s, and (256 - 100)/256 s of skew; counted from the last advertisement, up to 1 s before. */
const VRRP = { within: [2609, 3610] as [number, number], because: "Master_Down_Interval of 3.609 s, counted from the last advertisement" };

export const gateways: Tour[] = [
  {
    system: 16, id: "spanning-tree", file: "ring.dh.yaml",
    title: { en: "Spanning tree: a blocked port, and what it is for", ko: "스패닝 트리: 차단된 포트의 쓸모" },
    steps: [
      { say: { en: "Three switches in a ring. RSTP has made sw1 the root and blocks one port, so that there is no loop: a third of the cabling carries nothing.", ko: "스위치 세 대가 고리를 이룹니다. RSTP가 sw1을 루트로 뽑고 포트 하나를 차단해 루프를 없앴습니다. 케이블의 3분의 1은 아무것도 나르지 않습니다." }, do: [{ seek: "10s" }, { select: "sw3" }], expect: [{ isUp: "ab" }, { show: "this bridge is the root", of: ["sw1", "spanning-tree"] }] },
      { say: { en: "The cable with the blocked port is cut: nothing happens to the flow, which never went there.", ko: "차단된 포트가 있는 케이블이 끊겨도 플로우는 그대로입니다. 그리로 지나간 적이 없기 때문입니다." }, do: [{ step: "fail sw2:Eth2--sw3:Eth2" }, { run: "5s" }], expect: [{ neverDown: "ab" }] },
      { say: { en: "It is mended, and then sw3 loses its root port. The blocked port takes over as soon as the loss is noticed: {1}. Classic STP would have waited twice its forward delay of 15 s.", ko: "고친 뒤 이번에는 sw3의 루트 포트가 끊깁니다. 차단되어 있던 포트가 손실을 알아차리자마자 이어받습니다. {1}입니다. 구형 STP였다면 전달 지연 15초를 두 번 기다렸을 것입니다." }, do: [{ step: "repair sw2:Eth2--sw3:Eth2" }, { seek: "30s" }, { step: "fail sw1:Eth2--sw3:Eth1" }, { run: "10s" }], expect: [{ down: "ab", ms: 10, ...CARRIER }] },
    ],
  },
  {
    system: 17, id: "arp-gateway", file: "gateway.dh.yaml",
    title: { en: "One gateway, and ARP", ko: "게이트웨이 하나와 ARP" },
    steps: [
      { say: { en: "srv1 and near are in one network and talk by themselves. srv2 is in another: srv1 asks by ARP for its gateway, r1, and sends it everything that goes out.", ko: "srv1과 near는 같은 네트워크라 직접 통신합니다. srv2는 다른 네트워크라, srv1은 ARP로 게이트웨이 r1을 찾아 밖으로 가는 것을 모두 r1에 보냅니다." }, do: [{ seek: "10s" }, { select: "srv1" }], expect: [{ isUp: "inside" }, { isUp: "outside" }] },
      { say: { en: "r1 fails. A second router stands right beside it and does not help: the gateway's address is r1's. L2 goes on, L3 is gone.", ko: "r1에 장애가 났습니다. 바로 옆에 두 번째 라우터가 있지만 소용없습니다. 게이트웨이 주소가 r1의 것이기 때문입니다. L2 통신은 계속되고 L3 통신은 끊깁니다." }, do: [{ step: "fail r1" }, { run: "20s" }, { select: "r2" }], expect: [{ neverDown: "inside" }, { isDown: "outside" }] },
      { say: { en: "r1 is repaired at 30 s and boots for 10 s. The outage was {1}: exactly as long as the machine was away. This is what first hop redundancy is for.", ko: "r1을 30초에 복구하면 10초 동안 부팅합니다. 끊긴 시간은 {1}입니다. 장비가 없던 시간 그대로입니다. 게이트웨이 이중화(FHRP)가 필요한 이유입니다." }, do: [{ step: "repair r1" }, { seek: "60s" }, { select: "r1" }], expect: [{ down: "outside", ms: 30010.002, within: [30010, 30011], because: "20 s of failure, 10 s of boot, 10 ms of carrier" }, { neverDown: "inside" }] },
    ],
  },
  {
    system: 18, id: "proxy-arp", file: "proxy-arp.dh.yaml",
    title: { en: "Proxy ARP: it works, and that is the problem", ko: "프록시 ARP: 되는 것이 문제" },
    steps: [
      { say: { en: "h1 has a mask of 8 bits and no gateway: to it, d is a neighbour, and it asks for d by ARP. The router answers in d's place with its own MAC address. Both flows arrive.", ko: "h1은 마스크가 8비트로 잘못되어 있고 게이트웨이도 없습니다. h1에게 d는 이웃이므로 ARP로 d를 찾습니다. 라우터가 d를 대신해 자기 MAC 주소로 응답합니다. 두 플로우 모두 도달합니다." }, do: [{ seek: "10s" }, { select: "h1" }], expect: [{ isUp: "wrong" }, { isUp: "right" }] },
      { say: { en: "The router fails and returns. Both hosts lose exactly the same, {1} and {2}: from outside nobody can tell which of them is configured wrongly.", ko: "라우터에 장애가 났다가 돌아옵니다. 두 호스트가 잃은 시간은 {1}와 {2}로 똑같습니다. 밖에서는 어느 쪽 설정이 틀렸는지 알 수 없습니다." }, do: [{ step: "fail r1" }, { seek: "20s" }, { step: "repair r1" }, { seek: "60s" }], expect: [{ down: "wrong", ms: 20010.002, within: [20010, 20011], because: "10 s of failure, 10 s of boot, 10 ms of carrier" }, { down: "right", ms: 20010.002, within: [20010, 20011], because: "the same" }] },
      { say: { en: "That is why it is advised against: a router that answers for others can be asked to answer for anybody. dualhome reports it as a finding, and without proxy-arp h1 would never have been up.", ko: "그래서 쓰지 않도록 권고합니다. 남을 대신해 응답하는 라우터에는 누구를 대신하게도 할 수 있습니다. dualhome은 이를 보안 지적 사항으로 알립니다. 프록시 ARP가 없었다면 h1은 한 번도 통신하지 못했을 것입니다." } },
    ],
  },
  {
    system: 19, id: "vrrp", file: "vrrp.dh.yaml",
    title: { en: "VRRP: a master dies", ko: "VRRP: 마스터의 장애" },
    steps: [
      { say: { en: "r1 (priority 110) and r2 (100) share the address 10.1.10.1 and the MAC address 00:00:5e:00:01:0a. r1 is master and says so every second, to 224.0.0.18.", ko: "r1(우선순위 110)과 r2(100)가 주소 10.1.10.1과 MAC 주소 00:00:5e:00:01:0a를 함께 씁니다. r1이 마스터이고, 1초마다 224.0.0.18로 알립니다." }, do: [{ seek: "10s" }, { select: "r1" }], expect: [{ isUp: "outside" }] },
      { say: { en: "r1 dies without a word. r2 misses three advertisements and waits its skew of 0.609 s: it is master at {1}, and the flow was down for {2}. The hosts have not changed anything.", ko: "r1이 말없이 죽었습니다. r2는 광고를 세 번 놓치고 스큐 0.609초를 기다려 {1}에 마스터가 됩니다. 플로우는 {2} 동안 끊겼습니다. 호스트는 아무것도 바꾸지 않았습니다." }, do: [{ step: "fail r1" }, { run: "10s" }, { select: "r2" }], expect: [{ event: "a@r2 VRRP MASTER", atMs: 12990.384 }, { down: "outside", ms: 2990.386, ...VRRP }, { neverDown: "inside" }] },
      { say: { en: "r1 returns at 40 s. It has the higher priority and preempts: it is master again at {1}. That moves the flow within microseconds, so that no millisecond is lost.", ko: "r1이 40초에 돌아옵니다. 우선순위가 더 높아 선점(preempt)하고 {1}에 다시 마스터가 됩니다. 플로우는 마이크로초 안에 옮겨 가 1 ms도 잃지 않습니다." }, do: [{ seek: "40s" }, { step: "repair r1" }, { seek: "60s" }, { select: "r1" }], expect: [{ event: "a@r1 VRRP MASTER", atMs: 53580.313 }, { down: "outside", ms: 2990.388, ...VRRP }] },
    ],
  },
  {
    system: 20, id: "nxos", file: "nxos.dh.yaml",
    title: { en: "From an NX-OS configuration: VRRP and HSRP", ko: "NX-OS 설정에서: VRRP와 HSRP" },
    steps: [
      { say: { en: "`dualhome import nxos` reads the configurations of r1 and r2. Network vlan10 has VRRP, vlan20 HSRP with a tracked uplink: if it fails, r1's priority falls from 120 to 90.", ko: "`dualhome import nxos`가 r1과 r2의 설정을 읽습니다. vlan10은 VRRP, vlan20은 업링크를 추적하는 HSRP입니다. 업링크가 끊기면 r1의 우선순위가 120에서 90으로 내려갑니다." }, do: [{ seek: "10s" }, { select: "r1" }], expect: [{ isUp: "web" }, { isUp: "db" }] },
      { say: { en: "r1 loses its uplink. HSRP moves to r2, and db is back after {1}. VRRP tracks nothing here: r1 stays master of a network that it cannot get out of, and web is down.", ko: "r1의 업링크가 끊겼습니다. HSRP는 r2로 옮겨 가고 db는 {1} 만에 돌아옵니다. 여기서 VRRP는 아무것도 추적하지 않습니다. r1은 밖으로 나갈 수 없으면서도 마스터로 남고, web은 끊깁니다." }, do: [{ step: "fail core:Eth1--r1:Eth1/49" }, { run: "10s" }], expect: [{ down: "db", ms: 636.705, within: [10, 1010], because: "loss-detect, and at most one hello of 1 s" }, { isDown: "web" }] },
      { say: { en: "The uplink is mended at 30 s: web was down for {1}.", ko: "30초에 업링크를 고칩니다. web은 {1} 동안 끊겼습니다." }, do: [{ seek: "30s" }, { step: "repair core:Eth1--r1:Eth1/49" }, { seek: "45s" }], expect: [{ down: "web", ms: 20020.002, within: [20010, 20031], because: "20 s of failure, and carrier" }] },
      { say: { en: "At 50 s r1 dies. HSRP's hold time is 3 s and VRRP's master-down interval 3.609 s: r2 is active at {1} and master at {2}.", ko: "50초에 r1이 죽습니다. HSRP의 홀드 시간은 3초, VRRP의 마스터 다운 간격은 3.609초입니다. r2는 {1}에 액티브, {2}에 마스터가 됩니다." }, do: [{ seek: "50s" }, { step: "fail r1" }, { run: "10s" }, { select: "r2" }], expect: [{ event: "vlan20@r2 HSRP ACTIVE", atMs: 52636.706 }, { event: "vlan10@r2 VRRP MASTER", atMs: 52777.329 }, { isUp: "web" }, { isUp: "db" }] },
    ],
  },
  {
    system: 21, id: "all-active", file: "all-active.dh.yaml",
    title: { en: "The all-active gateway", ko: "올 액티브 게이트웨이" },
    steps: [
      { say: { en: "Both pairs are gateways with VRRP. leaf1 and leaf2 both route what reaches them: both flows take {1} cables, whichever leaf the hash picks.", ko: "두 쌍 모두 VRRP 게이트웨이입니다. leaf1과 leaf2는 둘 다 자기에게 온 것을 직접 라우팅합니다. 해시가 어느 리프를 고르든 두 플로우 모두 케이블 {1}개를 지납니다." }, do: [{ seek: "10s" }, { select: "leaf2" }], expect: [{ hops: "every1", is: 2 }, { hops: "every2", is: 2 }] },
      { say: { en: "In the other pair the master alone routes. What the hash puts on leaf4, the backup, is bridged over the peer-link to leaf3: {2} cables, against {1} of the flow that came to leaf3 at once.", ko: "다른 쌍은 마스터만 라우팅합니다. 해시가 백업인 leaf4로 보낸 것은 피어 링크를 건너 leaf3으로 우회합니다. 곧바로 leaf3에 온 플로우는 케이블 {1}개, 우회한 플로우는 {2}개를 지납니다." }, do: [{ select: "leaf4" }], expect: [{ hops: "master1", is: 2 }, { hops: "master2", is: 3 }] },
      { say: { en: "leaf1 and leaf3 die at once. In the first pair leaf2 routed already: {1}. In the second everybody waits for VRRP: {2}.", ko: "leaf1과 leaf3이 동시에 죽습니다. 첫 쌍은 leaf2가 이미 라우팅하고 있었으므로 {1}입니다. 둘째 쌍은 모두 VRRP를 기다려 {2}입니다." }, do: [{ step: "fail leaf1" }, { step: "fail leaf3" }, { run: "10s" }], expect: [{ down: "every1", ms: 10, ...CARRIER }, { down: "master2", ms: 2690.328, ...VRRP }, { neverDown: "every2" }] },
    ],
  },
  {
    system: 22, id: "anycast", file: "anycast.dh.yaml",
    title: { en: "The anycast gateway", ko: "애니캐스트 게이트웨이" },
    steps: [
      { say: { en: "Network `any` has one gateway address on both leaves, and both answer for it. Network `vrrp` has one that belongs to the master.", ko: "`any` 네트워크는 두 리프가 같은 게이트웨이 주소를 가지고 둘 다 응답합니다. `vrrp` 네트워크의 주소는 마스터의 것입니다." }, do: [{ seek: "10s" }, { select: "leaf1" }], expect: [{ isUp: "by-anycast" }, { isUp: "by-vrrp" }] },
      { say: { en: "leaf1, the master, dies. By VRRP that is {1}; the flow by anycast goes on, for nobody has to be elected: the same address is on leaf2 already.", ko: "마스터인 leaf1이 죽습니다. VRRP는 {1}가 걸립니다. 애니캐스트 플로우는 계속됩니다. 같은 주소가 이미 leaf2에도 있어 누구를 뽑을 필요가 없습니다." }, do: [{ step: "fail leaf1" }, { run: "10s" }, { select: "leaf2" }], expect: [{ down: "by-vrrp", ms: 2816.392, ...VRRP }, { neverDown: "by-anycast" }] },
      { say: { en: "leaf1 is repaired at 40 s and takes part again. Still nothing was lost by anycast.", ko: "40초에 leaf1을 복구하면 다시 참여합니다. 애니캐스트 쪽은 끝까지 아무것도 잃지 않았습니다." }, do: [{ seek: "40s" }, { step: "repair leaf1" }, { seek: "80s" }], expect: [{ neverDown: "by-anycast" }, { isUp: "by-vrrp" }] },
    ],
  },
  {
    system: 23, id: "vm-gateway", file: "vms.dh.yaml",
    title: { en: "Where a machine's gateway is", ko: "가상 서버의 게이트웨이 위치" },
    steps: [
      { say: { en: "Four virtual machines on one hypervisor. web and db are in two networks whose gateway is on the leaves: their frames take {1} cables, up to a leaf and down again, although both are in one box. The other two have their gateway in the virtual switch: {2}.", ko: "하이퍼바이저 한 대에 가상 서버가 넷입니다. web과 db는 서로 다른 네트워크이고 게이트웨이가 리프에 있습니다. 같은 상자 안인데도 프레임이 리프까지 올라갔다 내려와 케이블 {1}개를 지납니다. 다른 둘은 게이트웨이가 가상 스위치에 있어 {2}개입니다." }, do: [{ seek: "10s" }, { select: "hv1" }], expect: [{ hops: "outside", is: 4 }, { hops: "inside", is: 2 }] },
      { say: { en: "leaf1 fails. What went through it is down for {1}; what never left the hypervisor is not concerned.", ko: "leaf1에 장애가 났습니다. leaf1을 지나던 것은 {1} 동안 끊기고, 하이퍼바이저를 나간 적이 없는 것은 상관없습니다." }, do: [{ step: "fail leaf1" }, { run: "10s" }, { select: "leaf1" }], expect: [{ down: "outside", ms: 10.003, ...CARRIER }, { neverDown: "inside" }] },
      { say: { en: "leaf2, too. Two machines in one memory cannot talk any more, because their gateway is a cable away. The two with the gateway inside go on as if nothing had happened.", ko: "leaf2까지 장애가 났습니다. 같은 메모리 안의 두 서버가 더는 통신하지 못합니다. 게이트웨이가 케이블 너머에 있기 때문입니다. 게이트웨이가 안에 있는 둘은 아무 일 없다는 듯 계속합니다." }, do: [{ step: "fail leaf2" }, { run: "10s" }, { select: "leaf2" }], expect: [{ isDown: "outside" }, { neverDown: "inside" }] },
    ],
  },
];
