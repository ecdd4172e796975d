"""Every statement that there is, explained by Neo4j: no scan that is not meant, no warning."""

from __future__ import annotations

import importlib
import pkgutil
import random
import re
from typing import TYPE_CHECKING, Final, cast

import pytest

import graph
from graph import changes, model, roster, snapshot
from graph.compiler import compiled, steps, tally, verdicts
from graph.conditions import Condition, read
from graph.conditions.about import About
from graph.conditions.comparison import Comparison
from graph.conditions.did import DistinctBy
from graph.conditions.window import Window
from graph.cypher import queries
from graph.database import Statement
from tests import report
from tests.generated import histories, samples
from tests.generated.graphs import SEEDS, World, loaded, seeding
from tests.generated.plans import explained
from tests.house.test_corpus import said, words
from tests.report import PROVE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graph.conditions.shape import OneOf
    from graph.database import Database

T: Final = histories.NOW
STRIDE: Final = 10
ASKED: Final = (queries.Count(), queries.Page(20, "a"), queries.Verdicts())
SEEKS: Final = {
    "NodeUniqueIndexSeek",
    "NodeUniqueIndexSeekByRange",
    "DirectedRelationshipIndexSeek",
    "DirectedRelationshipIndexSeekByRange",
    "NodeIndexSeek",
    "NodeIndexSeekByRange",
}
AT_ONCE: Final = {
    "NodeByElementIdSeek",
    "NodeCountFromCountStore",
    "DirectedRelationshipByElementIdSeek",
}
EVERYONE: Final = ("NodeByLabelScan", "contact:Contact")
EXISTING: Final = "contact:Contact(_since) WHERE _since <= $t"
"""All contacts but those to come, by their index: a scan by another name."""
TO_COME: Final = ("NodeIndexSeekByRange", "contact:Contact(_since) WHERE _since > $t")
COUNTED: Final = ("NodeCountFromCountStore", "(:Contact)")
ACCOUNTS: Final = ("NodeByLabelScan", "account:Account")
CONTENTS: Final = ("NodeByLabelScan", "thing:Content")
"""Where there are fewer contents than places, a planner may begin with them to find a topic's."""
EACH_CONTENT: Final = "thing:Content(key) WHERE key IS NOT NULL"
"""All contents, by the index of their keys: a newer Neo4j's way to scan them."""
PRODUCTS: Final = ("NodeByLabelScan", "thing:Product")
"""Which are popular is found once, of all."""
PLACES: Final = {("NodeByLabelScan", "place:Topic"), ("NodeByLabelScan", "place:Category")}
"""Those beside a favourite are found once."""
SAMPLED: Final = {
    "windows": (Window, samples.WINDOWS),
    "comparisons": (Comparison, samples.COMPARISONS),
    "things": (About, samples.ABOUTS),
    "distinct": (DistinctBy, samples.DISTINCTS),
}
SAVED: Final = """
UNWIND range(1, 30) AS number
CREATE (segment:Segment {key: toString(number), name: 'S', definition: '{}', revision: 1, at: 0})
CREATE (segment)-[:REVISED_TO]->(:Revision {revision: 1, definition: '{}', at: 0})
SET segment.size = 1
CREATE (contact:Contact {key: 'member ' + number, _since: 0, _marked: 0, _why: 'TIME'})
CREATE (contact)-[:MEMBER_OF {segment: segment.key, contact: contact.key, since: 1}]->(segment)
CREATE (contact)-[:WAS_MEMBER {segment: segment.key, contact: contact.key, since: 0, until: 1}]->
       (segment)
CREATE (:Gone {key: segment.key, at: 0, segments: ['1']})
CREATE (change:Change {sequence: number, segment: segment.key, entered: true, effective_at: 0})
SET change.detected_at = 0
MERGE (owner:Owner {shard: 0}) SET owner.log_from = 0, owner.log_since = 0
"""
WHOLE: Final = {
    "graph.catalogue.READ",
    "graph.subjects.PARENTS",
    "graph.upkeep.kept.EMPTY",
    "graph.upkeep.registry.READ_KINDS",
    "graph.upkeep.retention.GONE",
    "graph.upkeep.registry.READ_TRAITS",
    "graph.upkeep.registry.READ_TOLD",
    "graph.upkeep.trees.READ_PARENTS.Topic",
    "graph.upkeep.trees.READ_PARENTS.Category",
    "graph.vocabulary.PURPOSES",
    "graph.vocabulary.TREES.Topic",
    "graph.vocabulary.TREES.Category",
    "graph.webhooks.READ",
}
"""Statements that read all of a small label: the registry, the trees, what is saved, webhooks."""
CLAUSE: Final = re.compile(r"\s*(?:CYPHER replan=skip\s+)?(?:MATCH|MERGE|CREATE|UNWIND|CALL)\b")


