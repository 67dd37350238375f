"""What happens in one network namespace: runs inside it, says each thing that it sees in a line of its output, until its input ends.

S t what old new           a value in sysfs has changed
G t until flow lost        datagrams of a flow were missing between these two
P t flow before now        the member by which a flow arrives has changed
F t member frame           a frame that a member has sent, in hex
"""
import ctypes
import json
import os
import select
import socket
import struct
import sys
import time

AD_BITS = ("act", "short", "agg", "sync", "col", "dist", "defl", "exp")
OF_MEMBER = {"bonding_slave/state": "state", "bonding_slave/mii_status": "mii_status", "bonding_slave/ad_aggregator_id": "ad_aggregator_id",
             "bonding_slave/ad_actor_oper_port_state": "ad_actor_oper_port_state", "bonding_slave/ad_partner_oper_port_state": "ad_partner_oper_port_state", "carrier": "carrier"}
OF_BOND = {"carrier": "carrier", "operstate": "operstate", "bonding/active_slave": "active_slave", "bonding/ad_aggregator": "ad_aggregator", "bonding/ad_num_ports": "ad_num_ports",
           "bonding/ad_partner_mac": "ad_partner_mac", "bonding/mii_status": "mii_status"}
ETH_P_ALL, ETH_P_IP, OUTGOING = 3, 0x0800, 4
SO_TIMESTAMPNS, SO_ATTACH_FILTER = 35, 26


def say(*words):
    sys.stdout.write("\t".join(str(w) for w in words) + "\n")


def accept(s, program):
    """Gives a socket a filter of classic BPF."""
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    s.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HP", len(program), ctypes.addressof(code)))


class Sysfs:
    """Files that come and go with bonds and members."""

    def __init__(self, members, bonds):
        self.files = [(f"/sys/class/net/{m}/{f}", f"{m}.{w}") for m in members for f, w in OF_MEMBER.items()]
        self.files += [(f"/sys/class/net/{b}/{f}", f"{b}.{w}") for b in bonds for f, w in OF_BOND.items()]
        self.open = {}
        self.last = {}

    def read(self, path):
        for fresh in (False, True):
            fd = self.open.get(path)
            try:
                if fd is None:
                    fd = self.open[path] = os.open(path, os.O_RDONLY)
                return os.pread(fd, 256, 0)
            except OSError:
                if fd is not None:
                    os.close(fd)
                    del self.open[path]
                if fd is None or fresh:
                    return None
        return None

    def look(self, now):
        for path, what in self.files:
            raw = self.read(path)
            if raw == self.last.get(what):
                continue
            old, self.last[what] = self.last.get(what), raw
            say("S", f"{now():.4f}", what, self.words(what, old), self.words(what, raw))

    @staticmethod
    def words(what, raw):
        if raw is None:
            return "-"
        text = raw.decode().strip()
        if what.endswith("_oper_port_state") and text.isdigit():
            return f"{text} {'+'.join(b for i, b in enumerate(AD_BITS) if int(text) >> i & 1)}"
        return text


