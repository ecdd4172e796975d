"""Events told by a mutation: bad ones named to the letter, odd ones kept to the letter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = pytest.mark.engine

RECORD = """mutation($events: [EventInput!]!) { recordEvents(events: $events) {
  accepted duplicates rejected { index key code message path } } }"""
COUNT = "query($where: Condition!, $at: DateTime) { audience(where: $where, at: $at) { count } }"
LONG = "x" * 60 + "…"


def record(live: Live, *events: dict[str, Any]) -> dict[str, Any]:
    """Record events, and return what became of them."""
    return live.ask(RECORD, events=events)["recordEvents"]


def no_instant(text: str) -> str:
    """Return what is said of a text that is none."""
    return (
        f"'{text}' is not an instant: write it in RFC 3339 with an offset, such as "
        "2026-11-23T10:00:00Z"
    )


def future(text: str) -> str:
    """Return what is said of an instant that is too far ahead."""
    return (
        f"{text} is in the future: an event may lie at most PT5M after its arrival, at "
        "2026-03-10T12:00:00.000Z: tell it later, or mend the clock"
    )


NO_INSTANTS = [
    "0000-01-01T00:00:00Z",
    "99999-01-01T00:00:00Z",
    "2026-03-10T24:00:00Z",
    "2026-03-10T12:00:00",
    "2016-12-31T23:59:60Z",
    "2024-02-30T00:00:00Z",
    "2026-03-10T00:00:00+25:00",
    "1773144000",
    "1773144000000",
    "",
]
FUTURE = ["2026-03-10T12:05:00.001Z", "9999-12-31T23:59:59Z"]
BAD: list[tuple[dict[str, Any], str, list[str]]] = [
    *(({"at": each}, no_instant(each), ["at"]) for each in NO_INSTANTS),
    *(({"at": each}, future(each), ["at"]) for each in FUTURE),
    (
        {"properties": {"a": 2**63}},
        "9223372036854775808 does not fit a whole number of 64 bits: give it as a text",
        ["properties", "a"],
    ),
    (
        {"properties": {"a": 10**400}},
        "A number of 1329 bits does not fit a whole number of 64 bits: give it as a text",
        ["properties", "a"],
    ),
    (
        {"properties": {"a": [1, "x", None]}},
        "null cannot be kept in a list: leave it out",
        ["properties", "a"],
    ),
    (
        {"properties": {"a": [1, "x"]}},
        (
            "A list holds one type; this one mixes number and string: tell them under two "
            "names, or all as texts"
        ),
        ["properties", "a"],
    ),
    (
        {"properties": {"a": {}}},
        "A nested map cannot be kept: use flat names",
        ["properties", "a"],
    ),
    (
        {"properties": {"a": "x" * 40_000}},
        f"The text '{LONG}' has 40000 characters; at most 32000 are taken: shorten it",
        ["properties", "a"],
    ),
    (
        {"properties": {"a\0": 1}},
        "The name of the property 'a\\0' holds the character NUL: leave it out",
        ["properties", "a\0"],
    ),
    (
        {"properties": {"__proto__": 1}},
        "Names that begin with _ are the graph's own: rename the property",
        ["properties", "__proto__"],
    ),
    (
        {"properties": {str(n): n for n in range(10_000)}},
        (
            "10000 names are too many: at most 250 are taken at once; leave out those that nobody "
            "asks for"
        ),
        ["properties"],
    ),
    ({"contact": ""}, "The key of the contact is empty: give at least one character", ["contact"]),
    (
        {"contact": "\0"},
        "The key of the contact '\\0' holds the character NUL: leave it out",
        ["contact"],
    ),
    (
        {"contact": "x" * 1001},
        f"The key of the contact '{LONG}' has 1001 characters; at most 1000 are taken: shorten it",
        ["contact"],
    ),
    ({"event": ""}, "The name of the event is empty: give at least one character", ["event"]),
    (
        {"event": "x" * 5000},
        f"The name of the event '{LONG}' has 5000 characters; at most 200 are taken: shorten it",
        ["event"],
    ),
    ({"source": ""}, "The name of the source is empty: give at least one character", ["source"]),
    (
        {"about": {"content": ""}},
        "The key of the content is empty: give at least one character",
        ["about", "content"],
    ),
    (
        {"event": "Order Completed", "properties": {"products": [{"sku": "s"}, {"name": "x"}]}},
        "A product is named by its product_id or sku",
        ["properties", "products", "1"],
    ),
    (
        {"event": "Product Added", "properties": {"products": [{"name": "x"}]}},
        "A product is named by its product_id or sku",
        ["properties", "products", "0"],
    ),
    (
        {"event": "Order Completed", "properties": {"products": [{"sku": "s", "price": {}}]}},
        "A nested map cannot be kept: use flat names",
        ["properties", "products", "0", "price"],
    ),
]


def test_each_bad_event_is_told_what_is_wrong(live: Live) -> None:
    """All in one request: each has its index, key, code, message and path; one good is taken."""
    rows = [{"contact": "bad", "event": "Seen", "id": f"{n}"} | row for n, (row, *_) in _numbered()]
    told = record(live, *rows, {"contact": "good", "event": "Seen"})

    assert (told["accepted"], told["duplicates"]) == (1, 0)
    assert [list(each.values()) for each in told["rejected"]] == [
        [n, f"{n}", "IN_THE_FUTURE" if row.get("at") in FUTURE else "BAD_USER_INPUT", message, path]
        for n, (row, message, path) in _numbered()
    ]


def _numbered() -> list[tuple[int, tuple[dict[str, Any], str, list[str]]]]:
    return list(enumerate(BAD))


@pytest.mark.parametrize(
    ("about", "place"),
    [({}, []), ({"content": None}, ["content"]), ({"content": "a", "product": "b"}, [])],
)
def test_an_event_is_about_one_thing(live: Live, about: dict[str, Any], place: list[str]) -> None:
    """None, null and two are no input of the schema."""
    (error,) = live.errors(RECORD, events=[{"contact": "a", "event": "Seen", "about": about}])

    assert error["extensions"] == {
        "code": "BAD_USER_INPUT",
        "path": ["events", "0", "about", *place],
    }
    assert "'ThingRef', exactly one field must be specified" in error["message"]


def test_null_is_as_absent(live: Live) -> None:
    """Each field that may be left out may be null."""
    names = ("id", "at", "about", "properties", "source", "purpose")
    told = record(live, {"contact": "null", "event": "Seen", **dict.fromkeys(names)})

    assert told == {"accepted": 1, "duplicates": 0, "rejected": []}


def test_an_event_that_is_just_ahead_is_stored_and_not_yet_counted(live: Live) -> None:
    """Clocks differ; it counts from its own instant on, to the millisecond."""
    told = record(live, {"contact": "a", "event": "Ahead", "at": "2026-03-10T12:05:00Z"})
    where = {"did": {"event": "Ahead"}}

    def count(at: str | None) -> int:
        return live.ask(COUNT, where=where, at=at)["audience"]["count"]

    assert told["accepted"] == 1
    assert count(None) == 0
    assert count("2026-03-10T12:04:59.999Z") == 0
    assert count("2026-03-10T12:05:00Z") == 1


def test_two_requests_at_once_with_the_same_ids(live: Live) -> None:
    """Each event counts once, whoever came first."""
    events = [{"contact": f"c{n % 7}", "event": "Twice", "id": f"{n}"} for n in range(500)]
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(record, live, *events) for _ in range(2)]
        told = [each.result() for each in asked]

    assert sum(each["accepted"] for each in told) == 500
    assert sum(each["duplicates"] for each in told) == 500
    assert [each["rejected"] for each in told] == [[], []]
    kinds = live.ask("{ vocabulary { events { name count } } }")["vocabulary"]["events"]
    assert {"name": "Twice", "count": 500} in kinds


def test_texts_that_only_look_alike_are_two(live: Live) -> None:
    """Composed and decomposed letters, and signs of no width, tell ids and contacts apart."""
    alike = ["é", "e\u0301", "é\u200b"]
    told = record(
        live,
        *({"contact": "same", "event": "Alike", "id": each} for each in alike),
        *({"contact": each, "event": "Alike", "id": "1"} for each in alike),
    )
    keys = [live.ask("query($k: String!) { contact(key: $k) { key } }", k=each) for each in alike]

    assert told == {"accepted": 6, "duplicates": 0, "rejected": []}
    assert keys == [{"contact": {"key": each}} for each in alike]


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ("a\0b", "a\0b"),
        ("\u202eabc", "\u202eabc"),
        ("e" + "\u0301" * 10_000, "e" + "\u0301" * 10_000),
        (2**63 - 1, 2**63 - 1),
        (-(2**63), -(2**63)),
        (-0.0, 0),
        ("0001-01-01T00:00:00Z", "0001-01-01"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999+00:00"),
        (["x", "x"], "x"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_odd_values_are_kept_to_the_letter(live: Live, told: object, asked: object) -> None:
    """Each is found by what it equals."""
    contact = f"odd {str(told)[:50]!r}"
    record(live, {"contact": contact, "event": "Odd", "id": "1", "properties": {"p": told}})
    is_ = {"contains": {"text": asked}} if isinstance(told, list) else {"eq": asked}
    found = live.ask(
        "query($where: Condition!) { audience(where: $where) { members { nodes { key } } } }",
        where={"did": {"event": "Odd", "where": [{"property": "p", "is": is_}]}},
    )

    assert {"key": contact} in found["audience"]["members"]["nodes"]
