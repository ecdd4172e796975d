"""Load contacts as conditions see them, and as much of their world as a condition looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, LiteralString, cast

from graph.catalogue import parts
from graph.conditions import Condition
from graph.conditions.about import PopularWith
from graph.conditions.colleagues import Colleagues
from graph.conditions.in_segment import InSegment
from graph.contacts import event_of, own
from graph.database import native
from graph.model import ThingKind
from graph.subject import (
    Account,
    Decided,
    Decision,
    Event,
    History,
    Subject,
    Telling,
    Thing,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from graph.database import Reader
    from graph.values import Stored

SUBJECTS: Final = """
UNWIND $keys AS key
MATCH (contact:Contact {key: key})
RETURN key, contact._since AS since,
  COLLECT {
    MATCH (contact)-[e]->(thing)
    WHERE e.id IS NOT NULL
    RETURN {type: type(e), edge: properties(e), label: head(labels(thing)), key: thing.key}
  } AS events,
  COLLECT {
    MATCH (contact)-[told:TRAIT_CHANGED]->(trait:Trait)
    RETURN [trait.name, told.at, told.value] ORDER BY told.at
  } AS told,
  COLLECT {
    MATCH (contact)-[decided:CONSENT_DECIDED]->(purpose:Purpose)
    RETURN [purpose.key, decided.at, decided.state] ORDER BY decided.at
  } AS consents,
  COLLECT {
    MATCH (contact)-[:BELONGS_TO]->(account:Account) RETURN properties(account)
  } AS accounts
"""
THINGS: Final[dict[ThingKind, LiteralString]] = {
    ThingKind.CONTENT: """
UNWIND $keys AS key
MATCH (thing:Content {key: key})
RETURN key, properties(thing) AS thing, COLLECT {
  MATCH (thing)-[:ABOUT]->(:Topic)-[:PART_OF*0..16]->(place) RETURN DISTINCT place.key
} AS places
""",
    ThingKind.PRODUCT: """
