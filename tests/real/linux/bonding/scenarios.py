"""What is recorded: a function a kind, a line a name."""
from lab import AD, Pair, Switched

F, S = "lacp_rate fast", "lacp_rate slow"


def handshake(lab, a, b, n, late, reps):
    for k in range(reps):
        lab.rep(k)
        lab.bond("A", f"{AD} {a}", range(n))
        if late:
            lab.sleep(late, late + 1)
        lab.bond("B", f"{AD} {b}", range(n))
        lab.wait(15)
        lab.sleep(3)
        if k == 0:
            lab.snapshot("up")
        lab.sleep(0.2, 1.2)
        lab.delete("A")
        lab.sleep(0.1, 0.9)
        lab.delete("B")
        lab.sleep(1, 3)


def made(lab, a, b, n):
    lab.bond("A", f"{AD} {a}", range(n))
    lab.bond("B", f"{AD} {b}", range(n))
    lab.wait(30)
    lab.sleep(3, 5)


def cable_cut(lab, a, b, n, reps):
    made(lab, a, b, n)
    for k in range(reps):
        i = k % n
        lab.rep(k)
        lab.sleep(0.1, 1.1)
        lab.cut(i)
        lab.sleep(4.7)
        if k == 0:
            lab.snapshot(f"member{i}_cut")
            lab.sleep(1)
        lab.back(i)
        lab.wait(40)
        lab.sleep(3)
        if k == 0:
            lab.snapshot("after_return")


def silent(lab, a, b, direction, reps, hold, settle=45):
    made(lab, a, b, 2)
    for k in range(reps):
        lab.rep(k)
        lab.sleep(0.1, 1.1 if hold < 50 else 31)
        lab.silent(1, direction)
        lab.sleep(hold)
        if k == 0:
            lab.snapshot("member1_silent")
        lab.sleep(0.1, 3 if hold < 50 else 31)
        lab.unblock(1, direction)
        lab.wait(settle)
        lab.sleep(3)
        if k == 0:
            lab.snapshot("after_return")


def one_end(lab, a, b, reps, hold):
    made(lab, a, b, 2)
    for k in range(reps):
        lab.rep(k)
        lab.sleep(0.1, 1.1)
        lab.carrier_lost(1)
        lab.sleep(hold)
        if k == 0:
            lab.snapshot("member1_no_carrier_at_A")
        lab.sleep(0.1, 3)
        lab.carrier_back(1)
        lab.wait(45)
        lab.sleep(3)


def ab_ports(lab, reps, activate=0, silence=True):
    """Each member's port in turn, as often as asked for; then by hand; then what the MII monitor cannot see; then both ports."""
    lab.sleep(3)
    lab.snapshot("up")
    for k in range(reps):
        lab.rep(k, active=lab.active())
        lab.sleep(0.2, 0.6)
        i = int(lab.active()[1:] or 0)
        lab.down(i)
        lab.sleep(2)
        if k == 0:
            lab.snapshot("active_cut")
        lab.up(i)
        lab.sleep(3.6)
        lab.note("rep_end", active=lab.active())
        lab.sleep(0.1, 0.3)
    for _ in range(activate):
        lab.activate(1 - int(lab.active()[1:] or 0))
        lab.sleep(1.5, 1.9)
    if silence:
        lab.note("silent failure, not seen by miimon")
        i = int(lab.active()[1:] or 0)
        lab.silent(i)
        lab.sleep(5)
        lab.snapshot("silent")
        lab.unblock(i)
        lab.sleep(1)
    lab.down(0)
    lab.down(1)
    lab.sleep(2)
    lab.snapshot("both_cut")
    lab.up(1)
    lab.sleep(2)
    lab.snapshot("one_back")
    lab.up(0)
    lab.sleep(2)


def min_links(lab, reps):
    lab.bond("A", f"{AD} {F} min_links 2", range(2))
    lab.bond("B", f"{AD} {F}", range(2))
    lab.wait(30)
    lab.sleep(3, 5)
    for k in range(reps):
        lab.rep(k)
        lab.sleep(0.1, 1.1)
        lab.cut(1)
        lab.sleep(5)
        if k == 0:
            lab.snapshot("one_of_two_left")
        lab.back(1)
        lab.wait(40)
        lab.sleep(3)
    lab.rep(reps)
    lab.sleep(0.1, 1.1)
    lab.silent(1)
    lab.sleep(10)
    lab.snapshot("one_of_two_silent")
    lab.unblock(1)
    lab.wait(45)
    lab.sleep(3)


