"""What is recorded: the names of README.md beside the recordings, and variants of them. A name says what it is; a scenario is made from its name."""

import random
import re

from bed import VIP4, VIP6, VRID, WORK

# What may stand in a name, and what it adds to an instance of keepalived. {} is the number of the router.
OPTIONS = {
    "nopreempt": ["nopreempt"],
    "vmac": ["use_vmac", "vmac_xmit_base"],
    "own_mac_adverts": ["use_vmac"],
    "garp_delay2": ["garp_master_delay 2"],
    "garp_delay0": ["garp_master_delay 0"],
    "garp_repeat2": ["garp_master_repeat 2"],
    "garp_repeat1": ["garp_master_repeat 1"],
    "garp_refresh": ["garp_master_refresh 4", "garp_master_refresh_repeat 2"],
    "lower_prio_no_advert": ["lower_prio_no_advert"],
    "higher_prio_send_advert": ["higher_prio_send_advert"],
    "skip_check_adv_addr": ["skip_check_adv_addr"],
    "strict": ["strict_mode on"],
    "auth": ["authentication {", "    auth_type PASS", "    auth_pass secret", "}"],
}


class Router:
    def __init__(self, name, id, priority, adv):
        self.name, self.id, self.priority, self.adv = name, id, priority, adv
        self.daemon = "frr" if name.startswith("frr") else "keepalived"
        self.version = 2 if "v2" in name else 3
        self.six = "ipv6" in name
        self.vips = list(VIP6 if self.six else VIP4)
        if "no_link_local" in name:
            self.vips.remove("fe80::fe")
        if "three_addresses" in name:
            self.vips += ["fd99::fd", "fd99::fc"] if self.six else ["10.99.0.253", "10.99.0.252"]
        self.tracked = "tracked" in name and id == 1
        self.options = []
        for word, lines in OPTIONS.items():
            if word in name and not (word == "vmac" and "own_mac" in name):
                self.options += lines
        delay = re.search(r"preempt_delay(\d+)", name)
        if delay and id == 1:
            self.options.append(f"preempt_delay {delay[1]}")

    def file(self):
        return f"{'frr_vrrpd' if self.daemon == 'frr' else 'keepalived'}_r{self.id}.conf"

    def text(self):
        return self.frr() if self.daemon == "frr" else self.keepalived()

    def frr(self):
        lines = [f"vrrp {VRID} version {self.version}", f"vrrp {VRID} priority {self.priority}", f"vrrp {VRID} advertisement-interval {round(self.adv * 1000)}"]
        lines += [f"vrrp {VRID} {'ipv6' if self.six else 'ip'} {vip}" for vip in self.vips]
        if "preempt_off" in self.name:
            lines.append(f"no vrrp {VRID} preempt")
        return "\n".join([f"hostname r{self.id}", "log timestamp precision 6", "debug vrrp protocol", "interface eth0", *[f" {line}" for line in lines]]) + "\n"

    def keepalived(self):
        length = 64 if self.six else 24
        body = [f"state {'MASTER' if 'state_master' in self.name and self.id == 1 else 'BACKUP'}", "interface eth0", f"virtual_router_id {VRID}", f"priority {self.priority}", f"advert_int {self.adv:g}"]
        body += self.options
        if "unicast" in self.name:
            peers = [n for n in (1, 2, 3)[: 3 if "three" in self.name else 2] if n != self.id]
            ip = (lambda n: f"fd99::{n}") if self.six else (lambda n: f"10.99.0.{n}")
            body += [f"unicast_src_ip {ip(self.id)}", "unicast_peer {", *[f"    {ip(n)}" for n in peers], "}"]
        if self.tracked:
            body += ["track_file {", "    lower weight -20", "}"]
        body += ["virtual_ipaddress {", *[f"    {vip}/{length}" for vip in self.vips], "}"]
        text = ["global_defs {", f"    vrrp_version {self.version}", f"    router_id r{self.id}", "}", ""]
        if self.tracked:
            text += ["track_file lower {", f"    file {WORK}/tracked{self.id}", "}", ""]
        if "sync_group" in self.name:
            text += ["vrrp_sync_group G {", "    group {", "        VI_1", "        VI_2", "    }", "}", ""]
        text += ["vrrp_instance VI_1 {", *[f"    {line}" for line in body], "}"]
        if "sync_group" in self.name:
            other = [re.sub(r"^virtual_router_id .*", "virtual_router_id 52", re.sub(r"\.254/", ".244/", line)) for line in body]
            text += ["", "vrrp_instance VI_2 {", *[f"    {line}" for line in other], "}"]
        return "\n".join(text) + "\n"


