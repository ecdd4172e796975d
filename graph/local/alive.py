"""Tell whether a process is still the one that it was: its number may have been given away."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

_KERNEL: Final = Path("/proc/self/stat")


def begun(pid: int) -> str:
    """Return when a process began, which none that gets its number later shares; '' if gone."""
    return by_proc(pid) if _KERNEL.exists() else by_ps(pid)


def alive(pid: int, since: str) -> bool:
    """Tell whether the process that began then still runs."""
    return bool(since) and begun(pid) == since


def by_ps(pid: int) -> str:
    """Ask as every Unix can be asked; what Linux's `ps` says moves as its clock is set."""
    shown = subprocess.run(  # noqa: S603 - a number of our own
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)],  # noqa: S607 - where it lies differs
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
    ).stdout.split()
    return "" if not shown or shown[0].startswith("Z") else " ".join(shown[1:])


def by_proc(pid: int) -> str:
    """Ask Linux, which counts from when it was started."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
    # The name may hold anything but ends with the last bracket; the start is 20 fields behind it.
    state, *rest = stat.rpartition(")")[2].split()
    return "" if state in "ZX" else f"{boot} {rest[18]}"
