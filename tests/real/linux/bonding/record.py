"""Runs in the guest: record.py INTO SUFFIX SEED NAME..., the names of scenarios.py, or all that begin so with a star behind."""
import fnmatch
import shutil
import subprocess
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
for name in dict.fromkeys(name for w in wanted for name in fnmatch.filter(ALL, w)):
    started, was = time.monotonic(), busy()
    try:
        ALL[name](name + suffix, "/tmp/bonding", seed)
        shutil.copytree(f"/tmp/bonding/{name}{suffix}", f"{into}/{name}{suffix}", dirs_exist_ok=True)
        print(f"{name}{suffix}: {time.monotonic() - started:.0f} s, {busy() - was:.0f} s of them busy", flush=True)
    except Exception:
        traceback.print_exc()
        print(f"{name}{suffix}: FAILED", flush=True)
        subprocess.run("for ns in $(ip netns list | cut -d' ' -f1); do ip netns pids $ns | xargs -r kill; ip netns del $ns; done", shell=True)
