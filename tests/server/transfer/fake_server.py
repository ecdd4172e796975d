"""FakeServer: takes and gives lines over real sockets as Segraph does, and fails when told to."""

from __future__ import annotations

import gzip
import socket
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import msgspec
import uvicorn
from anyio import to_thread
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from types import TracebackType

    from starlette.requests import Request

Line: TypeAlias = dict[str, Any]
Rejected: TypeAlias = tuple[str, str, list[str]]


class Lost(Exception):
    """The connection ends before the answer."""


@dataclass(frozen=True, slots=True)
class Status:
    """An answer that takes nothing."""

    code: int
    message: str = "not now"
    headers: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True)
class Hold:
    """A request that is held, after its lines were taken, until it is released."""

    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)


LOSE = "take the lines, lose the answer"
DIE = "take the lines, stop serving, lose the answer"
Answer: TypeAlias = "Status | Hold | str | None"

_COUNTS = ("accepted", "duplicates", "created", "updated", "unchanged")


class FakeServer:
    """Holds all lines in memory; `answers` is what becomes of the next requests, None is normal."""

    def __init__(self, port: int = 0, *, after: FakeServer | None = None) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self._socket.listen(128)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.answers: deque[Answer] = deque()
        self.reject: Callable[[Line], Rejected | None] = lambda _: None
        self.limit = 64 * 1024 * 1024
        self.requests: list[int] = []
        self.events: dict[tuple[str, str], Line] = after.events if after else {}
        self.things: dict[tuple[str, str], Line] = after.things if after else {}
        self.also: Line = {}
        self.exported: list[Line] = []
        self.export_end: Line | None = None
        self.export_breaks = False
        routes = [
            Route("/import", self._import, methods=["POST"]),
            Route("/export", self._export, methods=["GET"]),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes), lifespan="off", ws="none", log_config=None, log_level=60
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],))

    def __enter__(self) -> Self:
        """Serve in a thread; the socket listens already."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop serving."""
        self.stop()

    def stop(self) -> None:
        """Stop at once, whatever is in flight."""
        self._server.should_exit = self._server.force_exit = True
        self.join()

    def join(self) -> None:
        """Wait until it serves no more."""
        self._thread.join()
        self._socket.close()

    async def _import(self, request: Request) -> Response:
        body = await request.body()
        answer = self.answers.popleft() if self.answers else None
        if isinstance(answer, Status):
            return _problem(answer)
        if len(body) > self.limit:
            return _problem(Status(413, f"over {self.limit} bytes"))
        if request.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        told = self._take([msgspec.json.decode(line) for line in body.split(b"\n") if line])
        if isinstance(answer, Hold):
            answer.reached.set()
            await to_thread.run_sync(answer.released.wait)
        if answer == DIE:
            self._server.should_exit = self._server.force_exit = True
        lost = answer in {LOSE, DIE}
        return StreamingResponse(_lost()) if lost else JSONResponse(told | self.also)

    def _take(self, lines: list[Line]) -> Line:
        self.requests.append(len(lines))
        counts: dict[str, int] = dict.fromkeys(_COUNTS, 0)
        rejected: list[Line] = []
        for index, line in enumerate(lines):
            refused = self.reject(line)
            if refused is None:
                counts[self._keep(line)] += 1
            else:
                code, message, path = refused
                why: Line = {"code": code, "message": message, "path": path}
                rejected.append({"index": index, "key": line.get("key")} | why)
        return {**counts, "rejected": rejected}

    def _keep(self, line: Line) -> str:
        if line.get("type", "event") == "event":
            known = self.events.setdefault((line["contact"], line["id"]), line)
            return "accepted" if known is line else "duplicates"
        key = line["type"], line.get("key") or line["contact"]
        before, self.things[key] = self.things.get(key), line
        return "created" if before is None else "unchanged" if before == line else "updated"

    async def _export(self, _: Request) -> Response:
        if self.answers and isinstance(answer := self.answers.popleft(), Status):
            return _problem(answer)
        return StreamingResponse(self._exported(), media_type="application/x-ndjson")

    async def _exported(self) -> AsyncIterator[bytes]:
        end = {"type": "end", "lines": len(self.exported)}
        for line in (*self.exported, self.export_end or end):
            if self.export_breaks and line["type"] == "end":
                raise Lost
            yield msgspec.json.encode(line) + b"\n"


def _problem(status: Status) -> Response:
    body = {"code": "PROBLEM", "message": status.message}
    return JSONResponse(body, status.code, status.headers, "application/problem+json")


async def _lost() -> AsyncIterator[bytes]:
    yield b'{"accepted":'
    raise Lost
