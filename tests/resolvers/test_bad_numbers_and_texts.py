"""Numbers that do not fit and halves of characters: refused wherever a client can write them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from graph.cursor import cursor

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = pytest.mark.engine

COUNT = "query($where: Condition!) { audience(where: $where) { count } }"
VALUE = '{"where": {"trait": {"name": "a", "is": {"eq": %s}}}}'
AT_LEAST = '{"where": {"did": {"event": "x", "atLeast": %s}}}'
FIRST = """query($first: Int) {
  audience(where: {did: {event: "x"}}) { members(first: $first) { nodes { key } } }
}"""
RECORD = """mutation($properties: JSON!) {
  recordEvents(events: [{contact: "c", event: "E", id: "1", properties: $properties}]) {
    accepted rejected { index key code message path }
  }
}"""
HALF = "holds half of a surrogate pair, which is no character: send both halves, or neither"
EVENTS = """query($event: String, $after: String) {
  contact(key: "ann") { events(event: $event, after: $after) { nodes { id } } }
}"""


def answer(live: Live, query: str, variables: str) -> dict[str, Any]:
    """Return the answer to an operation whose variables are JSON as it is written."""
    body = f'{{"query": {json.dumps(query)}, "variables": {variables}}}'
    response = live.http.post(
        "/graphql", content=body.encode(), headers={"content-type": "application/json"}
    )
    assert response.status_code == 200
    return response.json()


def refusal(live: Live, query: str, variables: str = "{}") -> tuple[str, str, list[str] | None]:
    """Return the message, code and path of the one error of an operation."""
    (error,) = answer(live, query, variables)["errors"]
    return error["message"], error["extensions"]["code"], error["extensions"].get("path")


@pytest.mark.parametrize(
    ("number", "said"), [("1e400", "inf"), ("-1e400", "-inf"), ("9" * 309 + ".0", "inf")]
)
def test_a_value_without_end_is_refused(live: Live, number: str, said: str) -> None:
    """A decimal number that is too great is one in variables, literals and properties alike."""
    told = (f"{said} is not a number that can be kept: give one up to 1.8e308", "BAD_USER_INPUT")
    literal = '{ audience(where: {trait: {name: "a", is: {eq: %s}}}) { count } }' % number  # noqa: UP031 - braces

    path = ["where", "trait", "is", "eq"]
    assert refusal(live, COUNT, VALUE % number) == (*told, path)
    assert refusal(live, literal) == (*told, path)
    recorded = answer(live, RECORD, '{"properties": {"a": %s}}' % number)  # noqa: UP031 - braces
    assert recorded["data"]["recordEvents"]["rejected"] == [
        {
            "index": 0,
            "key": "1",
            "code": told[1],
            "message": told[0],
            "path": ["properties", "a"],
        }
    ]


@pytest.mark.parametrize("number", ["-0", "-0.0", "1.0", str(2**63 - 1), str(-(2**63)), "5e-324"])
def test_a_value_that_fits_is_taken(live: Live, number: str) -> None:
    """The ends of 64 bits, no sign of zero and the smallest decimal number are values."""
    assert answer(live, COUNT, VALUE % number) == {"data": {"audience": {"count": 0}}}


NO_INTS = {
    "1e400": "Int cannot represent non-integer value: inf",
    "1.5": "Int cannot represent non-integer value: 1.5",
    "2147483648": "Int cannot represent non 32-bit signed integer value: 2147483648",
    "-2147483649": "Int cannot represent non 32-bit signed integer value: -2147483649",
    '"1"': "Int cannot represent non-integer value: '1'",
    "true": "Int cannot represent non-integer value: True",
}


@pytest.mark.parametrize(("number", "message"), NO_INTS.items(), ids=NO_INTS)
def test_what_is_no_whole_number_of_32_bits_is_refused(
    live: Live, number: str, message: str
) -> None:
    """A page and a count are whole numbers, by variable and within a condition."""
    page = refusal(live, FIRST, f'{{"first": {number}}}')
    count = refusal(live, COUNT, AT_LEAST % number)

    assert page[:2] == (f"Variable '$first' has invalid value: {message}", "BAD_USER_INPUT")
    assert count[:2] == (
        f"Variable '$where' has invalid value at .did.atLeast: {message}",
        "BAD_USER_INPUT",
    )


@pytest.mark.parametrize("number", ["2147483648", "1.5", "1e400", '"1"', "true"])
def test_a_literal_that_is_no_whole_number_is_refused(live: Live, number: str) -> None:
    """A document with one is not valid."""
    document = FIRST.replace("($first: Int)", "").replace("$first", number)
    message, code, _ = refusal(live, document)

    assert message.startswith("Int cannot represent non")
    assert code == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize("number", ["-1", "1000000000", "2147483647"])
def test_a_literal_page_of_no_length_is_refused(live: Live, number: str) -> None:
    """A literal is checked as a variable is."""
    document = FIRST.replace("($first: Int)", "").replace("$first", number)

    assert refusal(live, document) == (
        f"first is from 0 to 500, not {number}; go on with `after`",
        "BAD_USER_INPUT",
        ["first"],
    )


@pytest.mark.parametrize("number", ["0", "1.0", "5e2", "null"])
def test_a_page_may_be_written_as_json_likes(live: Live, number: str) -> None:
    """`1.0` is the whole number 1."""
    assert answer(live, FIRST, f'{{"first": {number}}}') == {
        "data": {"audience": {"members": {"nodes": []}}}
    }


@pytest.mark.parametrize("half", ["\\ud800", "\\udfff", "a\\udc00\\ud800b"])
def test_half_a_character_is_refused_in_variables(live: Live, half: str) -> None:
    """It is no text of a condition, a key or a property, and never the server's fault."""
    said = f"The text '{half}' {HALF}", "BAD_USER_INPUT"
    key = "query($key: String!) { contact(key: $key) { key } }"
    named = '{"where": {"trait": {"name": "%s", "is": {"exists": true}}}}'
    live.load({"type": "contact", "key": "ann"})

    assert refusal(live, COUNT, VALUE % f'"{half}"') == (*said, ["where", "trait", "is", "eq"])
    assert refusal(live, COUNT, named % half) == (*said, ["where", "trait", "name"])
    assert refusal(live, key, f'{{"key": "{half}"}}') == (*said, ["key"])
    assert refusal(live, EVENTS, f'{{"event": "{half}"}}') == (*said, ["event"])
    recorded = answer(live, RECORD, f'{{"properties": {{"a": "{half}"}}}}')
    (rejected,) = recorded["data"]["recordEvents"]["rejected"]
    assert (rejected["message"], rejected["code"], rejected["path"]) == (*said, ["properties", "a"])


@pytest.mark.parametrize("half", ["\\ud800", "\ud800"], ids=["escaped", "bare"])
def test_half_a_character_is_no_literal(live: Live, half: str) -> None:
    """GraphQL itself has no such texts, as an escape or as it is."""
    message, code, _ = refusal(live, f'{{ contact(key: "{half}") {{ key }} }}')

    assert message.startswith("Syntax Error: Invalid ")
    assert code == "GRAPHQL_PARSE_FAILED"


@pytest.mark.parametrize("at", [2**63, -(2**63) - 1])
def test_a_cursor_whose_number_was_tampered_with_is_refused(live: Live, at: int) -> None:
    """A cursor of the right list with a number that the graph does not have is nobody's."""
    live.load({"type": "contact", "key": "ann"})
    made = cursor(["events", "ann", None], [at, "1"])

    assert refusal(live, EVENTS, json.dumps({"after": made}))[:2] == (
        "The cursor was not made by this list: pass an endCursor of the same list, or none",
        "BAD_USER_INPUT",
    )
