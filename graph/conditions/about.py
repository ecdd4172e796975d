"""What an event was about: a thing's keys, kind, properties, and its place in a tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, LiteralString

from graph import errors, values
from graph.conditions import shape, words
from graph.conditions.comparison import Comparison
from graph.cypher.nodes import Below, Leaf, Path
from graph.model import ThingKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from graph.cypher.nodes import Predicate
    from graph.subject import Event, Thing
    from graph.values import Stored

TOPIC: LiteralString = "(:Topic {key: $topic})<-[:PART_OF*0..16]-(:Topic)<-[:ABOUT]-(thing:Content)"
CATEGORY: LiteralString = (
    "(:Category {key: $category})<-[:PART_OF*0..16]-(:Category)<-[:IN]-(thing:Product)"
)

_LABELLED: dict[ThingKind, LiteralString] = {
    ThingKind.CONTENT: "(thing:Content)",
    ThingKind.PRODUCT: "(thing:Product)",
    ThingKind.FEATURE: "(thing:Feature)",
    ThingKind.TICKET: "(thing:Ticket)",
    ThingKind.SEARCH: "(thing:Search)",
    ThingKind.CAMPAIGN: "(thing:Campaign)",
    ThingKind.SOURCE: "(thing:Source)",
}


@dataclass(frozen=True, slots=True)
class PropertyIs:
    """A property that compares so.

    Attributes:
        property: Its name, to the letter.
        is_: What its value must meet.
    """

    property: str
    is_: Comparison

    def __post_init__(self) -> None:
        check_name(self.property, "property", "property")

    def text(self) -> str:
        """Return `“total” is at least 100`."""
        return f"{words.quoted(self.property)} {self.is_.text()}"


class About(shape.OneOf):
    """What the event was about: exactly one of its choices."""

    __slots__ = ()
    kind_of_thing: ClassVar[ThingKind]
    keys: tuple[str, ...] | None

    def picks(self, event: Event, t: int, zone: str) -> bool:
        """Tell whether an event was about such a thing."""
        thing = event.about
        if thing.kind is not self.kind_of_thing:
            return False
        if self.keys is not None and thing.key not in self.keys:
            return False
        return self.picks_thing(thing, t, zone)

    def picks_thing(self, thing: Thing, t: int, zone: str) -> bool:
        """Tell whether a thing of this kind is among those meant, its key aside."""
        del thing, t, zone
        return True

    def predicates(self, t: int) -> tuple[Predicate, ...]:
        """Return what holds of a `thing` with the kind's label: keys, tree, and the rest."""
        keys = () if self.keys is None else (_keys(self.keys),)
        tree = self.tree()
        below = () if tree is None else (Below(tree, _outward(tree)),)
        return (*keys, *self.properties(t), *below)

    def properties(self, t: int) -> tuple[Predicate, ...]:
        """Return what holds of the thing itself, its key aside."""
        del t
        return ()

    def tree(self) -> Leaf | None:
        """Return the way from a named place in a tree to a `thing` below it."""
        return None

    def inward(self, t: int) -> tuple[Path, tuple[Predicate, ...]] | None:
        """Return the way to each `thing` from what is named, and what else holds of the thing."""
        tree = self.tree()
        if self.keys is not None:
            below = () if tree is None else (Below(tree, _outward(tree)),)
            way = Path(Leaf(_LABELLED[self.kind_of_thing]), (_keys(self.keys),))
            return way, (*self.properties(t), *below)
        return None if tree is None else (Path(tree), self.properties(t))

    def text(self) -> str:
        """Return it in English: `content in topic “pricing”`."""
        keys = words.joined([words.quoted(key) for key in self.keys], "or") if self.keys else ""
        noun = self.kind_of_thing.value.lower()
        return f"about {noun} {keys}" if keys else f"about a {noun}"


@dataclass(frozen=True, slots=True)
class AboutContent(About):
    """A content: any, or one of a kind, in a topic, with properties.

    Attributes:
        keys: It is one of these.
        kind: Its kind, such as `case-study`.
        topic: It is in this topic or any below it.
        where: What its properties meet; `title` and `url` are among them.
    """

    kind_of_thing: ClassVar[ThingKind] = ThingKind.CONTENT
    keys: tuple[str, ...] | None = None
    kind: str | None = None
    topic: str | None = None
    where: tuple[PropertyIs, ...] | None = None

    def picks_thing(self, thing: Thing, t: int, zone: str) -> bool:
        """Tell whether kind, topic and properties are as asked."""
        return (
            (self.kind is None or thing.properties.get("kind") == self.kind)
            and (self.topic is None or self.topic in thing.topics)
            and properties_meet(self.where, thing.value, t, zone)
        )

    def properties(self, t: int) -> tuple[Predicate, ...]:
        """Return kind and properties of the thing."""
        kind = (
            ()
            if self.kind is None
            else (Leaf("coalesce(thing.kind = $kind, false)", {"kind": self.kind}),)
        )
        return (*kind, *property_predicates(self.where, t))

    def tree(self) -> Leaf | None:
        """Return the way from the topic."""
        return None if self.topic is None else Leaf(TOPIC, {"topic": self.topic})

    def text(self) -> str:
        """Return `about content of kind “pricing” in topic “plans”`."""
        parts = [About.text(self) if self.keys else "about content"]
        parts += [f"of kind {words.quoted(self.kind)}"] if self.kind is not None else []
        parts += [f"in topic {words.quoted(self.topic)}"] if self.topic is not None else []
        return " ".join([*parts, *_properties_text(self.where)])