UNWIND $keys AS key
MATCH (thing:Product {key: key})
RETURN key, properties(thing) AS thing, COLLECT {
  MATCH (thing)-[:IN]->(:Category)-[:PART_OF*0..16]->(place) RETURN DISTINCT place.key
} AS places
""",
}
PARENTS: Final[dict[str, LiteralString]] = {
    "Topic": "MATCH (node:Topic) OPTIONAL MATCH (node)-[:PART_OF]->(parent) "
    "RETURN node.key AS key, parent.key AS parent",
    "Category": "MATCH (node:Category) OPTIONAL MATCH (node)-[:PART_OF]->(parent) "
    "RETURN node.key AS key, parent.key AS parent",
}
COLLEAGUES: Final = """
UNWIND $keys AS key
MATCH (:Contact {key: key})-[:BELONGS_TO]->(account)<-[:BELONGS_TO]-(other)
RETURN DISTINCT other.key AS key
"""
AUDIENCES: Final[dict[ThingKind, LiteralString]] = {
    ThingKind.CONTENT: "UNWIND $keys AS key MATCH (:Content {key: key})<-[e]-(other:Contact) "
    "RETURN DISTINCT other.key AS key",
    ThingKind.PRODUCT: "UNWIND $keys AS key MATCH (:Product {key: key})<-[e]-(other:Contact) "
    "RETURN DISTINCT other.key AS key",
}


@dataclass(frozen=True, slots=True)
class Needs:
    """How far a condition looks: levels of others, and whether at colleagues or at audiences."""

    levels: int = 0
    colleagues: bool = False
    audiences: bool = False


@dataclass(slots=True)
class Loaded:
    """What was loaded, as a world that conditions can look at."""

    definitions: Mapping[str, Condition]
    trees: Mapping[str, Mapping[str, str | None]] = field(
        default_factory=dict[str, "Mapping[str, str | None]"]
    )
    people: dict[str, Subject] = field(default_factory=dict[str, Subject])

    def contacts_of(self, account: str) -> Iterator[Subject]:
        """Yield the contacts of an account that were loaded."""
        for each in self.people.values():
            if any(own_account.key == account for own_account in each.accounts):
                yield each

    def audience_of(self, thing: Thing) -> Iterator[Subject]:
        """Yield the contacts that were loaded with an event about a thing."""
        for each in self.people.values():
            if any(
                event.about.kind is thing.kind and event.about.key == thing.key
                for event in each.history.events
            ):
                yield each

    def parents(self, label: str) -> Mapping[str, str | None]:
        """Return each topic or category with what it is part of."""
        return self.trees[label]

    def definition(self, segment: str) -> Condition:
        """Return the current definition of a saved segment."""
        return self.definitions[segment]


async def load(
    database: Reader,
    key: str,
    condition: Condition,
    definitions: Mapping[str, Condition],
    names: Mapping[str, str],
) -> Subject | None:
    """Return a contact in as much of its world as a condition looks at; None where there is none.

    `definitions` are those of saved segments, `names` the kinds of events by relationship type.
    """
    world = Loaded(definitions)
    for label, text in PARENTS.items():
        rows = await database.read(text)
        world.trees = {**world.trees, label: {row["key"]: row["parent"] for row in rows}}
    await _load(database, world, [key], names)
    needs = needed(condition, definitions)
    for _ in range(needs.levels):
        await _load(database, world, await _around(database, world, needs), names)
    return world.people.get(key)


def needed(value: object, definitions: Mapping[str, Condition]) -> Needs:
    """Return how far a condition, or a part of one, looks, segments that it names written out."""
    if isinstance(value, InSegment):
        return needed(definitions[value.key], definitions)
    inner = [needed(each, definitions) for each in parts(value)]
    beyond = isinstance(value, Colleagues | PopularWith)
    return Needs(
        beyond + max((each.levels for each in inner), default=0),
        isinstance(value, Colleagues) or any(each.colleagues for each in inner),
        isinstance(value, PopularWith) or any(each.audiences for each in inner),
    )


async def _around(database: Reader, world: Loaded, needs: Needs) -> set[str]:
    """Return the keys of those one step further out than whoever was loaded."""
    around: set[str] = set()
    if needs.colleagues:
        rows = await database.read(COLLEAGUES, keys=list(world.people))
        around |= {row["key"] for row in rows}
    if needs.audiences:
        for kind, text in AUDIENCES.items():
            rows = await database.read(text, keys=sorted(_met(world, kind)))
            around |= {row["key"] for row in rows}
    return around - world.people.keys()


def _met(world: Loaded, kind: ThingKind) -> set[str]:
    return {
        event.about.key
        for each in world.people.values()
        for event in each.history.events
        if event.about.kind is kind
    }


async def _load(
    database: Reader, world: Loaded, keys: Collection[str], names: Mapping[str, str]
) -> None:
    rows = await database.read(SUBJECTS, keys=sorted(keys))
    things = await _things(database, rows)
    for row in rows:
        world.people[row["key"]] = _subject(row, things, names, world)


async def _things(
    database: Reader, rows: Sequence[Mapping[str, object]]
) -> dict[tuple[ThingKind, str], Thing]:
    found: dict[tuple[ThingKind, str], Thing] = {}
    met = {
        (ThingKind(event["label"]), event["key"])
        for row in rows
        for event in cast("Iterable[Mapping[str, str]]", row["events"])
    }
    for kind, key in met:
        found[kind, key] = Thing(kind, key)
    for kind, text in THINGS.items():
        keys = sorted(key for its, key in met if its is kind)
        for row in await database.read(text, keys=keys):
            places = frozenset(cast("Iterable[str]", row["places"]))
            found[kind, row["key"]] = Thing(
                kind,
                row["key"],
                own(cast("Mapping[str, object]", row["thing"])),
                places if kind is ThingKind.CONTENT else frozenset(),
                places if kind is ThingKind.PRODUCT else frozenset(),
            )
    return found


def _subject(
    row: Mapping[str, object],
    things: Mapping[tuple[ThingKind, str], Thing],
    names: Mapping[str, str],
    world: Loaded,
) -> Subject:
    told: dict[str, list[Telling]] = {}
    for name, at, value in cast("Iterable[tuple[str, int, object]]", row["told"]):
        told.setdefault(name, []).append(Telling(at, cast("Stored | None", native(value))))
    consents: dict[str, list[Decided]] = {}
    for purpose, at, state in cast("Iterable[tuple[str, int, str]]", row["consents"]):
        consents.setdefault(purpose, []).append(Decided(at, Decision(state)))
    return Subject(
        key=cast("str", row["key"]),
        since=cast("int", row["since"]),
        history=History(
            tuple(
                _event(each, things, names)
                for each in cast("Iterable[Mapping[str, object]]", row["events"])
            )
        ),
        traits={name: tuple(tellings) for name, tellings in told.items()},
        accounts=tuple(
            Account(cast("str", each["key"]), own(each))
            for each in cast("Iterable[Mapping[str, object]]", row["accounts"])
        ),
        consents={purpose: tuple(decided) for purpose, decided in consents.items()},
        world=world,
    )


def _event(
    row: Mapping[str, object],
    things: Mapping[tuple[ThingKind, str], Thing],
    names: Mapping[str, str],
) -> Event:
    edge = cast("Mapping[str, object]", row["edge"])
    thing = things[ThingKind(cast("str", row["label"])), cast("str", row["key"])]
    return event_of(names[cast("str", row["type"])], edge, thing)
