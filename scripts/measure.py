"""Whole processes: wall time, CPU time and peak memory as the system counts them, and what else the machine was doing."""

import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """One process from start to end, with all that it started."""

    wall_s: float
    cpu_s: float
    # Resident pages at the peak, mapped files among them.
    peak_bytes: int
    # CPU time of everything else meanwhile.
    others_cpu_s: float
    exit_code: int = 0


class Failed(Exception):
    """A process ended badly; its last lines."""


def run(command, log, environment=None, accepted=(0,)):
    """Runs a command to its end, its output into a file."""
    busy, started = busy_s(), time.perf_counter()
    with Path(log).open("wb") as output:
        # The peak of a child begins at that of the process that starts it, so whoever calls this must be small.
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in accepted:
        tail = "\n    ".join(Path(log).read_text(errors="replace").strip().splitlines()[-15:])
        raise Failed(f"exit code {process.returncode}: {' '.join(map(str, command))}\n    {tail}")
    cpu = usage.ru_utime + usage.ru_stime
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Measured(wall, cpu, peak, max(0.0, busy_s() - busy - cpu), process.returncode)


def busy_s():
    """CPU seconds that the machine has worked since it was started; 0 where the system does not tell."""
    ticks = stat()
    return (sum(ticks) - sum(ticks[3:5])) / os.sysconf("SC_CLK_TCK") if ticks else 0.0


def stat():
    """The first eight counters of CPU time."""
    try:
        first = Path("/proc/stat").read_text().splitlines()[0]
    except OSError:
        return []
    return [int(field) for field in first.split()[1:9]]


def wait_until_idle(seconds, longest_s=1800):
    """Waits until the machine has done next to nothing for so many seconds; gives up after the longest time."""
    idle, deadline = 0, time.monotonic() + longest_s
    while idle < seconds and time.monotonic() < deadline:
        before = busy_s()
        time.sleep(1)
        idle = idle + 1 if busy_s() - before < 0.1 else 0


def machine():
    """Processor, cores, memory and kernel."""
    names = [line.split(":", 1)[1].strip() for line in read("/proc/cpuinfo").splitlines() if line.startswith("model name")]
    return {
        "cpu": names[0] if names else platform.processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "kernel": f"{platform.system()} {platform.release()}",
    }


def read(path):
    """A file's text, empty when there is none."""
    try:
        return Path(path).read_text()
    except OSError:
        return ""
