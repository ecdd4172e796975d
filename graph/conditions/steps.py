"""The steps of a `sequence`, and what ties them: the same thing, or an equal property."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from graph import errors
from graph.conditions import shape, words
from graph.conditions.distinct import DistinctProperty, DistinctThing
from graph.conditions.pattern import Pattern
from graph.conditions.shape import Duration

if TYPE_CHECKING:
    from graph.subject import Event


class SameBy(shape.OneOf):
    """What ties the steps: exactly one of its choices."""

    __slots__ = ()

    def by(self) -> DistinctThing | DistinctProperty:
        """Return what is equal for events that are tied."""
        raise NotImplementedError

    def text(self) -> str:
        """Return it in English."""
        raise NotImplementedError

    def of(self, event: Event) -> str:
        """Return in English what is the same in all that is tied to an event."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class SameThing(SameBy):
    """All steps are about the same thing.

    Attributes:
        chosen: true.
    """

    inline: ClassVar[bool] = True
    chosen: bool

    def __post_init__(self) -> None:
        if not self.chosen:
            raise errors.BadInput("`thing` is chosen by true; leave `same` out instead")

    def by(self) -> DistinctThing:
        """Return the thing."""
        return DistinctThing(chosen=True)

    def text(self) -> str:
        """Return `all about the same thing`."""
        return "all about the same thing"

    def of(self, event: Event) -> str:
        """Return `about product “lamp”`."""
        return f"about {event.about.kind.value.lower()} {words.quoted(event.about.key)}"


@dataclass(frozen=True, slots=True)
class SameProperty(SameBy):
    """All steps have an equal value of a property.

    Attributes:
        property: Its name; events without it are no steps.
    """

    inline: ClassVar[bool] = True
    property: str

    def __post_init__(self) -> None:
        DistinctProperty(self.property)

    def by(self) -> DistinctProperty:
        """Return the property."""
        return DistinctProperty(self.property)

    def text(self) -> str:
        """Return `all with the same “order_id”`."""
        return f"all with the same {words.quoted(self.property)}"

    def of(self, event: Event) -> str:
        """Return `where “order_id” is 5`."""
        value = words.value_or_none(event.properties.get(self.property))
        return f"where {words.quoted(self.property)} is {value}"


SameBy.choices = {"thing": SameThing, "property": SameProperty}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Pattern):
    """One step of a sequence.

    Attributes:
        event: The name of one kind of event.
        events: The names of several kinds; not beside `event`. Neither means any event.
        where: What the event's properties meet, all of one event.
        about: What the event was about.
        within: How long after the step before it at most; not on the first.
        absent: That no such event follows; only on the last. With `within` it is true from the
            end of that time on.
    """

    within: Duration | None = None
    absent: bool = False
