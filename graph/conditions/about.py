"""What an event was about: a thing's keys, kind, properties, and its place in a tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, LiteralString

from graph.conditions import shape, words
from graph.conditions.comparison import Comparison
from graph.conditions.deeds import means, one
from graph.conditions.names import check_key, check_keys, check_name
from graph.conditions.popular import PopularWith
from graph.cypher.nodes import Below, Leaf, Path
from graph.model import ThingKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graph.conditions.base import Scope
    from graph.cypher.nodes import Predicate
    from graph.subject import Event, Subject, Thing
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

    def picks(self, event: Event, t: int, subject: Subject) -> bool:
        """Tell whether an event of a contact was about such a thing."""
        thing = event.about
        if thing.kind is not self.kind_of_thing:
            return False
        if self.keys is not None and thing.key not in self.keys:
            return False
        return self.picks_thing(thing, t, subject)

    def picks_thing(self, thing: Thing, t: int, subject: Subject) -> bool:
        """Tell whether a thing of this kind is among those meant, its key aside."""
        del thing, t, subject
        return True

    def edges(self, event: Event, t: int, zone: str) -> Iterator[int]:
        """Yield the instants at which time alone may turn whether an event was about such."""
        for test in self.tests:
            yield from test.is_.edges(event.about.value(test.property), t, zone)

    @property
    def tests(self) -> tuple[PropertyIs, ...]:
        """What the thing's properties meet."""
        return ()

    @property
    def popular(self) -> PopularWith | None:
        """With whom the thing is popular."""
        return None

    @property
    def named(self) -> bool:
        """Whether there is a way to it from what is named."""
        return self.keys is not None or self.tree() is not None

    def predicates(self, scope: Scope) -> tuple[Predicate, ...]:
        """Return what holds of a `thing` with the kind's label: keys, tree, and the rest."""
        keys = () if self.keys is None else (_keys(self.keys),)
        tree = self.tree()
        below = () if tree is None else (Below(tree, _outward(tree)),)
        return (*keys, *self.properties(scope), *below)

    def properties(self, scope: Scope) -> tuple[Predicate, ...]:
        """Return what holds of the thing itself, its key aside."""
        label, popular = self.kind_of_thing.value, self.popular
        found = () if popular is None else (popular.predicate(label, scope),)
        return (*property_predicates(self.tests, scope.t), *found)

    def tree(self) -> Leaf | None:
        """Return the way from a named place in a tree to a `thing` below it."""
        return None

    def inward(self, scope: Scope) -> tuple[Path, tuple[Predicate, ...]] | None:
        """Return the way to each `thing` from what is named, and what else holds of the thing."""
        tree = self.tree()
        if self.keys is not None:
            below = () if tree is None else (Below(tree, _outward(tree)),)
            way = Path(Leaf(_LABELLED[self.kind_of_thing]), (_keys(self.keys),))
            return way, (*self.properties(scope), *below)
        return None if tree is None else (Path(tree), self.properties(scope))

    def of_noun(self, noun: str) -> str | None:
        """Return `a page of kind “pricing”` of the noun `page`; None where it means another."""
        if not means(noun, self.kind_of_thing):
            return None
        details = self.details_text()
        if self.keys:
            return " ".join([f"the {noun} {self._keys_text()}", *details])
        if not details and noun != self.kind_of_thing.value.lower():
            return None
        return " ".join([one(noun), *details])

    def details_text(self) -> list[str]:
        """Return in English what is said of the thing, its kind and key aside."""
        tests = [test.text() for test in self.tests]
        parts = [f"whose {words.joined(tests, 'and')}"] if tests else []
        return parts if self.popular is None else [*parts, self.popular.text()]

    def text(self) -> str:
        """Return it in English: `content in topic “pricing”`."""
        noun = self.kind_of_thing.value.lower()
        thing = f"{noun} {self._keys_text()}" if self.keys else one(noun)
        return " ".join([f"about {thing}", *self.details_text()])

    def _keys_text(self) -> str:
        return words.choice([words.quoted(key) for key in self.keys or ()])


