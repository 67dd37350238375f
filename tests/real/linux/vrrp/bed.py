"""The test bed: routers and a host in namespaces of their own, each with one port on a bridge, and the daemons that run there."""

import os
import signal
import subprocess
import time

WORK = "/run/bed"  # no file of the guest's host is touched while time counts
VRID = 51
VIP4 = ["10.99.0.254"]
VIP6 = ["fe80::fe", "fd99::fe"]


def run(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def batch(lines, name=None):
    subprocess.run(["ip", *([] if name is None else ["-n", name]), "-batch", "-"], input="\n".join(lines), text=True, check=True)


def inside(name, *words):
    return ["nsenter", f"--net=/run/netns/{name}", *words]


def mac(number):
    return f"02:00:00:00:{number:02d}:01"


class Bed:
    def __init__(self, scenario):
        self.scenario = scenario
        self.six = scenario.six
        self.daemons = {}
        self.others = []
        os.makedirs(WORK, exist_ok=True)
        self.build()

    def build(self):
        numbers = [*[r.id for r in self.scenario.routers], 100]
        batch(["netns add sw", *[f"netns add {place(n)[0]}" for n in numbers]])
        batch(["link add br0 type bridge stp_state 0 mcast_snooping 0", "link set br0 addrgenmode none up"], "sw")
        for n in numbers:
            name, port = place(n)
            batch([f"link add eth0 netns {name} address {mac(n if n < 100 else 64)} type veth peer name {port} netns sw"])
            batch([f"link set {port} master br0 addrgenmode none up"], "sw")
            batch(["link set lo up", f"addr add 10.99.0.{n}/24 dev eth0", f"addr add fd99::{n}/64 dev eth0 nodad", "link set eth0 up"], name)
        for r in self.scenario.routers:
            with open(self.conf(r), "w") as f:
                f.write(r.text())
            if r.tracked:
                self.track(r, 0)
            if r.daemon == "frr":
                self.frr_interface(r)

    def frr_interface(self, r):
        """FRR wants its virtual address on a macvlan with the virtual MAC address, and zebra beside it."""
        name, _ = place(r.id)
        device = "vrrp6-2-1" if self.six else "vrrp4-2-1"
        mode = "none" if "static" in self.scenario.name else "random"
        batch([
            f"link add {device} link eth0 type macvlan mode bridge",
            f"link set {device} addrgenmode {mode} address 00:00:5e:00:{'02' if self.six else '01'}:{VRID:02x}",
            *[f"addr add {vip}/{64 if self.six else 24} dev {device}{' nodad' if self.six else ''}" for vip in r.vips],
            f"link set {device} up",
        ], name)
        at = f"{WORK}/frr{r.id}"
        os.makedirs(at, exist_ok=True)
        run("chown", "frr:frr", at)
        self.others.append(subprocess.Popen(inside(name, "/usr/lib/frr/zebra", "-z", f"{at}/zserv", "-i", f"{at}/zebra.pid", "--vty_socket", at, "-f", "/dev/null", "-P", "0"),
                                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def conf(self, r):
        return f"{WORK}/{r.file()}"

    def log(self, r):
        return f"{WORK}/{r.daemon}_r{r.id}.log"

    def track(self, r, value):
        with open(f"{WORK}/tracked{r.id}.new", "w") as f:
            f.write(f"{value}\n")
        # keepalived watches the file: it is changed in one step.
        os.replace(f"{WORK}/tracked{r.id}.new", f"{WORK}/tracked{r.id}")

    # --- what is done -----------------------------------------------------------------------------------

    def start(self, id):
        r = self.scenario.router(id)
        name, at = place(id)[0], f"{WORK}/frr{id}"
        if r.daemon == "frr":
            words = ["/usr/lib/frr/vrrpd", "-z", f"{at}/zserv", "-i", f"{at}/vrrpd.pid", "--vty_socket", at, "-f", self.conf(r), "-P", "0", "--log", "stdout"]
        else:
            words = ["keepalived", "-n", "-l", "-D", "-P", "-f", self.conf(r), "-p", f"{WORK}/k{id}.pid", "-r", f"{WORK}/v{id}.pid"]
        log = open(self.log(r), "a")
        self.daemons[id] = subprocess.Popen(inside(name, *words), stdout=log, stderr=log, start_new_session=True)

    def signal(self, id, number):
        os.killpg(self.daemons[id].pid, number)

    def sigkill(self, id):
        self.signal(id, signal.SIGKILL)
        self.daemons[id].wait()

    def sigterm(self, id):
        os.kill(self.daemons[id].pid, signal.SIGTERM)

    def reload(self, id):
        os.kill(self.daemons[id].pid, signal.SIGHUP)

    def hang(self, id):
        self.signal(id, signal.SIGSTOP)

    def link_down_at_switch(self, id):
        run("ip", "-n", "sw", "link", "set", f"p{id}", "down")

    def link_up_at_switch(self, id):
        run("ip", "-n", "sw", "link", "set", f"p{id}", "up")

    def link_down_at_router(self, id):
        run("ip", "-n", f"r{id}", "link", "set", "eth0", "down")

    def link_up_at_router(self, id):
        run("ip", "-n", f"r{id}", "link", "set", "eth0", "up")

    def crash(self, id):
        self.link_down_at_switch(id)
        self.sigkill(id)

    def switch_port_silently_blocked(self, id):
        self.block(id, "ingress", "egress")

    def one_way_blocked(self, id):
        self.block(id, "ingress")

    def one_way_blocked_to_router(self, id):
        self.block(id, "egress")

    def block(self, id, *ways):
        lines = [f"qdisc add dev p{id} clsact", *[f"filter add dev p{id} {way} matchall action drop" for way in ways]]
        subprocess.run(["tc", "-n", "sw", "-batch", "-"], input="\n".join(lines), text=True, check=True)

    def switch_port_unblocked(self, id):
        run("tc", "-n", "sw", "qdisc", "del", "dev", f"p{id}", "clsact")

    def tracked_file_lowered(self, id):
        self.track(self.scenario.router(id), 1)

    def tracked_file_raised(self, id):
        self.track(self.scenario.router(id), 0)

    # --- what is seen -----------------------------------------------------------------------------------

    def capture(self, name, file):
        p = subprocess.Popen(inside(name, "tcpdump", "-i", "eth0", "-w", file, "-U", "-p", "-B", "16384", "vrrp or arp or igmp or ip6"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.others.append(p)
        while not os.path.exists(file) or os.path.getsize(file) < 24:
            time.sleep(0.05)
        return p

    def ping(self, address, file):
        p = subprocess.Popen(inside("h", "ping", "-n", "-D", "-i", "0.01", address), stdout=open(file, "w"), stderr=subprocess.STDOUT)
        self.others.append(p)

    def end(self):
        for id in self.daemons:
            try:
                os.killpg(self.daemons[id].pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        for p in self.others:
            p.terminate()
        for p in [*self.daemons.values(), *self.others]:
            p.wait()
        batch([f"netns del {place(n)[0]}" for n in [*[r.id for r in self.scenario.routers], 100]] + ["netns del sw"])
        subprocess.run(["rm", "-rf", WORK])


def place(n):
    return ("h", "p100") if n == 100 else (f"r{n}", f"p{n}")
