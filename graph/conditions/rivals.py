"""What a favourite is compared by: topics, categories, things, or values of a property."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, LiteralString

from graph import errors, values
from graph.conditions import shape, words
from graph.conditions.comparison import key_of
from graph.conditions.distinct import DistinctProperty
from graph.cypher.nodes import Events, Found, Group, Leaf, Where
from graph.model import ThingKind

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from graph.conditions.shape import Value
    from graph.subject import Event, Subject

_OF_KIND: Final[dict[ThingKind, Leaf]] = {
    ThingKind.CONTENT: Leaf("thing:Content"),
    ThingKind.PRODUCT: Leaf("thing:Product"),
    ThingKind.FEATURE: Leaf("thing:Feature"),
    ThingKind.TICKET: Leaf("thing:Ticket"),
    ThingKind.SEARCH: Leaf("thing:Search"),
    ThingKind.CAMPAIGN: Leaf("thing:Campaign"),
    ThingKind.SOURCE: Leaf("thing:Source"),
}
_TREE: Final[LiteralString] = (
    "(place.key = $is "
    "OR EXISTS { (place)-[:PART_OF]->()<-[:PART_OF]-({key: $is}) } "
    "OR NOT EXISTS { (place)-[:PART_OF]->() } AND NOT EXISTS { ({key: $is})-[:PART_OF]->() })"
)


class FavouriteBy(shape.OneOf):
    """What is counted: exactly one of its choices."""

    __slots__ = ()

    def asked(self, value: Value) -> Value:
        """Return what is asked about, as this is compared by: a key is a text.

        Raises:
            BadInput: it is none.
        """
        key = key_of(value)
        if not isinstance(key, str):
            raise errors.BadInput(
                f"{json.dumps(key)} is no key of a {self.text()}: write the key in quotes", "is"
            )
        return key

    def counted(self, event: Event, subject: Subject, own: Hashable) -> Iterable[Hashable]:
        """Return whom an event counts for, among `own` and its rivals."""
        raise NotImplementedError

    def own(self, value: Value) -> Hashable:
        """Return what is counted for the value that is asked about."""
        raise NotImplementedError

    def tests(self) -> tuple[Leaf, ...]:
        """Return what an event `e` about a `thing` must be to count for any."""
        return ()

    def pipe(self, value: Value) -> tuple[Leaf | Where, ...]:
        """Return the clauses that leave `rival` and `times`, for the value asked about."""
        raise NotImplementedError

    def group(self, found: Events, value: Value) -> Group:
        """Return what does the same for the events of all."""
        return Group(found, pipe=self.pipe(value))

    def text(self) -> str:
        """Return it in English: `topic`."""
        raise NotImplementedError


class _ByTree(FavouriteBy):
    __slots__ = ()
    label: ClassVar[LiteralString]
    way: ClassVar[LiteralString]
    siblings: ClassVar[LiteralString]
    chosen: bool

    def __post_init__(self) -> None:
        if not self.chosen:
            raise errors.BadInput(f"`{self.label.lower()}` is chosen by true; or choose another")

    def counted(self, event: Event, subject: Subject, own: Hashable) -> Iterable[Hashable]:
        """Return the places that it is below, of those beside the one asked about."""
        thing = event.about
        places = thing.topics if self.label == "Topic" else thing.categories
        parents = subject.world.parents(self.label)
        beside = parents.get(str(own))
        return [place for place in places if parents.get(place) == beside]

    def own(self, value: Value) -> Hashable:
        """Return the place's key."""
        return value

    def pipe(self, value: Value) -> tuple[Leaf | Where, ...]:
        """Count for the place and those beside it."""
        return (
            *self._places(value),
            Leaf("WITH DISTINCT e, place"),
            Leaf("WITH place.key AS rival, count(e) AS times"),
        )

    def group(self, found: Events, value: Value) -> Group:
        """Go from each thing to its places once."""
        around = (*self._places(value), Leaf("WITH DISTINCT thing, place, met"))
        pipe = (Leaf("WITH place.key AS rival, count(*) AS times"),)
        return Group(found, around=around, pipe=pipe)

    def _places(self, value: Value) -> tuple[Leaf | Where, ...]:
        beside = Found("place", self.label, Leaf(self.siblings, {"is": value}))
        return Leaf(self.way), Where((beside,))

    def text(self) -> str:
        """Return `topic`."""
        return self.label.lower()


