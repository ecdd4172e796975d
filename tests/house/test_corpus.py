"""The corpus leaves nothing of the language out."""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from graph.conditions import Condition, shape
from tests import judge, worlds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Json = Mapping[str, object]

CHOSEN = {
    *("DistinctThing.chosen", "SameThing.chosen"),
    *("FavouriteTopic.chosen", "FavouriteCategory.chosen"),
    *("Colleagues.all", "Colleagues.none"),
}
"""Flags that are only ever true: they choose."""


def words(cls: type[object]) -> set[str]:
    """Return everything that can be said from a class on: choices, fields, members, flags."""
    found: set[str] = set()
    waiting = [cls]
    while waiting:
        here = waiting.pop()
        for word, hint, _owner in _parts(here):
            if word not in found:
                found |= {word, *_values(word, hint)}
                waiting += [hint] if isinstance(hint, type) else []
    return found


def said(cls: type[object], raw: object) -> Iterator[str]:
    """Yield everything that JSON in the shape of a class says."""
    for element in cast("list[object]", raw) if isinstance(raw, list) else [raw]:
        for word, hint, _owner in _parts(cls) if isinstance(element, dict) else ():
            name = word.partition(".")[2]
            given = cast("Json", element).get(name)
            if given is not None:
                yield word
                yield from (each for each in _values(word, hint) if _chosen(each, given))
                yield from _inside(hint, given)


def _parts(cls: type[object]) -> list[tuple[str, object, type[object]]]:
    """Return what stands directly under a choice or a class: its word, its type, whose it is."""
    if issubclass(cls, shape.OneOf) and shape.is_choice(cls):
        return [(f"{cls.__name__}.{word}", each, each) for word, each in cls.choices.items()]
    if not dataclasses.is_dataclass(cls):
        return []
    return [(f"{cls.__name__}.{field.outside}", field.hint, cls) for field in shape.fields(cls)]


def _inside(hint: object, given: object) -> Iterator[str]:
    if isinstance(hint, type) and issubclass(hint, shape.OneOf) and hint.inline:
        (field,) = shape.fields(hint)
        word = f"{hint.__name__}.{field.outside}"
        yield word
        yield from (each for each in _values(word, field.hint) if _chosen(each, given))
        yield from _inside(field.hint, given)
    elif isinstance(hint, type):
        yield from said(hint, given)


def _values(word: str, hint: object) -> list[str]:
    """Return the values of an enum or a flag."""
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return [f"{word}={name}" for name in hint.__members__]
    if hint is bool and word not in CHOSEN:
        return [f"{word}=True", f"{word}=False"]
    return []


def _chosen(value: str, given: object) -> bool:
    return value.endswith(f"={given}")


def test_every_word_has_a_case_inside_and_one_outside() -> None:
    """Each choice, field, enum value and flag decides of somebody who is in, and who is out."""
    inside: set[str] = set()
    outside: set[str] = set()
    for world in judge.worlds():
        people = worlds.subjects(world.lines, world.now, world.segments)
        for case in world.cases:
            there = [each.key for each in people if each.since <= case.at]
            spoken = set(said(Condition, case.where))
            inside |= spoken if case.members else set()
            outside |= spoken if set(there) - set(case.members) else set()

    language = words(Condition)

    assert len(language) > 100
    assert sorted(language - inside) == []
    assert sorted(language - outside) == []


def test_a_word_left_out_is_seen() -> None:
    """What one condition says is known to the letter; all else counts as left out."""
    where = {"did": {"event": "A", "within": {"calendar": {"unit": "DAY", "count": 0}}}}

    assert sorted(said(Condition, where)) == [
        "Calendar.count",
        "Calendar.unit",
        "Calendar.unit=DAY",
        "Condition.did",
        "Did.event",
        "Did.within",
        "Window.calendar",
    ]
    assert set(said(Condition, where)) < words(Condition)