def one_sided(lab, reps):
    """B has plain interfaces, then a bond, then none again."""
    lab.bond("A", f"{AD} {F}", range(3))
    lab.sleep(8)
    lab.snapshot("peer_not_bonded")
    for k in range(reps):
        lab.rep(k)
        lab.sleep(0.1, 1.1)
        lab.cut(k)
        lab.sleep(3)
        lab.back(k)
        lab.sleep(5)
    lab.bond("B", f"{AD} {F}", range(3))
    lab.wait(30)
    lab.sleep(2)
    lab.snapshot("peer_bonded_later")
    lab.delete("B")
    lab.sleep(12)
    lab.snapshot("peer_unbonded_again")


def lacp_active(lab, a, b, rate, reps, settle, hold):
    """Two passive ends never agree."""
    for k in range(reps):
        lab.rep(k)
        lab.bond("A", f"{AD} {rate} lacp_active {a}", range(2))
        lab.bond("B", f"{AD} {rate} lacp_active {b}", range(2))
        found = lab.wait(settle)
        lab.sleep(3, 4)
        if k == 0:
            lab.snapshot("settled")
        for direction in ("A to B", "B to A", "both") if found and hold else ():
            lab.silent(1, direction)
            lab.sleep(hold, hold + 2)
            lab.unblock(1, direction)
            lab.wait(45)
            lab.sleep(3)
        lab.delete("A")
        lab.sleep(0.1, 0.9)
        lab.delete("B")
        lab.sleep(1, 3)


def ad_select(lab, policy, reps):
    """Cable 0 to one partner, cables 1 to 3 to another."""
    lab.bond("A", f"{AD} {F} ad_select {policy}", range(4))
    lab.bond("B", f"{AD} {F}", [0])
    lab.bond("B", f"{AD} {F}", [1, 2, 3], name="bond1", address=3)
    lab.sleep(8)
    lab.snapshot("settled")
    for k in range(reps):
        lab.rep(k)
        order = [0, 1, 2, 3]
        lab.random.shuffle(order)
        for i in order[:3]:
            lab.cut(i)
            lab.sleep(5.5, 6.5)
            if k == 0:
                lab.snapshot(f"cut_{i}")
        lab.random.shuffle(order)
        for i in order:
            if lab.side("A").now.get(f"a{i}.carrier") == "0":
                lab.back(i)
                lab.sleep(6, 7)
        lab.snapshot(f"back_{k}")


def member_leaves(lab, reps):
    made(lab, F, F, 2)
    for k in range(reps):
        lab.rep(k)
        for gone, back, hold in ((lab.release, lab.enslave, 10), (lab.member_down, lab.member_up, 10)):
            lab.sleep(0.1, 1.1)
            gone(1)
            lab.sleep(hold, hold + 1)
            if k == 0:
                lab.snapshot(gone.__name__)
            back(1)
            lab.wait(40)
            lab.sleep(3)
        lab.sleep(0.1, 1.1)
        lab.bond_down()
        lab.sleep(10, 11)
        if k == 0:
            lab.snapshot("bond_down")
        lab.bond_open()
        lab.wait(40)
        lab.sleep(3)


def delays(lab, reps, opts, hold, cut_short=False):
    """updelay and downdelay on both sides; a cable that is back before downdelay is over was never away."""
    made(lab, f"{F} {opts}", f"{F} {opts}", 2)
    lab.snapshot("up")
    for k in range(reps):
        lab.rep(k)
        lab.sleep(0.1, 1.1)
        lab.cut(1)
        lab.sleep(0.3 if cut_short and k % 2 else hold)
        if k == 0:
            lab.snapshot("cut")
        lab.back(1)
        lab.sleep(1)
        if k == 0:
            lab.snapshot("returning")
        lab.wait(40)
        lab.sleep(2)


def all_cables(lab, reps):
    made(lab, F, F, 4)
    for k in range(reps):
        lab.rep(k)
        for act in (lab.cut, lab.back):
            order = [0, 1, 2, 3]
            lab.random.shuffle(order)
            for i in order:
                lab.sleep(0.5, 1.5)
                act(i)
            lab.sleep(2)
            if k == 0 and act == lab.cut:
                lab.snapshot("all_cut")
        lab.wait(40)
        lab.sleep(3)
        if k == 0:
            lab.snapshot("all_back")


