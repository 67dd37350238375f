"""Records scenarios in this machine: record.py OUT RUNS NAME...   Each NAME becomes a folder of OUT/vrrp, of the layout in tests/real/captures/vrrp/README.md."""

import csv
import json
import os
import shutil
import sys
import time
import traceback

from bed import WORK, Bed
from files import cut, outages, transitions
from scenarios import Scenario

TRANSITIONS = ["implementation", "scenario", "run", "n_in_run", "version", "adv_s", "prio", "new_master", "old_master", "t_first_advert", "last_event", "event_router", "since_event", "since_last_advert_of_old", "since_prio0"]
OUTAGES = ["scenario", "run", "start", "end", "seconds", "lost", "after_event", "since_event"]


def idle():
    return float(open("/proc/uptime").read().split()[1])


def once(scenario, run, folder):
    bed = Bed(scenario)
    frr = scenario.routers[0].daemon == "frr"
    time.sleep(3)  # duplicate address detection, zebra
    taps = {"h": f"run{run}.pcap"}
    if "partition" in scenario.name or "one_way" in scenario.name or "unicast" in scenario.name:
        taps["r1"] = f"run{run}_at_router1.pcap"
    for name, file in taps.items():
        bed.capture(name, f"{WORK}/{file}")
    bed.ping("fd99::fe" if scenario.six else "10.99.0.254", f"{WORK}/pings")
    time.sleep(1)
    events, zero = [], None
    for due, event, router in scenario.steps(run):
        if zero is not None:
            time.sleep(max(0, zero + due - time.time()))
        now = time.time()
        zero = now if zero is None else zero
        events.append({"t": round(now - zero, 4), "event": event, **({} if router is None else {"router": router})})
        if router is not None:
            getattr(bed, event)(router)
    time.sleep(0.1)
    logs = [(bed.log(r), r) for r in scenario.routers]
    end = zero + events[-1]["t"]
    kept = {}
    for name, file in taps.items():
        kept[name] = [f for f in cut(f"{WORK}/{file}", f"{folder}/{file}", zero) if f[0] <= end]
    lost = [] if frr else outages(f"{WORK}/pings", zero, events)
    for log, r in logs:
        if int(run) == 1:
            shutil.copy(log, f"{folder}/{r.daemon}_r{r.id}_run01.log")
            shutil.copy(bed.conf(r), folder)
    rows = transitions(kept["h"], events, scenario)
    bed.end()
    return events, rows, lost


def record(name, runs, out):
    scenario = Scenario(name)
    folder = f"/run/recorded/{name}"
    os.makedirs(folder, exist_ok=True)
    events, rows, lost = {}, [], []
    for n in range(1, runs + 1):
        run = f"{n:02d}"
        began, busy = time.time(), idle()
        events[run], begins, gaps = once(scenario, run, folder)
        for i, row in enumerate(begins):
            r = scenario.router(int(row[0])) if row[0] else scenario.router(1)
            rows.append([r.daemon, name, run, i + 1, r.version, f"{r.adv:g}", r.priority, *row])
        lost += [[name, run, *gap] for gap in gaps]
        print(f"{name} run {run}: {' '.join(f'r{row[0]}@{row[2]}' for row in begins)}; pings lost {[g[2] for g in gaps]}; {time.time() - began:.0f} s, {time.time() - began - idle() + busy:.2f} busy", flush=True)
    with open(f"{folder}/events.json", "w") as f:
        json.dump(events, f, indent=0)
    for file, table in (("transitions.csv", rows), ("ping_outages.csv", lost)):
        with open(f"{folder}/{file}", "w", newline="") as f:
            csv.writer(f, lineterminator="\n").writerows(table)
    shutil.copytree(folder, f"{out}/vrrp/{name}", dirs_exist_ok=True)
    shutil.rmtree(folder)


def main():
    out, runs, names = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    for name in names:
        Scenario(name).steps(1)
    for name in names:
        try:
            record(name, runs, out)
        except Exception:
            traceback.print_exc()


main()
