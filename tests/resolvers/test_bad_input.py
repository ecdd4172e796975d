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
MEMBERS = "query($where: Condition!) { audience(where: $where) { members { nodes { key } } } }"
LEAF: dict[str, Any] = {"did": {"event": "x"}}


def deep(levels: int) -> dict[str, Any]:
    """Return a condition in so many others."""
    where: dict[str, Any] = LEAF
    for _ in range(levels):
        where = {"all": [where, {"trait": {"name": "a", "is": {"exists": True}}}]}
        where = {"not": where}
    return where


def lasting(last: str) -> dict[str, Any]:
    """Return a condition on events of so long."""
    return {"did": {"event": "x", "within": {"last": last}}}


def since(instant: str) -> dict[str, Any]:
    """Return a condition on events from an instant on."""
    return {"did": {"event": "x", "within": {"since": instant}}}


LAST = ["did", "within", "last"]
EMPTY = "The list is empty: give at least one, or leave it out"
NOT_ONE: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"not": {"did": None}}, ["not", "did"]),
    ({"all": [LEAF, {**LEAF, "all": []}]}, ["all", "1"]),
    ({"trait": {"name": "a", "is": {}}}, ["trait", "is"]),
]
NO_INSTANTS = {
    "a naive time": "2026-03-10T12:00:00",
    "24:00": "2026-03-10T24:00:00Z",
    "year 0": "0000-01-01T00:00:00Z",
    "year 99999": "99999-01-01T00:00:00Z",
    "30 February": "2024-02-30T00:00:00Z",
    "a leap second": "2016-12-31T23:59:60Z",
    "an offset of 25 hours": "2026-03-10T00:00:00+25:00",
    "seconds since 1970": "1773144000",
    "milliseconds since 1970": "1773144000000",
}
REFUSED: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    **{
        name: (
            since(text),
            (
                f"'{text}' is not an instant: write it in RFC 3339 with an offset, such as "
                "2026-11-23T10:00:00Z"
            ),
            ["did", "within", "since"],
        )
        for name, text in NO_INSTANTS.items()
    },
    "an empty all": ({"all": []}, EMPTY, ["all"]),
    "an empty any in a not": ({"not": {"any": []}}, EMPTY, ["not", "any"]),
    "a window of zero": (
        lasting("P0D"),
        "The duration P0D must be longer than 0 and at most 36525 days",
        LAST,
    ),
    "months": (
        lasting("P1M"),
        (
            "'P1M' is not a duration: years and months differ in length; use a calendar window, or "
            "days such as P30D"
        ),
        LAST,
    ),
    "a negative window": (lasting("-P1D"), "'-P1D' is not a duration: it cannot be negative", LAST),
    "a window of 10^9 days": (
        lasting("P1000000000D"),
        "'P1000000000D' is not a duration: it is longer than 36525 days",
        LAST,
    ),
    "an unknown zone": (
        {
            "did": {
                "event": "x",
                "within": {"calendar": {"unit": "DAY", "count": 1, "zone": "Mars/Phobos"}},
            }
        },
        (
            "'Mars/Phobos' is not a time zone: use an IANA name such as Europe/Berlin, or CONTACT "
            "for the contact's own"
        ),
        ["did", "within", "calendar", "zone"],
    ),
    "2^63": (
        {"trait": {"name": "a", "is": {"eq": 2**63}}},
        "9223372036854775808 does not fit a whole number of 64 bits: give it as a text",
        ["trait", "is", "eq"],
    ),
    "301 leaves": (
        {"any": [{"did": {"event": f"e{n}"}} for n in range(301)]},
        (
            "This is leaf 301; a definition has at most 300 leaves: name many "
            "values by one `in`, many kinds of events by one `events`"
        ),
        ["any", "300"],
    ),
    "13 deep": (
        deep(7),
        (
            "This condition is 13 deep; conditions nest at most 12 deep: put "
            "those of `all` in `all`, or `any` in `any`, beside each other in one list"
        ),
        ["not", "all", "0"] * 6,
    ),
    "a bad expression": (
        {"trait": {"name": "a", "is": {"matches": "(a"}}},
        "`(` at position 1 of the pattern is never closed: add ), or write \\( for the character",
        ["trait", "is", "matches"],
    ),
    "a name of ours": (
        {"trait": {"name": "__proto__", "is": {"eq": 1}}},
        "Names that begin with _ are the graph's own; '__proto__' is no trait",
        ["trait", "name"],
    ),
    "more than at most": (
        {"did": {"event": "x", "atLeast": 3, "atMost": 2}},
        "atLeast 3 is more than atMost 2: lower the one or raise the other",
        ["did", "atLeast"],
    ),
}


