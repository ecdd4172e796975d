"""Those who listen through anything: each comes back by the cursor of the last change it has."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

from graph.database import Database
from graph.place import LogPlace

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from graph.local import Running

LISTEN: Final = """
subscription($after: String) {
  changes(after: $after) {
    ... on Change { sequence cursor segment { key } contact { key } } ... on Resync { reason }
  }
}
"""
LOG: Final = """
MATCH (change:Change) WHERE change.announced
RETURN change.sequence AS sequence ORDER BY sequence
"""
_SMALL: Final = 4096
"""Bytes that a listener takes before it has read them."""
_PATIENCE: Final = 5.0
_TRIES_EACH: Final = 0.05


@dataclass(slots=True)
class Listener:
    """Listens to all changes from the first on, over sockets of its own, and notes them."""

    host: str
    port: int
    heard: list[int] = field(default_factory=list[int])
    paused: threading.Event = field(default_factory=threading.Event)
    _after: str = field(default_factory=lambda: LogPlace(0).cursor)
    _socket: socket.socket | None = None
    _ended: bool = False

    def cut(self) -> None:
        """Cut the connection, in the middle of whatever is on its way."""
        with contextlib.suppress(OSError):
            if self._socket is not None:
                self._socket.shutdown(socket.SHUT_RDWR)

    def move(self, port: int) -> None:
        """Go on at another server."""
        self.port = port
        self.cut()

    def end(self) -> None:
        """Listen no more."""
        self._ended = True
        self.paused.clear()
        self.cut()

    def listen(self) -> None:
        """Listen until it is ended, and come back whenever it was cut off."""
        while not self._ended:
            try:
                for event in self._events():
                    self._note(event)
                    while self.paused.is_set():
                        time.sleep(_TRIES_EACH)
            except (OSError, ConnectionClosed, InvalidHandshake, EOFError, _Refused):
                pass
            time.sleep(_TRIES_EACH)

    def _note(self, event: dict[str, Any]) -> None:
        assert "sequence" in event, event
        self.heard.append(event["sequence"])
        self._after = event["cursor"]

    @contextmanager
    def _connected(self) -> Generator[socket.socket]:
        with socket.socket() as opened:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL)
            opened.settimeout(_PATIENCE)
            opened.connect((self.host, self.port))
            self._socket = opened
            yield opened

    def _events(self) -> Iterator[dict[str, Any]]:
        raise NotImplementedError


class _Refused(Exception):
    """It cannot be listened to just now."""


class BySocket(Listener):
    """Listens over a WebSocket."""

    def _events(self) -> Iterator[dict[str, Any]]:
        protocol: Any = "graphql-transport-ws"
        url = f"ws://{self.host}:{self.port}/graphql"
        with (
            self._connected() as taken,
            connect(url, sock=taken, subprotocols=[protocol], proxy=None) as opened,
        ):
            opened.send('{"type": "connection_init"}')
            payload = {"query": LISTEN, "variables": {"after": self._after}}
            opened.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
            for text in opened:
                message = json.loads(text)
                if message["type"] in {"error", "complete"}:
                    raise _Refused
                if message["type"] == "next":
                    yield _data(message["payload"])


class ByEvents(Listener):
    """Listens to server-sent events, and comes back by the id of the last one."""

    def _events(self) -> Iterator[dict[str, Any]]:
        body = json.dumps({"query": LISTEN})
        with self._connected() as opened, opened.makefile("rb") as lines:
            opened.sendall(
                (
                    f"POST /graphql HTTP/1.1\r\nHost: {self.host}\r\nAccept: text/event-stream\r\n"
                    f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
                    f"Last-Event-ID: {self._after}\r\n\r\n{body}"
                ).encode()
            )
            identity, told = "", ""
            opened.settimeout(None)
            for raw in lines:
                line = raw.decode().strip()
                if line.startswith("id: "):
                    identity = line.removeprefix("id: ")
                elif line.startswith("data: {"):
                    told = line.removeprefix("data: ")
                elif not line and told:  # an event that is cut off before its empty line is none
                    event = _data(json.loads(told))
                    assert event.get("cursor", identity) == identity
                    told = ""
                    yield event


def _data(payload: dict[str, Any]) -> dict[str, Any]:
    if payload.get("errors"):
        raise _Refused
    return payload["data"]["changes"]


@contextmanager
def listening(*listeners: Listener) -> Generator[None]:
    """Let all listen for as long as the block."""
    threads = [threading.Thread(target=each.listen, daemon=True) for each in listeners]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for each in listeners:
            each.end()
        for thread in threads:
            thread.join(10)


async def logged(graph: Running) -> list[int]:
    """Return the numbers of the log that are announced, as the graph has them."""
    async with Database(graph.address, graph.user, graph.password) as database:
        return [row["sequence"] for row in await database.read(LOG)]
