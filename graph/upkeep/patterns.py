"""Which patterns an event is of, found by what they name rather than by trying each of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from graph.conditions.about import AboutContent, AboutProduct, properties_meet
from graph.conditions.comparison import Eq
from graph.conditions.pattern import Pattern
from graph.subject import UTC, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from graph.subject import Event

Named: TypeAlias = tuple[int, Pattern, bool]
"""A pattern with its number, and whether what it is found by is all that it asks."""
Facet: TypeAlias = tuple[str, str]
"""What of an event is looked up: the thing's key, topic, category or kind, or a property."""
_NOBODY: Final = Subject("", 0)
_LOOKED_UP: Final[Mapping[str, Callable[[Event], Iterable[object]]]] = {
    "key": lambda event: (event.about.key,),
    "topic": lambda event: event.about.topics,
    "category": lambda event: event.about.categories,
    "kind": lambda event: (event.about.properties.get("kind"),),
}


@dataclass(slots=True)
class _OfKind:
    """The patterns of one kind of event, or of any: those that ask no more, and all others."""

    plain: list[int] = field(default_factory=list[int])
    named: dict[Facet, dict[str, list[Named]]] = field(
        default_factory=dict[Facet, "dict[str, list[Named]]"]
    )
    rest: list[Named] = field(default_factory=list[Named])


class Patterns:
    """Numbers patterns that stand still: of each event time tells nothing new."""

    def __init__(self) -> None:
        self._numbers: dict[Pattern, int] = {}
        self._of: dict[str | None, _OfKind] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, pattern: Pattern) -> int:
        """Return a pattern's number, the same for equal ones."""
        known = self._numbers.get(pattern)
        if known is not None:
            return known
        number = self._numbers[pattern] = len(self._numbers)
        for kind in pattern.names or (None,):
            self._file(self._of.setdefault(kind, _OfKind()), number, pattern)
        return number

    def _file(self, of: _OfKind, number: int, pattern: Pattern) -> None:
        if pattern.about is None and not pattern.where:
            of.plain.append(number)
            return
        facet, values, only = _facet(pattern)
        if facet is None:
            of.rest.append((number, pattern, False))
            return
        by_value = of.named.setdefault(facet, {})
        for value in values:
            by_value.setdefault(value, []).append((number, pattern, only))

    def matched(self, event: Event) -> list[int]:
        """Return the numbers of the patterns that an event is of, each once."""
        found: list[int] = []
        for kind in (event.name, None):
            of = self._of.get(kind)
            if of is not None:
                found += of.plain
                if of.named or of.rest:
                    found += [
                        number
                        for number, pattern, only in _near(of, event)
                        if only or is_of(pattern, event)
                    ]
        return found


def stands_still(pattern: Pattern) -> bool:
    """Tell whether neither time nor others turn which events are of a pattern."""
    about = pattern.about
    return (about is None or about.popular is None) and not pattern.moving


def is_of(pattern: Pattern, event: Event) -> bool:
    """Tell whether an event of one of its kinds is of a pattern that stands still."""
    about = pattern.about
    return (about is None or about.picks(event, event.at, _NOBODY)) and properties_meet(
        pattern.where, event.properties.get, event.at, UTC
    )


def _near(of: _OfKind, event: Event) -> Iterator[Named]:
    """Yield the patterns that name what an event has, each once, and those that name nothing."""
    for (what, name), by_value in of.named.items():
        if what != "property":
            values = _LOOKED_UP[what](event)
        else:
            value = event.properties.get(name)
            values = set(value) if isinstance(value, tuple) else (value,)
        for each in values:
            if isinstance(each, str):
                yield from by_value.get(each, ())
    yield from of.rest


def _facet(pattern: Pattern) -> tuple[Facet | None, Sequence[str], bool]:
    """Return what a pattern is found by, the values that it names, and whether it asks no more."""
    about, where = pattern.about, pattern.where or ()
    if about is not None and about.keys is not None:
        return ("key", about.kind_of_thing.value), about.keys, False
    if isinstance(about, AboutContent) and about.topic is not None:
        only = not where and about.kind is None and about.where is None
        return ("topic", ""), (about.topic,), only
    if isinstance(about, AboutProduct) and about.category is not None:
        return ("category", ""), (about.category,), not where and about.where is None
    if isinstance(about, AboutContent) and about.kind is not None:
        return ("kind", ""), (about.kind,), False
    for test in where:
        if isinstance(test.is_, Eq) and isinstance(test.is_.operand, str):
            return (
                ("property", test.property),
                (test.is_.operand,),
                about is None and len(where) == 1,
            )
    return None, (), False
