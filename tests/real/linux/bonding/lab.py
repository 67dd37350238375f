"""The two layouts of the test, what can be done in them, and the folder that a recording leaves. Runs in the guest, as root."""
import json
import os
import random
import struct
import subprocess
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
DISTRIBUTES = 0x30
AD = "mode 802.3ad miimon 100 xmit_hash_policy layer3+4"


def run(command, check=True, text=None):
    done = subprocess.run(command, shell=isinstance(command, str), input=text, capture_output=True, text=True)
    if check and done.returncode != 0:
        raise RuntimeError(f"{command}: {done.stderr.strip()}")
    return done.stdout


def ip(lines, ns=None):
    """Several commands of ip in one process."""
    run(["ip"] + (["-n", ns] if ns else []) + ["-batch", "-"], text="\n".join(lines) + "\n")


def warm():
    """
    Everything that a scenario reads from disk, read once before. The guest's clock leaps while the host fetches a file, so that a first
    use would take seconds of a recording.
    """
    told = {"zero": 0, "members": [], "bonds": [], "taps": ["lo"], "ethertype": 0x8809, "period": 0.01, "offset": 0, "sends": 1, "every": 1, "out": [[9, "127.0.0.1", 9]], "into": [7]}
    run("ip netns add warm; ip -n warm link set lo up; ip netns exec warm sysctl -qw net.ipv6.conf.all.disable_ipv6=1")
    for _ in range(2):
        run(["ip", "netns", "exec", "warm", "/usr/bin/python3", f"{HERE}/agent.py", json.dumps(told)], text="")
        run("ip netns exec warm sh -c 'ip link add bond0 type bond mode 802.3ad miimon 100; ip link add v0 type veth peer name v1; ip link set v0 master bond0; ip link set bond0 up; cat /proc/net/bonding/bond0; "
            "grep -H . /sys/class/net/*/bonding_slave/* /sys/class/net/bond0/bonding/*; ip -d link; ip -d -j link; ip link set v0 nomaster; ip link del v0; ip link del bond0; ip link add br7 type bridge; ip link del br7'", check=False)
        run(["ip", "netns", "exec", "warm", "tc", "-batch", "-"], text="qdisc add dev lo clsact\nfilter add dev lo ingress prio 10 protocol all matchall action mirred egress redirect dev lo\n"
            "filter add dev lo egress prio 1 protocol all matchall action drop\nfilter del dev lo egress prio 1\nqdisc del dev lo clsact\nqdisc add dev lo ingress\nqdisc del dev lo ingress\n")
        ip(["link show"], "warm")
    run("ip netns del warm")


