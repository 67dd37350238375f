"""active_backup_events.csv of recordings: tables.py FOLDER "6.1.192 (HZ=250)" >> FOLDER/active_backup_events.csv, a row a thing done in each ab_* that ends with the kernel's version."""
import csv
import json
import os
import struct
import sys

DONE = {"switch_port_down", "switch_port_up", "silent_block", "unblock", "admin_change_active", "release", "enslave", "member_down", "member_up"}


def frames(path):
    """Time in the recording, and bytes."""
    with open(path, "rb") as f:
        data = f.read()
    at = 24
    while at + 16 <= len(data):
        seconds, micros, length, _ = struct.unpack_from("<IIII", data, at)
        yield seconds + micros / 1e6 - 1000, data[at + 16:at + 16 + length]
        at += 16 + length


def gratuitous(frame):
    return frame[12:14] == b"\x08\x06" and frame[28:32] == frame[38:42]


def rows(folder, kernel):
    name = os.path.basename(folder)
    with open(f"{folder}/events.json") as f:
        events = json.load(f)
    with open(f"{folder}/state.csv") as f:
        state = [(float(r["t"]), r["what"], r["old"], r["new"]) for r in csv.DictReader(f)]
    with open(f"{folder}/traffic.csv") as f:
        gaps = [(float(r["t"]), float(r["t_next"]), r["receiver"], int(r["lost"])) for r in csv.DictReader(f) if r["kind"] == "gap"]
    garps = sorted((t, file[:-9], frame[6:12].hex(":")) for file in os.listdir(folder) if file.startswith("a") and file.endswith("_sent.pcap") for t, frame in frames(f"{folder}/{file}") if gratuitous(frame))
    done = [e for e in events if e["event"] in DONE]
    rep = ""
    for i, e in enumerate(done):
        rep = next((o["k"] for o in reversed(events) if o["event"] == "rep" and o["t"] <= e["t"]), "")
        end = done[i + 1]["t"] if i + 1 < len(done) else events[-1]["t"]
        within = lambda t: e["t"] <= t < end
        first = lambda what, new=None: next(((round(t - e["t"], 3), old, now) for t, w, old, now in state if w == what and within(t) and (new is None or now == new)), ("", "", ""))
        m = f"a{e.get('member', 0)}"
        changed, old, now = first("bond0.active_slave")
        out = {"H": max((g for g in gaps if g[2] == "H" and within(g[0])), key=lambda g: g[1] - g[0], default=None), "A": max((g for g in gaps if g[2] == "A" and within(g[0])), key=lambda g: g[1] - g[0], default=None)}
        lost = lambda x: [0, 0, ""] if out[x] is None else [round(out[x][1] - out[x][0], 3), out[x][3], round(out[x][1] - e["t"], 3)]
        own = [g for g in garps if within(g[0])]
        yield [kernel, name.split("__")[0], rep, e["event"], e.get("member", ""), round(e.get("t_done", e["t"]) - e["t"], 3), round(e["t"], 3), old, now, changed, first(f"{m}.mii_status", "down")[0], first(f"{m}.carrier", "0")[0],
               *lost("H"), *lost("A"), len(own), own[0][1] if own else "", own[0][2] if own else "", " ".join(f"{t - e['t']:.3f}" for t, _, _ in own), first(f"{m}.mii_status", "up")[0], first(f"{m}.carrier", "1")[0]]


def main():
    folder, kernel = sys.argv[1:]
    version = kernel.split(" ")[0]
    for name in sorted(os.listdir(folder)):
        if name.startswith("ab_") and f"{version}.".startswith(f"{name.partition('__k')[2]}."):
            for row in rows(os.path.join(folder, name), kernel):
                print(",".join(str(cell) for cell in row))


main()