@dataclass(frozen=True, slots=True)
class FavouriteTopic(_ByTree):
    """A topic with all below it, among those beside it.

    Attributes:
        chosen: true.
    """

    inline: ClassVar[bool] = True
    label: ClassVar[LiteralString] = "Topic"
    way: ClassVar[LiteralString] = (
        "MATCH (thing)-[:ABOUT]->(:Topic)-[:PART_OF*0..16]->(place:Topic)"
    )
    siblings: ClassVar[LiteralString] = _TREE.replace("({key", "(:Topic {key")
    chosen: bool


@dataclass(frozen=True, slots=True)
class FavouriteCategory(_ByTree):
    """A category with all below it, among those beside it.

    Attributes:
        chosen: true.
    """

    inline: ClassVar[bool] = True
    label: ClassVar[LiteralString] = "Category"
    way: ClassVar[LiteralString] = (
        "MATCH (thing)-[:IN]->(:Category)-[:PART_OF*0..16]->(place:Category)"
    )
    siblings: ClassVar[LiteralString] = _TREE.replace("({key", "(:Category {key")
    chosen: bool


@dataclass(frozen=True, slots=True)
class FavouriteThing(FavouriteBy):
    """A thing, by its key, among all of its kind.

    Attributes:
        kind: Which kind of thing.
    """

    inline: ClassVar[bool] = True
    kind: ThingKind

    def counted(self, event: Event, subject: Subject, own: Hashable) -> Iterable[Hashable]:
        """Return its thing's key."""
        del subject, own
        return (event.about.key,) if event.about.kind is self.kind else ()

    def own(self, value: Value) -> Hashable:
        """Return the thing's key."""
        return value

    def tests(self) -> tuple[Leaf, ...]:
        """Return that the thing is of the kind."""
        return (_OF_KIND[self.kind],)

    def pipe(self, value: Value) -> tuple[Leaf, ...]:
        """Count for each thing."""
        del value
        return (Leaf("WITH thing.key AS rival, count(e) AS times"),)

    def text(self) -> str:
        """Return `product`."""
        return self.kind.value.lower()


@dataclass(frozen=True, slots=True)
class FavouriteProperty(FavouriteBy):
    """A value of a property, among all its other values.

    Attributes:
        property: Its name; events without it do not count.
    """

    inline: ClassVar[bool] = True
    property: str

    def __post_init__(self) -> None:
        DistinctProperty(self.property)

    def asked(self, value: Value) -> Value:
        """Return the value as it is."""
        return value

    def counted(self, event: Event, subject: Subject, own: Hashable) -> Iterable[Hashable]:
        """Return its value."""
        del subject, own
        key = DistinctProperty(self.property).key(event, "UTC")
        return () if key is None else (key,)

    def own(self, value: Value) -> Hashable:
        """Return the value as equal values share it."""
        return values.comparable(value)  # pyright: ignore[reportReturnType]

    def tests(self) -> tuple[Leaf, ...]:
        """Return that there is a value."""
        return DistinctProperty(self.property).present()

    def pipe(self, value: Value) -> tuple[Leaf, ...]:
        """Count for each value."""
        del value
        counted = DistinctProperty(self.property).counted()
        return (Leaf(f"WITH {counted.text} AS rival, count(e) AS times", counted.values),)

    def text(self) -> str:
        """Return `value of “colour”`."""
        return f"value of {words.quoted(self.property)}"


FavouriteBy.choices = {
    "topic": FavouriteTopic,
    "category": FavouriteCategory,
    "thing": FavouriteThing,
    "property": FavouriteProperty,
}
