"""Which server runs: told in its data folder for as long as it lives, and found there.

The file is locked by the process that it tells of. Whatever ends that process ends the lock, so a
file that can be locked was left behind, and is as good as none.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from typing import IO, TYPE_CHECKING, Final

import msgspec

from graph import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

FILE: Final = "server.json"
_SERVER: Final = "server.lock"
_STARTER: Final = "transfer.lock"


class Running(msgspec.Struct, frozen=True):
    """A server that lives: where it answers, the process that it is, and where its graph is."""

    url: str
    pid: int
    graph: str


def find(folder: Path) -> Running | None:
    """Return the server that a data folder tells of; None where none lives."""
    try:
        with (folder / FILE).open("rb") as file:
            if _locks(file, fcntl.LOCK_SH):
                return None
            return msgspec.json.decode(file.read(), type=Running)
    except (OSError, msgspec.DecodeError):
        return None


@contextlib.contextmanager
def told(folder: Path, url: str, graph: str) -> Generator[None]:
    """Tell of this server for as long as the block; where another one lives, that stays told."""
    # Those who look lock the file too, for a moment; so servers compete for another one first.
    with _opened(folder, _SERVER) as right, _opened(folder, FILE) as file:
        if not _locks(right, fcntl.LOCK_EX):
            yield
            return
        fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(msgspec.json.encode(Running(url, os.getpid(), graph)))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


@contextlib.contextmanager
def starting(folder: Path, waits: Callable[[], None]) -> Generator[None]:
    """Hold the right to start a server; `waits` is told where another process has it still."""
    with _opened(folder, _STARTER) as file:
        if not _locks(file, fcntl.LOCK_EX):
            waits()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _opened(folder: Path, name: str) -> IO[bytes]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return (folder / name).open("ab")
    except OSError as refused:
        raise errors.SegraphError(
            f"The data folder {folder} cannot be written: {refused.strerror}"
        ) from refused


def _locks(file: IO[bytes], how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
