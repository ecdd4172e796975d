"""Audiences laid beside one another: what parts find, who comes and goes, what is in common."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = pytest.mark.engine

BREAKDOWN = """query($where: Condition!, $at: DateTime) { audience(where: $where, at: $at) {
  count breakdown { everybody steps { text path level count running } text } } }"""
COMPARED = """query($where: Condition!, $before: Condition, $at: DateTime) {
  audience(where: $where, compareWith: $before, at: $at) { count compared {
    entering { count members { nodes { key } } } leaving { count members { nodes { key } } }
    staying { count } } } }"""
OVERLAP = """query($conditions: [Condition!], $segments: [String!], $at: DateTime) {
  overlap(conditions: $conditions, segments: $segments, at: $at) {
    asOf sets { place key text count } neither intersections { sets count only }
    pairs { left right both either jaccard } } }"""
VIEWED: dict[str, Any] = {"did": {"event": "Page Viewed"}}
OFTEN: dict[str, Any] = {"did": {"event": "Page Viewed", "atLeast": 2}}
BOUGHT: dict[str, Any] = {"did": {"event": "Order Completed"}}
PRO: dict[str, Any] = {"trait": {"name": "plan", "is": {"eq": "pro"}}}


@pytest.fixture(scope="module")
def told(live: Live) -> Live:
    """Serve six contacts: a and b viewed twice, c and d once; b, d and e bought; a and e are pro.

    f did nothing and is nothing; e exists from 5 March, all others from 1 March.
    """
    view = {"event": "Page Viewed", "at": "2026-03-01T00:00:00Z"}
    order = {"event": "Order Completed", "at": "2026-03-05T00:00:00Z"}
    contact = {"type": "contact", "at": "2026-03-01T00:00:00Z"}
    live.load(
        *({**contact, "key": key} for key in "abcdf"),
        *({**view, "contact": key, "id": "1"} for key in "abcd"),
        *({**view, "contact": key, "id": "2"} for key in "ab"),
        *({**order, "contact": key, "id": "3"} for key in "bde"),
        {**contact, "key": "a", "traits": {"plan": "pro"}},
        {**contact, "at": "2026-03-05T00:00:00Z", "key": "e", "traits": {"plan": "pro"}},
    )
    return live


def steps(*rows: tuple[str, str, int, int]) -> list[dict[str, Any]]:
    """Return the steps of a breakdown; a path is given by its parts, and so is a level."""
    return [
        {
            "text": text,
            "path": path.split("."),
            "level": path.count(".") // 2,
            "count": count,
            "running": running,
        }
        for text, path, count, running in rows
    ]


def test_each_part_of_all_is_counted_and_what_is_left(told: Live) -> None:
    """The running count goes down in the order of the condition, to the audience's own count."""
    found = told.ask(BREAKDOWN, where={"all": [VIEWED, {"not": PRO}, BOUGHT]})["audience"]

    assert found == {
        "count": 2,
        "breakdown": {
            "everybody": 6,
            "steps": steps(
                ("viewed a page", "all.0.did", 4, 4),
                ("has no “plan” that is “pro”", "all.1.not", 4, 3),
                ("completed an order", "all.2.did", 3, 2),
            ),
            "text": "Drops from 6 to 4 at: viewed a page",
        },
    }


def test_the_order_of_the_parts_is_the_order_of_the_steps(told: Live) -> None:
    """Written the other way round the same audience is lost elsewhere."""
    found = told.ask(BREAKDOWN, where={"all": [{"not": BOUGHT}, PRO, OFTEN]})["audience"]

    assert [step["running"] for step in found["breakdown"]["steps"]] == [3, 1, 1]
    assert found["breakdown"]["text"] == "Drops from 6 to 3 at: did not complete an order"


