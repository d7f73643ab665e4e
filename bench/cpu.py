"""How much processor time a process and all its descendants use."""

from __future__ import annotations

import psutil


def cpu_seconds(pid: int) -> float:
    """User and system seconds of the process and of everything it started, ended descendants included once reaped."""
    total = 0.0
    root = psutil.Process(pid)
    for process in [root, *root.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total
