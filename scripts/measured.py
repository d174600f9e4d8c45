"""What a command takes as a whole process, and on which machine: shared by the benches in this folder."""

import datetime
import os
import platform
import subprocess
import sys
import time
from pathlib import Path


def run(command, quiet=True):
    """Runs a command to its end; returns wall and CPU seconds and the largest resident memory in bytes, as the system counts it."""
    started = time.monotonic()
    with open(os.devnull, "w") as nowhere:
        process = subprocess.Popen(command, stdout=nowhere if quiet else None)
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: ended with {process.returncode}")
    return {"wall_s": round(wall, 3), "cpu_s": round(usage.ru_utime + usage.ru_stime, 3), "peak_bytes": usage.ru_maxrss * 1024}


def machine():
    """The machine, for the record."""
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "")
    memory = int(next(line.split()[1] for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal:")))
    return {
        "cpu": model,
        "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": memory * 1024,
        "kernel": platform.release(),
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d"),
    }


def commit():
    """The state of the checkout that is measured."""
    root = Path(__file__).resolve().parent.parent
    show = lambda *arguments: subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True).stdout.strip()
    return show("rev-parse", "--short", "HEAD") + ("+" if show("status", "--porcelain", "--", "src", "Cargo.toml") else "")


def warm(folder):
    """Reads all files of a folder once, so that every run finds them in memory."""
    for path in sorted(Path(folder).rglob("*.csv")):
        with open(path, "rb", buffering=0) as file:
            while file.read(1 << 24):
                pass
