"""How much work something is, counted and not timed: it is the same on every machine."""

from __future__ import annotations

import cProfile
import pstats
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Generator


class Calls:
    """The number of calls of functions, known once the block has ended."""

    total: int


@contextmanager
def calls() -> Generator[Calls]:
    """Count the calls of functions within the block."""
    counted, profile = Calls(), cProfile.Profile()
    profile.enable()
    try:
        yield counted
    finally:
        profile.disable()
        counted.total = cast("Any", pstats.Stats(profile)).total_calls
