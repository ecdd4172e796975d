"""`near`: the contact's location lies around a point."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graph import errors, values
from graph.conditions import words
from graph.conditions.base import Condition, Evidence
from graph.conditions.trait import trait_at
from graph.cypher.nodes import Leaf
from graph.values import Location

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.conditions.base import Scope
    from graph.cypher.nodes import Predicate
    from graph.subject import Subject

RADIUS: Final = 6378.140
"""The earth's, in kilometres, as Neo4j's `point.distance` has it."""

_LOCATION: Final = "location"


@dataclass(frozen=True, slots=True)
class Near(Condition):
    """The trait `location` lies within a distance of a point, along the great circle.

    Attributes:
        latitude: Of the point, in degrees from -90 to 90.
        longitude: Of the point, in degrees from -180 to 180.
        km: The greatest distance, in kilometres, itself in.
    """

    latitude: float
    longitude: float
    km: float

    def __post_init__(self) -> None:
        values.location({"latitude": self.latitude, "longitude": self.longitude})
        if not self.km > 0:
            raise errors.BadInput(f"km is more than 0, not {words.number(self.km)}", "km")

    def holds(self, subject: Subject, t: int) -> bool:
        """Measure from the location that the contact has at t."""
        place = subject.trait(_LOCATION, t)
        return isinstance(place, Location) and self.distance(place) <= self.km * 1000

    def distance(self, place: Location) -> float:
        """Return the way to a location in metres, by the haversine formula."""
        here, there = math.radians(self.latitude), math.radians(place.latitude)
        across = math.radians(place.longitude) - math.radians(self.longitude)
        chord = (
            math.sin((there - here) / 2) ** 2
            + math.cos(here) * math.cos(there) * math.sin(across / 2) ** 2
        )
        return 2 * RADIUS * 1000 * math.asin(min(1.0, math.sqrt(chord)))

    def edges(self, subject: Subject, t: int) -> Iterable[int]:
        """Return none: time alone does not turn it."""
        del subject, t
        return ()

    def predicate(self, scope: Scope) -> Predicate:
        """Let the engine measure from the location that the contact has at t."""
        del scope
        given = {"latitude": self.latitude, "longitude": self.longitude, "metres": self.km * 1000}

        def close(place: Leaf) -> Predicate:
            return Leaf(
                f"({place.text} IS :: POINT NOT NULL AND point.distance({place.text}, "
                "point({latitude: $latitude, longitude: $longitude})) <= $metres)",
                {**place.values, **given},
            )

        return trait_at(_LOCATION, close)

    def evidence(self, subject: Subject, t: int, by_time: str | None) -> Evidence:
        """Show how far away the contact is."""
        place = subject.trait(_LOCATION, t)
        km = round(self.distance(place) / 1000, 3) if isinstance(place, Location) else None
        way = (
            "one farther away"
            if self.holds(subject, t)
            else f"one within {words.number(self.km)} km"
        )
        flip = words.either(f"another location: {way}", by_time)
        return Evidence(km, f"at most {words.number(self.km)} km", flip)

    def text(self) -> str:
        """Return `is within 20 km of 52.52, 13.405`."""
        point = f"{words.number(self.latitude)}, {words.number(self.longitude)}"
        return f"is within {words.number(self.km)} km of {point}"

    def untrue(self) -> str:
        """Return `is not within 20 km of 52.52, 13.405`."""
        return self.text().replace("is within", "is not within", 1)
