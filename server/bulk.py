"""Bulk: `POST /import` takes lines, `GET /export` gives all of them back."""

from __future__ import annotations

import asyncio
import contextlib
import zlib
from collections import deque
from typing import TYPE_CHECKING, Final

import msgspec
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from graph import errors
from graph.ingest.lines import Line, decode
from graph.segmentation import Rejection, Told

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterable

    from starlette.requests import Request

    from graph.segmentation import Segmentation

MOST_LINES: Final = 50_000
_TURN: Final = 5000
_CHUNK: Final = 256 * 1024
_NDJSON: Final = "application/x-ndjson"


class Bulk:
    """Import and export over HTTP."""

    def __init__(self, segmentation: Segmentation, most_bytes: int) -> None:
        self._segmentation = segmentation
        self._most_bytes = most_bytes

    def routes(self) -> list[Route]:
        """Return the endpoints."""
        return [
            Route("/import", self.take, methods=["POST"]),
            Route("/export", self.give, methods=["GET"]),
        ]

    async def take(self, request: Request) -> Response:
        """Store lines; the answer says what became of each that was not simply taken."""
        told = Told()
        try:
            async with contextlib.aclosing(self._answers(request)) as answers:
                async for start, answer in answers:
                    _add(told, start, answer)
        except errors.SegraphError as error:
            return problem(error)
        return Response(msgspec.json.encode(told), media_type="application/json")

    async def _answers(self, request: Request) -> AsyncGenerator[tuple[int, Told]]:
        """Tell turn by turn; while one is committed the next is read and waits in the queue."""
        under_way: deque[tuple[int, asyncio.Task[Told]]] = deque()
        try:
            async for start, turn in self._turns(request):
                under_way.append((start, asyncio.create_task(self._segmentation.tell(turn))))
                if len(under_way) > 1:
                    yield under_way[0][0], await under_way[0][1]
                    under_way.popleft()
            while under_way:
                yield under_way[0][0], await under_way[0][1]
                under_way.popleft()
        finally:
            for _, task in under_way:
                task.cancel()
            await asyncio.gather(*(task for _, task in under_way), return_exceptions=True)

    async def give(self, request: Request) -> Response:
        """Stream everything as lines; the last says how many there were."""
        del request
        return StreamingResponse(self._export(), media_type=_NDJSON)

    async def _export(self) -> AsyncGenerator[bytes]:
        encoder = msgspec.json.Encoder()
        pending, number = bytearray(), 0
        async for line in self._segmentation.export():
            pending += encoder.encode(line) + b"\n"
            number += 1
            if len(pending) >= _CHUNK:
                yield bytes(pending)
                pending.clear()
        yield bytes(pending) + encoder.encode({"type": "end", "lines": number}) + b"\n"

    async def _turns(
        self, request: Request
    ) -> AsyncIterator[tuple[int, list[Line | errors.BadInput]]]:
        """Yield the lines in turns, each with the place of its first."""
        place, turn = 0, list[Line | errors.BadInput]()
        async for lines in self._raw_lines(request):
            for raw in lines:
                turn.append(_decoded(raw))
                if place + len(turn) > MOST_LINES:
                    raise errors.TooMuch(
                        f"A request has at most {MOST_LINES} lines; send the rest in another"
                    )
                if len(turn) == _TURN:
                    yield place, turn
                    place, turn = place + len(turn), []
        if turn:
            yield place, turn

    async def _raw_lines(self, request: Request) -> AsyncIterator[Iterable[bytes | memoryview]]:
        """Yield the lines as they come, many at once."""
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media == "application/json":
            yield _elements(b"".join([part async for part in self._body(request)]))
            return
        if media not in {_NDJSON, "application/ndjson", "application/jsonl", "text/plain", ""}:
            raise UnknownMedia(
                f"{media} is not taken: send {_NDJSON}, or a list as application/json"
            )
        rest = b""
        async for part in self._body(request):
            *whole_lines, rest = (rest + part).split(b"\n")
            yield (raw for raw in whole_lines if raw.strip())
        if rest.strip():
            yield [rest]

    async def _body(self, request: Request) -> AsyncIterator[bytes]:
        """Yield the body, unpacked, as long as it is not too large."""
        size = 0
        async for part in _unpacked(request, self._most_bytes):
            size += len(part)
            if size > self._most_bytes:
                raise errors.TooMuch(
                    f"A request has at most {self._most_bytes} bytes unpacked; send less at once"
                )
            yield part


class UnknownMedia(errors.BadInput):
    """The body is of a media type that is not taken."""


class Broken(errors.BadInput):
    """The body cannot be read."""


_STATUS: Final[dict[type[errors.SegraphError], int]] = {
    errors.TooMuch: 413,
    UnknownMedia: 415,
    errors.BadInput: 400,
    errors.Busy: 503,
    errors.NotOwner: 503,
    errors.GraphUnavailable: 503,
    errors.GraphTooSlow: 503,
}


def problem(error: errors.SegraphError) -> Response:
    """Return an error as RFC 9457 has it."""
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
    message = error.message if status < 500 or status == 503 else "Internal error"  # noqa: PLR2004 - HTTP
    code = error.reason if isinstance(error, errors.BadInput) else error.code
    body = {"title": message, "status": status, "code": code, "message": message}
    headers = {"Retry-After": str(max(1, round(getattr(error, "retry_after", 1.0))))}
    return JSONResponse(
        body,
        status,
        headers if status == 503 else None,  # noqa: PLR2004 - HTTP
        media_type="application/problem+json",
    )


async def _unpacked(request: Request, most: int) -> AsyncIterator[bytes]:
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding == "identity":
        async for part in request.stream():
            yield part
        return
    if encoding != "gzip":
        raise UnknownMedia(f"The encoding {encoding} is not taken: send gzip, or none")
    gunzip = zlib.decompressobj(wbits=31)
    try:
        async for part in request.stream():
            for whole in _inflated(gunzip, part, most):
                yield whole
    except zlib.error as error:
        raise Broken(f"The body is no gzip: {error}") from None
    if not gunzip.eof:
        raise Broken("The gzip body is cut: send it again as a whole")


def _inflated(gunzip: zlib._Decompress, part: bytes, most: int) -> Iterable[bytes]:  # pyright: ignore[reportPrivateUsage]
    """Yield a packed part in pieces, so that a small one cannot fill the memory."""
    del most
    while part:
        piece = gunzip.decompress(part, _CHUNK)
        if piece:
            yield piece
        part = gunzip.unconsumed_tail


def _elements(whole: bytes) -> list[memoryview]:
    try:
        return [memoryview(raw) for raw in msgspec.json.decode(whole, type=list[msgspec.Raw])]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Broken(f"The body is not a JSON list: {error}") from None


def _decoded(raw: bytes | memoryview) -> Line | errors.BadInput:
    try:
        return decode(raw)
    except errors.BadInput as error:
        return error


def _add(told: Told, start: int, turn: Told) -> None:
    told.accepted += turn.accepted
    told.duplicates += turn.duplicates
    told.created += turn.created
    told.updated += turn.updated
    told.unchanged += turn.unchanged
    told.rejected += [
        Rejection(start + each.index, each.key, each.code, each.message, each.path)
        for each in turn.rejected
    ]