@dataclass(frozen=True, slots=True)
class AboutProduct(About):
    """A product: any, or one in a category, with properties.

    Attributes:
        keys: It is one of these.
        category: It is in this category or any below it.
        where: What its properties meet; `name` is among them.
    """

    kind_of_thing: ClassVar[ThingKind] = ThingKind.PRODUCT
    keys: tuple[str, ...] | None = None
    category: str | None = None
    where: tuple[PropertyIs, ...] | None = None

    def picks_thing(self, thing: Thing, t: int, zone: str) -> bool:
        """Tell whether category and properties are as asked."""
        return (self.category is None or self.category in thing.categories) and properties_meet(
            self.where, thing.value, t, zone
        )

    def properties(self, t: int) -> tuple[Predicate, ...]:
        """Return the properties of the thing."""
        return property_predicates(self.where, t)

    def tree(self) -> Leaf | None:
        """Return the way from the category."""
        return None if self.category is None else Leaf(CATEGORY, {"category": self.category})

    def text(self) -> str:
        """Return `about a product in category “cosmetics”`."""
        category = [] if self.category is None else [f"in category {words.quoted(self.category)}"]
        return " ".join([About.text(self), *category, *_properties_text(self.where)])


@dataclass(frozen=True, slots=True)
class AboutThing(About):
    """A thing of this kind: any, or one of these.

    Attributes:
        keys: It is one of these.
    """

    outside: ClassVar[str | None] = "AboutThing"
    keys: tuple[str, ...] | None = None


class AboutFeature(AboutThing):
    """A feature."""

    __slots__ = ()
    kind_of_thing = ThingKind.FEATURE


class AboutTicket(AboutThing):
    """A support ticket."""

    __slots__ = ()
    kind_of_thing = ThingKind.TICKET


class AboutSearch(AboutThing):
    """A search."""

    __slots__ = ()
    kind_of_thing = ThingKind.SEARCH


class AboutCampaign(AboutThing):
    """A campaign."""

    __slots__ = ()
    kind_of_thing = ThingKind.CAMPAIGN


class AboutSource(AboutThing):
    """A source, of an event that names nothing else."""

    __slots__ = ()
    kind_of_thing = ThingKind.SOURCE


About.choices = {
    "content": AboutContent,
    "product": AboutProduct,
    "feature": AboutFeature,
    "ticket": AboutTicket,
    "search": AboutSearch,
    "campaign": AboutCampaign,
    "source": AboutSource,
}


def check_name(name: str, what: str, *path: str) -> None:
    """Refuse a name that no property or trait can have, at a path."""
    with errors.under(*path):
        values.name(name, f"name of a {what}")
    if name.startswith("_"):
        raise errors.BadInput(
            f"Names that begin with _ are the graph's own; {errors.shown(name)} is no {what}", *path
        )


def properties_meet(
    where: tuple[PropertyIs, ...] | None,
    value: Callable[[str], Stored | None],
    t: int,
    zone: str,
) -> bool:
    """Tell whether all the properties of a thing or an event are as asked."""
    return all(test.is_.holds(value(test.property), t, zone) for test in where or ())


def property_predicates(where: tuple[PropertyIs, ...] | None, t: int) -> tuple[Predicate, ...]:
    """Return what holds of the properties of a `thing`."""
    return tuple(
        test.is_.predicate(Leaf("thing[$property]", {"property": test.property}), t)
        for test in where or ()
    )


def _keys(keys: tuple[str, ...]) -> Leaf:
    return Leaf("thing.key IN $keys", {"keys": list(keys)})


def _outward(way: Leaf) -> Leaf:
    """Return the way as a pattern about a `thing` that is bound."""
    return Leaf(way.text.replace(":Content)", ")").replace(":Product)", ")"), way.values)


def _properties_text(where: tuple[PropertyIs, ...] | None) -> list[str]:
    return [f"whose {words.joined([test.text() for test in where], 'and')}"] if where else []