def test_an_any_grows(told: Live) -> None:
    """Down an `any` each part adds whom none before it found."""
    found = told.ask(BREAKDOWN, where={"any": [OFTEN, PRO, {"all": [VIEWED, BOUGHT]}]})["audience"]

    assert found["count"] == 4
    outermost = [step for step in found["breakdown"]["steps"] if step["level"] == 1]
    assert [(s["count"], s["running"]) for s in outermost] == [(2, 2), (2, 3), (2, 4)]
    assert found["breakdown"]["text"] == "Grows from 0 to 2 at: viewed a page at least twice"


def test_parts_in_parts_are_steps_too(told: Live) -> None:
    """Each running count is of the condition up to there; a part comes before those in it."""
    found = told.ask(
        BREAKDOWN, where={"all": [{"any": [{"all": [OFTEN, BOUGHT]}, PRO, VIEWED]}, BOUGHT]}
    )["audience"]

    assert found["count"] == 3
    assert found["breakdown"]["steps"] == steps(
        (
            (
                "(viewed a page at least twice, and completed an order), or has a “plan” that is "
                "“pro”, or viewed a page"
            ),
            "all.0.any",
            5,
            5,
        ),
        ("viewed a page at least twice, and completed an order", "all.0.any.0.all", 1, 1),
        ("viewed a page at least twice", "all.0.any.0.all.0.did", 2, 2),
        ("completed an order", "all.0.any.0.all.1.did", 3, 1),
        ("has a “plan” that is “pro”", "all.0.any.1.trait", 2, 3),
        ("viewed a page", "all.0.any.2.did", 4, 5),
        ("completed an order", "all.1.did", 3, 3),
    )
    assert found["breakdown"]["text"] == "Drops from 5 to 3 at: completed an order"


@pytest.mark.parametrize(
    ("where", "path", "count"),
    [(VIEWED, "did", 4), ({"not": VIEWED}, "not", 2), ({"engaged": {"topic": "x"}}, "engaged", 0)],
    ids=["a leaf", "not", "a shorter way to say it"],
)
def test_one_condition_is_one_step(
    told: Live, where: dict[str, Any], path: str, count: int
) -> None:
    """What has no parts is its own only step."""
    found = told.ask(BREAKDOWN, where=where)["audience"]["breakdown"]

    assert [(s["path"], s["count"], s["running"]) for s in found["steps"]] == [
        ([path], count, count)
    ]
    assert found["everybody"] == 6


def test_a_breakdown_of_very_many_parts_is_refused(told: Live) -> None:
    """More than the engine plans in time are refused at once, with the limit and the way out."""
    many = [{"any": [VIEWED, BOUGHT]} for _ in range(51)]

    (error,) = told.errors(BREAKDOWN, where={"all": many})

    assert error["message"].startswith("A breakdown is of at most 100 conditions, not of 102: ask")
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


def test_a_breakdown_of_the_past_counts_who_was_there(told: Live) -> None:
    """On 2 March nobody had bought, and five existed; before March there was nobody."""
    where = {"all": [VIEWED, BOUGHT]}

    second = told.ask(BREAKDOWN, where=where, at="2026-03-02T00:00:00Z")["audience"]["breakdown"]
    first = told.ask(BREAKDOWN, where=where, at="2026-02-01T00:00:00Z")["audience"]["breakdown"]

    assert (second["everybody"], [s["running"] for s in second["steps"]]) == (5, [4, 0])
    assert second["text"] == "Drops from 4 to 0 at: completed an order"
    assert (first["everybody"], [s["count"] for s in first["steps"]]) == (0, [0, 0])
    assert first["text"] == "Stays at 0"


def keys(audience: dict[str, Any]) -> str:
    """Return the keys of an audience's members, whose number is its count."""
    found = "".join(node["key"] for node in audience["members"]["nodes"])
    assert audience["count"] == len(found)
    return found


