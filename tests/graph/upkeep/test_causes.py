"""Why somebody came in or left: what was told, of whom it was told, or that time passed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from graph.clock import FixedClock
from graph.times import DAY
from tests.graph.upkeep.writing import NOW, built, contact, event, row, writing

if TYPE_CHECKING:
    from graph.database import Database
    from graph.upkeep.draft import Row
    from graph.upkeep.writer import Writer

pytestmark = pytest.mark.engine

VIEWED: Final = {"did": {"event": "Page Viewed"}}
PRO: Final = {"trait": {"name": "plan", "is": {"eq": "pro"}}}
GRANTED: Final = {"consent": {"purpose": "email", "is": "GRANTED"}}
PRICING: Final = {"did": {"event": "Read", "about": {"content": {"topic": "pricing"}}}}


def colleague(who: object) -> dict[str, object]:
    """Return the condition of having a colleague who meets another."""
    return {"colleagues": {"who": who}}


def consent(key: str) -> Row:
    """Return a decision of a contact."""
    return row(type="consent", contact=key, purpose="email", state="GRANTED")


TOLD: Final[dict[str, tuple[object, Row, str]]] = {
    "an event": (VIEWED, event("ann", "new"), "EVENT"),
    "a trait": (PRO, contact("ann", traits={"plan": "pro"}), "TRAIT"),
    "an account": (
        {"account": {"traits": [{"name": "key", "is": {"eq": "big"}}]}},
        contact("ann", accounts=["big"]),
        "TRAIT",
    ),
    "a consent": (GRANTED, consent("ann"), "CONSENT"),
    "a colleague's event": (colleague(VIEWED), event("bob", "new"), "EVENT"),
    "a colleague's trait": (colleague(PRO), contact("bob", traits={"plan": "pro"}), "TRAIT"),
    "a colleague's consent": (colleague(GRANTED), consent("bob"), "CONSENT"),
    "a colleague's colleague": (
        colleague(colleague(PRO)),
        contact("cyd", traits={"plan": "pro"}),
        "TRAIT",
    ),
    "a content's topics": (
        PRICING,
        row(type="content", key="/p", topics=["pricing"]),
        "CATALOGUE",
    ),
    "a topic's parent": (PRICING, row(type="topic", key="plans", parent="pricing"), "CATALOGUE"),
    "an account's trait": (
        {"account": {"traits": [{"name": "tier", "is": {"eq": "pro"}}]}},
        row(type="account", key="acme", traits={"tier": "pro"}),
        "CATALOGUE",
    ),
    "a content of a colleague": (
        colleague(PRICING),
        row(type="content", key="/q", topics=["pricing"]),
        "CATALOGUE",
    ),
}
WORLD: Final = (
    contact("ann", accounts=["acme"]),
    contact("bob", accounts=["acme", "far"]),
    contact("cyd", accounts=["far"]),
    event("ann", "0", "Read", about={"content": "/p"}),
    event("ann", "1", "Read", about={"content": "/plans"}),
    event("bob", "0", "Read", about={"content": "/q"}),
    row(type="content", key="/plans", topics=["plans"]),
)


async def save(writer: Writer, key: str, where: object) -> None:
    """Save a segment and wait until its members are kept."""
    await writer.tell([row(type="segment", key=key, name=key, where=where)])
    await built(writer)


async def causes(database: Database) -> list[tuple[str, bool, str]]:
    """Return who came in and left, and why, in the order of the log."""
    rows = await database.read(
        "MATCH (c:Change) RETURN c.contact AS contact, c.entered AS entered, c.cause AS cause "
        "ORDER BY c.sequence"
    )
    return [(each["contact"], each["entered"], each["cause"]) for each in rows]


@pytest.mark.parametrize(("where", "new", "cause"), TOLD.values(), ids=TOLD)
async def test_what_was_told_is_the_cause(
    database: Database, where: object, new: Row, cause: str
) -> None:
    """Of the contact itself, or of somebody or something that the definition looks at."""
    async with writing(database) as writer:
        await writer.tell(WORLD)
        await save(writer, "s", where)
        assert await causes(database) == []
        await writer.tell([new])

    assert ("ann", True, cause) in await causes(database)


async def test_each_of_a_batch_has_its_own(database: Database) -> None:
    """What is told of one does not stand as the cause of what another's news turn."""
    async with writing(database) as writer:
        await writer.tell([contact(key, accounts=[key[0]]) for key in ("a1", "a2", "b1", "b2")])
        await save(writer, "s", {"any": [colleague(VIEWED), colleague(PRO)]})
        await writer.tell([event("a1", "1"), contact("b1", traits={"plan": "pro"})])

    assert sorted(await causes(database)) == [("a2", True, "EVENT"), ("b2", True, "TRAIT")]


async def test_time_and_definitions_are_causes(database: Database) -> None:
    """A new segment is filled, a window closes, a definition changes."""
    clock = FixedClock(NOW)
    lately = {"did": {"event": "Page Viewed", "within": {"last": "P1D"}}}
    async with writing(database, clock=clock) as writer:
        await writer.tell([event("ann", "1")])
        await save(writer, "s", lately)
        clock.advance(2 * DAY)
        await writer.tell([event("bob", "1")])
        await save(writer, "s", {"did": {"event": "Page Viewed", "within": {"last": "P7D"}}})

    assert await causes(database) == [
        ("ann", True, "BACKFILL"),
        ("ann", False, "TIME"),
        ("ann", True, "DEFINITION"),
        ("bob", True, "DEFINITION"),
    ]


async def test_a_cause_outlives_a_crash(database: Database) -> None:
    """Whoever was marked and not judged is judged by the next owner, for the reason noted."""
    async with writing(database) as writer:
        await writer.tell([contact("ann", accounts=["acme"]), contact("bob", accounts=["acme"])])
        await save(writer, "s", colleague(PRO))
    await database.change(
        "MATCH (bob:Contact {key: 'bob'}) "
        "CREATE (trait:Trait {name: 'plan', types: ['string'], contacts: 1}) "
        "CREATE (bob)-[:TRAIT_CHANGED {at: $now, value: 'pro'}]->(trait) "
        "WITH bob MATCH (ann:Contact {key: 'ann'}) "
        "SET ann._due = $now, ann._marked = $now, ann._why = 'TRAIT'",
        now=NOW,
    )

    async with writing(database):
        rows = await database.read("MATCH (c:Contact {key: 'ann'}) RETURN c._why AS why")

    assert await causes(database) == [("ann", True, "TRAIT")]
    assert [each["why"] for each in rows] == [None]
