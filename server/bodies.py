"""The lines of an import's body: unpacked as it comes, bounded in memory and in work."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

import msgspec

from graph import errors
from graph.ingest.decoding import why_no_json

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from starlette.requests import Request

NDJSON: Final = "application/x-ndjson"
JSON: Final = "application/json"
_LINES: Final = frozenset({NDJSON, "application/ndjson", "application/jsonl"})
LONGEST_LINE: Final = 2**20
MOST_MEMBERS: Final = 1000
_CHUNK: Final = 256 * 1024


class UnknownMedia(errors.BadInput):
    """The body is of a media type or an encoding that is not taken."""


class Broken(errors.BadInput):
    """The body cannot be read to its end."""


TOO_LONG: Final = errors.BadInput(
    f"The line has more than {LONGEST_LINE} bytes; put fewer properties or products on it",
    code="TOO_LONG",
)


async def lines(
    request: Request, most_bytes: int, most_lines: int
) -> AsyncIterator[bytes | memoryview | errors.BadInput]:
    """Yield each line that is not blank; one that is too long as why it is not taken.

    Raises:
        UnknownMedia: it is neither NDJSON nor a JSON list.
        Broken: it is cut, no gzip, or no list.
        TooMuch: it is too large, or has too many lines.
    """
    number = 0
    async for line in _lines(request, most_bytes):
        number += 1
        if number > most_lines:
            raise errors.TooMuch(
                f"A request has at most {most_lines} lines; send the rest in another"
            )
        yield line


async def _lines(
    request: Request, most_bytes: int
) -> AsyncIterator[bytes | memoryview | errors.BadInput]:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = _body(request, most_bytes)
    if media == JSON:
        for element in _elements(b"".join([part async for part in body])):
            yield element
    elif media in _LINES:
        async for line in _split(body):
            yield line
    else:
        raise UnknownMedia(
            f"{media or 'No media type'} is not taken: send lines as {NDJSON}, or a list as {JSON}"
        )


async def _split(body: AsyncIterator[bytes]) -> AsyncIterator[bytes | errors.BadInput]:
    rest, skipping = bytearray(), False
    async for part in body:
        *whole, tail = part.split(b"\n")
        for piece in whole:
            if not skipping:
                for line in _line(bytes(rest) + piece if rest else piece):
                    yield line
            rest.clear()
            skipping = False
        if not skipping:
            rest += tail
            if len(rest) > LONGEST_LINE:
                yield TOO_LONG
                rest.clear()
                skipping = True
    for line in _line(bytes(rest)):
        yield line


def _line(raw: bytes) -> Iterator[bytes | errors.BadInput]:
    if len(raw) > LONGEST_LINE:
        yield TOO_LONG
    elif raw.strip():
        yield raw


def _elements(whole: bytes) -> list[memoryview]:
    try:
        return [memoryview(raw) for raw in msgspec.json.decode(whole, type=list[msgspec.Raw])]
    except msgspec.ValidationError:
        raise Broken(
            f"The body is no list: put its lines in [ ], or send them as {NDJSON}"
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Broken(f"The body is not a JSON list: {why_no_json(error)}") from None


async def _body(request: Request, most_bytes: int) -> AsyncIterator[bytes]:
    """Yield the body, unpacked, as long as it is not too large, packed or unpacked."""
    unpacked = 0
    async for part in _decoded(request, _capped(request.stream(), most_bytes)):
        unpacked += len(part)
        _check(unpacked, most_bytes)
        yield part


async def _capped(stream: AsyncIterator[bytes], most_bytes: int) -> AsyncIterator[bytes]:
    size = 0
    async for part in stream:
        size += len(part)
        _check(size, most_bytes)
        yield part


def _check(size: int, most_bytes: int) -> None:
    if size > most_bytes:
        raise errors.TooMuch(
            f"A request has at most {most_bytes} bytes unpacked; send fewer lines at once"
        )


async def _decoded(request: Request, stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip"}:
        raise UnknownMedia(f"The encoding {encoding} is not taken: send gzip, or none")
    gunzip = _Gunzip() if encoding == "gzip" else None
    try:
        async for part in stream:
            if gunzip is None:
                yield part
            else:
                for piece in gunzip.pieces(part):
                    yield piece
    except zlib.error as error:
        raise Broken(f"The body is no gzip: {error}") from None
    if gunzip is not None and not gunzip.whole:
        raise Broken("The gzip body is cut: send it again as a whole")


class _Gunzip:
    """Unpacks gzip members one after another, in pieces, so that no small part fills memory."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)
        self._members = 1

    @property
    def whole(self) -> bool:
        """Whether the last member is at its end."""
        return self._member.eof

    def pieces(self, part: bytes) -> Iterator[bytes]:
        """Yield what a packed part holds.

        Raises:
            TooMuch: there are more members than anybody means.
        """
        while part:
            if self._member.eof:
                self._next_member()
            piece = self._member.decompress(part, _CHUNK)
            if piece:
                yield piece
            part = self._member.unused_data if self._member.eof else self._member.unconsumed_tail

    def _next_member(self) -> None:
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise errors.TooMuch(f"A gzip body has at most {MOST_MEMBERS} members; pack it in one")
        self._member = zlib.decompressobj(wbits=31)