@pytest.mark.parametrize(("where", "message", "path"), REFUSED.values(), ids=REFUSED)
def test_a_condition_without_meaning_is_refused(
    live: Live, where: dict[str, Any], message: str, path: list[str]
) -> None:
    """It is the client's error, with a code and a path to the very place."""
    (error,) = live.errors(COUNT, where=where)

    assert error == {
        "message": message,
        "path": ["audience"],
        "extensions": {"code": "BAD_USER_INPUT", "path": ["where", *path]},
    }


NAMES = ["`", "a`b", "'", '"', "$x", "a.b", "\\u0060", "\u202e", "é" * 200, "\u200b", "constructor"]


def test_names_are_taken_to_the_letter(live: Live) -> None:
    """A name with quotes, backticks or other signs finds what was told under it, and no more."""
    for_each = (
        (
            {"contact": f"by-{name}", "event": name, "id": "1", "properties": {name: 1}},
            {"type": "contact", "key": f"by-{name}", "traits": {name: "x"}},
        )
        for name in NAMES
    )
    told = live.load(*(line for lines in for_each for line in lines))
    found = {name: live.ask(MEMBERS, where=all_of(name))["audience"]["members"] for name in NAMES}

    assert told["rejected"] == []
    assert found == {name: {"nodes": [{"key": f"by-{name}"}]} for name in NAMES}


def all_of(name: str) -> dict[str, Any]:
    """Return a condition on an event, its property and a trait that all have one name."""
    event = {"did": {"event": name, "where": [{"property": name, "is": {"eq": 1}}]}}
    return {"all": [event, {"trait": {"name": name, "is": {"eq": "x"}}}]}


def test_keys_and_events_may_have_any_name(live: Live) -> None:
    """What is a value and no name of a property may begin as it likes."""
    name = "__proto__"
    told = live.load({"contact": name, "event": name, "id": name, "about": {"content": name}})
    did = {"event": name, "about": {"content": {"keys": [name]}}}

    assert told["accepted"] == 1
    assert live.ask(MEMBERS, where={"did": did})["audience"]["members"] == {
        "nodes": [{"key": name}]
    }


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
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "path": ["after"]}


def test_what_nobody_knows_is_null(live: Live) -> None:
    """An unknown key is null, and so is an id of something that is gone; nonsense is refused."""
    assert live.ask('{ contact(key: "nobody") { key } }') == {"contact": None}
    assert live.ask('{ node(id: "Q29udGFjdDpub2JvZHk") { id } }') == {"node": None}
    (error,) = live.errors('{ node(id: "!") { id } }')
    assert error["message"] == "The id was not given out by this API: pass an `id` of an answer"


@pytest.mark.parametrize(("where", "path"), NOT_ONE)
def test_of_several_fields_exactly_one_is_said(
    live: Live, where: dict[str, Any], path: list[str]
) -> None:
    """None, null and two are refused where they stand in the variable; in the text, once."""
    (error,) = live.errors(COUNT, where=where)
    (literal,) = live.errors("{ audience(where: {not: {}}) { count } }")

    assert error["extensions"] == {"code": "BAD_USER_INPUT", "path": ["where", *path]}
    assert "exactly one field must be specified" in error["message"]
    assert literal["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}
