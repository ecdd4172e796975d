"""Load a contact as conditions see it, and as much of its world as a condition looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, LiteralString, cast

from graph import errors
from graph.conditions import Condition
from graph.contacts import event_of, own
from graph.model import ThingKind
from graph.needs import Kinds, Needs, needed
from graph.properties import native
from graph.subject import (
    Account,
    Decided,
    Decision,
    Event,
    History,
    Subject,
    Telling,
    Thing,
    World,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Sequence

    from graph.database import Reader
    from graph.values import Stored

SUBJECTS: Final = """
UNWIND $lists.keys AS key
MATCH (contact:Contact {key: key})
RETURN key, contact._since AS since,
  COLLECT {
    MATCH (contact)-[e]->(thing)
    WHERE e.id IS NOT NULL AND ($lists.types IS NULL OR type(e) IN $lists.types)
    WITH thing, collect([type(e), properties(e)]) AS events
    RETURN {label: head(labels(thing)), thing: properties(thing), events: events,
      topics: COLLECT {
        MATCH (thing)-[:ABOUT]->(:Topic)-[:PART_OF*0..16]->(place) RETURN DISTINCT place.key
      },
      categories: COLLECT {
        MATCH (thing)-[:IN]->(:Category)-[:PART_OF*0..16]->(place) RETURN DISTINCT place.key
      }}
  } AS things,
  COLLECT {
    MATCH (contact)-[told:TRAIT_CHANGED]->(trait:Trait)
    RETURN [trait.name, told.at, told.value] ORDER BY told.at
  } AS told,
  COLLECT {
    MATCH (contact)-[decided:CONSENT_DECIDED]->(purpose:Purpose)
    RETURN [purpose.key, decided.at, decided.state] ORDER BY decided.at
  } AS consents,
  COLLECT {
    MATCH (contact)-[:BELONGS_TO]->(account:Account)
    WITH account ORDER BY account.key RETURN properties(account)
  } AS accounts
"""
PARENTS: Final = """
MATCH (place:Topic|Category)
OPTIONAL MATCH (place)-[:PART_OF]->(parent)
RETURN head(labels(place)) AS label, place.key AS key, parent.key AS parent
"""
COLLEAGUES: Final = """
UNWIND $lists.keys AS key
MATCH (:Contact {key: key})-[:BELONGS_TO]->(account:Account)
WITH DISTINCT account
MATCH (account)<-[:BELONGS_TO]-(other:Contact)
WITH DISTINCT other LIMIT $limit
RETURN other.key AS key, COUNT { (other)-->() } AS edges
"""
AUDIENCES: Final[dict[ThingKind, LiteralString]] = {
    ThingKind.CONTENT: """
UNWIND $lists.keys AS key
MATCH (:Content {key: key})<-[e]-(other:Contact)
WHERE type(e) IN $lists.types
WITH DISTINCT other LIMIT $limit
RETURN other.key AS key, COUNT { (other)-->() } AS edges
""",
    ThingKind.PRODUCT: """