class Flows:
    """Datagrams with a number, one of each flow a period, and those that come from the other side."""

    def __init__(self, out, into, members, t_of_real):
        self.to = [(self.socket(sport), (addr, dport)) for sport, addr, dport in out]
        self.sent = 0
        self.into = [self.socket(port) for port in into]
        for s in self.into:
            s.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.flow_of = {port: i for i, port in enumerate(into)}
        self.last = [None] * len(into)
        self.path = [None] * len(into)
        self.came_by = {}
        self.t_of_real = t_of_real
        self.taps = []
        for m in members:
            s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            accept(s, [(0x30, 0, 0, 45), (0x45, 1, 0, 7), (6, 0, 0, 64), (6, 0, 0, 0)])  # each eighth number shows the way
            s.bind((m, ETH_P_IP))
            s.setblocking(False)
            self.taps.append((m, s))

    @staticmethod
    def socket(port):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind(("0.0.0.0", port))
        s.setblocking(False)
        return s

    def send(self):
        for s, to in self.to:
            try:
                s.sendto(struct.pack("!I", self.sent) + b"." * 18, to)
            except OSError:
                pass  # no way to go: lost all the same
        self.sent += 1

    def sockets(self):
        """Those to be read, and what reads one: the ways first, then what has come by them."""
        return [(s, lambda s=s, m=m: self.tap(s, m)) for m, s in self.taps] + [(s, lambda s=s, i=i: self.datagram(s, i)) for i, s in enumerate(self.into)]

    def tap(self, s, m):
        frame = s.recv(64)
        if len(frame) >= 46 and frame[23] == 17:
            port, number = struct.unpack_from("!H", frame, 36)[0], struct.unpack_from("!I", frame, 42)[0]
            if port in self.flow_of:
                self.came_by[self.flow_of[port], number] = m
                if len(self.came_by) > 1000:
                    self.came_by.clear()

    def datagram(self, s, flow):
        data, extra, _, _ = s.recvmsg(64, 64)
        seconds, nanos = struct.unpack("qq", extra[0][2])
        self.arrived(flow, struct.unpack_from("!I", data)[0], self.t_of_real(seconds + nanos / 1e9))

    def arrived(self, flow, number, t):
        member = self.came_by.pop((flow, number), None)
        if member is not None and member != self.path[flow]:
            say("P", f"{t:.4f}", flow, self.path[flow] or "", member)
            self.path[flow] = member
        last = self.last[flow]
        if last is not None and number <= last[0]:
            return  # a second copy
        if last is not None and number > last[0] + 1:
            say("G", f"{last[1]:.4f}", f"{t:.4f}", flow, number - last[0] - 1)
        self.last[flow] = (number, t)


class Frames:
    """Frames of one Ethertype that the interfaces send."""

    def __init__(self, names, ethertype, t_of_real):
        self.t_of_real = t_of_real
        self.taps = []
        for name in names:
            s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            accept(s, [(0x28, 0, 0, 12), (0x15, 0, 1, ethertype), (6, 0, 0, 65535), (6, 0, 0, 0)])
            s.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
            s.bind((name, ETH_P_ALL))
            s.setblocking(False)
            self.taps.append((name, s))

    def sockets(self):
        return [(s, lambda s=s, name=name: self.frame(s, name)) for name, s in self.taps]

    def frame(self, s, name):
        frame, extra, _, (_, _, kind, *_) = s.recvmsg(2048, 64)
        if kind == OUTGOING:
            seconds, nanos = struct.unpack("qq", extra[0][2])
            say("F", f"{self.t_of_real(seconds + nanos / 1e9):.6f}", name, frame.hex())


class Readers:
    """All sockets in one epoll, read in a fixed order."""

    def __init__(self, sockets):
        self.order = [s.fileno() for s, _ in sockets]
        self.read = {s.fileno(): read for s, read in sockets}
        self.epoll = select.epoll()
        for fd in self.order:
            self.epoll.register(fd, select.EPOLLIN)

    def take(self):
        while True:
            ready = {fd for fd, _ in self.epoll.poll(0)}
            if not ready:
                return
            for fd in self.order:
                if fd in ready:
                    try:
                        self.read[fd]()
                    except OSError:
                        pass  # nothing there after all, or the interface was set down


def main():
    told = json.loads(sys.argv[1])
    zero = told["zero"]
    behind = time.time() - time.monotonic()
    now = lambda: time.monotonic() - zero
    t_of_real = lambda t: t - behind - zero
    sysfs = Sysfs(told["members"], told["bonds"])
    flows = Flows(told["out"], told["into"], told["taps"], t_of_real)
    frames = Frames(told["taps"], told["ethertype"], t_of_real)
    readers = Readers(flows.sockets() + frames.sockets())
    sysfs.look(now)
    say("R")
    sys.stdout.flush()
    period, every, n = told["period"], told["every"], 0
    due = time.monotonic() + told["offset"]
    while True:
        due += period
        left = due - time.monotonic()
        if select.select([sys.stdin], [], [], max(0, left))[0]:
            break
        if n % told["sends"] == 0:
            flows.send()
        readers.take()
        if n % every == 0:
            sysfs.look(now)
            sys.stdout.flush()
        n += 1
    readers.take()
    sysfs.look(now)
    sys.stdout.flush()


main()
