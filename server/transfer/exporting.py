"""An export: the server's lines into a file that is there only when it is whole."""

from __future__ import annotations

import gzip
import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

import httpx2
import msgspec

from server.transfer import wire
from server.transfer.failures import CannotTransfer, Refused, Unreachable
from server.transfer.source import STDIN

if TYPE_CHECKING:
    from collections.abc import Generator

    from server.transfer.display import Display
    from server.transfer.wire import Patience

PATH: Final = "/export"
SUFFIX: Final = ".part"
_OK: Final = 200


class _End(msgspec.Struct, tag_field="type", tag="end"):
    lines: int


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and where; no file where it went to standard output."""

    file: str | None
    lines: int


def export(
    client: httpx2.Client, file: str | None, patience: Patience, display: Display
) -> Exported:
    """Write all that the server knows as lines, without the one that says that these are all.

    Raises:
        Unreachable: the server does not answer, or breaks off.
        CannotTransfer: the file cannot be written.
    """
    path = None if file in {None, STDIN} else Path(cast("str", file))
    display.begin(file or "export", None)
    try:
        with _written(path) as out:
            lines = _copied(client, out, patience, display)
    except OSError as refused:
        raise CannotTransfer(
            f"{path or 'standard output'} cannot be written: {refused.strerror or refused}"
        ) from refused
    return Exported(str(path) if path else None, lines)


def _copied(client: httpx2.Client, out: IO[bytes], patience: Patience, display: Display) -> int:
    request = client.build_request("GET", PATH)
    answer = wire.answered(client, lambda: client.send(request, stream=True), patience)
    try:
        if answer.status_code != _OK:
            answer.read()
            raise wire.refused(client, answer)
        lines, end = _lines(answer, out, display)
    except httpx2.TransportError as failed:
        reason = str(failed) or type(failed).__name__
        raise _broken_off(client, reason) from failed
    finally:
        answer.close()
    _check(client, lines, end)
    return lines


def _lines(answer: httpx2.Response, out: IO[bytes], display: Display) -> tuple[int, bytes]:
    lines = received = 0
    held = b""
    for block in answer.iter_bytes():
        held += block
        received += len(block)
        # The last line is kept back: it may be the one that says that these are all.
        last = held.rfind(b"\n", 0, -1) + 1
        if last:
            told = held[:last]
            held = held[last:]
            out.write(told)
            count = told.count(b"\n")
            lines += count
            display.advance(received, count)
    return lines, held


def _check(client: httpx2.Client, lines: int, end: bytes) -> None:
    try:
        said = msgspec.json.decode(end, type=_End).lines
    except (msgspec.DecodeError, UnicodeDecodeError) as missing:
        raise _broken_off(
            client, f"after {lines:,} lines, without the line that ends it"
        ) from missing
    if said != lines:
        raise Refused(f"{client.base_url} sent {lines:,} lines of an export of {said:,}")


def _broken_off(client: httpx2.Client, reason: str) -> Unreachable:
    return Unreachable(f"The export from {client.base_url} broke off: {reason}")


@contextmanager
def _written(path: Path | None) -> Generator[IO[bytes]]:
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = path.with_name(path.name + SUFFIX)
    try:
        with part.open("wb") as raw:
            if path.suffix == ".gz":
                with gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=0) as packed:
                    yield cast("IO[bytes]", packed)
            else:
                yield raw
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
