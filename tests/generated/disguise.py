"""A condition in disguise: of the same structure, with every name and value of the user's another.

Points in time and numbers are shifted and names prefixed alike, so that what was in order stays so.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Final, cast

from graph import times
from graph.conditions import shape
from graph.conditions.calendar import CONTACT
from graph.conditions.texts import Matches
from graph.conditions.trait import TraitIs
from graph.conditions.trait_held import TraitHeld

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.conditions import Condition

HOSTILE: Final = "`'\"$t\\}) // */ \n é\U0001f600 RETURN contact } DETACH DELETE "
DERIVED: Final = ("createdAt", "key")
_SHIFTS: Final[Mapping[object, int]] = {shape.Duration: times.DAY, shape.Instant: times.DAY}


def disguised(condition: Condition) -> Condition:
    """Return the same with other names and values."""
    return cast("Condition", _other(condition))


def hostile(name: str) -> str:
    """Return the name that takes the place of one."""
    return HOSTILE + name


def _other(value: object) -> object:
    changed = {
        field.name: _field(value, field)
        for field in shape.fields(type(value))
        if getattr(value, field.name) is not None
    }
    return dataclasses.replace(value, **changed)  # pyright: ignore[reportArgumentType, reportUnknownVariableType, reportCallIssue]


def _field(holder: object, field: shape.Field) -> object:
    value: object = getattr(holder, field.name)
    if field.name == "zone" and isinstance(value, str):
        return value if value == CONTACT else "Asia/Tokyo"
    if isinstance(holder, TraitIs | TraitHeld) and value in DERIVED:
        return value
    if isinstance(holder, Matches):
        return f"x{value}"
    if isinstance(value, tuple):
        return tuple(_single(field.hint, each) for each in cast("tuple[object, ...]", value))
    return _single(field.hint, value)


def _single(hint: object, value: object) -> object:
    if dataclasses.is_dataclass(value):
        return _other(value)
    if hint in _SHIFTS:
        return cast("int", value) + _SHIFTS[hint]
    if hint is str:
        return hostile(cast("str", value))
    return _operand(value) if hint == shape.Value else value


def _operand(value: object) -> object:
    match value:
        case bool():
            return not value
        case str():
            return hostile(value)
        case int() | float():  # a sign stays: it decides whether a sum of none will do
            return value + (value > 0) - (value < 0)
        case dt.datetime():
            return times.instant(times.milliseconds(value) + times.DAY)
        case dt.date():
            return times.day(times.milliseconds(value) // times.DAY + 1) or value
        case _:
            return value
