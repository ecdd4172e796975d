"""Conditions from JSON and back, in the shape of the GraphQL input; every refusal has its path."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from enum import StrEnum
from typing import TYPE_CHECKING, Final, cast

from graph import errors, times, values
from graph.conditions import shape
from graph.conditions.base import Beyond, Condition

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LEAVES = 300
DEPTH = 12
VALUES: Final = 10_000
"""How many values, keys or names one list holds."""
TESTS: Final = 100
"""How many maps of fields one list holds, such as tests of properties."""
BEYOND: Final = 2
"""How deep conditions on other contacts stand in one another."""
FEWER: Final = "name many values by one `in`, many kinds of events by one `events`"
"""How a definition of too many leaves gets by with less."""
VERSION: Final = 1
"""The form in which definitions are kept; one that changes gets the next number."""


def read(raw: object) -> Condition:
    """Return the condition that JSON in the shape of the `Condition` input means.

    Raises:
        BadInput: at the path within `raw` of what is refused.
    """
    return cast("Condition", _Reader(LEAVES, DEPTH).choice(Condition, raw, 0))


_IN_ORDER: Final = json.JSONEncoder(sort_keys=True)


def ordering(condition: Condition) -> str:
    """Return the text by which conditions beside each other stand in order; equal ones share it."""
    return _IN_ORDER.encode(write(condition))


def packed(condition: Condition) -> str:
    """Return the text that a definition is kept as; equal definitions have equal texts."""
    return json.dumps(write(condition), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def unpacked(text: str) -> Condition:
    """Return the definition that was kept; a canonical form may be larger than what was sent.

    Raises:
        BadInput: it was not made by `packed`.
    """
    return cast("Condition", _Reader(None, None).choice(Condition, json.loads(text), 0))


def digest(packed: str) -> str:
    """Return the hash by which a definition that is kept is known."""
    return hashlib.sha256(packed.encode()).hexdigest()[:32]


def write(condition: shape.OneOf) -> dict[str, object]:
    """Return JSON in the shape of the input; what is absent is left out."""
    body = _fields(condition)
    return {shape.word_of(condition): next(iter(body.values())) if condition.inline else body}


class _Reader:
    def __init__(self, most_leaves: int | None, deepest: int | None) -> None:
        self.leaves = 0
        self._most_leaves = most_leaves
        self._deepest = deepest
        self._beyond = 0

    def choice(self, union: type[shape.OneOf], raw: object, depth: int) -> shape.OneOf:
        given = {name: value for name, value in _map(raw).items() if value is not None}
        for name in given:
            _known(name, union.choices, shape.outside_name(union))
        if len(given) != 1:
            raise errors.BadInput(
                f"{shape.outside_name(union)} is exactly one of "
                f"{', '.join(union.choices)}; {_number(given)} given"
            )
        word, body = next(iter(given.items()))
        cls = union.choices[word]
        depth += self.entered(cls, depth)
        with errors.under(word):
            if not cls.inline:
                return cast("shape.OneOf", self.build(cls, body, depth))
            (field,) = shape.fields(cls)
            return cls(**{field.name: self.field(field, body, depth)})

    def entered(self, cls: type[shape.OneOf], depth: int) -> int:
        """Count a condition against the limits; return the levels that it adds."""
        if not issubclass(cls, Condition):
            return 0
        if self._deepest is not None and depth >= self._deepest:
            raise errors.BadInput(
                f"This condition is {depth + 1} deep; conditions nest at most {self._deepest} "
                "deep: put those of `all` in `all`, or `any` in `any`, beside each other in one "
                "list"
            )
        self.leaves += cls.leaf
        if self._most_leaves is not None and self.leaves > self._most_leaves:
            raise errors.BadInput(
                f"This is leaf {self.leaves}; a definition has at most {self._most_leaves} leaves: "
                f"{FEWER}"
            )
        return 1

    def build(self, cls: type[object], raw: object, depth: int) -> object:
        if not issubclass(cls, Beyond):
            return self.built(cls, raw, depth)
        if self._beyond == BEYOND and self._deepest is not None:
            raise errors.BadInput(
                "Conditions on other contacts (`colleagues`, `popularWith`) stand at most "
                f"{BEYOND} deep in one another: ask this of the contact itself, beside them in an "
                "`all`"
            )
        self._beyond += 1
        try:
            return self.built(cls, raw, depth)
        finally:
            self._beyond -= 1

    def built(self, cls: type[object], raw: object, depth: int) -> object:
        given = {name: value for name, value in _map(raw).items() if value is not None}
        known = {field.outside: field for field in shape.fields(cls)}
        for name in given:
            _known(name, known, shape.outside_name(cls))
        arguments: dict[str, object] = {}
        for name, field in known.items():
            if name in given:
                with errors.under(name):
                    arguments[field.name] = self.field(field, given[name], depth)
            elif field.default is dataclasses.MISSING:
                raise errors.BadInput(f"`{name}` is missing, and has to be given", name)
        return cls(**arguments)

    def field(self, field: shape.Field, raw: object, depth: int) -> object:
        if not field.listed:
            return self.single(field.hint, raw, depth)
        elements = cast("list[object]", raw) if isinstance(raw, list) else [raw]
        if not elements:
            raise errors.BadInput("The list is empty: give at least one, or leave it out")
        self.counted(field, len(elements))
        read_elements: list[object] = []
        for index, element in enumerate(elements):
            with errors.under(index):
                read_elements.append(self.single(field.hint, element, depth))
        return tuple(read_elements)

    def counted(self, field: shape.Field, number: int) -> None:
        """Refuse a list that is too long; of conditions the leaves are counted."""
        cls = cast("type[object]", field.hint) if isinstance(field.hint, type) else object
        if self._most_leaves is None or issubclass(cls, Condition):
            return
        most = TESTS if dataclasses.is_dataclass(cls) or issubclass(cls, shape.OneOf) else VALUES
        if number > most:
            raise errors.BadInput(
                f"The list has {number} elements; at most {most} are taken: part it by `any` or "
                "`all`, or name what they have in common"
            )

    def single(self, hint: object, raw: object, depth: int) -> object:
        cls = cast("type[object]", hint) if isinstance(hint, type) else object
        if issubclass(cls, shape.OneOf) and shape.is_choice(cls):
            return self.choice(cls, raw, depth)
        if dataclasses.is_dataclass(cls):
            return self.build(cls, raw, depth)
        if issubclass(cls, StrEnum):
            return _member(cls, raw)
        return _scalar(hint, raw)


def _scalar(hint: object, raw: object) -> object:
    if hint in _READERS:
        return _READERS[hint](raw)
    types, what = _NUMBERS[hint]
    if isinstance(raw, bool) != (hint is bool) or not isinstance(raw, types):
        raise errors.BadInput(f"{_shown(raw)} is not {what}")
    if hint is int and not -_MOST <= raw <= _MOST:
        raise errors.BadInput(f"{str(raw)[:60]} is too large a number: give one up to {_MOST}")
    return _double(raw) if hint is float else raw


def _double(raw: float) -> float:
    try:
        double = float(raw)
    except OverflowError:
        double = math.inf
    if not math.isfinite(double):
        raise errors.BadInput(f"{str(raw)[:60]} is no number that is kept: give one up to 1.8e308")
    return double


def _value(raw: object) -> values.Stored:
    value = values.of_json(raw)
    if isinstance(value, tuple):
        raise errors.BadInput("A list is no operand here: use `in`")
    return value


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise errors.BadInput(f"{_shown(raw)} is not a text: write it in quotes")
    return values.text(raw, values.TEXT_LIMIT)


def _member(enum: type[StrEnum], raw: object) -> StrEnum:
    if isinstance(raw, str) and raw in enum.__members__:
        return enum[raw]
    raise errors.BadInput(f"{_shown(raw)} is not one of {', '.join(enum.__members__)}")


_MOST: Final = 2**31 - 1
"""The greatest whole number that GraphQL has."""
_READERS: dict[object, Callable[[object], object]] = {
    shape.Value: _value,
    shape.Duration: lambda raw: times.read_duration(_text(raw)),
    shape.Instant: lambda raw: times.read_instant(_text(raw)),
    str: _text,
}
_NUMBERS: dict[object, tuple[tuple[type[int | float], ...], str]] = {
    float: ((int, float), "a number: write it without quotes"),
    int: ((int,), "a whole number: write it without quotes and decimals"),
    bool: ((bool,), "true or false: write it without quotes"),
}


def _shown(raw: object) -> str:
    """Return a value as JSON has it, shortened."""
    return errors.shown(raw) if isinstance(raw, str) else json.dumps(raw)[:60]


def _map(raw: object) -> Mapping[str, object]:
    if not isinstance(raw, dict):
        raise errors.BadInput(f"{_shown(raw)} is not a map of fields: write it in {{ }}")
    return cast("dict[str, object]", raw)


def _known(name: str, known: Mapping[str, object], what: str) -> None:
    if name in known:
        return
    raise errors.BadInput(errors.no_field(name, known, what), name)


def _number(given: Mapping[str, object]) -> str:
    return " and ".join(given) + " are" if given else "none is"


def _fields(value: object) -> dict[str, object]:
    written: dict[str, object] = {}
    for field in shape.fields(type(value)):
        given = getattr(value, field.name)
        if given is not None:
            written[field.outside] = _json(field.hint, given)
    return written


def _json(hint: object, value: object) -> object:
    if value.__class__ is str or value.__class__ is bool:
        return value
    if isinstance(value, tuple):
        return [_json(hint, element) for element in cast("tuple[object, ...]", value)]
    return _json_of_one(hint, value)


def _json_of_one(hint: object, value: object) -> object:
    if hint in _WRITERS:
        return _WRITERS[hint](cast("int", value))
    # A field that is of one class, as the traits of an account are, has no word to choose by.
    if isinstance(value, shape.OneOf) and hint is not type(value):
        return write(value)
    if isinstance(value, StrEnum):
        return value.name
    if dataclasses.is_dataclass(value):
        return _fields(value)
    return values.to_json(cast("values.Stored", value))


_WRITERS: dict[object, Callable[[int], str]] = {
    shape.Duration: times.duration_text,
    shape.Instant: times.instant_text,
}
