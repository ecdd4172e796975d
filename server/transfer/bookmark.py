"""Where an import of a file stands, kept beside the file until it is done."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import msgspec

from server.transfer.failures import CannotTransfer, WrongOption
from server.transfer.reading import Options
from server.transfer.tally import Tally

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX: Final = ".segraph-import"
_PREFIX: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells that a file is the one it was, or has only grown."""

    size: int
    modified: int
    start: str


@dataclass(frozen=True, slots=True)
class Place:
    """The server, the file, the options; the last line that is settled, and the tally there."""

    server: str
    file: Identity
    written: int
    options: Options
    line: int = 0
    tally: Tally = field(default_factory=Tally)
    rejects: int = 0


class Bookmark:
    """The file in which a place is kept."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Place | None:
        """Return the place that is kept; None where there is none.

        Raises:
            WrongOption: it cannot be read.
        """
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Place)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as broken:
            raise WrongOption(
                f"{self.path} does not tell where the import stands ({broken}); "
                "--restart begins anew"
            ) from broken

    def write(self, place: Place) -> None:
        """Keep a place, so that it outlives a crash of this machine.

        Raises:
            CannotTransfer: it cannot be written.
        """
        fresh = self.path.with_name(f"{self.path.name}.new")
        try:
            with fresh.open("wb") as file:
                file.write(msgspec.json.encode(place))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path)
            _sync_folder(self.path.parent)
        except OSError as refused:
            raise CannotTransfer(
                f"{self.path} cannot be written ({refused.strerror}); --state names another folder"
            ) from refused

    def remove(self) -> None:
        """Keep no place any more."""
        self.path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def bookmark(file: Path, folder: Path | None) -> Bookmark:
    """Return the bookmark of a file: beside it, or in a folder for those of many."""
    if folder is None:
        return Bookmark(file.with_name(file.name + SUFFIX))
    whole = hashlib.blake2b(os.fsencode(file.absolute()), digest_size=4).hexdigest()
    return Bookmark(folder / f"{file.name}.{whole}{SUFFIX}")


def start(path: Path, server: str, options: Options) -> Place:
    """Return the place before the first line of a file.

    Raises:
        OSError: the file cannot be read.
    """
    file = _identity(path)
    return Place(server, file, file.modified // 1_000_000, options)


def resumed(path: Path, kept: Place, begun: Place, where: Path) -> Place:
    """Return the place to go on from.

    Raises:
        WrongOption: it was another server, another file, or other options.
    """
    for what, was, now in (
        ("to another server", kept.server, begun.server),
        ("with other options", kept.options, begun.options),
    ):
        if was != now:
            raise _other(path, f"{what} ({was})", where)
    grown = begun.file.size > kept.file.size and _start(path, kept.file.size) == kept.file.start
    if begun.file != kept.file and not grown:
        raise _other(path, "when the file was another", where)
    return replace(kept, file=begun.file)


def _other(path: Path, what: str, where: Path) -> WrongOption:
    return WrongOption(
        f"The import of {path} was begun {what}, and {where} tells how far it came; --restart "
        "begins anew, which doubles no event that has an id"
    )


def _identity(path: Path) -> Identity:
    stat = path.stat()
    return Identity(stat.st_size, stat.st_mtime_ns, _start(path, stat.st_size))


def _start(path: Path, size: int) -> str:
    with path.open("rb") as file:
        return hashlib.blake2b(file.read(min(size, _PREFIX)), digest_size=16).hexdigest()
