"""Bad input to queries: an error that names the thing, the limit and the way out, at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = pytest.mark.engine

COUNT = "query($where: Condition!, $at: DateTime) { audience(where: $where, at: $at) { count } }"
PAGE = """query($first: Int, $after: String) {
  audience(where: {did: {event: "x"}}) { members(first: $first, after: $after) { nodes { key } } }
}"""
LEAF: dict[str, Any] = {"did": {"event": "x"}}


def deep(levels: int) -> dict[str, Any]:
    """Return a condition in so many others."""
    where: dict[str, Any] = LEAF
    for _ in range(levels):
        where = {"all": [where, {"trait": {"name": "a", "is": {"exists": True}}}]}
        where = {"not": where}
    return where


REFUSED: dict[str, dict[str, Any]] = {
    "an empty all": {"all": []},
    "an empty any": {"any": []},
    "a window of zero": {"did": {"event": "x", "within": {"last": "P0D"}}},
    "months": {"did": {"event": "x", "within": {"last": "P1M"}}},
    "a negative window": {"did": {"event": "x", "within": {"last": "-P1D"}}},
    "a window of 10^9 days": {"did": {"event": "x", "within": {"last": "P1000000000D"}}},
    "a naive time": {"did": {"event": "x", "within": {"since": "2026-03-10T12:00:00"}}},
    "24:00": {"did": {"event": "x", "within": {"since": "2026-03-10T24:00:00Z"}}},
    "year 0": {"did": {"event": "x", "within": {"since": "0000-01-01T00:00:00Z"}}},
    "30 February": {"did": {"event": "x", "within": {"since": "2024-02-30T00:00:00Z"}}},
    "an unknown zone": {
        "did": {
            "event": "x",
            "within": {"calendar": {"unit": "DAY", "count": 1, "zone": "Mars/Phobos"}},
        }
    },
    "2^63": {"trait": {"name": "a", "is": {"eq": 2**63}}},
    "301 leaves": {"any": [{"did": {"event": f"e{n}"}} for n in range(301)]},
    "13 deep": deep(7),
    "a bad expression": {"trait": {"name": "a", "is": {"matches": "(a"}}},
    "a name of ours": {"trait": {"name": "__proto__", "is": {"eq": 1}}},
    "more than at most": {"did": {"event": "x", "atLeast": 3, "atMost": 2}},
}


@pytest.mark.parametrize("where", REFUSED.values(), ids=REFUSED)
def test_a_condition_without_meaning_is_refused(live: Live, where: dict[str, Any]) -> None:
    """It is the client's error, with a code and a path into the condition."""
    (error,) = live.errors(COUNT, where=where)

    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["extensions"]["path"][0] == "where"
    assert error["path"] == ["audience"]


NAMES = ["`", "a`b", "'", '"', "$x", "a.b", "\\u0060", "\u202e", "é" * 200, "\u200b"]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_taken_to_the_letter(live: Live, name: str) -> None:
    """A name with quotes, backticks or other signs finds what was told under it, and no more."""
    live.load(
        {"contact": f"by-{name}", "event": name, "id": "1", "properties": {name: 1}},
        {"type": "contact", "key": f"by-{name}", "traits": {name: "x"}},
    )
    event = {"did": {"event": name, "where": [{"property": name, "is": {"eq": 1}}]}}
    trait = {"trait": {"name": name, "is": {"eq": "x"}}}

    found = live.ask(
        "query($where: Condition!) { audience(where: $where) { members { nodes { key } } } }",
        where={"all": [event, trait]},
    )

    assert found["audience"]["members"]["nodes"] == [{"key": f"by-{name}"}]


@pytest.mark.parametrize("first", [-1, 501, 10**9])
def test_a_page_of_no_length_is_refused(live: Live, first: int) -> None:
    """The length of a page is from 0 to 500."""
    (error,) = live.errors(PAGE, first=first)

    assert (error["message"], error["extensions"]) == (
        f"first is from 0 to 500, not {first}; go on with `after`",
        {"code": "BAD_USER_INPUT", "path": ["first"]},
    )


@pytest.mark.parametrize("first", [0, 1, 500, None])
def test_a_page_of_some_length_is_answered(live: Live, first: int | None) -> None:
    """Null is as absent; a page may be empty."""
    assert live.ask(PAGE, first=first)["audience"]["members"] == {"nodes": []}


@pytest.mark.parametrize("after", ["", "x", "é", "bnVsbA", "WyJhIl0", "W10", "=", "A" * 100_000])
def test_a_cursor_of_nobody_is_refused(live: Live, after: str) -> None:
    """Garbage, and good base64 of junk, are no cursors."""
    (error,) = live.errors(PAGE, after=after)

    assert error["message"] == (
        "The cursor was not made by this list: pass an endCursor of the same list, or none"
    )
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


def test_what_nobody_knows_is_null(live: Live) -> None:
    """An unknown key is null, and so is an id of something that is gone; nonsense is refused."""
    assert live.ask('{ contact(key: "nobody") { key } }') == {"contact": None}
    assert live.ask('{ node(id: "Q29udGFjdDpub2JvZHk") { id } }') == {"node": None}
    (error,) = live.errors('{ node(id: "!") { id } }')
    assert error["message"] == "The id was not given out by this API"
