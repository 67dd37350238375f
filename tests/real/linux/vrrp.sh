#!/bin/bash
# Records scenarios of VRRP (vrrp/README.md) with this machine's keepalived and FRR on a kernel of Debian's, in virtual time.
#
# usage: vrrp.sh KERNEL FOLDER RUNS NAME...       leaves FOLDER/vrrp/NAME, which tests/real/vrrp.test.ts plays when DUALHOME_CAPTURES is FOLDER
set -eu
here=$(dirname "$(realpath "$0")")
kernel=$1 folder=$2 runs=$3; shift 3
mkdir -p "$folder/vrrp"
guest=$(mktemp -d -p "$folder"); trap 'rm -rf "$guest"' EXIT
cp "$here"/vrrp/*.py "$here/memory.sh" "$guest"
cat > "$guest/main.sh" <<I
exec 2>&1
modprobe -d /kernel -a veth bridge macvlan sch_ingress act_gact cls_matchall
ip link set lo up
bash /out/memory.sh /run/root keepalived ip tc tcpdump ping nsenter chown rm python3 /usr/lib/frr/zebra /usr/lib/frr/vrrpd
cp /out/*.py /run/root
mount --bind /out /run/root/out
mount --bind /dev/null /run/root/dev/console # keepalived writes its log there, too
cd /run/root; chroot . /usr/bin/python3 /record.py /out $runs $*
I
# One instruction is a nanosecond of the guest's: a slow host is a fast machine in there.
VM_SHIFT=${VM_SHIFT:-0} bash "$here/vm.sh" "$kernel" "$guest" || true # what was recorded is kept
cp -r "$guest"/vrrp/* "$folder/vrrp/"
cd "$folder/vrrp"
for table in transitions ping_outages; do
  case $table in
    transitions) head=implementation,scenario,run,n_in_run,version,adv_s,prio,new_master,old_master,t_first_advert,last_event,event_router,since_event,since_last_advert_of_old,since_prio0 ;;
    *) head=scenario,run,start,end,seconds,lost,after_event,since_event ;;
  esac
  { echo "$head"; cat ./*/$table.csv; } > "$table.csv"
done
