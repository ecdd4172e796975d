"""An audience as a client sees it: a plan that can be run, slips told, a past that stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from graph.database import Database, Statement

if TYPE_CHECKING:
    from tests import engine
    from tests.server.live import Live

pytestmark = pytest.mark.engine

PLAN = """query($where: Condition!) { audience(where: $where) {
  count plan { cypher parameters operators estimatedRows } } }"""
WARNINGS = """query($where: Condition!) { audience(where: $where) {
  warnings { code message path fix } } }"""
THEN = """query($where: Condition!, $at: DateTime) { audience(where: $where, at: $at) {
  asOf count members { nodes { key } } } }"""
VIEWED: dict[str, Any] = {"did": {"event": "Page Viewed"}}
PRO: dict[str, Any] = {"trait": {"name": "plan", "is": {"eq": "pro"}}}
FREE: dict[str, Any] = {"trait": {"name": "plan", "is": {"eq": "free"}}}
NO_PLAN: dict[str, Any] = {"trait": {"name": "plan", "is": {"exists": False}}}


@pytest.fixture(scope="module")
def told(live: Live) -> Live:
    """Serve a graph of which a few things were told, with their instants."""
    view = {"event": "Page Viewed", "about": {"content": "/p"}, "properties": {"ref": "mail"}}
    ann = {"type": "contact", "key": "ann"}
    live.load(
        {"type": "topic", "key": "pricing"},
        {"type": "category", "key": "shoes"},
        {"type": "content", "key": "/p", "topics": ["pricing"]},
        {"contact": "ann", "id": "1", "at": "2026-03-01T00:00:00Z", **view},
        {"contact": "bob", "id": "1", "at": "2026-03-05T00:00:00Z", **view},
        {**ann, "traits": {"plan": "free"}, "at": "2026-03-01T00:00:00Z"},
        {**ann, "traits": {"plan": "pro"}, "at": "2026-03-04T00:00:00Z"},
    )
    return live


async def test_the_plan_is_what_is_run(told: Live, neo4j: engine.Running) -> None:
    """By hand the statement counts the same with its parameters; values stand in these alone."""
    viewed = {
        "event": "Page Viewed",
        "where": [{"property": "ref", "is": {"eq": "mail"}}],
        "within": {"last": "P30D"},
        "about": {"content": {"topic": "pricing"}},
    }
    found = told.ask(PLAN, where={"all": [{"did": viewed}, {"not": FREE}]})["audience"]
    plan = found["plan"]
    database = Database(neo4j.address, neo4j.user, neo4j.password)
    try:
        (row,) = await database.read(Statement(plan["cypher"], plan["parameters"]))
    finally:
        await database.close()

    assert row["count"] == found["count"] == 2
    assert {"mail", "pricing", "free"} <= _texts(plan["parameters"])
    assert not {text for text in ("mail", "pricing", "free") if text in plan["cypher"]}
    assert plan["operators"][0].startswith("ProduceResults")
    assert len(plan["operators"]) > 3
    assert plan["estimatedRows"] >= 0


def _texts(value: object) -> set[object]:
    if isinstance(value, dict):
        value = list(cast("dict[str, object]", value).values())
    if isinstance(value, list):
        return {text for each in cast("list[object]", value) for text in _texts(each)}
    return {value} if isinstance(value, str) else set()


def test_what_looks_wrong_is_told(told: Live) -> None:
    """It is answered all the same, with warnings that name the place, the fault and the way out."""
    where = {"all": [PRO, FREE, {"did": {"events": ["Page Viewed", "page view"]}}]}

    assert told.ask(WARNINGS, where=where)["audience"]["warnings"] == [
        {
            "code": "NEVER_TRUE",
            "message": "The trait 'plan' cannot be so at once: it is “pro”, and it is “free”",
            "path": ["all"],
            "fix": "Drop one of them, or join them by `any`",
        },
        {
            "code": "UNKNOWN_EVENT",
            "message": "Nobody has an event 'page view' yet; did you mean 'Page Viewed'?",
            "path": ["all", "2", "did", "events", "1"],
            "fix": "Say 'Page Viewed'",
        },
    ]


def test_those_without_a_trait_are_counted(told: Live) -> None:
    """Who is left out for want of a value is told by number."""
    (found,) = told.ask(WARNINGS, where={"trait": {"name": "plan", "is": {"ne": "pro"}}})[
        "audience"
    ]["warnings"]

    assert found["code"] == "UNSET_TRAIT"
    assert found["message"] == "`ne` leaves out the 1 contact without a 'plan'"


def test_what_is_plain_gives_no_warning(told: Live) -> None:
    """Known names in any sensible condition are not suspicious."""
    where = {"all": [PRO, VIEWED, {"engaged": {"topic": "pricing"}}]}

    assert told.ask(WARNINGS, where=where)["audience"]["warnings"] == []


@pytest.mark.parametrize(
    ("where", "at", "keys"),
    [
        (VIEWED, None, ["ann", "bob"]),
        (VIEWED, "2026-03-05T00:00:00Z", ["ann", "bob"]),
        (VIEWED, "2026-03-04T23:59:59.999Z", ["ann"]),
        (VIEWED, "2026-03-01T00:00:00Z", ["ann"]),
        (VIEWED, "2026-02-28T23:59:59.999Z", []),
        (VIEWED, "2026-03-01T01:00:00+02:00", []),
        (PRO, None, ["ann"]),
        (PRO, "2026-03-04T00:00:00Z", ["ann"]),
        (PRO, "2026-03-03T23:59:59.999Z", []),
        (FREE, "2026-03-03T00:00:00Z", ["ann"]),
        (NO_PLAN, "2026-03-02T00:00:00Z", []),
        (NO_PLAN, "2026-03-06T00:00:00Z", ["bob"]),
    ],
    ids=repr,
)
def test_the_past_is_as_it_was(
    told: Live, where: dict[str, Any], at: str | None, keys: list[str]
) -> None:
    """Events and traits count from their instant on; the answer is as of now all the same."""
    found = told.ask(THEN, where=where, at=at)["audience"]

    assert found == {
        "asOf": "2026-03-10T12:00:00.000Z",
        "count": len(keys),
        "members": {"nodes": [{"key": key} for key in keys]},
    }


@pytest.mark.parametrize("at", ["2026-03-10", "2026-03-10T12:00:00", "0000-01-01T00:00:00Z", ""])
def test_an_instant_that_is_none_is_refused(told: Live, at: str) -> None:
    """It is named with an example of one, at its place."""
    (error,) = told.errors(THEN, where=VIEWED, at=at)

    assert error == {
        "message": f"'{at}' is not an instant: write it in RFC 3339 with an offset, such as "
        "2026-11-23T10:00:00Z",
        "path": ["audience"],
        "extensions": {"code": "BAD_USER_INPUT", "path": ["at"]},
    }


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"])
def test_the_ends_of_the_calendar_are_instants(told: Live, at: str) -> None:
    """The first and the last instant that there are may be asked for."""
    assert told.ask(THEN, where={"not": VIEWED}, at=at)["audience"]["count"] == 0
