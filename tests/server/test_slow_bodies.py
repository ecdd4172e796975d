"""Bodies that do not come as they are told: too slow, shorter or longer than their length."""

from __future__ import annotations

import json
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

import httpx2
import pytest
import strawberry
from starlette.applications import Starlette
from starlette.routing import Route

from graph.segmentation import Checked, Told
from server.bulk import Bulk
from server.graphql import GraphQL
from server.limited import GRAPHQL_SECONDS, IMPORT_SECONDS
from tests.server.live import listening
from tests.server.sending import NOTHING, event, ndjson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.segmentation import Segmentation

ASKED = b'{"query": "{__typename}"}'
ANSWER = {"data": {"__typename": "Query"}}
JSON = "application/json"
NDJSON = "application/x-ndjson"
SECONDS = 0.6


@strawberry.type
class Query:
    """What may be asked."""

    ready: bool = True


class Taking:
    """Takes all that it is told."""

    def checking(self) -> Checked:
        """Check lines as at the beginning of time."""
        return Checked(0, 10**15)

    async def tell_checked(self, checked: Checked) -> Told:
        """Take it."""
        return Told(accepted=len(checked.rows))


def served(seconds: float) -> Starlette:
    """Return an application that waits so long for a body."""
    segmentation = cast("Segmentation", Taking())
    graphql = GraphQL(
        strawberry.Schema(Query),
        make_context=object,
        most_bytes=10**6,
        body_seconds=seconds,
    )
    bulk = Bulk(segmentation, 10**6, seconds)
    return Starlette(routes=[Route("/graphql", graphql), *bulk.routes()])


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Serve with little patience."""
    with listening(served(SECONDS)) as address:
        yield address


def opened(url: str) -> socket.socket:
    """Return a connection of a client."""
    host, port = url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


def head(path: str, media: str, length: int, connection: str = "keep-alive") -> bytes:
    """Return how a request begins."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {media}\r\n"
        f"Content-Length: {length}\r\nConnection: {connection}\r\n\r\n"
    ).encode()


def to_the_end(client: socket.socket) -> bytes:
    """Return all that the server sends until it hangs up; a reset where it was told more since."""
    received = bytearray()
    with suppress(ConnectionResetError):
        while part := client.recv(65536):
            received += part
    return bytes(received)


def split(answer: bytes) -> tuple[int, dict[str, Any]]:
    """Return the status and the JSON of an answer."""
    told, _, body = answer.partition(b"\r\n\r\n")
    return int(told.split()[1]), json.loads(body)


def dripped(url: str, path: str, media: str, body: bytes) -> tuple[int, dict[str, Any]]:
    """Send a body of a long length byte by byte, asking something else after each of them."""
    with opened(url) as client:
        client.sendall(head(path, media, 100_000) + body)
        client.settimeout(0.1)
        for _ in range(100):
            try:
                return split(client.recv(65536, socket.MSG_PEEK) and to_the_end(client))
            except TimeoutError:
                client.sendall(b" ")
            answer = httpx2.post(f"{url}/graphql", content=ASKED, headers={"content-type": JSON})
            assert answer.json() == ANSWER
        raise AssertionError("it waits for as long as anything comes")


def test_a_dripping_body_of_graphql_is_refused(url: str) -> None:
    """However often a byte comes, a body has its time; others are served meanwhile."""
    begun = time.monotonic()
    status, answer = dripped(url, "/graphql", JSON, b"{")

    assert (status, answer["errors"]) == (
        408,
        [
            {
                "message": "The body was not whole after 0.6 seconds of waiting, which is what is "
                "taken: send less at once, or faster",
                "extensions": {"code": "TOO_SLOW"},
            }
        ],
    )
    assert time.monotonic() - begun >= SECONDS


def test_a_dripping_import_is_refused(url: str) -> None:
    """An import has its time too; the problem says what was settled, and the line is closed."""
    status, answer = dripped(url, "/import", NDJSON, ndjson(event(1)))

    assert (status, answer["code"], answer["lines"], answer["told"]) == (
        408,
        "TOO_SLOW",
        0,
        NOTHING,
    )


def test_a_body_that_is_whole_in_time_is_answered(url: str) -> None:
    """The time is of the body alone: a part that comes late is waited for."""
    with opened(url) as client:
        client.sendall(head("/graphql", JSON, len(ASKED), "close") + ASKED[:5])
        time.sleep(SECONDS / 3)
        client.sendall(ASKED[5:])
        status, answer = split(to_the_end(client))

    assert (status, answer) == (200, ANSWER)
    assert 0 < GRAPHQL_SECONDS < IMPORT_SECONDS


@pytest.mark.parametrize(("path", "media"), [("/graphql", JSON), ("/import", NDJSON)])
def test_a_length_that_is_too_great_is_waited_for_in_vain(url: str, path: str, media: str) -> None:
    """A client that says more than it sends is told so, and the line is closed."""
    with opened(url) as client:
        client.sendall(head(path, media, 10_000) + ASKED)
        status, _ = split(to_the_end(client))

    assert status == 408


def test_a_length_that_is_too_small_cuts_the_body(url: str) -> None:
    """What comes after it is no request: it is the client's error, and the line is closed."""
    with opened(url) as client:
        client.sendall(head("/graphql", JSON, len(ASKED) - 3) + ASKED)
        client.shutdown(socket.SHUT_WR)
        answers = to_the_end(client).split(b"HTTP/1.1 ")[1:]

    assert {answer[:3] for answer in answers} == {b"400"}


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "9" * 30])
def test_a_length_that_is_none_is_refused(url: str, length: str) -> None:
    """A length that no body has is the client's error."""
    with opened(url) as client:
        client.sendall(
            f"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\n"
            f"Content-Length: {length}\r\n\r\n".encode()
        )
        client.shutdown(socket.SHUT_WR)
        answer = to_the_end(client)

    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 413"))
