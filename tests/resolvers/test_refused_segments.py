"""Segments that are not saved, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.resolvers.saving import ORDERED, SAVE, save

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = pytest.mark.engine


def test_unknown_segments_are_refused_at_their_place(live: Live) -> None:
    """In an audience as an error, in a definition as a problem, each with near names."""
    save(live, "trial-expiring", ORDERED)
    where = {"any": [ORDERED, {"not": {"segment": {"key": "trial-expirng"}}}]}
    message = "There is no segment 'trial-expirng'; did you mean 'trial-expiring'?"
    query = "query($where: Condition!) { audience(where: $where) { count } }"

    assert live.errors(query, where=where) == [
        {
            "message": message,
            "path": ["audience"],
            "extensions": {
                "code": "UNKNOWN_SEGMENT",
                "path": ["where", "any", "1", "not", "segment", "key"],
            },
        }
    ]
    assert save(live, "broken", where) == {
        "__typename": "InvalidDefinition",
        "code": "UNKNOWN_SEGMENT",
        "message": message,
        "path": ["segment", "where", "any", "1", "not", "segment", "key"],
    }


@pytest.mark.parametrize(
    ("fields", "path", "message"),
    [
        (
            {"key": ""},
            ["segment", "key"],
            "The key of a segment is empty: give at least one character",
        ),
        (
            {"name": "n" * 201},
            ["segment", "name"],
            (
                f"The name of a segment '{'n' * 60}…' has 201 characters; at most 200 are "
                "taken: shorten it"
            ),
        ),
        (
            {"key": "a\0b"},
            ["segment", "key"],
            "The key of a segment 'a\\0b' holds the character NUL: leave it out",
        ),
        (
            {"description": "d" * 4001},
            ["segment", "description"],
            f"The text '{'d' * 60}…' has 4001 characters; at most 4000 are taken: shorten it",
        ),
        (
            {"expectedRevision": -1},
            ["segment", "expectedRevision"],
            "A revision is 0 for none yet, or more, not -1",
        ),
        (
            {"where": {"all": []}},
            ["segment", "where", "all"],
            "The list is empty: give at least one, or leave it out",
        ),
        (
            {"where": {"did": {"event": "e", "within": {"last": "P1M"}}}},
            ["segment", "where", "did", "within", "last"],
            (
                "'P1M' is not a duration: years and months differ in length; use a calendar "
                "window, or days such as P30D"
            ),
        ),
    ],
    ids=["no key", "long name", "NUL", "long description", "negative", "empty", "month"],
)
def test_what_cannot_be_saved_is_refused_at_its_place(
    live: Live, fields: dict[str, object], path: list[str], message: str
) -> None:
    """As a problem of the union, never as an error."""
    refused = live.ask(SAVE, segment={"key": "k", "name": "n", "where": ORDERED, **fields})

    assert refused["saveSegment"]["__typename"] == "InvalidDefinition"
    assert (refused["saveSegment"]["path"], refused["saveSegment"]["message"]) == (path, message)
