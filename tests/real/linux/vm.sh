#!/bin/bash
# Boots a Linux kernel of Debian's in QEMU, in virtual time, and runs FOLDER/main.sh in it as root; what it leaves in /out is left in FOLDER.
#
# usage: vm.sh KERNEL FOLDER       KERNEL: a folder with an unpacked package, made by
#
#     apt-get download linux-image-6.1.0-56-amd64 && dpkg-deb -x linux-image-*.deb KERNEL
#
# Needs qemu-system-x86, busybox-static, cpio and kmod, but no rights. Programs are those of this machine: its files are the guest's, who writes beside them.
# The guest's clock counts instructions and leaps to the next timer when nothing runs (-icount sleep=off): a busy host delays nothing in there, and an idle
# minute takes none. VM_SHIFT: an instruction takes 2^VM_SHIFT ns (1); "auto" would slow the guest's clock down to the host's on a busy one.
set -eu
kernel=$(realpath "$1") folder=$(realpath "$2")
release=$(basename "$kernel"/lib/modules/*)
depmod -b "$kernel" "$release"
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

# What the guest needs to see files of the host; main.sh loads the others with "modprobe -d /kernel".
mkdir -p "$work"/root/{bin,proc,sys,dev,host,above,guest,modules}
cp "$(command -v busybox)" "$work/root/bin/"
n=100
for module in 9p 9pnet_virtio virtio_pci overlay; do modprobe -d "$kernel" -S "$release" --show-depends "$module"; done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' |
  while read -r file; do n=$((n + 1)); cp "$file" "$work/root/modules/$n-$(basename "$file")"; done
cat > "$work/root/init" <<'I'
#!/bin/busybox sh
for command in mount insmod mkdir chroot poweroff; do alias $command="/bin/busybox $command"; done
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
for module in /modules/*; do insmod "$module"; done
shared() { mount -t 9p -o "trans=virtio,version=9p2000.L,msize=512000,$2" "$1" "$3"; }
shared host ro,cache=loose /host
mount -t tmpfs above /above; mkdir /above/upper /above/work
mount -t overlay -o lowerdir=/host,upperdir=/above/upper,workdir=/above/work guest /guest
mkdir -p /guest/out /guest/kernel
shared out rw /guest/out; shared kernel ro,cache=loose /guest/kernel
for fs in proc:proc sysfs:sys devtmpfs:dev tmpfs:run tmpfs:tmp; do mount -t "${fs%:*}" "${fs%:*}" "/guest/${fs#*:}"; done
PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root chroot /guest /bin/bash /out/main.sh
poweroff -f
I
chmod +x "$work/root/init"
(cd "$work/root" && find . | cpio -o -H newc 2>/dev/null | gzip -1) > "$work/initrd"

shares=()
share() { shares+=(-fsdev "local,id=$1,path=$2,security_model=none,multidevs=remap$3" -device "virtio-9p-pci,fsdev=$1,mount_tag=$1"); }
share host / ,readonly=on; share out "$folder" ""; share kernel "$kernel" ,readonly=on
qemu-system-x86_64 -accel tcg -icount "shift=${VM_SHIFT:-1},sleep=off" -m "${VM_MEMORY:-1024}" -smp 1 -display none -serial stdio -monitor none -nic none -no-reboot \
  -kernel "$kernel"/boot/vmlinuz-* -initrd "$work/initrd" -append "console=ttyS0 panic=-1 quiet" "${shares[@]}"