class Agent:
    """The recorder in one namespace: keeps what it says, and the values as they are now."""

    def __init__(self, ns, side, told):
        self.side, self.rows, self.now, self.ready = side, [], {}, threading.Event()
        self.process = subprocess.Popen(["ip", "netns", "exec", ns, "/usr/bin/python3", f"{HERE}/agent.py", json.dumps(told)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.thread = threading.Thread(target=self.hear)
        self.thread.start()

    def hear(self):
        for line in self.process.stdout:
            row = line.rstrip("\n").split("\t")
            if row[0] == "R":
                self.ready.set()
                continue
            self.rows.append(row)
            if row[0] == "S":
                self.now[row[2]] = row[4]

    def stop(self):
        self.process.stdin.close()
        self.thread.join()
        self.process.wait()


class Lab:
    """Events, agents and files; the layouts below add namespaces and what can be done in them."""

    def __init__(self, name, into, seed):
        self.name, self.folder = name, os.path.join(into, name)
        self.events, self.agents, self.bonds = [], [], {}
        self.random = random.Random(f"{name} {seed}")
        os.makedirs(self.folder, exist_ok=True)
        self.zero = time.monotonic()

    def begin(self):
        """Not before all agents look."""
        for agent in self.agents:
            agent.ready.wait(60)
        self.sleep(0.5)

    def t(self):
        return round(time.monotonic() - self.zero, 4)

    def note(self, event, **more):
        self.events.append({"t": self.t(), "event": event, **more})
        return self.events[-1]

    def do(self, event, command, **more):
        """A thing done, with the time at which its command had returned."""
        row = {"t": self.t(), "t_done": None, "event": event, **more}
        self.events.append(row)
        command()
        row["t_done"] = self.t()

    def sleep(self, least, most=None):
        time.sleep(least if most is None else self.random.uniform(least, most))

    def rep(self, k, **more):
        self.note("rep", k=k, **more)

    def show(self, tag, ns, side, bonds):
        into = os.path.join(self.folder, f"show_{tag}")
        os.makedirs(into, exist_ok=True)
        def keep(file, command):
            with open(os.path.join(into, f"{side}_{file}"), "w") as f:
                f.write(run(f"ip netns exec {ns} sh -c '{command}'", check=False))
        for bond in bonds:
            keep(f"proc_net_bonding_{bond}.txt", f"cat /proc/net/bonding/{bond}")
        keep("sysfs_bonding.txt", "; ".join(f"grep -H . /sys/class/net/{b}/bonding/* /sys/class/net/{b}/carrier /sys/class/net/{b}/operstate 2>/dev/null" for b in bonds))
        keep("sysfs_slaves.txt", "grep -H . /sys/class/net/*/bonding_slave/* /sys/class/net/*/carrier 2>/dev/null")
        keep("ip_d_link.txt", "ip -d link")
        keep("ip_d_link.json", "ip -d -j link")

    def end(self):
        self.note("end")
        for agent in self.agents:
            agent.stop()
        self.write()
        for ns in self.spaces:
            run(f"ip netns del {ns}", check=False)

    def write(self):
        def csv(file, head, rows):
            with open(os.path.join(self.folder, file), "w") as f:
                f.write(head + "\n" + "".join(",".join(str(c) for c in row) + "\n" for row in sorted(rows, key=lambda r: float(r[0]))))
        with open(os.path.join(self.folder, "events.json"), "w") as f:
            f.write("[\n" + ",\n".join(json.dumps(e) for e in self.events) + "\n]\n")
        said = [(a.side, row) for a in self.agents for row in a.rows]
        csv("state.csv", "t,side,what,old,new", [(r[1], side, *r[2:5]) for side, r in said if r[0] == "S"])
        csv("traffic.csv", "t,receiver,kind,flow,t_next,lost,member_before,member_now",
            [(r[1], side, "gap", r[3], r[2], r[4], "", "") for side, r in said if r[0] == "G"] + [(r[1], side, "path", r[2], "", "", r[3], r[4]) for side, r in said if r[0] == "P"])
        frames = {}
        for _, r in said:
            if r[0] == "F":
                frames.setdefault(r[2], []).append((float(r[1]), bytes.fromhex(r[3])))
        for name, sent in frames.items():
            self.write_pcap("H" if name == "eth0" else name, sent)
        self.frames = frames

    def write_pcap(self, name, sent):
        """Second 0 of the recording is 1000 in the file."""
        with open(os.path.join(self.folder, f"{name}_sent.pcap"), "wb") as f:
            f.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
            for t, frame in sent:
                micros = round((t + 1000) * 1e6)
                f.write(struct.pack("<IIII", micros // 10**6, micros % 10**6, len(frame), len(frame)) + frame)


class Pair(Lab):
    """Sides A and B, n cables between them through a namespace that copies each frame from end to end."""

    def __init__(self, name, into, seed, n, slow=False, look=0.02, bonds=("bond0",)):
        super().__init__(name, into, seed)
        self.spaces = ["xA", "xB", "xM"]
        for ns in self.spaces:
            run(f"ip netns add {ns}; ip -n {ns} link set lo up; ip netns exec {ns} sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1")
        lines = []
        for i in range(n):
            for x, mac in (("a", "aa"), ("b", "bb")):
                lines += [f"link add {x}{i} netns x{x.upper()} address 02:{mac}:00:00:00:0{i} type veth peer name m{x}{i} netns xM"]
        ip(lines)
        ip([f"link set m{x}{i} up" for i in range(n) for x in "ab"], "xM")
        run(["ip", "netns", "exec", "xM", "tc", "-batch", "-"], text="\n".join(line for i in range(n) for x, y in ("ab", "ba") for line in (
            f"qdisc add dev m{x}{i} ingress", f"filter add dev m{x}{i} ingress prio 10 protocol all matchall action mirred egress redirect dev m{y}{i}")) + "\n")
        self.zero = time.monotonic()
        for ns, side, x, far, out, into_ in (("xA", "A", "a", "10.0.0.2", (41000, 7, 5001), (42000, 5, 6001)), ("xB", "B", "b", "10.0.0.1", (42000, 5, 6001), (41000, 7, 5001))):
            taps = [f"{x}{i}" for i in range(n)]
            self.agents.append(Agent(ns, side, {
                "zero": self.zero, "members": taps, "bonds": list(bonds), "taps": taps, "ethertype": 0x8809, "period": 0.01, "offset": 0.003 if side == "A" else 0.0, "sends": 5 if slow else 1, "every": round(look / 0.01),
                "out": [(out[0] + out[1] * i, far, out[2] + i) for i in range(4)], "into": [into_[2] + i for i in range(4)]}))
        self.begin()

    def side(self, side):
        return self.agents["AB".index(side)]

    def bond(self, side, opts, numbers, name="bond0", post=(), address=None):
        """Made, given its members, and set up."""
        x, ns = side.lower(), f"x{side}"
        members = [f"{x}{i}" for i in numbers]
        named = {} if name == "bond0" else {"bond": name}
        self.note("bond_setup", side=side, opts=opts, members=members, **named, **({"post": list(post)} if post else {}))
        host = address or (1 if side == "A" else 2)
        ip([f"link add {name} type bond {opts}"] + [line for m in members for line in (f"link set {m} down", f"link set {m} master {name}")]
           + [p.format(bond=name) for p in post] + [f"addr add 10.0.0.{host}/24 dev {name}", f"link set {name} up"], ns)
        self.bonds.setdefault(side, {})[name] = members
        self.note("bond_up", side=side, **named)

    def delete(self, side):
        for name in self.bonds.pop(side, {}):
            self.note("bond_deleted", side=side)
            ip([f"link del {name}"], f"x{side}")

    def all_distribute(self):
        def does(side, m, whose):
            word = self.side(side).now.get(f"{m}.ad_{whose}_oper_port_state", "0").split(" ")[0]
            return word.isdigit() and int(word) & DISTRIBUTES == DISTRIBUTES
        return all(does(side, m, whose) for side, bonds in self.bonds.items() for members in bonds.values() for m in members for whose in ("actor", "partner"))

    def wait(self, most):
        """Until all members collect and distribute, if they do."""
        until = time.monotonic() + most
        while time.monotonic() < until:
            if self.all_distribute():
                self.note("all_collect_distribute_seen")
                return True
            time.sleep(0.05)
        return False

    def tc(self, lines):
        run(["ip", "netns", "exec", "xM", "tc", "-batch", "-"], text="\n".join(lines) + "\n")

    @staticmethod
    def ends(direction):
        return {"both": "ab", "A to B": "a", "B to A": "b"}[direction]

    def cut(self, i):
        self.do("cable_cut", lambda: ip([f"link set ma{i} down", f"link set mb{i} down"], "xM"), member=i)

    def back(self, i):
        self.do("cable_back", lambda: ip([f"link set ma{i} up", f"link set mb{i} up"], "xM"), member=i)

    def silent(self, i, direction="both"):
        self.do("silent_block", lambda: self.tc([f"filter add dev m{x}{i} ingress prio 1 protocol all matchall action drop" for x in self.ends(direction)]), member=i, direction=direction)

    def unblock(self, i, direction="both"):
        self.do("unblock", lambda: self.tc([f"filter del dev m{x}{i} ingress prio 1" for x in self.ends(direction)]), member=i, direction=direction)

    def carrier_lost(self, i, side="A"):
        self.do(f"carrier_lost_at_{side}_only", lambda: ip([f"link set m{side.lower()}{i} down"], "xM"), member=i, side=side)

    def carrier_back(self, i, side="A"):
        self.do("carrier_back", lambda: ip([f"link set m{side.lower()}{i} up"], "xM"), member=i, side=side)

    def release(self, i, side="A"):
        self.do("release", lambda: ip([f"link set {side.lower()}{i} nomaster"], f"x{side}"), side=side, member=i)

    def enslave(self, i, side="A"):
        m = f"{side.lower()}{i}"
        self.do("enslave", lambda: ip([f"link set {m} down", f"link set {m} master bond0"], f"x{side}"), side=side, member=i)

    def member_down(self, i, side="A"):
        self.do("member_down", lambda: ip([f"link set {side.lower()}{i} down"], f"x{side}"), side=side, member=i)

    def member_up(self, i, side="A"):
        self.do("member_up", lambda: ip([f"link set {side.lower()}{i} up"], f"x{side}"), side=side, member=i)

    def bond_down(self, side="A"):
        self.do("bond_down", lambda: ip(["link set bond0 down"], f"x{side}"), side=side)

    def bond_open(self, side="A"):
        self.do("bond_up", lambda: ip(["link set bond0 up"], f"x{side}"), side=side)

    def snapshot(self, tag):
        self.note("snapshot", tag=tag)
        for side, bonds in self.bonds.items():
            self.show(tag, f"x{side}", side, list(bonds))

    def write(self):
        super().write()
        if self.name.startswith("handshake"):
            self.write_decoded(next((e["t"] for e in self.events if e["event"] == "bond_deleted"), 1e9))

    def write_decoded(self, until):
        from agent import AD_BITS
        bits = lambda s: "+".join(b for i, b in enumerate(AD_BITS) if s >> i & 1)
        mac = lambda b: ":".join(f"{x:02x}" for x in b)
        rows = sorted((t, name, f) for name, sent in self.frames.items() for t, f in sent if t < until and f[14] == 1)
        with open(os.path.join(self.folder, "first_handshake_decoded.csv"), "w") as out:
            out.write("t,sender,actor_state,actor_bits,partner_state,partner_bits,actor_system,actor_key,actor_port,partner_system,partner_key,partner_port\n")
            for t, name, f in rows:
                (ak,), (ap,), (pk,), (pp,) = (struct.unpack_from("!H", f, at) for at in (26, 30, 46, 50))
                out.write(f"{t:.4f},{name},{f[32]},{bits(f[32])},{f[52]},{bits(f[52])},{mac(f[20:26])},{ak},{ap},{mac(f[40:46])},{pk},{pp}\n")


class Switched(Lab):
    """Host A with two members on two ports of a bridge, host H on a third port."""

    def __init__(self, name, into, seed, opts, post=(), numbers=(0, 1)):
        super().__init__(name, into, seed)
        self.spaces = ["xA", "xH", "xS"]
        self.numbers = list(numbers)
        for ns in self.spaces:
            run(f"ip netns add {ns}; ip -n {ns} link set lo up; ip netns exec {ns} sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1")
        ip([f"link add a{i} netns xA address 02:aa:00:00:00:0{i} type veth peer name sw{i} netns xS" for i in numbers] + ["link add eth0 netns xH address 02:cc:00:00:00:01 type veth peer name swH netns xS"])
        ports = [f"sw{i}" for i in numbers] + ["swH"]
        ip(["link add br0 type bridge", "link set br0 up"] + [line for p in ports for line in (f"link set {p} master br0", f"link set {p} up")], "xS")
        for i in numbers:
            run(f"ip netns exec xS tc qdisc add dev sw{i} clsact")
        ip(["link set eth0 up", "addr add 10.0.0.2/24 dev eth0", "addr add 10.0.0.3/24 dev eth0"], "xH")
        self.zero = time.monotonic()
        members = [f"a{i}" for i in numbers]
        for ns, side, taps, far, out, into_ in (("xA", "A", members, "10.0.0.2", (41000, 5001), (42000, 6001)), ("xH", "H", ["eth0"], "10.0.0.1", (42000, 6001), (41000, 5001))):
            self.agents.append(Agent(ns, side, {
                "zero": self.zero, "members": members if side == "A" else [], "bonds": ["bond0"] if side == "A" else [], "taps": taps, "ethertype": 0x0806, "period": 0.01, "offset": 0.003 if side == "A" else 0.0, "sends": 1, "every": 2,
                "out": [(out[0] + i, far, out[1] + i) for i in range(2)], "into": [into_[1] + i for i in range(2)]}))
        self.begin()
        self.zero_at(opts, post, members)

    def zero_at(self, opts, post, members):
        self.note("bond_setup", opts=opts, post=list(post))
        ip([f"link add bond0 type bond {opts}"] + [line for m in members for line in (f"link set {m} down", f"link set {m} master bond0")] + list(post) + ["addr add 10.0.0.1/24 dev bond0", "link set bond0 up"], "xA")

    def active(self):
        return self.agents[0].now.get("bond0.active_slave", "")

    def down(self, i):
        self.do("switch_port_down", lambda: ip([f"link set sw{i} down"], "xS"), member=i)

    def up(self, i):
        self.do("switch_port_up", lambda: ip([f"link set sw{i} up"], "xS"), member=i)

    def tc(self, verb, i, rest):
        run(["ip", "netns", "exec", "xS", "tc", "-batch", "-"], text="".join(f"filter {verb} dev sw{i} {way} prio 1 {rest}\n" for way in ("ingress", "egress")))

    def silent(self, i):
        self.do("silent_block", lambda: self.tc("add", i, "protocol all matchall action drop"), member=i)

    def unblock(self, i):
        self.do("unblock", lambda: self.tc("del", i, ""), member=i)

    def activate(self, i):
        self.do("admin_change_active", lambda: run(f"ip -n xA link set bond0 type bond active_slave a{i}"), to=f"a{i}")

    def release(self, i):
        self.do("release", lambda: ip([f"link set a{i} nomaster"], "xA"), side="A", member=i)

    def enslave(self, i):
        self.do("enslave", lambda: ip([f"link set a{i} down", f"link set a{i} master bond0"], "xA"), side="A", member=i)

    def member_down(self, i):
        self.do("member_down", lambda: ip([f"link set a{i} down"], "xA"), side="A", member=i)

    def member_up(self, i):
        self.do("member_up", lambda: ip([f"link set a{i} up"], "xA"), side="A", member=i)

    def snapshot(self, tag):
        self.note("snapshot", tag=tag)
        self.show(tag, "xA", "A", ["bond0"])
