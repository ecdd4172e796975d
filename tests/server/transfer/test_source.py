"""Sources: what a file is, unpacked, and where it breaks."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from server.transfer.failures import BrokenFile, WrongOption
from server.transfer.source import StreamBroken, format_of, opened
from tests.server.transfer.files import written

if TYPE_CHECKING:
    from pathlib import Path

    from server.transfer.source import Format

LONG = b"".join(b"%d\n" % number for number in range(200_000))


def content(path: Path) -> bytes:
    """Return what is read of a file."""
    with opened(str(path)) as source:
        return b"".join(source.blocks())


@pytest.mark.parametrize("name", ["x.csv", "x.csv.gz"])
def test_a_file_is_read_unpacked(tmp_path: Path, name: str) -> None:
    """A packed file reads as the plain one."""
    assert content(written(tmp_path / name, LONG)) == LONG


def test_packed_bytes_tell_themselves(tmp_path: Path) -> None:
    """A packed file is unpacked whatever its name."""
    assert content(written(tmp_path / "x.csv", gzip.compress(LONG))) == LONG


def test_packed_files_may_be_joined(tmp_path: Path) -> None:
    """Packed files one after the other read as one."""
    twice = gzip.compress(LONG) + gzip.compress(LONG)

    assert content(written(tmp_path / "x.csv", twice)) == LONG + LONG


@pytest.mark.parametrize("name", ["x.csv", "x.csv.gz"])
def test_a_byte_order_mark_is_left_out(tmp_path: Path, name: str) -> None:
    """What some programs write before the first character is no part of it."""
    assert content(written(tmp_path / name, b"\xef\xbb\xbfkey\n")) == b"key\n"


@pytest.mark.parametrize(
    ("keep", "reason"), [(0.5, "the gzip file is cut"), (0.99999, "the gzip file is cut")]
)
def test_a_cut_gzip_file_gives_all_before_the_cut(tmp_path: Path, keep: float, reason: str) -> None:
    """What was unpacked before the end comes is not lost."""
    packed = gzip.compress(LONG)
    path = written(tmp_path / "x.csv", packed[: int(len(packed) * keep)])
    read: list[bytes] = []

    with opened(str(path)) as source, pytest.raises(StreamBroken, match=reason):
        read.extend(source.blocks())

    assert LONG.startswith(b"".join(read))
    assert sum(map(len, read)) > len(LONG) * (keep - 0.1)


def test_a_damaged_gzip_file_is_told(tmp_path: Path) -> None:
    """A byte that flipped is not passed over."""
    packed = bytearray(gzip.compress(LONG))
    packed[len(packed) // 2] ^= 0xFF
    path = written(tmp_path / "x.csv", bytes(packed))

    with (
        opened(str(path)) as source,
        pytest.raises(StreamBroken, match="the gzip file is damaged"),
    ):
        list(source.blocks())


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone", "{path} cannot be opened: No such file or directory"),
        ("folder", "{path} cannot be opened: Is a directory"),
        ("plain.gz", "{path} is named .gz but is not a gzip file"),
    ],
)
def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path, name: str, message: str) -> None:
    """The message has the file and the reason."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "plain.gz").write_bytes(b"key\n")
    path = tmp_path / name

    with pytest.raises(BrokenFile) as refused, opened(str(path)):
        pass

    assert refused.value.message == message.format(path=path)


@pytest.mark.parametrize(
    ("name", "first", "said", "found"),
    [
        ("x.ndjson", b'{"a":1}', None, "ndjson"),
        ("x.jsonl.gz", b"", None, "ndjson"),
        ("x.json", b" \n[", None, "json"),
        ("x.json", b"{", None, "ndjson"),
        ("x", b"{", None, "ndjson"),
        ("x.CSV", b"a,b", None, "csv"),
        ("x.tsv.gz", b"a\tb", None, "csv"),
        ("x", b"PAR1...", None, "parquet"),
        ("x.parquet", b"", None, "parquet"),
        ("x.csv", b"{", "ndjson", "ndjson"),
    ],
)
def test_a_file_tells_what_it_is(
    tmp_path: Path, name: str, first: bytes, said: Format | None, found: str
) -> None:
    """What is said wins; then the first bytes and the name tell."""
    with opened(str(written(tmp_path / name, first))) as source:
        assert format_of(source, first, said) == found


def test_a_file_that_does_not_tell_is_asked_for(tmp_path: Path) -> None:
    """The message has the option and what it may be."""
    path = written(tmp_path / "x.dat", b"a,b")

    with opened(str(path)) as source, pytest.raises(WrongOption) as refused:
        format_of(source, b"a,b", None)

    assert refused.value.message == (
        f"{path} does not tell what it is: say it with --format (ndjson, json, csv, parquet)"
    )
