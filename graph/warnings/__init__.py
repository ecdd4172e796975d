"""What is suspicious in a condition: contradictions, unknown names, likely slips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.conditions.logic import AllOf, AnyOf, Not
from graph.warnings.cost import dear
from graph.warnings.kept import too_far
from graph.warnings.logic import logical, settled_alone, whole
from graph.warnings.names import Names, names_of
from graph.warnings.parts import parts
from graph.warnings.relations import Relations
from graph.warnings.slips import ahead, idle, slips, unset
from graph.warnings.suspicion import Suspicion
from graph.warnings.types import other_types
from graph.warnings.unknown import unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.conditions import Condition

__all__ = ["Names", "Suspicion", "dear", "names_of", "too_far", "warnings"]


def warnings(condition: Condition, names: Names, t: int) -> list[Suspicion]:
    """Return what is suspicious in a condition that is asked at t, in its order."""
    relations = Relations(names)
    found = [
        warning
        for path, part in parts(condition)
        for warning in (
            *unknown(part, path, names),
            *other_types(part, path, names),
            *logical(part, path, relations),
            *slips(part, path),
            *idle(part, path),
            *ahead(part, path, t),
            *unset(part, path, names),
        )
    ]
    found += [
        warning
        for path, part in parts(condition)
        for warning in settled_alone(part, path, relations, found)
    ]
    told = [*_whole(condition, relations, found), *found]
    return [*told, *_cut(condition)] if relations.cut else told


def _cut(condition: Condition) -> Iterator[Suspicion]:
    """Yield that there was more to be compared than is."""
    (path, _), *_ = parts(condition)
    yield Suspicion(
        "NOT_ALL_COMPARED",
        "It is too large for all its conditions to be compared with one another: what is told of "
        "them is so, but there may be more contradictions and branches that change nothing",
        path,
        "Look at its parts by themselves, or name many kinds of events by one `events`, many "
        "values by one `in`",
    )


def _whole(
    condition: Condition, relations: Relations, found: list[Suspicion]
) -> Iterator[Suspicion]:
    """Yield what all of a definition comes to, where that is told of a part of it alone."""
    if not found or not isinstance(condition, AllOf | AnyOf | Not):
        return
    (path, _), *_ = parts(condition)
    if any(each.path == path and each.code.endswith("_TRUE") for each in found):
        return
    all_of_it = whole(condition, path, relations, found[0].place)
    if all_of_it is not None:
        yield all_of_it