def ab_arp(lab, reps, hold=4):
    """No carrier is lost: the switch port of the active member drops everything. Then both ports lose carrier in turn."""
    lab.sleep(4)
    lab.snapshot("up")
    for k in range(reps):
        lab.rep(k, active=lab.active())
        lab.sleep(0.2, 0.8)
        i = int(lab.active()[1:] or 0)
        lab.silent(i)
        lab.sleep(hold)
        if k == 0:
            lab.snapshot("silent")
        lab.unblock(i)
        lab.sleep(3.5)
        lab.note("rep_end", active=lab.active())
        lab.sleep(0.1, 0.3)
    for k in range(2):
        lab.sleep(0.2, 0.6)
        i = int(lab.active()[1:] or 0)
        lab.down(i)
        lab.sleep(3)
        lab.up(i)
        lab.sleep(3.6)


def ab_worked_on(lab, reps):
    """Members released, set down, and the bond as a whole."""
    lab.sleep(3)
    lab.snapshot("up")
    for k in range(reps):
        lab.rep(k, active=lab.active())
        i = int(lab.active()[1:] or 0)
        lab.member_down(i)
        lab.sleep(2, 3)
        lab.member_up(i)
        lab.sleep(2, 3)
        i = int(lab.active()[1:] or 0)
        lab.release(i)
        lab.sleep(2, 3)
        lab.enslave(i)
        lab.sleep(2, 3)


def pair(n, kind, *args, slow=False, look=0.02, **more):
    def record(name, into, seed):
        lab = Pair(name, into, seed, n, slow=slow, look=look, **more)
        kind(lab, *args)
        lab.end()
    return record


def switched(opts, kind, *args, post=(), **more):
    def record(name, into, seed):
        lab = Switched(name, into, seed, f"mode active-backup {opts}", post)
        kind(lab, *args, **more)
        lab.end()
    return record


