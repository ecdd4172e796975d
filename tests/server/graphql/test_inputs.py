"""Variables that hold too much are refused before any of it is read."""

from __future__ import annotations

from typing import Final

import pytest

from resolvers.schema import graphql_schema
from server.graphql import EXTENSIONS
from tests.counting import calls

SCHEMA: Final = graphql_schema(EXTENSIONS)
WHERE: Final = "query($where: Condition!) { audience(where: $where) { count } }"
RECORD: Final = "mutation($events: [EventInput!]!) { recordEvents(events: $events) { accepted } }"
MAPS: Final = "maps of fields; at most 12000"
ELEMENTS: Final = "elements in lists; at most 50000"
DID: Final = {"did": {"event": "x"}}
LARGE: Final[dict[str, tuple[str, dict[str, object], str]]] = {
    "conditions": (WHERE, {"where": {"all": [DID] * 60_000}}, ELEMENTS),
    "conditions in lists of lists": (
        WHERE,
        {"where": {"all": [{"any": [{"not": DID}] * 300}] * 100}},
        MAPS,
    ),
    "conditions beside each other": (
        WHERE,
        {"where": {"all": [{"not": DID, "any": DID, "all": DID} for _ in range(4000)]}},
        MAPS,
    ),
    "tests": (
        WHERE,
        {"where": {"did": {"where": [{"property": "p", "is": {"eq": 1}}] * 49_000}}},
        MAPS,
    ),
    "events": (RECORD, {"events": [{"contact": "a", "event": "x"}] * 200_000}, ELEMENTS),
    "values": (
        WHERE,
        {"where": {"trait": {"name": "x", "is": {"in": list(range(500_000))}}}},
        ELEMENTS,
    ),
}


@pytest.mark.parametrize(("document", "variables", "what"), LARGE.values(), ids=LARGE)
async def test_variables_that_hold_too_much_are_refused(
    document: str, variables: dict[str, object], what: str
) -> None:
    """They are counted up to the limit and not read; the way out is named."""
    with calls() as made:
        found = await SCHEMA.execute(document, variable_values=variables)

    (error,) = found.errors or []
    assert error.message == (
        f"The variables hold too many {what} are taken: send them in turns, and rows that are told "
        "by POST /import"
    )
    assert error.extensions == {"code": "BAD_USER_INPUT"}
    assert made.total < 200_000