@dataclass(frozen=True, slots=True)
class AboutContent(About):
    """A content: any, or one of a kind, in a topic, with properties.

    Attributes:
        keys: It is one of these.
        kind: Its kind, such as `case-study`.
        topic: It is in this topic or any below it.
        where: What its properties meet; `title` and `url` are among them.
        popular_with: Only what enough contacts of a sort had an event about.
    """

    kind_of_thing: ClassVar[ThingKind] = ThingKind.CONTENT
    keys: tuple[str, ...] | None = None
    kind: str | None = None
    topic: str | None = None
    where: tuple[PropertyIs, ...] | None = None
    popular_with: PopularWith | None = None

    def __post_init__(self) -> None:
        check_keys(self.keys, "content")
        check_key(self.topic, "topic", "topic")

    @property
    def tests(self) -> tuple[PropertyIs, ...]:
        """What the thing's properties meet."""
        return self.where or ()

    @property
    def popular(self) -> PopularWith | None:
        """With whom the thing is popular."""
        return self.popular_with

    def picks_thing(self, thing: Thing, t: int, subject: Subject) -> bool:
        """Tell whether kind, topic, properties and popularity are as asked."""
        return (
            (self.kind is None or thing.properties.get("kind") == self.kind)
            and (self.topic is None or self.topic in thing.topics)
            and properties_meet(self.where, thing.value, t, subject.zone(t))
            and (self.popular is None or self.popular.holds(thing, t, subject))
        )

    def properties(self, scope: Scope) -> tuple[Predicate, ...]:
        """Return kind, properties and popularity of the thing."""
        kind = (
            ()
            if self.kind is None
            else (Leaf("coalesce(thing.kind = $kind, false)", {"kind": self.kind}),)
        )
        return (*kind, *About.properties(self, scope))

    def tree(self) -> Leaf | None:
        """Return the way from the topic."""
        return None if self.topic is None else Leaf(TOPIC, {"topic": self.topic})

    def details_text(self) -> list[str]:
        """Return `of kind “pricing” in topic “plans”`, properties and popularity."""
        kind = [] if self.kind is None else [f"of kind {words.quoted(self.kind)}"]
        topic = [] if self.topic is None else [f"in topic {words.quoted(self.topic)}"]
        return [*kind, *topic, *About.details_text(self)]


@dataclass(frozen=True, slots=True)
class AboutProduct(About):
    """A product: any, or one in a category, with properties.

    Attributes:
        keys: It is one of these.
        category: It is in this category or any below it.
        where: What its properties meet; `name` is among them.
        popular_with: Only what enough contacts of a sort had an event about.
    """

    kind_of_thing: ClassVar[ThingKind] = ThingKind.PRODUCT
    keys: tuple[str, ...] | None = None
    category: str | None = None
    where: tuple[PropertyIs, ...] | None = None
    popular_with: PopularWith | None = None

    def __post_init__(self) -> None:
        check_keys(self.keys, "product")
        check_key(self.category, "category", "category")

    @property
    def tests(self) -> tuple[PropertyIs, ...]:
        """What the thing's properties meet."""
        return self.where or ()

    @property
    def popular(self) -> PopularWith | None:
        """With whom the thing is popular."""
        return self.popular_with

    def picks_thing(self, thing: Thing, t: int, subject: Subject) -> bool:
        """Tell whether category, properties and popularity are as asked."""
        return (
            (self.category is None or self.category in thing.categories)
            and properties_meet(self.where, thing.value, t, subject.zone(t))
            and (self.popular is None or self.popular.holds(thing, t, subject))
        )

    def tree(self) -> Leaf | None:
        """Return the way from the category."""
        return None if self.category is None else Leaf(CATEGORY, {"category": self.category})

    def details_text(self) -> list[str]:
        """Return `in category “cosmetics”`, properties and popularity."""
        category = [] if self.category is None else [f"in category {words.quoted(self.category)}"]
        return [*category, *About.details_text(self)]


@dataclass(frozen=True, slots=True)
class AboutThing(About):
    """A thing of this kind: any, or one of these.

    Attributes:
        keys: It is one of these.
    """

    outside: ClassVar[str | None] = "AboutThing"
    keys: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        check_keys(self.keys, self.kind_of_thing.value.lower())


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


def properties_meet(
    where: tuple[PropertyIs, ...] | None,
    value: Callable[[str], Stored | None],
    t: int,
    zone: str,
) -> bool:
    """Tell whether all the properties of a thing or an event are as asked."""
    return all(test.is_.holds(value(test.property), t, zone) for test in where or ())


def property_predicates(where: tuple[PropertyIs, ...], t: int) -> tuple[Predicate, ...]:
    """Return what holds of the properties of a `thing`."""
    return tuple(
        test.is_.predicate(Leaf("thing[$property]", {"property": test.property}), t)
        for test in where
    )


def _keys(keys: tuple[str, ...]) -> Leaf:
    return Leaf("thing.key IN $keys", {"keys": list(keys)})


def _outward(way: Leaf) -> Leaf:
    """Return the way as a pattern about a `thing` that is bound."""
    return Leaf(way.text.replace(":Content)", ")").replace(":Product)", ")"), way.values)
