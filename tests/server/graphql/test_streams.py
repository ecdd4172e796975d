"""Subscriptions: by WebSocket or by server-sent events, and never half."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator  # noqa: TC003 - Strawberry reads the hint
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
import strawberry
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from server.graphql import EXTENSIONS, GraphQL
from server.graphql import socket as sockets
from tests.server.live import listening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from websockets.sync.client import ClientConnection

pytestmark = pytest.mark.process

EVENTS = "text/event-stream"
STREAMED = (
    "A subscription is a stream: ask by WebSocket (graphql-transport-ws), or by POST with "
    "`Accept: text/event-stream`"
)
URQL = f"application/graphql-response+json, application/json, {EVENTS}, multipart/mixed"


@strawberry.type
class Query:
    """What may be asked here."""

    @strawberry.field
    def number(self) -> float:
        """Return what JSON cannot say."""
        return float("nan")


@strawberry.type
class Subscription:
    """What may be listened to here."""

    @strawberry.subscription
    async def count(self, to: int) -> AsyncGenerator[int]:
        """Count from 0."""
        for number in range(to):
            yield number

    @strawberry.subscription
    async def wait(self) -> AsyncGenerator[int]:
        """Say nothing, for ever."""
        await asyncio.Event().wait()
        yield 0


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Serve a schema that has a subscription."""
    schema = strawberry.Schema(Query, subscription=Subscription, extensions=EXTENSIONS)
    graphql = GraphQL(
        schema,
        make_context=object,
        most_bytes=10_000,
        allowed_origins=["https://app.example.com"],
        init_seconds=0.2,
    )
    app = Starlette(routes=[Route("/graphql", graphql), WebSocketRoute("/graphql", graphql)])
    with listening(app) as address:
        yield f"{address}/graphql"


def post(url: str, query: str, accept: str) -> httpx2.Response:
    """Return the answer to an operation."""
    return httpx2.post(url, json={"query": query}, headers={"accept": accept})


def frames(text: str) -> list[tuple[str, Any]]:
    """Return the events of a stream, each with its data."""
    assert text.endswith("\n\n")
    assert "\r" not in text
    events = [frame.split("\n") for frame in text.removesuffix("\n\n").split("\n\n")]
    return [
        (name.removeprefix("event: "), json.loads(data.removeprefix("data: ") or "null"))
        for name, data in events
    ]


@pytest.mark.parametrize("accept", [EVENTS, f"{EVENTS}, multipart/mixed", URQL])
def test_a_subscription_is_streamed_to_who_takes_a_stream(url: str, accept: str) -> None:
    """Also to clients that list JSON before it; lines end in LF alone."""
    response = post(url, "subscription { count(to: 2) }", accept)

    assert (response.status_code, response.headers["content-type"]) == (200, f"{EVENTS}")
    assert frames(response.text) == [
        ("next", {"data": {"count": 0}}),
        ("next", {"data": {"count": 1}}),
        ("complete", None),
    ]


def test_a_browser_s_own_stream_is_a_get(url: str) -> None:
    """`EventSource` asks by GET, with the operation in the address."""
    query = {"query": "subscription { count(to: 1) }"}

    response = httpx2.get(url, params=query, headers={"accept": EVENTS})

    assert frames(response.text) == [("next", {"data": {"count": 0}}), ("complete", None)]


@pytest.mark.parametrize("accept", ["application/json", "*/*", f"{EVENTS};q=0"])
def test_a_subscription_without_a_stream_is_told_how(url: str, accept: str) -> None:
    """It is not executed as a query."""
    response = post(url, "subscription { count(to: 2) }", accept)

    assert (response.status_code, response.json()) == (
        406,
        {"errors": [{"message": STREAMED, "extensions": {"code": "BAD_REQUEST"}}]},
    )


def test_a_query_is_answered_in_json_to_who_takes_both(url: str) -> None:
    """A client that lists streams on each request gets JSON for a query; NaN is null."""
    response = post(url, "{ __typename }", URQL)

    assert response.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
    assert response.json() == {"data": {"__typename": "Query"}}


def test_a_stream_may_ask_too(url: str) -> None:
    """Who takes streams alone gets a query's one answer as one; errors have their codes."""
    asked = post(url, "{ __typename }", EVENTS)
    invalid = post(url, "{ nope }", EVENTS)
    broken = post(url, "{", EVENTS)

    assert frames(asked.text)[0] == ("next", {"data": {"__typename": "Query"}})
    assert frames(invalid.text)[0][1]["errors"][0]["extensions"] == {
        "code": "GRAPHQL_VALIDATION_FAILED"
    }
    assert frames(broken.text)[0][1]["errors"][0]["extensions"] == {"code": "GRAPHQL_PARSE_FAILED"}


def socket(url: str, **headers: str) -> ClientConnection:
    """Open a WebSocket."""
    return connect(
        url.replace("http", "ws"),
        subprotocols=["graphql-transport-ws"],  # pyright: ignore[reportArgumentType]
        additional_headers=headers,
        proxy=None,
    )


