#!/bin/bash
# The design of lab.dh.yaml with real parts: Linux namespaces and bridges, keepalived on both routers. Root; needs iproute2, iputils-ping, keepalived.
# usage: vrrp-lab.sh ROUNDS > outages.txt     one line a round: "crash MS" and "return MS", the longest gap between answers to a ping every 2 ms
set -eu
rounds=${1:-20}
work=$(mktemp -d)
n() { local where=$1; shift; ip netns exec "dh-$where" "$@"; }
clean() { for x in r1 r2; do [ -f "$work/$x.pid" ] && kill -9 $(cat "$work/$x.pid") $(cat "$work/$x-vrrp.pid" 2>/dev/null) 2>/dev/null; done; for x in host sw1 sw2 r1 r2 srv; do ip netns pids "dh-$x" 2>/dev/null | xargs -r kill -9 2>/dev/null; ip netns del "dh-$x" 2>/dev/null; done; rm -rf "$work"; return 0; }
trap clean EXIT
for x in host sw1 sw2 r1 r2 srv; do ip netns add "dh-$x"; n "$x" ip link set lo up; done
cable() { # node port node port
  ip link add "dht0" type veth peer name "dht1"
  ip link set dht0 netns "dh-$1" name "$2"; ip link set dht1 netns "dh-$3" name "$4"
  n "$1" ip link set "$2" up; n "$3" ip link set "$4" up
}
for sw in sw1 sw2; do n $sw ip link add br0 type bridge stp_state 0 forward_delay 0; n $sw ip link set br0 up; done
cable r1 e1 sw1 p1; cable r2 e1 sw1 p2; cable r1 e2 sw2 p1; cable r2 e2 sw2 p2; cable host e0 sw1 p3; cable srv e0 sw2 p3
for sw in sw1 sw2; do for p in p1 p2 p3; do n $sw ip link set $p master br0; done; done
n host ip addr add 10.77.1.11/24 dev e0; n host ip route add default via 10.77.1.1
n srv ip addr add 10.77.2.11/24 dev e0; n srv ip route add default via 10.77.2.1
i=2
for r in r1 r2; do
  n $r ip addr add 10.77.1.$i/24 dev e1; n $r ip addr add 10.77.2.$i/24 dev e2; i=$((i + 1))
  n $r sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward; for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 > $f; done'
done
conf() { # router priority
  cat > "$work/$1.conf" <<C
global_defs {
  vrrp_version 2
}
vrrp_instance a { state BACKUP
  interface e1
  virtual_router_id 10
  priority $2
  advert_int 1
  virtual_ipaddress { 10.77.1.1/24 }
}
vrrp_instance b { state BACKUP
  interface e2
  virtual_router_id 20
  priority $2
  advert_int 1
  virtual_ipaddress { 10.77.2.1/24 }
}
C
}
conf r1 110; conf r2 100
start() { n "$1" keepalived -f "$work/$1.conf" -p "$work/$1.pid" -r "$work/$1-vrrp.pid" -D --vrrp; }
# Stopped first: else keepalived would say farewell, or notice that its interfaces go down one after the other.
crash() { kill -STOP $(cat "$work/$1.pid") $(cat "$work/$1-vrrp.pid"); n "$1" ip link set e1 down; n "$1" ip link set e2 down; kill -9 $(cat "$work/$1.pid") $(cat "$work/$1-vrrp.pid"); rm -f "$work/$1.pid" "$work/$1-vrrp.pid"; n "$1" ip addr flush dev e1; n "$1" ip addr flush dev e2; }
revive() { local i=${1#r}; n "$1" ip link set e1 up; n "$1" ip link set e2 up; n "$1" ip addr add 10.77.1.$((i + 1))/24 dev e1; n "$1" ip addr add 10.77.2.$((i + 1))/24 dev e2; start "$1"; }
gap() { awk -F'[][]' '/bytes from/ { if (last && $2 - last > most) most = $2 - last; last = $2 } END { printf "%.1f\n", most * 1000 }' "$1"; }
watch() { n host ping -D -n -i 0.002 -w "$1" 10.77.2.11 > "$work/ping.txt" 2>&1 || true; }
start r1; start r2; sleep 8
for ((k = 0; k < rounds; k++)); do
  watch 3; echo "nothing $(gap "$work/ping.txt")"
  watch 9 & sleep "1.$((RANDOM % 900 + 100))"; crash r1; wait $! || true; echo "crash $(gap "$work/ping.txt")"
  watch 9 & sleep 0.5; revive r1; wait $! || true; echo "return $(gap "$work/ping.txt")"
done
