"""What is asked of the same events of a contact, asked at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graph.cypher.nodes import Among, AtLeast, Every, Group, Listed, Numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.cypher.nodes import Bound, Predicate
    from graph.cypher.queries import Seed


def at_once(seed: Seed, filters: Sequence[Predicate]) -> tuple[Seed, list[Predicate]]:
    """Return a seed and filters, where numbers of the same events are read once."""
    if not any(isinstance(each, Listed | Among) for each in filters):
        return seed, list(filters)
    kept: list[Predicate] = []
    # What only counts events joins what reads their numbers, if anything does.
    for each in sorted(filters, key=lambda each: isinstance(each, AtLeast)):
        asked = _asked(each)
        if asked is not None and isinstance(seed, Group) and (both := _joined(seed, asked)):
            seed = both
        elif asked is None or not _joins(kept, asked):
            kept.append(each)
    return seed, kept


def _asked(predicate: Predicate) -> Group | None:
    """Return what would find all for whom a filter holds, where it can be joined with another."""
    match predicate:
        case Listed(pattern, numbers):
            return Group(pattern, numbers=numbers)
        case Among(Group(numbers=Numbers()) as group):
            return group
        case AtLeast(pattern, number, None):
            bound: Bound = (">=", number)
            return Group(pattern, bounds=(bound,))
        case _:
            return None


def _joins(kept: list[Predicate], asked: Group) -> bool:
    """Join what is asked to a filter that asks of the same events; tell whether there is one."""
    for place, each in enumerate(kept):
        match each:
            case Listed(pattern, numbers):
                both = _joined(Group(pattern, numbers=numbers), asked)
                if both is not None and both.numbers is not None and not both.bounds:
                    kept[place] = Listed(pattern, both.numbers)
                    return True
            case Among(Group() as group):
                both = _joined(group, asked)
                if both is not None:
                    kept[place] = Among(both)
                    return True
            case _:
                continue
    return False


def _joined(group: Group, other: Group) -> Group | None:
    """Return a group that asks what both ask; None where they ask of others, or of no numbers."""
    numbers = _together(group.numbers, other.numbers)
    both = replace(group, numbers=numbers, bounds=(*group.bounds, *other.bounds))
    plain = Group(group.events, numbers=numbers, bounds=both.bounds)
    if numbers is None or both != plain or group.events != other.events:
        return None
    return both


def _together(one: Numbers | None, other: Numbers | None) -> Numbers | None:
    """Return a test of the numbers that are tested; None where there are none, or others."""
    if one is None or other is None:
        return one or other
    if one.number != other.number:
        return None
    return Numbers(one.number, Every((one.test, other.test)))
