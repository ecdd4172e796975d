"""Decisions on purposes: one edge for each instant, withdrawal wins, and events that then count."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from graph import conditions
from graph.clock import FixedClock
from graph.ingest.decoding import decode
from graph.segmentation import Segmentation
from graph.times import read_instant
from tests import worlds
from tests.graph.upkeep.writing import AT, NOW, codes, owner, row, writing

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from graph.database import Database
    from graph.upkeep.draft import Row

pytestmark = pytest.mark.engine

EARLY = "2026-03-01T00:00:00.000Z"
PEOPLE = ("ann", "bob", "cyd", "dan", "eve")
LATE = "2026-03-05T00:00:00.000Z"


def consent(state: str, at: str = AT, contact: str = "ann", purpose: str = "email") -> Row:
    """Return a decision."""
    return row(type="consent", contact=contact, purpose=purpose, state=state, at=at)


async def decided(database: Database) -> list[tuple[str, str, int, str]]:
    """Return every decision in the graph, in order."""
    rows = await database.read(
        "MATCH (c:Contact)-[d:CONSENT_DECIDED]->(p:Purpose) "
        "RETURN c.key AS contact, p.key AS purpose, d.at AS at, d.state AS state"
    )
    return sorted((each["contact"], each["purpose"], each["at"], each["state"]) for each in rows)


async def test_what_becomes_of_decisions(database: Database) -> None:
    """The first is new; one that changes no instant is counted as such, but kept."""
    rows = [
        consent("GRANTED", EARLY),
        consent("GRANTED", EARLY),
        consent("GRANTED", LATE),
        consent("WITHDRAWN", LATE),
        consent("GRANTED", LATE),
        consent("WITHDRAWN", EARLY, purpose="ads"),
    ]
    async with writing(database) as writer:
        together = codes(await writer.tell(rows))
        kept = await decided(database)
        again = [codes(await writer.tell([each])) for each in rows]

    early, late = read_instant(EARLY), read_instant(LATE)
    assert together == ["CREATED", "UNCHANGED", "UNCHANGED", "UPDATED", "UNCHANGED", "CREATED"]
    assert kept == [
        ("ann", "ads", early, "WITHDRAWN"),
        ("ann", "email", early, "GRANTED"),
        ("ann", "email", late, "WITHDRAWN"),
    ]
    assert again == [["UNCHANGED"]] * 6
    assert await decided(database) == kept


@pytest.mark.parametrize("together", [True, False], ids=["in a batch", "one by one"])
@pytest.mark.parametrize(
    "order",
    [("WITHDRAWN", "GRANTED"), ("GRANTED", "WITHDRAWN"), ("GRANTED", "WITHDRAWN", "GRANTED")],
)
async def test_of_two_at_one_instant_the_withdrawal_wins(
    database: Database, order: tuple[str, ...], *, together: bool
) -> None:
    """In whatever order they come, there is one edge."""
    rows = [consent(state) for state in order]
    async with writing(database) as writer:
        for batch in [rows] if together else [[each] for each in rows]:
            await writer.tell(batch)

    assert await decided(database) == [("ann", "email", read_instant(AT), "WITHDRAWN")]


async def test_a_decision_makes_its_contact_exist(database: Database) -> None:
    """An unknown one from its instant on, a known one from earlier than before."""
    async with writing(database) as writer:
        told = codes(
            await writer.tell(
                [
                    consent("GRANTED", LATE),
                    row(type="contact", key="bob", at=LATE),
                    consent("GRANTED", LATE, "bob"),
                    consent("GRANTED", EARLY, "bob"),
                ]
            )
        )
    rows = await database.read("MATCH (c:Contact) RETURN c.key AS key, c._since AS since")

    assert told == ["CREATED", "CREATED", "CREATED", "UPDATED"]
    assert {each["key"]: each["since"] for each in rows} == {
        "ann": read_instant(LATE),
        "bob": read_instant(EARLY),
    }


async def test_statements_test_consent_once_somebody_withdrew(database: Database) -> None:
    """Before, no event is looked at for it; a server that starts later knows it too."""
    did = conditions.read({"did": {"event": "Page Viewed"}})
    async with telling(database) as segmentation:
        await tell(segmentation, line("GRANTED"), viewed("ann"))
        before = (await segmentation.audience(did)).counting().text
        await tell(segmentation, line("WITHDRAWN"))
        after = (await segmentation.audience(did)).counting().text
    standby = Segmentation(database, FixedClock(NOW))

    assert "CONSENT_DECIDED" not in before
    assert "CONSENT_DECIDED" in after
    assert (await standby.audience(did)).counting().text == after
    assert (await owner(database))["withdrawn"] is True


@pytest.mark.parametrize(
    ("condition", "members"),
    [
        ({"did": {"event": "Page Viewed"}}, ["bob", "cyd", "dan"]),
        ({"did": {"event": "Page Viewed", "exactly": 0}}, ["ann", "eve"]),
        (
            {
                "did": {
                    "event": "Logged In",
                    "within": {"ofFirst": {"event": "Page Viewed", "within": "P1D"}},
                }
            },
            ["bob", "cyd", "dan"],
        ),
    ],
    ids=["a pattern", "none", "of first"],
)
async def test_events_under_a_withdrawn_purpose_do_not_count(
    database: Database, condition: Mapping[str, object], members: list[str]
) -> None:
    """At an instant the newest decision up to it decides, whenever the event happened."""
    lines = [
        viewed("ann"),
        line("GRANTED", EARLY),
        line("WITHDRAWN", LATE),
        viewed("bob"),
        line("WITHDRAWN", EARLY, "bob"),
        line("GRANTED", LATE, "bob"),
        viewed("cyd", purpose=None),
        line("WITHDRAWN", contact="cyd"),
        viewed("dan"),
        line("WITHDRAWN", contact="dan", purpose="ads"),
        viewed("eve"),
        line("GRANTED", contact="eve"),
        line("WITHDRAWN", contact="eve"),
    ]
    lines += [viewed(who, event="Logged In", id="2", purpose=None) for who in PEOPLE]
    asked = conditions.read(condition)
    async with telling(database) as segmentation:
        await tell(segmentation, *lines)
        page = await (await segmentation.audience(asked)).members(10, None)

    plain = worlds.members(asked, worlds.subjects(lines, NOW), NOW)
    assert [each.key for _, each in page.items] == plain
    assert plain == members


async def test_an_export_tells_decisions(database: Database) -> None:
    """Imported to another graph they make the same decisions, told again they change nothing."""
    async with telling(database) as segmentation:
        await tell(segmentation, line("GRANTED", EARLY), line("WITHDRAWN", LATE), viewed("bob"))
        lines = [each async for each in segmentation.export()]
        again = await tell(segmentation, *lines)
    first = await decided(database)
    await database.change("MATCH (n) DETACH DELETE n")
    async with telling(database) as segmentation:
        await tell(segmentation, *lines)
        second = [each async for each in segmentation.export()]

    assert {"type": "consent", **line("WITHDRAWN", LATE)}.items() <= lines[2].items()
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 4)
    assert second == lines
    assert await decided(database) == first


def line(
    state: str, at: str = AT, contact: str = "ann", purpose: str = "email"
) -> dict[str, object]:
    """Return the line of a decision."""
    told = {"contact": contact, "purpose": purpose, "state": state, "at": at}
    return {"type": "consent", **told}


def viewed(contact: str, **fields: object) -> dict[str, object]:
    """Return the line of an event that was recorded under a purpose."""
    told = {"contact": contact, "event": "Page Viewed", "id": "1", "at": AT, "purpose": "email"}
    return {**told, **fields}


@asynccontextmanager
async def telling(database: Database) -> AsyncGenerator[Segmentation]:
    """Run a segmentation for as long as the block."""
    segmentation = Segmentation(database, FixedClock(NOW))
    await segmentation.prepare()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(segmentation.run(force=True))
        await segmentation.ready()
        try:
            yield segmentation
        finally:
            running.cancel()


async def tell(segmentation: Segmentation, *lines: Mapping[str, object]) -> dict[str, Any]:
    """Tell lines, all of which are taken."""
    told = await segmentation.tell([decode(msgspec.json.encode(each)) for each in lines])
    assert told.rejected == []
    return msgspec.to_builtins(told)
