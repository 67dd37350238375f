"""Of what tcpdump and ping left: the frames that count, on the run's clock, and the rows of the tables."""

import re
import struct

PACE = 0.016  # of pings, s
EPOCH = 1000  # the clock of a recording when that of its run reads 0


def frames(file):
    with open(file, "rb") as f:
        data = f.read()
    at = 24
    while at + 16 <= len(data):
        seconds, fraction, length, _ = struct.unpack_from("<IIII", data, at)
        yield seconds + fraction / 1e6, data[at + 16:at + 16 + length]
        at += 16 + length


def counts(frame):
    """VRRP, ARP, IGMP, neighbour discovery and joins; no pings."""
    kind, = struct.unpack_from(">H", frame, 12)
    if kind == 0x0806:
        return True
    if kind == 0x0800:
        return frame[23] in (112, 2)
    if kind != 0x86dd:
        return False
    after, at = frame[20], 54
    if after == 0:
        after, at = frame[54], 54 + (frame[55] + 1) * 8
    return after == 112 or (after == 58 and frame[at] not in (128, 129))


def cut(source, target, zero):
    """The frames since `zero`, on the run's clock. Returns them."""
    kept = [(t - zero, frame) for t, frame in frames(source) if t >= zero and counts(frame)]
    with open(target, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for t, frame in kept:
            micro = round(t * 1e6)
            f.write(struct.pack("<IIII", EPOCH + micro // 1000000, micro % 1000000, len(frame), len(frame)) + frame)
    return kept


def outages(file, zero, events):
    """Pings that were not answered, one row for each gap in the sequence: from the last answer before it to the first after it, or to the end of the run."""
    found, last = [], None
    for line in open(file):
        m = re.match(r"\[(\d+\.\d+)\] .*icmp_seq=(\d+) .*time=", line)
        if not m:
            continue
        t, seq = float(m[1]) - zero, int(m[2])
        if last is not None and seq > last[1] + 1:
            found.append(outage(last[0], t, seq - last[1] - 1, events))
        if last is None or seq > last[1]:
            last = (t, seq)
    end = events[-1]["t"]
    if last is not None and end - last[0] > 0.1:
        found.append(outage(last[0], end, round((end - last[0]) / PACE), events))
    return found


def outage(start, end, lost, events):
    before = [e for e in events if e["t"] <= start + 0.02 and e["event"] != "end_of_run"]
    e = before[-1] if before else {"event": "", "t": 0}
    return [f"{start:.3f}", f"{end:.3f}", f"{end - start:.3f}", lost, e["event"], f"{start - e['t']:.3f}"]


def advert(frame, scenario):
    """(router, priority) of an advertisement of the virtual router, or None."""
    four = frame[12:14] == b"\x08\x00" and frame[23] == 112
    six = frame[12:14] == b"\x86\xdd" and frame[20] == 112
    if not four and not six:
        return None
    body = frame[14 + (frame[14] & 15) * 4:] if four else frame[54:]
    if body[1] != 51:
        return None
    priority = body[2]
    if four:
        return frame[29], priority
    if frame[6:9] == b"\x02\x00\x00":
        return frame[10], priority
    same = [r.id for r in scenario.routers if r.priority == priority]
    return (same[0] if len(same) == 1 else 0), priority


def transitions(kept, events, scenario):
    """A row for each time that a router begins to advertise as master. Only what nobody disputes is worked out here."""
    rows, speaking, last, pending = [], {}, {}, [e for e in events if e["event"] != "end_of_run"]
    mismatch = len({r.adv for r in scenario.routers}) > 1 and scenario.routers[0].version == 2
    done, previous, farewell, deaf = None, None, None, None
    for t, frame in kept:
        while pending and pending[0]["t"] <= t:
            done = pending.pop(0)
            deaf = {"one_way_blocked_to_router": done["router"], "switch_port_unblocked": None}.get(done["event"], deaf)
            if done["event"] not in ("start", "reload", "switch_port_unblocked", "tracked_file_lowered", "tracked_file_raised", "one_way_blocked_to_router"):
                speaking.pop(done["router"], None)
        a = advert(frame, scenario)
        if a is None:
            continue
        id, priority = a
        if priority == 0:
            speaking.pop(id or previous, None)
            farewell = t
            continue
        if id not in speaking:
            old = previous if previous not in (None, id) else None
            rows.append([id, old or "", f"{t:.4f}", done["event"] if done else "", done["router"] if done else "", f"{t - done['t']:.4f}" if done else "",
                         f"{t - last[old]:.4f}" if old else "", f"{t - farewell:.4f}" if farewell is not None and old else ""])
            farewell = None
        if not mismatch:
            for other in [o for o, p in speaking.items() if o != id and o != deaf and (p, o) < (priority, id)]:
                del speaking[other]
        speaking[id] = priority
        last[id] = t
        previous = id
    return rows