@pytest.fixture
async def world(database: Database) -> World:
    """Give a world whose labels, types and properties Neo4j knows, and has counted."""
    for text in model.constraints():
        await database.change(text)
    chance = random.Random(1)  # noqa: S311 - no secret
    world = await loaded(database, histories.made(chance, 200), histories.NOW)
    await database.change(SAVED)
    await database.change("CALL db.prepareForReplanning(60)")
    return world


@pytest.mark.parametrize(("union", "bodies"), SAMPLED.values(), ids=SAMPLED)
def test_every_choice_has_a_sample(union: type[OneOf], bodies: Mapping[str, object]) -> None:
    """What is added to the language is explained, too."""
    assert set(bodies) == set(union.choices)


def test_every_word_is_explained() -> None:
    """No choice, option, value of an enum or flag of the language is left out of all samples."""
    said_somewhere = {
        word for _, definition in samples.definitions() for word in said(Condition, definition)
    }

    assert sorted(words(Condition) - said_somewhere) == []


@pytest.mark.engine
@pytest.mark.timeout(3600 if PROVE else 300)
async def test_conditions_compile_to_seeks(world: World) -> None:
    """Each choice, from each seed, with what is asked in turn: only contacts and accounts scan.

    A quick run takes a tenth of the statements, every seed and every way of asking among them by
    turns.
    """
    wrong: dict[str, object] = {}
    texts: set[str] = set()
    for number, (name, definition) in enumerate(samples.definitions()):
        every = list(statements(world, read(definition), number))
        for statement in every if PROVE else every[number % STRIDE :: STRIDE]:
            if statement.text in texts:
                continue
            texts.add(statement.text)
            plan = await explained(world.database, statement)
            odd = [each for each in whom(plan.starts) if each[0] not in SEEKS | AT_ONCE]
            scanned = set(odd) - {EVERYONE, ACCOUNTS, CONTENTS, PRODUCTS, *PLACES}
            if plan.warnings or scanned or plan.multiplied:
                wrong[name] = (plan.warnings, odd, plan.multiplied, statement.text)

    report.explained(report.RUN["neo4j"], texts)
    assert wrong == {}
    assert len(texts) > 100


