#!/bin/bash
# Records bonding of a real kernel: boots it (../vm.sh) and leaves one folder a scenario in INTO.
#
# usage: record.sh KERNEL INTO SUFFIX SEED NAME...      KERNEL as for vm.sh; NAME one of scenarios.py, or a pattern of them; SUFFIX __k6.1.192, say
set -eu
here=$(dirname "$(realpath "$0")") kernel=$1 into=$2 suffix=$3 seed=$4
shift 4
mkdir -p "$into"
work=$(mktemp -d "$into/.work.XXXXXX"); trap 'cp -r "$work"/bonding/. "$into"; rm -rf "$work"' EXIT
cp "$here"/*.py "$work"
{
  echo "modprobe -d /kernel -a bonding veth bridge sch_ingress cls_matchall act_mirred act_gact"
  echo "cd /out; mkdir -p /tmp/bonding"
  echo "PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 record.py /out/bonding '$suffix' '$seed' $(printf "'%s' " "$@") 2>&1"
} > "$work/main.sh"
"$here/../vm.sh" "$kernel" "$work" | sed -u 's/\r//'
