"""Comparisons of one value of a trait or property with an operand.

A missing value meets none, but for `exists: false`. A list meets one if any element does; `ne` and
`notIn` need every one. Across types all are false.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, LiteralString, cast

from graph import times, values
from graph.conditions import shape, words
from graph.conditions.shape import Value
from graph.cypher.nodes import Each, Leaf, Negated, Predicate
from graph.values import Kind, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from graph.values import Scalar, Stored

TYPE_TESTS: Mapping[Kind, LiteralString] = {
    Kind.BOOLEAN: "value IS :: BOOLEAN NOT NULL",
    Kind.NUMBER: "value IS :: INTEGER NOT NULL | FLOAT NOT NULL",
    Kind.TEXT: "value IS :: STRING NOT NULL",
    Kind.TIME: "value IS :: DATE NOT NULL | ZONED DATETIME NOT NULL",
}


class Comparison(shape.OneOf):
    """What a value must meet: exactly one of its choices."""

    __slots__ = ()
    every: ClassVar[bool] = False
    """A list meets it only where every element does."""
    moving: ClassVar[bool] = False
    """Time alone can turn it."""
    zoned: ClassVar[bool] = False
    """It asks for the contact's zone."""

    def holds(self, value: Stored | None, t: int, zone: str = "UTC") -> bool:
        """Tell whether a value meets it at t; `zone` is the contact's own."""
        if value is None or isinstance(value, Location):
            return False
        elements = value if isinstance(value, tuple) else (value,)
        if self.every:
            return bool(elements) and all(self.meets(element, t, zone) for element in elements)
        return any(self.meets(element, t, zone) for element in elements)

    def edges(self, value: Stored | None, t: int, zone: str) -> Iterator[int]:
        """Yield the instants after t at which time alone may turn it for a value."""
        if self.moving and value is not None and not isinstance(value, Location):
            for element in value if isinstance(value, tuple) else (value,):
                if values.kind(element) is Kind.TIME:
                    yield from self.turns(element, t, zone)

    def turns(self, value: Scalar, t: int, zone: str) -> Iterable[int]:
        """Return the instants at which a moving comparison turns for a point in time."""
        raise NotImplementedError

    def predicate(self, value: Leaf, t: int) -> Predicate:
        """Return the test of what the leaf gives."""
        return Each(value, self.test(t), every=self.every)

    def meets(self, value: Scalar, t: int, zone: str) -> bool:
        """Tell whether one element meets it."""
        raise NotImplementedError

    def test(self, t: int) -> Leaf:
        """Return the test of one element named `value`."""
        raise NotImplementedError

    def canonical(self) -> Comparison:
        """Return the one way to say the same."""
        return shape.settled(self)

    def text(self) -> str:
        """Return it in English after a subject: `is “pro”`."""
        raise NotImplementedError


def equal(left: Scalar, right: Scalar) -> bool:
    """Tell whether two values are equal: of one type, numbers exactly, a date as its midnight."""
    return values.comparable(left) == values.comparable(right)


