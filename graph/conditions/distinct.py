"""What counts once: things, values of a property, local days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from graph import errors, model, times, values
from graph.conditions import shape, words
from graph.conditions.calendar import CONTACT, check_zone, engine_zone, zone_text
from graph.conditions.names import check_name
from graph.cypher.nodes import Leaf

if TYPE_CHECKING:
    from collections.abc import Hashable

    from graph.subject import Event


class DistinctBy(shape.OneOf):
    """What is counted once: exactly one of its choices."""

    __slots__ = ()
    noun: ClassVar[str]

    def text(self, bound: str, number: int) -> str:
        """Return `at least 3 different things` for a bound such as `at least {}`."""
        return bound.format(words.counted(number, f"different {self.noun}"))

    def another(self) -> str:
        """Return what sets an event apart that counts anew: `about another thing`."""
        return f"about another {self.noun}"

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
        return f"with {DistinctBy.text(self, bound, number)} of {words.quoted(self.property)}"

    def another(self) -> str:
        """Return `with another value of “plan”`."""
        return f"with another {self.noun} of {words.quoted(self.property)}"

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
        return f"on {DistinctBy.text(self, bound, number)} ({zone_text(self.zone)})"

    def another(self) -> str:
        """Return `on another day`."""
        return f"on another {self.noun}"

    def key(self, event: Event, zone: str) -> Hashable:
        """Return the local date."""
        return times.local_date(event.at, zone if self.zone == CONTACT else self.zone)

    def counted(self) -> Leaf:
        """Return the local date."""
        zone = engine_zone(self.zone)
        text = "date(datetime({epochMillis: e.at, timezone: " + zone.text + "}))"
        return Leaf(text, zone.values)


DistinctBy.choices = {"thing": DistinctThing, "property": DistinctProperty, "day": DistinctDay}
