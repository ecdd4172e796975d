"""Files for imports, as the tests write them."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def event(number: int, **also: object) -> dict[str, Any]:
    """Return an event that differs from others by its number; it has no id."""
    return {
        "contact": f"c{number % 7}",
        "event": "Page Viewed",
        "at": "2026-11-01T10:00:00Z",
        "properties": {"n": number},
    } | also


def events(count: int) -> list[dict[str, Any]]:
    """Return so many events without ids."""
    return [event(number) for number in range(count)]


def ndjson(lines: Iterable[object]) -> bytes:
    """Return objects as lines."""
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


def written(path: Path, content: bytes) -> Path:
    """Write a file, packed where its name says so."""
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def lines_of(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a file of lines."""
    return [msgspec.json.decode(line) for line in path.read_bytes().splitlines()]
