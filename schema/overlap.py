"""How conditions and segments overlap."""

from __future__ import annotations

import strawberry

from graph import overlaps
from graph.conditions.in_segment import InSegment
from schema.scalars import DateTime, Long


@strawberry.type(description="One of the sets that are laid over one another.")
class OverlapSet:
    """One of the sets that are laid over one another."""

    place: int = strawberry.field(
        description="Its place, by which the others name it: segments first, then conditions."
    )
    key: str | None = strawberry.field(
        description="The key of the segment that it is; null where it is a condition."
    )
    text: str = strawberry.field(description="What its contacts meet, in words.")
    count: Long = strawberry.field(description="How many contacts are in it.")


@strawberry.type(description="What some of the sets have in common.")
class Intersection:
    """What some of the sets have in common."""

    sets: list[int] = strawberry.field(description="The places of the sets.")
    count: Long = strawberry.field(description="How many are in all of these.")
    only: Long = strawberry.field(description="How many are in all of these and in no other.")


@strawberry.type(description="Two of the sets, and how alike they are.")
class OverlapPair:
    """Two of the sets, and how alike they are."""

    left: int = strawberry.field(description="The place of the one.")
    right: int = strawberry.field(description="The place of the other.")
    both: Long = strawberry.field(description="How many are in both.")
    either: Long = strawberry.field(description="How many are in one or both.")
    jaccard: float | None = strawberry.field(
        description="Both by either, from 0 to 1; null where nobody is in either."
    )


@strawberry.type(description="How sets of contacts overlap at an instant.")
class Overlap:
    """How sets of contacts overlap at an instant."""

    as_of: DateTime = strawberry.field(
        description=(
            "The instant up to which everything that arrived and fell due is in this answer."
        )
    )
    sets: list[OverlapSet] = strawberry.field(description="The sets.")
    neither: Long = strawberry.field(description="How many contacts are in none of them.")
    intersections: list[Intersection] = strawberry.field(
        description="Every way to take one or more of the sets, few first."
    )
    pairs: list[OverlapPair] = strawberry.field(description="Each two of the sets.")


def overlap(found: overlaps.Overlap) -> Overlap:
    """Return what GraphQL shows of an overlap."""
    return Overlap(
        as_of=DateTime(found.as_of),
        sets=[
            OverlapSet(
                place=place,
                key=each.key if isinstance(each, InSegment) and each.at is None else None,
                text=each.text(),
                count=Long(found.together((place,))),
            )
            for place, each in enumerate(found.conditions)
        ],
        neither=Long(found.exactly.get((), 0)),
        intersections=[
            Intersection(
                sets=list(places),
                count=Long(found.together(places)),
                only=Long(found.exactly.get(places, 0)),
            )
            for places in found.intersections()
        ],
        pairs=[
            OverlapPair(
                left=left,
                right=right,
                both=Long(found.together((left, right))),
                either=Long(found.either(left, right)),
                jaccard=found.jaccard(left, right),
            )
            for left, right in found.pairs()
        ],
    )
