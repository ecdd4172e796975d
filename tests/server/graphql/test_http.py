"""The endpoint refuses what is no request of GraphQL, whatever it is, in GraphQL's own shape."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.server.live import Live

pytestmark = pytest.mark.engine

JSON = {"content-type": "application/json"}
NOT_JSON = "The body is not JSON: "
NO_MAP = "The body is a JSON map of query, variables, operationName, extensions"
IN_TURNS = "send it in turns, or lines to POST /import"
TOO_LARGE = 8 * 2**20

BODIES = {
    "nothing": (b"", NOT_JSON + "Expecting value"),
    "null": (b"null", NO_MAP),
    "a number": (b"1", NO_MAP),
    "a text": (b'"x"', NO_MAP),
    "a list": (b'[{"query": "{__typename}"}]', NO_MAP),
    "no UTF-8": (b'{"query": "\xff"}', NOT_JSON + "it is not UTF-8"),
    "nested too deep": (b"[" * 100_000, NOT_JSON + "it is nested too deep"),
    "NaN": (
        b'{"query": "{__typename}", "variables": {"a": NaN}}',
        f"{NOT_JSON}NaN is not a number",
    ),
    "cut": (b'{"query": "{__typ', NOT_JSON + "Unterminated string starting at"),
    "no query": (b"{}", "The body names no `query`"),
    "an empty query": (b'{"query": ""}', "The body names no `query`"),
    "a query that is no text": (
        b'{"query": 1}',
        "The GraphQL operation's `query` must be a string or null, if provided.",
    ),
    "variables that are no map": (
        b'{"query": "{__typename}", "variables": [1]}',
        "The GraphQL operation's `variables` must be an object or null, if provided.",
    ),
    "a name that is no text": (
        b'{"query": "{__typename}", "operationName": {}}',
        "operationName is a text, or null",
    ),
    "an unknown operation": (
        b'{"query": "query a {__typename}", "operationName": "b"}',
        'Unknown operation named "b".',
    ),
    "half a character": (
        b'{"query": "query a {__typename}", "operationName": "\\ud800"}',
        'Unknown operation named "\ud800".',
    ),
    "a number of 5,000 digits": (
        b'{"query": "{__typename}", "variables": {"a": ' + b"9" * 5000 + b"}}",
        NOT_JSON + "a number has too many digits",
    ),
}


@pytest.mark.parametrize(("body", "message"), BODIES.values(), ids=BODIES)
def test_a_bad_body_is_told_what_is_wrong(live: Live, body: bytes, message: str) -> None:
    """A body that is no request gets 400 and its reason."""
    response = live.http.post("/graphql", content=body, headers=JSON)

    assert response.status_code == 400
    assert json.loads(response.text) == {
        "errors": [{"message": message, "extensions": {"code": "BAD_REQUEST"}}]
    }


def test_of_a_key_that_is_there_twice_the_last_counts(live: Live) -> None:
    """Duplicate keys of JSON are no error; the last one counts."""
    body = b'{"query": "nonsense", "query": "{__typename}"}'

    assert live.http.post("/graphql", content=body, headers=JSON).json() == {
        "data": {"__typename": "Query"}
    }


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", None])
def test_other_media_are_refused(live: Live, media: str | None) -> None:
    """A body of another media type, which a page of anybody's could send, is not read."""
    headers = {"content-type": media} if media else {}

    response = live.http.post("/graphql", content=b'{"query": "{__typename}"}', headers=headers)

    assert response.status_code == 415
    assert response.json()["errors"][0]["message"] == (
        f"A body is application/json, not {media or 'of no media type'}: send it with the header "
        "`Content-Type: application/json`"
    )


def test_a_large_body_is_refused_by_its_length(live: Live) -> None:
    """A body that tells that it is too large is refused."""
    response = live.http.post("/graphql", content=b" " * (TOO_LARGE + 1), headers=JSON)

    assert response.status_code == 413
    assert response.json()["errors"] == [
        {
            "message": (
                f"The body has {TOO_LARGE + 1} bytes; at most {TOO_LARGE} are taken: {IN_TURNS}"
            ),
            "extensions": {"code": "TOO_LARGE"},
        }
    ]


def test_a_large_body_without_a_length_is_refused_too(live: Live) -> None:
    """A body in chunks is read no further than what is taken."""

    def chunks() -> Iterator[bytes]:
        for _ in range(9):
            yield b" " * 2**20

    response = live.http.post("/graphql", content=chunks(), headers=JSON)

    assert response.status_code == 413
    assert response.json()["errors"][0]["message"] == (
        f"The body has more than {TOO_LARGE} bytes, which is what is taken: {IN_TURNS}"
    )


def test_a_get_is_a_query(live: Live) -> None:
    """A GET asks, and tells nothing: a mutation is refused; without a query it is no page."""
    asked = live.http.get("/graphql", params={"query": "{__typename}"})
    told = live.http.get("/graphql", params={"query": "mutation {__typename}"})
    empty = live.http.get("/graphql", headers={"accept": "text/html"})

    assert asked.json() == {"data": {"__typename": "Query"}}
    assert told.headers["allow"] == "POST"
    assert (told.status_code, told.json()["errors"][0]["message"]) == (
        405,
        "mutations are not allowed when using GET",
    )
    assert (empty.status_code, empty.json()["errors"][0]["message"]) == (
        400,
        "The body names no `query`",
    )


def test_other_methods_are_refused(live: Live) -> None:
    """Neither PUT nor DELETE means anything."""
    for method in ("PUT", "DELETE", "PATCH"):
        response = live.http.request(method, "/graphql", json={"query": "{__typename}"})
        assert (response.status_code, response.json()["errors"][0]["message"]) == (
            405,
            "GraphQL only supports GET and POST requests.",
        )
        assert response.headers["allow"] == "GET, POST"


def test_only_who_can_tell_gets_400_for_a_document(live: Live) -> None:
    """Where nothing is executed there is no data; the status tells those who prefer GraphQL's."""
    body = {"query": "{nope}"}
    by_json = live.http.post("/graphql", json=body, headers={"accept": "application/json"})
    by_graphql = live.http.post(
        "/graphql", json=body, headers={"accept": "application/graphql-response+json"}
    )

    assert (by_json.status_code, by_graphql.status_code) == (200, 400)
    assert by_json.json() == by_graphql.json()
    assert "data" not in by_json.json()
    assert by_json.json()["errors"][0]["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}
    assert by_graphql.headers["content-type"] == "application/graphql-response+json; charset=utf-8"


def test_the_media_type_is_the_one_preferred(live: Live) -> None:
    """Weights are honoured; who takes anything gets JSON."""
    accepts = {
        "*/*": "application/json",
        "application/json, application/graphql-response+json;q=0.9": "application/json",
        "application/graphql-response+json, application/json;q=0.9": (
            "application/graphql-response+json; charset=utf-8"
        ),
        "application/graphql-response+json;q=0": "application/json",
        "application/json;q=wrong": "application/json",
    }
    answered = {
        accept: live.http.post(
            "/graphql", json={"query": "{__typename}"}, headers={"accept": accept}
        ).headers["content-type"]
        for accept in accepts
    }

    assert answered == accepts
