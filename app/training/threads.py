"""Number of threads that a process may keep busy."""

import os
from pathlib import Path

_CPU_MAX = Path("/sys/fs/cgroup/cpu.max")


def usable_threads(cpu_max: Path = _CPU_MAX) -> int:
    """Returns the number of CPUs of this process, or the share granted by its cgroup if that is less."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = cpu_max.read_text("ascii").split()
        granted = max(1, int(quota) // int(period))
    except (OSError, ValueError):
        return usable
    return min(usable, granted)
