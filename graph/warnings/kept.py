"""Whether a condition looks further back than events are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph import times
from graph.lookback import lookback
from graph.warnings.parts import parts
from graph.warnings.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.conditions import Condition


def too_far(
    condition: Condition, definitions: Mapping[str, Condition], t: int, keep: int
) -> list[Suspicion]:
    """Return that some events at which a condition looks may be deleted, kept for so long."""
    found = lookback(condition, definitions, t)
    names = [name for name, first in found.items() if first < t - keep]
    if not names:
        return []
    kinds = ", ".join(sorted(repr(name) for name in names if name is not None))
    which = "events of any kind" if None in names else kinds
    (path, _), *_ = parts(condition)
    length = times.duration_text(keep)
    return [
        Suspicion(
            "NOT_ALL_KEPT",
            f"It looks further back at {which} than events are kept, which is {length}: what is "
            "deleted already is not found; while a saved segment asks so, no more of it is deleted",
            path,
            f"Give each part a window of at most {length}",
        )
    ]
