"""How many files may be open at once: a connection is one, so the limit is raised at start."""

from __future__ import annotations

import contextlib
import logging
import resource
from typing import Final

_log = logging.getLogger(__name__)
WANTED: Final = 16_384
"""Enough for as many connections as one process serves."""


def raise_limit(wanted: int = WANTED) -> int:
    """Let as many files be open as may be, up to a number, and return how many that are.

    Where it is less than wanted, the log tells so, and how to mend it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    found, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if found < wanted:
        _log.warning(
            "at most %d files can be open at once, and each connection is one: "
            "raise the limit for this process, as by `ulimit -Hn %d`",
            found,
            wanted,
        )
    return found