@pytest.mark.parametrize(
    ("where", "before", "at", "told_of"),
    [
        (VIEWED, BOUGHT, None, ("ac", "e", 2)),
        (BOUGHT, VIEWED, None, ("e", "ac", 2)),
        (OFTEN, VIEWED, None, ("", "cd", 2)),
        (VIEWED, VIEWED, None, ("", "", 4)),
        ({"any": [VIEWED, BOUGHT]}, PRO, None, ("bcd", "", 2)),
        (VIEWED, {"not": VIEWED}, None, ("abcd", "ef", 0)),
        (VIEWED, BOUGHT, "2026-03-02T00:00:00Z", ("abcd", "", 0)),
    ],
    ids=["apart", "the other way round", "narrower", "the same", "wider", "contrary", "then"],
)
def test_who_comes_in_and_who_goes_out(
    told: Live,
    where: dict[str, Any],
    before: dict[str, Any],
    at: str | None,
    told_of: tuple[str, str, int],
) -> None:
    """Compared with another condition, both are counted and can be read page by page."""
    found = told.ask(COMPARED, where=where, before=before, at=at)["audience"]["compared"]

    come, gone = keys(found["entering"]), keys(found["leaving"])
    assert (come, gone, found["staying"]["count"]) == told_of


def test_without_another_condition_nothing_is_compared(told: Live) -> None:
    """The field is null, and the audience is as ever."""
    found = told.ask(COMPARED, where=VIEWED)["audience"]

    assert found == {"count": 4, "compared": None}


def test_the_condition_compared_with_is_refused_at_its_place(told: Live) -> None:
    """Its path begins with the argument's own name."""
    (error,) = told.errors(COMPARED, where=VIEWED, before={"did": {"event": ""}})

    assert error["extensions"] == {
        "code": "BAD_USER_INPUT",
        "path": ["compareWith", "did", "event"],
    }


def test_all_intersections_are_counted(told: Live) -> None:
    """Of three sets there are seven, and what is in these alone; each pair has its likeness."""
    found = told.ask(OVERLAP, conditions=[VIEWED, BOUGHT, PRO])["overlap"]

    assert found["asOf"] == "2026-03-10T12:00:00.000Z"
    assert [(each["place"], each["count"]) for each in found["sets"]] == [(0, 4), (1, 3), (2, 2)]
    assert found["sets"][2]["text"] == "has a “plan” that is “pro”"
    assert found["neither"] == 1
    assert [(i["sets"], i["count"], i["only"]) for i in found["intersections"]] == [
        ([0], 4, 1),
        ([1], 3, 0),
        ([2], 2, 0),
        ([0, 1], 2, 2),
        ([0, 2], 1, 1),
        ([1, 2], 1, 1),
        ([0, 1, 2], 0, 0),
    ]
    assert found["pairs"] == [
        {"left": 0, "right": 1, "both": 2, "either": 5, "jaccard": 0.4},
        {"left": 0, "right": 2, "both": 1, "either": 5, "jaccard": 0.2},
        {"left": 1, "right": 2, "both": 1, "either": 4, "jaccard": 0.25},
    ]


def test_eight_sets_have_255_intersections(told: Live) -> None:
    """Most that may be asked: every way to take some of them, and 28 pairs."""
    at_least: list[object] = [{"did": {"event": "Page Viewed", "atLeast": n}} for n in range(8)]
    found = told.ask(OVERLAP, conditions=at_least)["overlap"]

    every = [list(sets) for n in range(1, 9) for sets in combinations(range(8), n)]
    assert [each["sets"] for each in found["intersections"]] == every
    sizes = [6, 4, 2, 0, 0, 0, 0, 0]
    assert [each["count"] for each in found["intersections"]] == [sizes[sets[-1]] for sets in every]
    assert len(found["pairs"]) == 28
    assert found["pairs"][0]["jaccard"] == pytest.approx(4 / 6)
    assert found["pairs"][-1]["jaccard"] is None