RATES = {"fast": F, "slow": S}
SLOW = {"slow": True, "look": 0.05}
ALL = {
    "try": pair(2, cable_cut, F, F, 2, 1),
    "cable_cut_fast_fast_2m": pair(2, cable_cut, F, F, 2, 8),
    "cable_cut_fast_slow_2m": pair(2, cable_cut, F, S, 2, 4),
    "cable_cut_slow_fast_2m": pair(2, cable_cut, S, F, 2, 4),
    "cable_cut_slow_slow_2m": pair(2, cable_cut, S, S, 2, 4),
    "cable_cut_fast_fast_4m": pair(4, cable_cut, F, F, 4, 4),
    "cable_cut_slow_slow_4m": pair(4, cable_cut, S, S, 4, 4),
    "min_links2_fast": pair(2, min_links, 3),
    "all_cables_fast_4m": pair(4, all_cables, 3),
    "member_leaves_fast": pair(2, member_leaves, 3),
    "carrier_lost_at_A_only_fast": pair(2, one_end, F, F, 4, 10),
    "updelay_downdelay_fast": pair(2, delays, 5, "updelay 2000 downdelay 500", 5, True),
    "ad_select_stable": pair(4, ad_select, "stable", 2),
    "ad_select_bandwidth": pair(4, ad_select, "bandwidth", 2),
    "ad_select_count": pair(4, ad_select, "count", 2),
    "one_sided_A_only": pair(3, one_sided, 2),
    **{f"silent_{a}_{b}_{d}_{k}": pair(2, silent, RATES[a], RATES[b], {"a": "A to B", "b": "B to A", "ab": "both"}[d], 3 if a == b == "fast" else 2, 9 if a == b == "fast" else 131, **({} if a == b == "fast" else SLOW))
       for k, (a, b, d) in enumerate([("fast", "fast", "a"), ("fast", "fast", "b"), ("fast", "fast", "ab"), ("fast", "slow", "a"), ("fast", "slow", "b"), ("fast", "slow", "ab"),
                                      ("slow", "fast", "a"), ("slow", "fast", "b"), ("slow", "fast", "ab"), ("slow", "slow", "a"), ("slow", "slow", "b"), ("slow", "slow", "ab")])},
    "carrier_lost_at_A_only_slow": pair(2, one_end, S, S, 2, 110, **SLOW),
    **{f"handshake_{a}_{b}_{n}m_late{late}": pair(n, handshake, RATES[a], RATES[b], n, late, 3)
       for a, b, n, late in [("fast", "fast", 2, 0), ("fast", "slow", 2, 0), ("slow", "fast", 2, 0), ("slow", "slow", 4, 0), ("fast", "fast", 2, 5), ("slow", "slow", 2, 5), ("fast", "slow", 2, 20), ("slow", "fast", 4, 20)]},
    "lacp_active_Aon_Boff_fast": pair(2, lacp_active, "on", "off", F, 2, 20, 9),
    "lacp_active_Aoff_Bon_fast": pair(2, lacp_active, "off", "on", F, 2, 20, 9),
    "lacp_active_Aoff_Boff_fast": pair(2, lacp_active, "off", "off", F, 2, 20, 0),
    "lacp_active_Aon_Boff_slow": pair(2, lacp_active, "on", "off", S, 2, 40, 0, **SLOW),
    "lacp_active_Aoff_Bon_slow": pair(2, lacp_active, "off", "on", S, 2, 40, 0, **SLOW),
    "ab_miimon100": switched("miimon 100", ab_ports, 8, activate=8),
    "ab_miimon50": switched("miimon 50", ab_ports, 4, activate=2),
    "ab_miimon1000": switched("miimon 1000", ab_ports, 4, activate=2),
    "ab_miimon100_updelay1000": switched("miimon 100 updelay 1000", ab_ports, 4),
    "ab_miimon100_downdelay300": switched("miimon 100 downdelay 300", ab_ports, 4),
    "ab_miimon100_updelay1000_primary_a0": switched("miimon 100 updelay 1000", ab_ports, 4, post=["link set bond0 type bond primary a0"]),
    **{f"ab_miimon100_primary_a0_{how}": switched("miimon 100", ab_ports, 4, post=["link set bond0 type bond primary a0", f"link set bond0 type bond primary_reselect {how}"]) for how in ("always", "better", "failure")},
    **{f"ab_miimon100_fail_over_mac_{how}": switched(f"miimon 100 fail_over_mac {how}", ab_ports, 4, activate=4) for how in ("none", "active", "follow")},
    "ab_miimon100_num_grat_arp3": switched("miimon 100 num_grat_arp 3", ab_ports, 4, activate=2),
    "ab_miimon100_num_grat_arp3_peer_notify_delay300": switched("miimon 100 num_grat_arp 3 peer_notify_delay 300", ab_ports, 4, activate=2),
    "ab_miimon100_num_grat_arp0": switched("miimon 100 num_grat_arp 0", ab_ports, 3, activate=2),
    "ab_miimon100_all_slaves_active": switched("miimon 100 all_slaves_active 1", ab_ports, 3),
    "ab_miimon100_member_leaves": switched("miimon 100", ab_worked_on, 3),
    "ab_arp_interval200": switched("arp_interval 200 arp_ip_target 10.0.0.2", ab_arp, 4),
    **{f"ab_arp_interval200_validate_{how}": switched(f"arp_interval 200 arp_ip_target 10.0.0.2 arp_validate {how}", ab_arp, 4) for how in ("active", "backup", "all", "filter", "filter_active", "filter_backup")},
    "ab_arp_interval1000_validate_all": switched("arp_interval 1000 arp_ip_target 10.0.0.2 arp_validate all", ab_arp, 3, hold=8),
    "ab_arp_interval200_validate_all_primary_a0": switched("arp_interval 200 arp_ip_target 10.0.0.2 arp_validate all", ab_arp, 4, post=["link set bond0 type bond primary a0"]),
    "ab_arp_interval200_validate_all_missed3": switched("arp_interval 200 arp_ip_target 10.0.0.2 arp_validate all arp_missed_max 3", ab_arp, 4),
    "ab_arp_interval200_validate_all_targets_all": switched("arp_interval 200 arp_ip_target 10.0.0.2,10.0.0.3 arp_validate all arp_all_targets all", ab_arp, 4),
    "ab_arp_interval200_validate_all_targets_any": switched("arp_interval 200 arp_ip_target 10.0.0.2,10.0.0.3 arp_validate all arp_all_targets any", ab_arp, 3),
}
