"""What a measurement was made on and with."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path

from graph.local import VERSION, java

_PACKAGES = ("segraph", "neo4j", "neo4j-rust-ext", "strawberry-graphql", "uvicorn", "msgspec")


def described() -> list[str]:
    """Return versions, the machine and its load, each a line."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in _PACKAGES]
    return [
        f"Neo4j Community {VERSION}, {_java()}; Python {platform.python_version()}; "
        + ", ".join(versions),
        f"{_processor()}, {os.cpu_count()} cores, {_memory()} GiB, "
        f"Linux {platform.release()}; load {' '.join(f'{each:.1f}' for each in os.getloadavg())}",
    ]


def resident(pid: int) -> int:
    """Return how many MiB of memory a process holds."""
    return _status(pid, "VmRSS")


def greatest_resident(pid: int) -> int:
    """Return how many MiB of memory a process held at most."""
    return _status(pid, "VmHWM")


def processor_seconds(pid: int) -> float:
    """Return how long a process has used a processor."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) // 1024


def _java() -> str:
    shown = subprocess.run(  # noqa: S603 - the Java that the graph runs on
        [str(java.find(VERSION)), "-version"], capture_output=True, text=True, check=True
    )
    return shown.stderr.splitlines()[0].replace('"', "")


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
