#!/bin/bash
# memory.sh ROOT PROGRAM...: makes a root of its own in the guest's memory, with these programs and what they need.
#
# A file of the host's is waited for in the host's time, and whoever waits lets the guest's clock leap. What is in memory is there at once.
set -eu
root=$1; shift
mkdir -p "$root"; mount -t tmpfs root "$root"
mkdir -p "$root"/{proc,sys,dev,run,tmp,out,var/tmp/frr,etc,root,usr/bin}
ln -s /run "$root/var/run"
for link in bin sbin lib lib64; do ln -s "usr/$link" "$root/$link"; mkdir -p "$root/usr/$link"; done
programs=()
for program in "$@"; do
  file=$(realpath "$(command -v "$program")")
  programs+=("$file")
  [ "$file" = "/usr/bin/${program##*/}" ] || ln -s "$file" "$root/usr/bin/${program##*/}"
done
python=/usr/lib/$(basename "$(realpath "$(command -v python3)")")
libraries=$(ldd "${programs[@]}" | grep -oP '\s\K/[^ :)]+(?= )' | sort -u | xargs realpath -s | sed 's,^/lib,/usr/lib,;s,^/usr/usr,/usr,' | sort -u)
# shellcheck disable=SC2086  # words
cp -rL --parents -t "$root" "${programs[@]}" $libraries "$python"/*.py "$python"/{encodings,json,collections,re,importlib,lib-dynload}
cp -r /etc/{passwd,group,protocols,services,nsswitch.conf,ld.so.cache,iproute2} "$root/etc/" 2>/dev/null || true
for fs in proc sys dev; do mount --rbind "/$fs" "$root/$fs"; done
mount -t tmpfs run "$root/run"; mount -t tmpfs tmp "$root/tmp"
mkdir -p "$root/run/netns"
