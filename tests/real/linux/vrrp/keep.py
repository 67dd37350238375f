"""Keeps recordings among those of the repository: keep.py FOLDER RUNS NAME...   The first RUNS runs of each, and their rows of the tables."""

import csv
import json
import os
import shutil
import sys

KEPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "captures", "vrrp")


def rows(file):
    with open(file, newline="") as f:
        return list(csv.DictReader(f))


def keep(source, name, runs):
    folder = f"{KEPT}/{name}"
    os.makedirs(folder)
    for file in os.listdir(f"{source}/{name}"):
        if file.endswith(".conf") or (file.endswith(".pcap") and file[3:5] in runs):
            shutil.copy(f"{source}/{name}/{file}", folder)
    with open(f"{source}/{name}/events.json") as f:
        events = {run: steps for run, steps in json.load(f).items() if run in runs}
    with open(f"{folder}/events.json", "w") as f:
        json.dump(events, f, indent=0)


def main():
    source, runs, names = f"{sys.argv[1]}/vrrp", [f"{n:02d}" for n in range(1, int(sys.argv[2]) + 1)], sys.argv[3:]
    for name in names:
        keep(source, name, runs)
    for table in ("transitions.csv", "ping_outages.csv"):
        with open(f"{KEPT}/{table}", newline="") as f:
            first = f.readline()
        header, newline = first.strip().split(","), first[len(first.rstrip("\r\n")):]
        new = [row for row in rows(f"{source}/{table}") if row["scenario"] in names and row["run"] in runs]
        with open(f"{KEPT}/{table}", "a", newline="") as f:
            csv.DictWriter(f, header, restval="", extrasaction="ignore", lineterminator=newline).writerows(sorted(new, key=lambda row: (row["scenario"], row["run"], float(row.get("start", 0)))))


main()
