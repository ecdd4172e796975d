"""`did`: how often, or with how many different things, values or days, something was done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from graph import errors, model, times, values
from graph.conditions import calendar, shape, words
from graph.conditions.about import check_name
from graph.conditions.base import Condition
from graph.conditions.calendar import CONTACT, ZONE_OF_CONTACT, check_zone
from graph.conditions.pattern import Pattern, simplified
from graph.conditions.window import Window
from graph.cypher.nodes import (
    AtLeast,
    Counted,
    Events,
    Every,
    Exists,
    Leaf,
    Negated,
    Operator,
    Path,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from graph.conditions.base import Scope
    from graph.cypher.nodes import Predicate
    from graph.subject import Event, Subject

Bound: TypeAlias = tuple[Operator, int]


class DistinctBy(shape.OneOf):
    """What is counted once: exactly one of its choices."""

    __slots__ = ()
    noun: ClassVar[str]

    def text(self, bound: str, number: int) -> str:
        """Return `with at least 3 different things` for a bound such as `at least {}`."""
        return f"with {bound.format(words.counted(number, f'different {self.noun}'))}"

    def key(self, event: Event, zone: str) -> Hashable | None:
        """Return what is equal for events that count once together; None does not count."""
        raise NotImplementedError

    def counted(self) -> Leaf:
        """Return the same of an event `e` about a `thing`."""
        raise NotImplementedError

    def present(self) -> tuple[Leaf, ...]:
        """Return what an event must have to count."""
        return ()


@dataclass(frozen=True, slots=True)
class DistinctThing(DistinctBy):
    """Different things.

    Attributes:
        chosen: true.
    """

    inline: ClassVar[bool] = True
    noun: ClassVar[str] = "thing"
    chosen: bool

    def __post_init__(self) -> None:
        if not self.chosen:
            raise errors.BadInput("`thing` is chosen by true; leave `distinct` out instead")

    def key(self, event: Event, zone: str) -> Hashable:
        """Return the thing's kind and key."""
        del zone
        return event.about.kind, event.about.key

    def counted(self) -> Leaf:
        """Return the thing."""
        return Leaf("thing")


@dataclass(frozen=True, slots=True)
class DistinctProperty(DistinctBy):
    """Different values of a property.

    Attributes:
        property: Its name; events without it do not count.
    """

    inline: ClassVar[bool] = True
    noun: ClassVar[str] = "value"
    property: str

    def __post_init__(self) -> None:
        check_name(self.property, "property")

    def text(self, bound: str, number: int) -> str:
        """Return `with at least 3 different values of “plan”`."""
        return f"{DistinctBy.text(self, bound, number)} of {words.quoted(self.property)}"

    def key(self, event: Event, zone: str) -> Hashable | None:
        """Return the value as equal values share it."""
        del zone
        value = event.properties.get(self.property)
        return None if value is None else values.comparable(value)

    def counted(self) -> Leaf:
        """Return the value, dates as their midnight."""
        one = (
            "CASE WHEN value IS :: DATE NOT NULL "
            "THEN datetime({date: date(value), timezone: 'Z'}) ELSE value END"
        )
        return Leaf(
            "CASE WHEN e[$distinct] IS :: LIST<ANY> NOT NULL "
            f"THEN [value IN [] + e[$distinct] | {one}] "
            f"ELSE head([value IN [e[$distinct]] | {one}]) END",
            {"distinct": model.event_property(self.property)},
        )

    def present(self) -> tuple[Leaf, ...]:
        """Return that there is a value."""
        name = model.event_property(self.property)
        return (Leaf("e[$distinct] IS NOT NULL", {"distinct": name}),)


@dataclass(frozen=True, slots=True)
class DistinctDay(DistinctBy):
    """Different local days.

    Attributes:
        zone: An IANA name, or CONTACT for the contact's own.
    """

    inline: ClassVar[bool] = True
    noun: ClassVar[str] = "day"
    zone: str

    def __post_init__(self) -> None:
        try:
            check_zone(self.zone)
        except errors.BadInput as error:
            raise errors.BadInput(error.message) from None

    def text(self, bound: str, number: int) -> str:
        """Return `on at least 3 different days (UTC time)`."""
        zone = calendar.zone_text(self.zone)
        return f"on {bound.format(words.counted(number, f'different {self.noun}'))} ({zone})"

    def key(self, event: Event, zone: str) -> Hashable:
        """Return the local date."""
        return times.local_date(event.at, zone if self.zone == CONTACT else self.zone)

    def counted(self) -> Leaf:
        """Return the local date."""
        if self.zone != CONTACT:
            zone = times.ENGINE_ZONES.get(self.zone, self.zone)
            return Leaf("date(datetime({epochMillis: e.at, timezone: $zone}))", {"zone": zone})
        return Leaf(
            "date(datetime({epochMillis: e.at, timezone: "
            f"coalesce($engine_zones[{ZONE_OF_CONTACT.text}], {ZONE_OF_CONTACT.text}, 'UTC')"
            "}))",
            {"engine_zones": times.ENGINE_ZONES},
        )


DistinctBy.choices = {"thing": DistinctThing, "property": DistinctProperty, "day": DistinctDay}


