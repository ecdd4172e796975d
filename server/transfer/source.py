"""A file, or standard input, as blocks of bytes: unpacked, without a byte order mark."""

from __future__ import annotations

import gzip
import io
import sys
import tempfile
import zlib
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Final, Literal, TypeAlias, cast, get_args

from graph.clock import SystemClock
from server.transfer.failures import BrokenFile, WrongOption

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

Format: TypeAlias = Literal["ndjson", "json", "csv", "parquet"]
FORMATS: Final = cast("tuple[Format, ...]", get_args(Format))

STDIN: Final = "-"
BLOCK: Final = 256 * 1024
_BOM = b"\xef\xbb\xbf"
_GZIP = b"\x1f\x8b"
_PARQUET = b"PAR1"
_JSON = frozenset({".ndjson", ".jsonl", ".json"})
_TABLES: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
}


class StreamBroken(Exception):
    """The bytes end too early, or cannot be unpacked."""


@dataclass(frozen=True, slots=True)
class Source:
    """An open file: its bytes unpacked, how far it has been read, and what closes with it."""

    name: str
    path: Path | None
    size: int | None
    written: int
    suffix: str
    raw: io.BufferedReader
    stream: BinaryIO
    held: ExitStack

    @property
    def plain(self) -> bool:
        """Tell whether the file's bytes lie on disk as they are read."""
        return self.path is not None and cast("object", self.stream) is self.raw

    def blocks(self) -> Iterator[bytes]:
        """Yield the bytes, unpacked.

        Raises:
            StreamBroken: they end too early; all before that has been yielded.
        """
        block = self._block().removeprefix(_BOM)
        while block:
            yield block
            block = self._block()

    def _block(self) -> bytes:
        # read1 gives what there is: a longer read would lose it to an error that follows.
        try:
            return cast("io.BufferedReader", self.stream).read1(BLOCK)
        except EOFError as cut:
            raise StreamBroken("the gzip file is cut") from cut
        except (gzip.BadGzipFile, zlib.error) as broken:
            raise StreamBroken(f"the gzip file is damaged ({broken})") from broken
        except OSError as broken:
            raise StreamBroken(str(broken)) from broken

    def copy(self, blocks: Iterator[bytes]) -> IO[bytes]:
        """Return blocks as a file that can be read from any place, for as long as this is open.

        Raises:
            StreamBroken: they end too early.
        """
        into = self.held.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - closes with this
        for block in blocks:
            into.write(block)
        into.seek(0)
        return into

    def position(self) -> int:
        """Return how many bytes of the file, as it lies there, have been read."""
        return 0 if self.path is None else self.raw.tell()


@contextmanager
def opened(name: str) -> Generator[Source]:
    """Open a file by its name; `-` is standard input.

    Raises:
        BrokenFile: it cannot be opened.
    """
    try:
        path = None if name == STDIN else Path(name)
        raw = cast("io.BufferedReader", path.open("rb") if path else sys.stdin.buffer)
    except OSError as refused:
        raise BrokenFile(f"{name} cannot be opened: {refused.strerror}") from refused
    with raw, ExitStack() as held:
        yield _source(name, path, raw, held)


def readable(name: str) -> None:
    """Do nothing where a file can be opened.

    Raises:
        BrokenFile: it cannot.
    """
    if name != STDIN:
        with opened(name):
            return


def _source(name: str, path: Path | None, raw: io.BufferedReader, held: ExitStack) -> Source:
    suffixes = [suffix.lower() for suffix in path.suffixes] if path else []
    named_gzip = suffixes[-1:] == [".gz"]
    try:
        packed = raw.peek(2)[:2] == _GZIP
    except OSError as refused:
        raise BrokenFile(f"{name} cannot be read: {refused.strerror}") from refused
    if named_gzip and not packed:
        raise BrokenFile(f"{name} is named .gz but is not a gzip file")
    stream = gzip.GzipFile(fileobj=raw) if packed else raw
    stat = path.stat() if path else None
    return Source(
        name=name,
        path=path,
        size=stat.st_size if stat else None,
        written=stat.st_mtime_ns // 1_000_000 if stat else SystemClock().now(),
        suffix="".join(suffixes[: -1 if named_gzip else None][-1:]),
        raw=raw,
        stream=cast("BinaryIO", stream),
        held=held,
    )


def format_of(source: Source, first: bytes, said: Format | None) -> Format:
    """Return what the file is: as said, else by its first bytes and its name.

    Raises:
        WrongOption: neither tells.
    """
    if said:
        return said
    if first.startswith(_PARQUET):
        return "parquet"
    if source.suffix in _TABLES:
        return _TABLES[source.suffix]
    start = first.lstrip()[:1]
    if start == b"[":
        return "json"
    if start in {b"{", b""} or source.suffix in _JSON:
        return "ndjson"
    what = ", ".join(FORMATS)
    raise WrongOption(f"{source.name} does not tell what it is: say it with --format ({what})")