def say(opened: ClientConnection, **message: object) -> None:
    """Send a message."""
    opened.send(json.dumps(message))


def hear(opened: ClientConnection) -> dict[str, Any]:
    """Return the next message."""
    return json.loads(opened.recv(5))


def test_a_socket_subscribes_and_asks(url: str) -> None:
    """One connection carries subscriptions and queries; each is completed."""
    with socket(url) as opened:
        say(opened, type="connection_init", payload={})
        assert hear(opened) == {"type": "connection_ack"}
        say(opened, type="ping")
        assert hear(opened) == {"type": "pong"}
        say(opened, type="subscribe", id="1", payload={"query": "subscription { count(to: 1) }"})
        heard = [hear(opened), hear(opened)]
        say(opened, type="subscribe", id="2", payload={"query": "{"})
        refused = hear(opened)

    assert heard == [
        {"type": "next", "id": "1", "payload": {"data": {"count": 0}}},
        {"type": "complete", "id": "1"},
    ]
    assert (refused["type"], refused["id"]) == ("error", "2")
    assert refused["payload"][0]["extensions"] == {"code": "GRAPHQL_PARSE_FAILED"}


MESSAGES = {
    "no JSON": ("{", "WebSocket message must be valid JSON"),
    "a list": ("[]", "Expected `object`, got `array`"),
    "no type": ("{}", "Object missing required field `type`"),
    "an unknown type": ('{"type": "x"}', "Invalid value 'x' - at `$.type`"),
    "an id that is a list": (
        '{"type": "subscribe", "id": [], "payload": {"query": ""}}',
        "Expected `str`, got `array` - at `$.id`",
    ),
    "no query": (
        '{"type": "subscribe", "id": "1", "payload": {}}',
        "Object missing required field `query` - at `$.payload`",
    ),
    "nested too deep": ("[" * 50_000, "WebSocket message must be valid JSON"),
}


@pytest.mark.parametrize(("message", "reason"), MESSAGES.values(), ids=MESSAGES)
def test_a_message_that_means_nothing_closes_the_socket(
    url: str, message: str, reason: str
) -> None:
    """Whoever does not speak the protocol is told what is wrong, by close code 4400."""
    with socket(url) as opened:
        opened.send(message)
        with pytest.raises(ConnectionClosed) as closed:
            opened.recv(5)

    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4400, reason)


def test_a_socket_that_says_nothing_is_closed(url: str) -> None:
    """Without `connection_init` in time the socket is closed."""
    with socket(url) as opened, pytest.raises(ConnectionClosed) as closed:
        opened.recv(5)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4408


def let_in(opened: ClientConnection) -> None:
    """Hear that one is let in, and nothing else, until the socket is closed."""
    while True:
        assert hear(opened) == {"type": "connection_ack"}


INIT = {"type": "connection_init"}
WAIT = {"type": "subscribe", "id": "1", "payload": {"query": "subscription { wait }"}}
BROKEN = {
    "an operation before it is let in": ([WAIT], 4401, "Unauthorized"),
    "an id that is in use": ([INIT, WAIT, WAIT], 4409, "Subscriber for 1 already exists"),
    "let in twice": ([INIT, INIT], 4429, "Too many initialisation requests"),
}


@pytest.mark.parametrize(("messages", "code", "reason"), BROKEN.values(), ids=BROKEN)
def test_a_slip_in_the_protocol_closes_the_socket(
    url: str, messages: list[dict[str, Any]], code: int, reason: str
) -> None:
    """By the code that the protocol has for it."""
    with socket(url) as opened:
        for message in messages:
            say(opened, **message)
        with pytest.raises(ConnectionClosed) as closed:
            let_in(opened)

    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (code, reason)


def test_a_server_shows_that_it_lives(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says `ping` again and again to who is let in, whatever is going on."""
    monkeypatch.setattr(sockets, "PING", 0.05)
    with socket(url) as opened:
        say(opened, **INIT)
        say(opened, **WAIT)
        assert [hear(opened) for _ in range(3)] == [
            {"type": "connection_ack"},
            {"type": "ping"},
            {"type": "ping"},
        ]
        say(opened, type="pong")
        assert hear(opened) == {"type": "ping"}


def test_a_message_that_is_too_large_closes_the_socket(url: str) -> None:
    """A message over 256 KiB is not taken."""
    with socket(url) as opened:
        opened.send(" " * (256 * 1024 + 1))
        with pytest.raises(ConnectionClosed) as closed:
            opened.recv(5)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


def test_pages_of_other_origins_need_leave(url: str) -> None:
    """A page of an allowed origin may open a socket, one of another may not."""
    with socket(url, origin="https://app.example.com") as opened:
        say(opened, type="connection_init")
        assert hear(opened) == {"type": "connection_ack"}

    with pytest.raises(InvalidStatus) as refused, socket(url, origin="https://evil.example.com"):
        pass
    assert refused.value.response.status_code == 403
