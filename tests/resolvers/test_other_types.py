"""Values of another type than is asked: refused at their place, with how they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = pytest.mark.engine

COUNT = "query($where: Condition!) { audience(where: $where) { count } }"
AN_INSTANT = "write it in RFC 3339 with an offset, such as 2026-11-23T10:00:00Z"
A_DURATION = (
    "write it in ISO 8601 with weeks, days, hours, minutes and seconds, such as P14D or PT6H"
)
NO_VALUE = "A value is a string, a number or a boolean, not a"
VARIABLES: dict[str, tuple[dict[str, Any], str, str]] = {
    "milliseconds for an instant": (
        {"did": {"event": "x", "within": {"since": 1773144000000}}},
        f"1773144000000 is no text with an instant: {AN_INSTANT}",
        "did.within.since",
    ),
    "days for a duration": (
        {"did": {"event": "x", "within": {"last": 7}}},
        f"7 is no text with a duration: {A_DURATION}",
        "did.within.last",
    ),
    "a list for a value": (
        {"trait": {"name": "a", "is": {"eq": ["x"]}}},
        f"{NO_VALUE} list: several are named by `in`",
        "trait.is.eq",
    ),
    "a map in a list": (
        {"trait": {"name": "a", "is": {"in": ["x", {"b": 1}]}}},
        f"{NO_VALUE} map: several are named by `in`",
        "trait.is.in.1",
    ),
    "a number for a name": (
        {"did": {"event": 5}},
        "String cannot represent a non string value: 5",
        "did.event",
    ),
}


@pytest.mark.parametrize(("where", "message", "place"), VARIABLES.values(), ids=VARIABLES)
def test_a_variable_of_another_type_is_refused_at_its_place(
    live: Live, where: dict[str, Any], message: str, place: str
) -> None:
    """What GraphQL itself refuses of a variable has a path, as what we refuse has."""
    (error,) = live.errors(COUNT, where=where)

    assert error == {
        "message": f"Variable '$where' has invalid value at .{place}: {message}".replace(
            ".in.1:", ".in[1]:"
        ),
        "extensions": {"code": "BAD_USER_INPUT", "path": ["where", *place.split(".")]},
    }


LITERALS = {
    "at: 1773144000000": f"1773144000000 is no text with an instant: {AN_INSTANT}",
    "at: true": f"True is no text with an instant: {AN_INSTANT}",
    'where: {did: {event: "x", within: {last: 7}}}': (
        f"7 is no text with a duration: {A_DURATION}"
    ),
    'where: {trait: {name: "a", is: {eq: ["x"]}}}': f"{NO_VALUE} list: several are named by `in`",
}


@pytest.mark.parametrize(("argument", "message"), LITERALS.items(), ids=LITERALS)
def test_a_literal_of_another_type_is_refused_at_its_place(
    live: Live, argument: str, message: str
) -> None:
    """The place of a literal is its line and column."""
    rest = "" if argument.startswith("where") else 'where: {did: {event: "x"}}, '
    document = f"{{ audience({rest}{argument}) {{ count }} }}"
    (error,) = live.post(document).json()["errors"]

    wrong = next(each for each in ("1773144000000", "true", "7", '["x"]') if each in argument)
    assert error == {
        "message": message,
        "locations": [{"line": 1, "column": document.rindex(wrong) + 1}],
        "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
    }
