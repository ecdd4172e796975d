"""What tests listen to, and those who listen to it: by sockets and by streams."""

from __future__ import annotations

import asyncio
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx2
from websockets.sync.client import connect

from tests.server.live import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from websockets.sync.client import ClientConnection

    from tests.server.live import Live

CHANGES = """
subscription($segment: String!, $after: String, $snapshot: Boolean) {
  segmentChanges(segment: $segment, after: $after, snapshot: $snapshot) {
    __typename
    ... on Change { cursor sequence contactKey cause segment { key } contact { key } }
    ... on SnapshotPage { cursor complete members { key } }
    ... on Resync { cursor reason }
  }
}
"""
KEYS = """
subscription($segment: String!, $after: String) {
  segmentChanges(segment: $segment, after: $after) {
    __typename ... on Change { contactKey cursor } ... on Resync { cursor reason }
  }
}
"""
SIZE = "subscription($segment: String!) { segmentSize(segment: $segment) { members entered left } }"
ALL = """
subscription($segments: [String!], $after: String) {
  changes(segments: $segments, after: $after) { ... on Change { sequence segment { key } cursor } }
}
"""
CONTACT = """
subscription($contact: String!, $after: String) {
  contactChanges(contact: $contact, after: $after) {
    __typename ... on Change { segment { key } cursor } ... on Resync { cursor reason }
  }
}
"""
LOG = """
query($segment: String!) {
  segment(key: $segment) { changes(first: 500) { edges { cursor node { sequence contactKey } } } }
}
"""


class Heard:
    """A connection that was let in, and what it hears."""

    def __init__(self, opened: ClientConnection) -> None:
        self._opened = opened
        self._waiting: list[dict[str, Any]] = []

    def subscribe(self, query: str, id: str = "1", **variables: object) -> None:  # noqa: A002
        """Begin to listen."""
        payload = {"query": query, "variables": variables}
        self._opened.send(json.dumps({"type": "subscribe", "id": id, "payload": payload}))

    def complete(self, id: str = "1") -> None:  # noqa: A002
        """Listen no more."""
        self._opened.send(json.dumps({"type": "complete", "id": id}))

    def message(self) -> dict[str, Any]:
        """Return the next message."""
        return json.loads(self._opened.recv(10))

    def next(self) -> Any:  # noqa: ANN401 - whatever was asked for
        """Return the next event."""
        message = self.message()
        assert message["type"] == "next", message
        (event,) = message["payload"]["data"].values()
        return event


@contextmanager
def hearing(live: Live) -> Generator[Heard]:
    """Connect for as long as the block."""
    url = f"{live.url.replace('http', 'ws')}/graphql"
    protocol: Any = "graphql-transport-ws"
    with connect(url, subprotocols=[protocol], proxy=None) as opened:
        opened.send('{"type": "connection_init"}')
        assert json.loads(opened.recv(10)) == {"type": "connection_ack"}
        yield Heard(opened)


def until_built(live: Live, key: str) -> None:
    """Wait until the members of a segment are kept."""
    status = None
    while status != "LIVE":
        status = live.ask("query($key: String!) { segment(key: $key) { status } }", key=key)[
            "segment"
        ]["status"]


def come(live: Live, segment: str, *contacts: str) -> None:
    """Let contacts come into a segment, each by a commit of its own."""
    for contact in contacts:
        told = live.load({"contact": contact, "event": segment, "id": segment, "at": NOW})
        assert told["accepted"] == 1


def come_together(live: Live, segment: str, contacts: Iterable[str]) -> None:
    """Let contacts come into a segment by one commit."""
    live.load(*({"contact": each, "event": segment, "id": segment, "at": NOW} for each in contacts))


def leave(live: Live, *contacts: str) -> None:
    """Let contacts leave, by deleting them."""
    live.ask(
        "mutation($keys: [String!]!) { deleteContacts(keys: $keys) { deleted } }", keys=[*contacts]
    )


def log(live: Live, segment: str) -> list[tuple[str, str]]:
    """Return the cursors and contacts of a segment's log."""
    found = live.ask(LOG, segment=segment)["segment"]["changes"]["edges"]
    return [(each["cursor"], each["node"]["contactKey"]) for each in found]


def events(url: str, query: str, variables: object, **headers: str) -> Generator[dict[str, Any]]:
    """Yield the data of server-sent events, each with its id where it has one."""
    headers |= {"accept": "text/event-stream"}
    body = {"query": query, "variables": variables}
    with httpx2.stream(
        "POST",
        f"{url}/graphql",
        content=json.dumps(body),
        headers=headers | {"content-type": "application/json"},
        timeout=30,
    ) as answer:
        event: dict[str, Any] = {}
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if name == "id":
                event["id"] = value
            elif name == "data" and value:
                event |= json.loads(value)
            elif not line and event:
                yield event
                event = {}


def followers(live: Live, segment: str) -> int:
    """Return how many executions follow a segment."""
    inboxes = live.segmentation.feed._inboxes  # pyright: ignore[reportPrivateUsage]
    return len(inboxes.get(("segment", segment), ()))


def until(happened: Callable[[], bool]) -> None:
    """Wait until something happened, five seconds at most."""

    async def waited() -> None:
        """Ask again and again."""
        async with asyncio.timeout(5):
            while not happened():  # noqa: ASYNC110 - of another thread
                await asyncio.sleep(0.02)

    asyncio.run(waited())
