"""Documents that are too large, too deep or too dear are refused before any work is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from graphql import get_introspection_query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.server.live import Live

pytestmark = pytest.mark.engine

TOO_COMPLEX = {"code": "QUERY_TOO_COMPLEX"}
SYNTAX = {"code": "GRAPHQL_PARSE_FAILED"}
INVALID = {"code": "GRAPHQL_VALIDATION_FAILED"}


def bomb(levels: int) -> str:
    """Return a document in which each fragment spreads the next one twice."""
    fragments = " ".join(
        f"fragment f{level} on Query {{ ...f{level + 1} ...f{level + 1} }}"
        for level in range(levels)
    )
    return f"{{ ...f0 }} {fragments} fragment f{levels} on Query {{ status {{ ready }} }}"


def beyond(number: int, what: str, most: int) -> str:
    """Return what is said of an operation that has too many of something."""
    return f"The operation has {number} {what}; at most {most} are taken: ask in turns"


DEEP = "{ vocabulary { topics { " + "parent { " * 18 + "key" + " }" * 21
DOCUMENTS = {
    "a bomb of 12 levels": (bomb(12), beyond(8192, "fields", 2000), TOO_COMPLEX),
    "a bomb of 80 levels": (bomb(80), beyond(10**6, "fields", 2000), TOO_COMPLEX),
    "fragments in a circle": (
        "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
        "Cannot spread fragment 'a' within itself via 'b'.",
        INVALID,
    ),
    "201 deep": (
        "{ a" * 201 + " }" * 201,
        "Syntax Error: Document is nested too deeply. Parsing aborted.",
        SYNTAX,
    ),
    "21 deep": (DEEP, beyond(21, "levels", 20), TOO_COMPLEX),
    "31 aliases": (
        "{ status { " + " ".join(f"a{n}: ready" for n in range(31)) + " } }",
        beyond(31, "aliases", 30),
        TOO_COMPLEX,
    ),
    "5,000 aliases": (
        "{" + " ".join(f"a{n}: __typename" for n in range(5000)) + "}",
        "Syntax Error: Document contains more than 4000 tokens. Parsing aborted.",
        SYNTAX,
    ),
    "10,000 equal fields": (
        "{" + "__typename " * 10_000 + "}",
        "Syntax Error: Source contains more than 100000 code points. Parsing aborted.",
        SYNTAX,
    ),
    "400 equal selections": (
        "{" + "status { ready } " * 400 + "}",
        beyond(400, "fields at its root", 20),
        TOO_COMPLEX,
    ),
    "21 roots by fragments": (
        "{" + "...a " * 7 + "} fragment a on Query { ... { __typename } ...b } "
        "fragment b on Query { __typename __typename }",
        beyond(21, "fields at its root", 20),
        TOO_COMPLEX,
    ),
    "5,000 directives": (
        "{ __typename " + "@skip(if: false) " * 5000 + "}",
        "Syntax Error: Document contains more than 4000 tokens. Parsing aborted.",
        SYNTAX,
    ),
    "6 directives at one place": (
        "{ __typename " + "@skip(if: false) " * 6 + "}",
        beyond(6, "directives at one place", 5),
        TOO_COMPLEX,
    ),
    "6 directives on the operation": (
        "query " + "@a " * 6 + "{ __typename }",
        beyond(6, "directives at one place", 5),
        TOO_COMPLEX,
    ),
    "1,000 unknown fields": (
        "{ status { " + "nope " * 1000 + "} }",
        "Validation aborted.",
        INVALID,
    ),
    "a comment of 1 MB": (
        "#" + "x" * 10**6 + "\n{ __typename }",
        "Syntax Error: Source contains more than 100000 code points. Parsing aborted.",
        SYNTAX,
    ),
    "2,000 comments": (
        "#\n" * 2000 + "{ __typename }",
        "Syntax Error: Document contains more than 1000 comments. Parsing aborted.",
        SYNTAX,
    ),
    "introspection in a circle": (
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
        "Maximum introspection depth exceeded",
        INVALID,
    ),
    "half a character": (
        '{ contact(key: "\\ud800") { key } }',
        "Syntax Error: Invalid Unicode escape sequence: '\\ud800'.",
        SYNTAX,
    ),
}


@pytest.mark.parametrize(("document", "message", "extensions"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_document_is_refused(
    live: Live, document: str, message: str, extensions: dict[str, str]
) -> None:
    """The limit is named, and nothing is read."""
    (error, *_) = live.errors(document)

    assert error == {"message": message, "extensions": extensions}


LONG = "1" * 5000
PAGE_OF = 'audience(where: {did: {event: "x"}}) { members(first: %s) { nodes { key } } }'
NUMBERS = {
    "a page": "{ " + PAGE_OF % LONG + " }",
    "a negative page": "{ " + PAGE_OF % f"-{LONG}" + " }",
    "a count": '{ audience(where: {did: {event: "x", atLeast: ' + LONG + "}}) { count } }",
    "a value": '{ audience(where: {trait: {name: "x", is: {eq: ' + LONG + "}}}) { count } }",
    "a default": "query($n: Int = " + LONG + ") { " + PAGE_OF % "$n" + " }",
}


@pytest.mark.parametrize("document", NUMBERS.values(), ids=NUMBERS)
def test_a_number_of_too_many_digits_is_refused(live: Live, document: str) -> None:
    """Python makes no number of so many, wherever it stands."""
    (error,) = live.errors(document)

    sign = "-1" if "-1" in document else "11"
    assert error == {
        "message": f"The number {sign + '1' * 18}… has 5000 digits; at most 1000 are taken: write "
        "a shorter one",
        "extensions": {"code": "BAD_USER_INPUT"},
    }


RECORD = "mutation($events: [EventInput!]!) { recordEvents(events: $events) { accepted } }"


def test_as_many_events_as_are_taken_fit(live: Live) -> None:
    """5,000 events with what each is about, and with products that are JSON, are not too much."""
    products = {"products": [{"sku": "s"}]}
    event = {"contact": "a", "event": "many", "about": {"content": "c"}, "properties": products}

    events = [event | {"id": str(n), "at": "2026-03-10T11:00:00Z"} for n in range(5000)]

    assert live.ask(RECORD, events=events) == {"recordEvents": {"accepted": 5000}}


MEMBERS = """query($first: Int = 500, $inner: Int) {
  audience(where: {did: {event: "x"}}) {
    members(first: $first) { nodes { events(first: $inner) { nodes { id event } } } }
  }
}"""


@pytest.mark.parametrize(
    ("variables", "cost"),
    [
        ({"inner": 500}, 1 + 50 + 500 * (1 + 1 + 500 * (1 + 2))),
        ({"first": 500, "inner": 10**9}, 1 + 50 + 500 * (1 + 1 + 500 * (1 + 2))),
        ({"first": 100, "inner": 100}, 1 + 50 + 100 * (1 + 1 + 100 * (1 + 2))),
        ({}, 1 + 50 + 500 * (1 + 1 + 20 * (1 + 2))),
    ],
)
def test_pages_in_pages_are_weighed(live: Live, variables: dict[str, int], cost: int) -> None:
    """A field costs as often as its page is long; pages asked for by variable are no exception."""
    (error,) = live.errors(MEMBERS, **variables)

    assert error == {
        "message": f"The operation may cost {cost}; at most 10000 is taken, where a field costs "
        "1, one that counts or finds contacts 50, times `first` in a list: ask for shorter pages, "
        "or in turns",
        "extensions": TOO_COMPLEX,
    }


SIZES = "query($first: Int) { segments(first: $first) { nodes { key size } } }"


def test_counts_are_weighed(live: Live) -> None:
    """Each size of a segment is a count over the graph, so that only so many are taken at once."""
    (error,) = live.errors(SIZES, first=500)

    assert error["message"].startswith(f"The operation may cost {1 + 500 * (1 + 1 + 50)}; ")
    assert live.ask(SIZES, first=100) == {"segments": {"nodes": []}}


HISTORIES = """{ segments(first: 200) { nodes {
  sizes(since: "2026-01-01T00:00:00Z", step: "P1D") { at } } } }"""
ENDS = """{ audience(where: {did: {event: "x"}}) {
  members(first: 200) { nodes { segments { until } } } } }"""


@pytest.mark.parametrize(
    ("document", "cost"),
    [
        (HISTORIES, 1 + 200 * (1 + 50 + 10)),
        (ENDS, 1 + 50 + 200 * (1 + 1 + 10 * 50)),
    ],
    ids=["sizes", "ends"],
)
def test_what_is_counted_over_time_is_weighed(live: Live, document: str, cost: int) -> None:
    """A history of sizes, and when memberships end, are as dear as a count."""
    (error,) = live.errors(document)

    assert error["message"].startswith(f"The operation may cost {cost}; ")


def test_pages_that_are_not_dear_are_answered(live: Live) -> None:
    """Short pages, and what needs no page, are answered."""
    short = live.ask(MEMBERS, first=50, inner=50)
    nothing = live.ask(MEMBERS, first=0, inner=500)

    assert short == nothing == {"audience": {"members": {"nodes": []}}}


def test_an_explanation_may_be_asked_for_level_by_level(live: Live) -> None:
    """Seven levels of conditions, each with its verdict, its words and its events, are answered."""
    live.load({"type": "contact", "key": "ann"})
    node = "text holds changesAt found asked toFlip note others evidence(first: 3) { id event at }"
    tree = f"{node} children {{ " * 7 + node + " }" * 7
    where: dict[str, object] = {"not": {"did": {"event": "e"}}}
    for word in ("all", "any", "all", "any", "all"):
        where = {word: [where, {"did": {"event": word}}]}

    found = live.ask(
        'query($where: Condition!) { contact(key: "ann") { explain(where: $where) { tree { '
        + tree
        + " } } } }",
        where=where,
    )

    assert levels(found["contact"]["explain"]["tree"]) == 7


def levels(node: Mapping[str, Any]) -> int:
    """Return how deep the conditions of an explanation stand in one another."""
    return 1 + max(map(levels, node.get("children", ())), default=0)


def test_the_whole_schema_may_be_asked_for(live: Live) -> None:
    """The introspection that every tool begins with is within all limits."""
    found = live.ask(get_introspection_query(descriptions=True, input_value_deprecation=True))

    assert found["__schema"]["queryType"] == {"name": "Query", "kind": "OBJECT"}