@dataclass(frozen=True, slots=True, kw_only=True)
class Did(Condition, Pattern):
    """The contact did something: at least once, so many times, or with so many different ones.

    Attributes:
        event: The name of one kind of event.
        events: The names of several kinds; not beside `event`. Neither means any event.
        where: What the event's properties meet, all of one event.
        about: What the event was about.
        within: When; any time up to now where absent.
        at_least: The least number; 1 where no number is asked.
        at_most: The greatest number; also met by none at all.
        exactly: The very number; not beside the others.
        distinct: What counts once, instead of every event.
    """

    within: Window | None = None
    at_least: int | None = None
    at_most: int | None = None
    exactly: int | None = None
    distinct: DistinctBy | None = None

    def __post_init__(self) -> None:
        Pattern.__post_init__(self)
        for name in ("at_least", "at_most", "exactly"):
            number = getattr(self, name)
            if number is not None and number < 0:
                outside = name.replace("_l", "L").replace("_m", "M")
                raise errors.BadInput(f"{outside} is 0 or more, not {number}", outside)
        if self.exactly is not None and (self.at_least is not None or self.at_most is not None):
            raise errors.BadInput("`exactly` stands alone: drop `atLeast` and `atMost`", "exactly")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise errors.BadInput(
                f"atLeast {self.at_least} is more than atMost {self.at_most}", "atLeast"
            )

    @property
    def least(self) -> int:
        """The number from which it holds."""
        if self.exactly is not None:
            return self.exactly
        if self.at_least is not None:
            return self.at_least
        return 1 if self.at_most is None else 0

    @property
    def most(self) -> int | None:
        """The number up to which it holds; None is any."""
        return self.exactly if self.exactly is not None else self.at_most

    def holds(self, subject: Subject, t: int) -> bool:
        """Count the events, or what is different of them."""
        count = self._count(self.matches(subject, t, self.within), subject.zone(t))
        return self.least <= count and (self.most is None or count <= self.most)

    def _count(self, events: Iterable[Event], zone: str) -> int:
        if self.distinct is None:
            return sum(1 for _ in events)
        keys = {self.distinct.key(event, zone) for event in events}
        return len(keys - {None})

    def counted_by(self) -> Leaf | None:
        """Return what counts once, where it is not every event."""
        return self.distinct.counted() if self.distinct else None

    def events_found(self, scope: Scope) -> Events:
        """Return the events that count."""
        found = self.found(scope, self.within)
        present = self.distinct.present() if self.distinct else ()
        return replace(found, where=(*found.where, *present))

    def inward(self, scope: Scope) -> tuple[Path, Events] | None:
        """Return the way from what is named to the things, and the events about those."""
        way = self.about.inward(scope.t) if self.about else None
        if way is None:
            return None
        path, about_thing = way
        present = self.distinct.present() if self.distinct else ()
        events = Pattern.found(replace(self, about=None), scope, self.within)
        return path, replace(events, where=(*events.where, *present, *about_thing))

    def bounds(self) -> tuple[Bound, ...]:
        """Return what the number must meet; nothing where one event is enough."""
        if self.least == self.most:
            return (("=", self.least),)
        least: tuple[Bound, ...] = (
            () if self.least <= (self.most is None) else ((">=", self.least),)
        )
        return least if self.most is None else (*least, ("<=", self.most))

    def predicate(self, scope: Scope) -> Predicate:
        """Return an existence where one is enough, else a count."""
        events = self.events_found(scope)
        if self.most is None and self.least == 0:
            return Leaf("true")
        if self.most == 0:
            return Negated(Exists(events))
        if self.most is None and self.least > 1:
            return AtLeast(events, self.least, self.counted_by())
        counts = [Counted(events, *bound, self.counted_by()) for bound in self.bounds()]
        return Every(tuple(counts)) if counts else Exists(events)

    def canonical(self) -> Condition:
        """Return it with its number filled in and its kinds in order."""
        least, most = self.least, self.most
        return Did(
            **simplified(self),  # pyright: ignore[reportArgumentType]
            within=self.within,
            at_least=None if least == most or (most is not None and least == 0) else least,
            at_most=None if least == most else most,
            exactly=most if least == most else None,
            distinct=self.distinct,
        )

    def text(self) -> str:
        """Return `did “Page Viewed” at least 3 times in the last 14 days`."""
        return self._text(true=True)

    def untrue(self) -> str:
        """Return `did not do “Page Viewed” in the last 14 days`."""
        return self._text(true=False)

    def _text(self, *, true: bool) -> str:
        none = self.most == 0 and not (self.distinct and self.distinct.present())
        if none:
            true = not true
        number = "" if none else self._number()
        window = self.within.text() if self.within else ""
        parts = ["did" if true else "did not do", self.events_text(), number, window]
        return " ".join(part for part in parts if part)

    def _number(self) -> str:
        """Return `at least twice`; nothing where it goes without saying."""
        least, most = self.least, self.most
        if most is None and least == 1 and self.distinct is None:
            return ""
        if least == most:
            return self._counted("exactly {}", least)
        if most is None:
            return self._counted("at least {}", least)
        return self._counted("at most {}" if least == 0 else f"{least} to {{}}", most)

    def _counted(self, bound: str, number: int) -> str:
        if self.distinct:
            return self.distinct.text(bound, number)
        return bound.format(words.often(number) if bound[0].isalpha() else f"{number} times")
