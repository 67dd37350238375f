"""Runs in the guest: record.py INTO SUFFIX SEED NAME..., the names of scenarios.py, or all that begin so with a star behind."""
import fnmatch
import shutil
import sys
import time
import traceback

from lab import warm
from scenarios import ALL


def busy():
    """Seconds in which the guest's processor did something."""
    with open("/proc/stat") as f:
        user, nice, system, idle, wait, *rest = map(int, f.readline().split()[1:])
    return (user + nice + system + sum(rest)) / 100


into, suffix, seed, *wanted = sys.argv[1:]
warm()
print(f"warm at {time.monotonic():.0f} s", flush=True)
for name, record in ALL.items():
    if not any(fnmatch.fnmatch(name, w) for w in wanted):
        continue
    started, was = time.monotonic(), busy()
    try:
        record(name + suffix, "/tmp/bonding", seed)
        shutil.copytree(f"/tmp/bonding/{name}{suffix}", f"{into}/{name}{suffix}", dirs_exist_ok=True)
        print(f"{name}{suffix}: {time.monotonic() - started:.0f} s, {busy() - was:.0f} s of them busy", flush=True)
    except Exception:
        traceback.print_exc()
        print(f"{name}{suffix}: FAILED", flush=True)
        break  # namespaces may be left: what follows would not be alone