def whom(starts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the starts of a plan, with what looks at all by an index as the scan that it is."""
    scans = {EXISTING: EVERYONE, EACH_CONTENT: CONTENTS}
    return [
        next((scan for index, scan in scans.items() if index in details), (name, details))
        for name, details in starts
    ]


def statements(world: World, condition: Condition, turn: int) -> Iterator[Statement]:
    """Yield a condition's statement for some contacts, and one from each seed."""
    yield verdicts(condition, ("ann",), T, world.facts)
    yield tally((condition, read(VIEWED)), T, seeding(world.facts, "index"))
    every = bool(turn // 2 % 2)
    joined = queries.Joined((0, queries.Joined((1, 0), every=not every)), every=every)
    yield steps((condition, read(VIEWED)), joined, T, world.facts)
    for place, seed in enumerate(SEEDS):
        asked = ASKED[(turn + place) % len(ASKED)]
        yield compiled(condition.canonical(), asked, T, seeding(world.facts, seed))


VIEWED: Final = {"did": {**samples.EVENT, "within": {"last": "P7D"}}}
TWICE: Final = {"did": {**samples.TWO_EVENTS, "within": {"last": "P7D"}, "atLeast": 2}}
ACCOUNT: Final = {"account": {"traits": [{"name": "plan", "is": {"eq": "pro"}}]}}
PRODUCT: Final = {"did": {**samples.EVENT, "about": {"product": {"category": "t0"}}}}
KEYS: Final = {"did": {**samples.EVENT, "about": {"content": {"keys": ["c1"]}}}}
TRAIT: Final = {"trait": {"name": "plan", "is": {"eq": "pro"}}}
BOUND: Final = "NodeUniqueIndexSeek"
RANGE: Final = "NodeUniqueIndexSeekByRange"
TIME: Final = "DirectedRelationshipIndexSeekByRange"
STARTS: Final = [  # definition, seed, the operator and the details of where the statement starts
    (TRAIT, "everyone", queries.Count(), [EVERYONE]),
    (TRAIT, "everyone", queries.Page(20, "a"), [(RANGE, "contact:Contact(key)")]),
    (TRAIT, "everyone", queries.Page(20, "\uffff"), [(RANGE, "contact:Contact(key)")]),
    (VIEWED, "index", queries.Page(20, "\uffff"), [(TIME, "e:PAGE_VIEWED(at)")]),
    (VIEWED, "index", queries.Count(), [(TIME, "e:PAGE_VIEWED(at)")]),
    (VIEWED, "index", queries.Verdicts(), [(TIME, "e:PAGE_VIEWED(at)")]),
    (TWICE, "index", queries.Count(), [(TIME, "CONTENT_CLICKED(at)"), (TIME, "PAGE_VIEWED(at)")]),
    ({"engaged": samples.CLUSTER}, "inward", queries.Count(), [(BOUND, "Topic(key)")]),
    (PRODUCT, "inward", queries.Count(), [(BOUND, "Category(key)")]),
    (KEYS, "inward", queries.Count(), [(BOUND, "thing:Content(key)")]),
    (ACCOUNT, "index", queries.Count(), [ACCOUNTS]),
    ({"all": [TRAIT, VIEWED]}, "index", queries.Count(), [(TIME, "e:PAGE_VIEWED(at)")]),
    ({"all": [ACCOUNT, VIEWED]}, "index", queries.Count(), [(TIME, "e:PAGE_VIEWED(at)")]),
    ({"not": VIEWED}, "index", queries.Count(), [(TIME, "e:PAGE_VIEWED(at)"), COUNTED, TO_COME]),
    ({"any": [TRAIT, VIEWED]}, "index", queries.Count(), [EVERYONE]),
]


@pytest.mark.engine
@pytest.mark.timeout(300)
async def test_a_statement_starts_from_its_seed(world: World) -> None:
    """The seed is looked up, by the operator that costs least, and nobody is scanned beside it."""
    wrong: list[object] = []
    for definition, seed, asked, expected in STARTS:
        statement = compiled(read(definition).canonical(), asked, T, seeding(world.facts, seed))
        starts = whom((await explained(world.database, statement)).starts)
        for operator, details in expected:
            if not any(name == operator and details in each for name, each in starts):
                wrong.append((definition, starts))
        if EVERYONE in starts and EVERYONE not in expected:
            wrong.append((definition, starts))

    assert wrong == []


@pytest.mark.engine
async def test_asking_about_contacts_seeks_them(world: World) -> None:
    """Verdicts look the contacts up by their keys."""
    statement = verdicts(read(TRAIT), ("ann", "bob"), T, world.facts)

    plan = await explained(world.database, statement)

    assert EVERYONE not in plan.starts
    assert any(name == BOUND and "contact:Contact(key)" in each for name, each in plan.starts)


@pytest.mark.engine
@pytest.mark.timeout(300)
async def test_fixed_statements_seek(world: World) -> None:
    """Statements that stand in the code are valid, warn of nothing, and scan what they mean to."""
    wrong: dict[str, object] = {}
    for name, text in fixed():
        plan = await explained(world.database, Statement(text))
        odd = [each for each in plan.starts if each[0] not in SEEKS | AT_ONCE]
        if plan.warnings or (odd and name not in WHOLE) or plan.multiplied:
            wrong[name] = (plan.warnings, odd, plan.multiplied)

    report.explained(report.RUN["neo4j"], [text for _, text in fixed()])
    assert wrong == {}


def fixed() -> Iterator[tuple[str, str]]:
    """Yield every constant of `graph` that is a statement, with its name."""
    for module in pkgutil.walk_packages(graph.__path__, "graph."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if not re.fullmatch(r"[A-Z][A-Z_]+", name):
                continue
            each = cast("dict[str, object]", value) if isinstance(value, dict) else {"": value}
            for key, text in each.items():
                if isinstance(text, str) and CLAUSE.match(text):
                    yield f"{module.name}.{name}{'.' if key else ''}{key}", text


@pytest.mark.engine
@pytest.mark.parametrize(
    ("text", "merged"),
    [
        (roster.PAGE, 0),
        (roster.PAGE_THEN, 1),
        (snapshot.PAGE, 0),
        (changes.OF_SEGMENT, 0),
        (changes.OF_FEW, 1),
    ],
    ids=["members", "members then", "snapshot", "changes of one", "changes of few"],
)
async def test_a_page_is_read_in_the_order_of_an_index(
    world: World, text: str, merged: int
) -> None:
    """What lies behind it is not read to be sorted, only parts of a page are merged."""
    found = await explained(world.database, Statement(text))

    assert [name for name, _ in found.operators].count("Top") == merged