def operand_forms(operand: Scalar) -> tuple[Scalar, ...]:
    """Return the values in the graph that equal an operand: of a midnight the date too."""
    if values.kind(operand) is not Kind.TIME:
        return (operand,)
    at = times.milliseconds(operand)  # pyright: ignore[reportArgumentType]
    day = times.day(at // times.DAY) if at % times.DAY == 0 else None
    return (times.instant(at),) if day is None else (times.instant(at), day)


@dataclass(frozen=True, slots=True)
class Eq(Comparison):
    """Equal to the operand.

    Attributes:
        operand: A value; a date equals its midnight UTC.
    """

    inline: ClassVar[bool] = True
    operand: Value

    def meets(self, value: Scalar, t: int, zone: str) -> bool:
        """Tell whether the value equals the operand."""
        del t, zone
        return equal(value, self.operand)

    def test(self, t: int) -> Leaf:
        """Return equality with each form of the operand."""
        del t
        forms = operand_forms(self.operand)
        if len(forms) == 1:
            return Leaf("value = $value", {"value": forms[0]})
        return Leaf("value IN $values", {"values": list(forms)})

    def text(self) -> str:
        """Return `is “pro”`."""
        return f"is {words.value(self.operand)}"


@dataclass(frozen=True, slots=True)
class In(Comparison):
    """Equal to one of the operands.

    Attributes:
        operands: Values, of any types.
    """

    inline: ClassVar[bool] = True
    operands: tuple[Value, ...]

    def meets(self, value: Scalar, t: int, zone: str) -> bool:
        """Tell whether the value equals an operand."""
        del t, zone
        return any(equal(value, operand) for operand in self.operands)

    def test(self, t: int) -> Leaf:
        """Return membership in the operands' forms."""
        del t
        return Leaf("value IN $values", {"values": _all_forms(self.operands)})

    def canonical(self) -> Comparison:
        """Return the different operands in order; of one it is `eq`."""
        operands = _different(self.operands)
        return Eq(operands[0]) if len(operands) == 1 else In(operands)

    def text(self) -> str:
        """Return `is “pro” or “business”`."""
        return f"is {words.choice([words.value(each) for each in self.operands])}"


@dataclass(frozen=True, slots=True)
class NotIn(Comparison):
    """Of the type of an operand, and equal to none.

    Attributes:
        operands: Values, of any types.
    """

    inline: ClassVar[bool] = True
    every: ClassVar[bool] = True
    operands: tuple[Value, ...]

    def meets(self, value: Scalar, t: int, zone: str) -> bool:
        """Tell whether the value is another one of a type named."""
        del t, zone
        return any(values.kind(value) is values.kind(operand) for operand in self.operands) and (
            not any(equal(value, operand) for operand in self.operands)
        )

    def test(self, t: int) -> Leaf:
        """Return that an element has a type named and no form of an operand."""
        del t
        kinds = {values.kind(operand) for operand in self.operands}
        tests: list[LiteralString] = [TYPE_TESTS[kind] for kind in Kind if kind in kinds]
        typed = " OR ".join(tests)
        return Leaf(f"({typed}) AND NOT value IN $values", {"values": _all_forms(self.operands)})

    def canonical(self) -> Comparison:
        """Return the different operands in order; of one it is `ne`."""
        operands = _different(self.operands)
        return Ne(operands[0]) if len(operands) == 1 else NotIn(operands)

    def text(self) -> str:
        """Return `is other than 1 or 2`."""
        return f"is other than {words.choice([words.value(each) for each in self.operands])}"


@dataclass(frozen=True, slots=True)
class Ne(Comparison):
    """Has a value of the operand's type, and another one.

    Attributes:
        operand: A value.
    """

    inline: ClassVar[bool] = True
    every: ClassVar[bool] = True
    operand: Value

    def meets(self, value: Scalar, t: int, zone: str) -> bool:
        """Tell whether the value is another one of the operand's type."""
        return NotIn((self.operand,)).meets(value, t, zone)

    def test(self, t: int) -> Leaf:
        """Return that an element has the operand's type and is none of its forms."""
        return NotIn((self.operand,)).test(t)

    def text(self) -> str:
        """Return `is other than “pro”`."""
        return f"is other than {words.value(self.operand)}"


@dataclass(frozen=True, slots=True)
class Exists(Comparison):
    """There is a value, or there is none.

    Attributes:
        wanted: Whether there must be one.
    """

    inline: ClassVar[bool] = True
    wanted: bool

    def holds(self, value: Stored | None, t: int, zone: str = "UTC") -> bool:
        """Tell whether there is a value, as wanted."""
        del t, zone
        return (value is not None) is self.wanted

    def predicate(self, value: Leaf, t: int) -> Predicate:
        """Return the test for null."""
        del t
        there = Leaf(f"{value.text} IS NOT NULL", value.values)
        return there if self.wanted else Negated(there)

    def text(self) -> str:
        """Return `is set`."""
        return "is set" if self.wanted else "is not set"


def of_keys(is_: Comparison) -> Comparison:
    """Return it as it compares keys: they are texts, those too that look like points in time."""
    match is_:
        case Eq() | Ne():
            return replace(is_, operand=key_of(is_.operand))
        case In() | NotIn():
            return replace(is_, operands=tuple(key_of(each) for each in is_.operands))
        case _:
            return is_


def key_of(operand: Value) -> Value:
    """Return an operand as the key that it is written like."""
    if values.kind(operand) is not Kind.TIME:
        return operand
    return cast("str", values.to_json(operand))


def _different(operands: tuple[Value, ...]) -> tuple[Value, ...]:
    """Return operands in order, of those that are equal one."""
    found = {values.comparable(each): shape.plain(each) for each in sorted(operands, key=repr)}
    return tuple(sorted(found.values(), key=repr))


def _all_forms(operands: tuple[Scalar, ...]) -> list[Scalar]:
    return [form for operand in operands for form in operand_forms(operand)]