class Scenario:
    """`steps`: (seconds, what, router), drawn for one run."""

    def __init__(self, name):
        self.name = name
        self.six = "ipv6" in name
        self.adv = {"adv01": 0.1, "adv05": 0.5, "adv3": 3, "adv2": 2}.get((re.search(r"(?<!no_)adv(?:01|05|3|2)(?!\d)", name) or [""])[0], 1)
        number = 3 if "three_routers" in name else 2
        first = 255 if re.search(r"prio255|backup_prio254", name) else 110
        second = int(m[1]) if (m := re.search(r"backup_prio(\d+)", name)) else 100
        priorities = [100, 100, 100] if "equal_priority" in name else [first, second, 90]
        advs = [self.adv] * 3
        if "adv_mismatch" in name:
            advs = [1, 2] if "v2" in name else [0.5, 1]
        self.routers = [Router(name, i + 1, priorities[i], advs[i]) for i in range(number)]

    def router(self, id):
        return self.routers[id - 1]

    def steps(self, seed):
        draw = random.Random(f"{self.name} {seed}")
        name, adv = self.name, max(r.adv for r in self.routers)
        has = lambda pattern: re.search(pattern, name) is not None
        gap = 0.7 if self.routers[0].daemon == "frr" else 0 if has("election|start_together") else 0.2
        starts = [(gap * i, "start", r.id) for i, r in enumerate(self.routers)]
        down = 4.2 * adv + 0.3  # a Master_Down_Interval, and what may come before it
        if has("late_higher_ip"):
            starts[1] = (6 + 2 * draw.random(), "start", 2)
        settled = starts[-1][0] + max(down, 3.5) + 1.2 * adv
        fails = settled + adv * draw.random()
        hold = (6 if adv >= 0.5 else 3) + draw.random() + max(0, down - 4.5)
        restart = (4 if adv >= 0.5 else 2) + draw.random() + max(0, down - 4.5)
        tail = max(7, down + 3.5)
        steps = self.told(has, fails, hold, restart, draw, down)
        end = max(t for t, *_ in [*starts, *steps]) + tail + (5 if has("preempt_delay|garp_refresh") else 0)
        return [*starts, *steps, (end, "end_of_run", None)]

    def told(self, has, fails, hold, restart, draw, down):
        back, again = fails + hold, fails + restart
        if has("partition_heal"):
            return [(fails, "switch_port_silently_blocked", 1), (back, "switch_port_unblocked", 1)]
        if has("one_way_to_router"):
            id = 2 if has("backup_deaf") else 1
            return [(fails, "one_way_blocked_to_router", id), (back, "switch_port_unblocked", id)]
        if has("one_way"):
            return [(fails, "one_way_blocked", 1), (back, "switch_port_unblocked", 1)]
        if has("tracked_weight_drop"):
            return [(fails, "tracked_file_lowered", 1), (back + 1, "tracked_file_raised", 1)]
        if has("three_routers"):
            what, undo = ("sigterm", "start") if has("sigterm") else ("link_down_at_switch", "link_up_at_switch")
            second = fails + down + draw.random() * 2
            steps = [(fails, what, 1), (second, what, 2)]
            return steps if has("adv01") else [*steps, (second + hold, undo, 1), (second + hold + 1 + draw.random(), undo, 2)]
        if has("restart"):
            return [(fails, "sigterm", 1), (again, "start", 1)]
        if has("link_return_at_router"):
            return [(fails, "link_down_at_router", 1), (back, "link_up_at_router", 1)]
        if has("link_down_at_router"):
            return [(fails, "link_down_at_router", 1)]
        if has("link_return|preempt_delay|frr.*link_down"):
            return [(fails, "link_down_at_switch", 1), (back, "link_up_at_switch", 1)]
        if has("backup_link_down"):
            return [(fails, "link_down_at_switch", 2), (back, "link_up_at_switch", 2)]
        if has("link_flap"):
            return [(fails, "link_down_at_switch", 1), (fails + 0.4 * draw.random(), "link_up_at_switch", 1)]
        if has("both_restart"):
            return [(fails, "sigterm", 1), (fails + 0.2 + 2 * draw.random(), "sigterm", 2), (again, "start", 2), (again + 2 * draw.random(), "start", 1)]
        if has("reload"):
            return [(fails, "reload", 1), (back, "reload", 2)]
        for event in ("sigkill", "sigterm", "crash", "hang"):
            if has(event):
                return [(fails, event, 1)]
        if has("link_down"):
            return [(fails, "link_down_at_switch", 1)]
        if has("election|start_together|adv_mismatch|late_higher_ip"):
            return []
        raise SystemExit(f"{self.name}: what is to happen there?")
