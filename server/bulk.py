"""Bulk: `POST /import` takes lines, `GET /export` gives all of them back."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from graph import errors
from graph.ingest.decoding import decode
from graph.segmentation import Rejection, Told
from server import bodies
from server.graphql.encoding import encoded
from server.limited import IMPORT_SECONDS, timely
from server.problems import problem

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from graph.ingest.lines import Line
    from graph.segmentation import Checked, Segmentation

MOST_LINES: Final = 50_000
_TURN: Final = 5000
"""Lines that are told together, those of orders counted."""
_CHUNK: Final = 256 * 1024


class Bulk:
    """Import and export over HTTP."""

    def __init__(
        self,
        segmentation: Segmentation,
        most_bytes: int,
        body_seconds: float = IMPORT_SECONDS,
    ) -> None:
        self._segmentation = segmentation
        self._most_bytes = most_bytes
        self._body_seconds = body_seconds

    def routes(self) -> list[Route]:
        """Return the endpoints."""
        return [
            Route("/import", self.take, methods=["POST"]),
            Route("/export", self.give, methods=["GET"]),
        ]

    async def take(self, request: Request) -> Response:
        """Store lines as they come; the answer says what became of each not simply taken.

        Where the body breaks off, is too large or the writer is busy, the problem says how many
        lines were settled before, and what became of them; none after those was taken.
        """
        told, lines = Told(), 0
        request = Request(request.scope, timely(request.receive, self._body_seconds))
        try:
            async with aclosing(_ahead(self._turns(request))) as turns:
                async for turn in turns:
                    _add(told, lines, await self._segmentation.tell_checked(turn))
                    lines += len(turn.lines)
        except errors.SegraphError as error:
            return problem(error, lines=lines, told=_answer(told))
        return Response(encoded(_answer(told)), media_type=bodies.JSON)

    async def give(self, request: Request) -> Response:
        """Stream everything as lines; the last says how many there were."""
        del request
        export = self._export()
        try:
            first = await anext(export)
        except errors.SegraphError as error:
            return problem(error)
        return StreamingResponse(_chained(first, export), media_type=bodies.NDJSON)

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

    async def _turns(self, request: Request) -> AsyncGenerator[Checked]:
        turn = self._segmentation.checking()
        async for raw in bodies.lines(request, self._most_bytes, MOST_LINES):
            await turn.add(_decoded(raw))
            if turn.weight >= _TURN:
                yield turn
                turn = self._segmentation.checking()
        if turn.lines:
            yield turn


async def _ahead(turns: AsyncGenerator[Checked]) -> AsyncGenerator[Checked]:
    """Yield turns, and read the next one while one is stored."""
    coming = asyncio.create_task(anext(turns, None))
    try:
        while turn := await coming:
            coming = asyncio.create_task(anext(turns, None))
            yield turn
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await turns.aclose()


async def _chained(first: bytes, rest: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    yield first
    async for part in rest:
        yield part


def _decoded(raw: bytes | memoryview | errors.BadInput) -> Line | errors.BadInput:
    if isinstance(raw, errors.BadInput):
        return raw
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


def _answer(told: Told) -> dict[str, Any]:
    """Return what became of lines, as GraphQL's mutations say it."""
    answer = asdict(told)
    for each in answer["rejected"]:
        each["path"] = [str(part) for part in each["path"]]
    return answer