UNWIND $lists.keys AS key
MATCH (:Product {key: key})<-[e]-(other:Contact)
WHERE type(e) IN $lists.types
WITH DISTINCT other LIMIT $limit
RETURN other.key AS key, COUNT { (other)-->() } AS edges
""",
}


@dataclass(frozen=True, slots=True)
class Most:
    """How many others are looked at: they, and all their events and what was told of them."""

    others: int
    edges: int


EXPLAINED: Final = Most(5_000, 250_000)
KEPT: Final = Most(100_000, 5_000_000)


@dataclass(slots=True)
class Loaded:
    """What was loaded, as a world that conditions can look at."""

    definitions: Mapping[str, Condition]
    trees: Mapping[str, dict[str, str | None]] = field(
        default_factory=lambda: {"Topic": {}, "Category": {}}
    )
    people: dict[str, Subject] = field(default_factory=dict[str, Subject])
    received: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    _of_account: dict[str, list[Subject]] = field(default_factory=dict[str, list[Subject]])
    _of_thing: dict[tuple[ThingKind, str], list[Subject]] = field(
        default_factory=dict[tuple[ThingKind, str], list[Subject]]
    )

    def add(self, person: Subject) -> None:
        """Take in a contact."""
        self.people[person.key] = person
        for account in person.accounts:
            self._of_account.setdefault(account.key, []).append(person)
        for kind, key in {(each.about.kind, each.about.key) for each in person.history.events}:
            self._of_thing.setdefault((kind, key), []).append(person)

    def contacts_of(self, account: str) -> Sequence[Subject]:
        """Return the contacts of an account that were loaded."""
        return self._of_account.get(account, ())

    def audience_of(self, thing: Thing) -> Sequence[Subject]:
        """Return the contacts that were loaded with an event about a thing."""
        return self._of_thing.get((thing.kind, thing.key), ())

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
) -> Loaded:
    """Return a contact's world as far as a condition looks; without it where there is none.

    `definitions` are those of saved segments, `names` the kinds of events by relationship type.

    Raises:
        TooMuch: it looks at too many others.
    """
    needs = needed(condition, definitions)
    return await gather(database, [key], needs, definitions, names, EXPLAINED)


async def gather(
    database: Reader,
    keys: Sequence[str],
    needs: Needs,
    definitions: Mapping[str, Condition],
    names: Mapping[str, str],
    most: Most,
) -> Loaded:
    """Return the world of some contacts as far as conditions with these needs look.

    Raises:
        TooMuch: they look at more others than there may be.
    """
    world = Loaded(definitions)
    types = needs.events.types(names)
    await _load(database, world, keys, types, names)
    if needs.trees:
        for row in await database.read(PARENTS):
            world.trees[row["label"]][row["key"]] = row["parent"]
    around: Sequence[str] = keys
    for _ in range(needs.levels):
        around = await _around(database, world, around, needs, names, most)
        await _load(database, world, around, types, names)
    return world


async def _around(
    database: Reader,
    world: Loaded,
    keys: Sequence[str],
    needs: Needs,
    names: Mapping[str, str],
    most: Most,
) -> list[str]:
    """Return the keys of those one step further out, who were not loaded yet."""
    around: dict[str, int] = {}
    limit = most.others + 2  # the contact itself comes along, and one more than there may be
    if needs.colleagues:
        for row in await database.read(COLLEAGUES, keys=keys, limit=limit):
            around[row["key"]] = row["edges"]
    for kind, text in AUDIENCES.items():
        things = _things(world, keys, kind, needs.asked)
        types = needs.had.types(names)
        if things and types:
            rows = await database.read(text, keys=things, types=types, limit=limit)
            around |= {row["key"]: row["edges"] for row in rows}
    new = sorted(around.keys() - world.people.keys())
    edges = sum(around[key] for key in new)
    if len(new) + len(world.people) >= limit or edges > most.edges:
        raise errors.TooMuch(
            f"The condition looks at more than {most.others:,} other contacts, or {most.edges:,} "
            "events of theirs: narrow it, or ask `audience` who meets it"
        )
    return new


def _things(world: Loaded, keys: Iterable[str], kind: ThingKind, asked: Kinds) -> list[str]:
    return sorted(
        {
            event.about.key
            for key in keys
            if key in world.people
            for event in world.people[key].history.events
            if event.about.kind is kind and (asked.any or event.name in asked.names)
        }
    )


async def _load(
    database: Reader,
    world: Loaded,
    keys: Sequence[str],
    types: Sequence[str] | None,
    names: Mapping[str, str],
) -> None:
    async for person, received in read_subjects(database, keys, types, names, world):
        world.add(person)
        world.received |= received


async def read_subjects(
    database: Reader,
    keys: Sequence[str],
    types: Sequence[str] | None,
    names: Mapping[str, str],
    world: World,
) -> AsyncGenerator[tuple[Subject, Mapping[tuple[str, str], int]]]:
    """Yield the contacts that there are, with their events of some types, None of all.

    With each comes when its events arrived, by its key and their ids; `names` are the kinds of
    events by relationship type, and `world` is what the contacts are to look at beyond themselves.
    """
    for row in await database.read(SUBJECTS, keys=keys, types=types):
        key, events = cast("str", row["key"]), list[Event]()
        received: dict[tuple[str, str], int] = {}
        for raw in cast("Iterable[Mapping[str, object]]", row["things"]):
            thing = _thing(raw)
            for type_, edge in cast("Iterable[tuple[str, Mapping[str, object]]]", raw["events"]):
                events.append(event_of(names[type_], edge, thing))
                received[key, events[-1].id] = cast("int", edge["_received"])
        yield _subject(row, History(tuple(events)), world), received


def _thing(raw: Mapping[str, object]) -> Thing:
    properties = cast("Mapping[str, object]", raw["thing"])
    return Thing(
        ThingKind(cast("str", raw["label"])),
        cast("str", properties["key"]),
        own(properties),
        frozenset(cast("Iterable[str]", raw["topics"])),
        frozenset(cast("Iterable[str]", raw["categories"])),
    )


def _subject(row: Mapping[str, object], history: History, world: World) -> Subject:
    told: dict[str, list[Telling]] = {}
    for name, at, value in cast("Iterable[tuple[str, int, object]]", row["told"]):
        told.setdefault(name, []).append(Telling(at, cast("Stored | None", native(value))))
    consents: dict[str, list[Decided]] = {}
    for purpose, at, state in cast("Iterable[tuple[str, int, str]]", row["consents"]):
        consents.setdefault(purpose, []).append(Decided(at, Decision(state)))
    return Subject(
        key=cast("str", row["key"]),
        since=cast("int", row["since"]),
        history=history,
        traits={name: tuple(tellings) for name, tellings in told.items()},
        accounts=tuple(
            Account(cast("str", each["key"]), own(each))
            for each in cast("Iterable[Mapping[str, object]]", row["accounts"])
        ),
        consents={purpose: tuple(decided) for purpose, decided in consents.items()},
        world=world,
    )