def test_an_overlap_of_the_past(told: Live) -> None:
    """Only those who existed are in any set or in none."""
    found = told.ask(OVERLAP, conditions=[VIEWED, PRO], at="2026-03-02T00:00:00Z")["overlap"]

    assert [i["count"] for i in found["intersections"]] == [4, 1, 1]
    assert found["neither"] == 1


MANY = "An overlap is of 1 to 8 segments and conditions together, not of {}"
REFUSED: list[tuple[dict[str, Any], str | None, list[str]]] = [
    ({}, MANY.format(0), ["conditions"]),
    ({"conditions": [], "segments": []}, MANY.format(0), ["conditions"]),
    ({"conditions": [VIEWED] * 9}, MANY.format(9), ["conditions"]),
    ({"conditions": [VIEWED] * 8, "segments": ["x"]}, MANY.format(9), ["conditions"]),
    ({"segments": ["x"] * 9}, MANY.format(9), ["segments"]),
    (
        {"segments": ["", "x"]},
        "The key of the segment is empty: give at least one character",
        ["segments", "0"],
    ),
    (
        {"conditions": [VIEWED, {"did": {"event": ""}}]},
        "The name of an event is empty: give at least one character",
        ["conditions", "1", "did", "event"],
    ),
    ({"conditions": [VIEWED, {"all": []}]}, None, ["conditions", "1", "all"]),
]


@pytest.mark.parametrize(
    ("asked", "message", "path"),
    REFUSED,
    ids=[
        "nothing",
        "empty lists",
        "nine",
        "eight and one",
        "nine segments",
        "an empty key",
        "a wrong condition",
        "an empty list in one",
    ],
)
def test_an_overlap_that_is_none_is_refused(
    told: Live, asked: dict[str, Any], message: str | None, path: list[str]
) -> None:
    """How many may be asked is told; a wrong one is named by its place."""
    (error,) = told.errors(OVERLAP, **asked)

    assert [str(part) for part in error["extensions"]["path"]] == path
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert message is None or error["message"] == message


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"segments": ["nowhere"]}, ["segments", "0"]),
        ({"conditions": [{"segment": {"key": "nowhere"}}]}, ["conditions", "0", "segment", "key"]),
    ],
    ids=["by key", "in a condition"],
)
def test_an_unknown_segment_is_refused(told: Live, asked: dict[str, Any], path: list[str]) -> None:
    """It is named, at its place."""
    (error,) = told.errors(OVERLAP, **asked)

    assert error["message"] == (
        "There is no segment 'nowhere'; `segments` lists those that there are, and `saveSegment` "
        "saves one"
    )
    assert error["extensions"]["code"] == "UNKNOWN_SEGMENT"
    assert [str(part) for part in error["extensions"]["path"]] == path


SAVE = """mutation($segment: SegmentInput!) { saveSegment(segment: $segment) {
  ... on Segment { key } ... on Problem { message } } }"""


def test_saved_segments_are_laid_over_conditions(told: Live) -> None:
    """Segments come first; each means its current definition, alone and in what is compared."""
    for key, where in (("viewers", VIEWED), ("buyers", BOUGHT)):
        assert told.ask(SAVE, segment={"key": key, "name": key, "where": where}) == {
            "saveSegment": {"key": key}
        }

    found = told.ask(OVERLAP, segments=["viewers", "buyers"], conditions=[PRO])["overlap"]
    compared = told.ask(COMPARED, where=VIEWED, before={"segment": {"key": "buyers"}})
    left = told.ask(BREAKDOWN, where={"all": [{"segment": {"key": "viewers"}}, PRO]})

    assert [each["key"] for each in found["sets"]] == ["viewers", "buyers", None]
    assert found["sets"][0]["text"] == "is in the segment “viewers”"
    assert [i["count"] for i in found["intersections"]] == [4, 3, 2, 2, 1, 1, 0]
    assert keys(compared["audience"]["compared"]["entering"]) == "ac"
    assert [s["running"] for s in left["audience"]["breakdown"]["steps"]] == [4, 1]
