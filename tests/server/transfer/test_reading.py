"""Reading: files of each format become the same lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from server.transfer.failures import BrokenFile, WrongOption
from server.transfer.reading import LIST_LIMIT, Options, read
from server.transfer.rows import Item, Row
from server.transfer.source import opened
from tests.server.transfer.files import event, events, ndjson, written

if TYPE_CHECKING:
    from pathlib import Path


def items(path: Path, options: Options | None = None) -> list[Item]:
    """Return the lines of a file."""
    with opened(str(path)) as source:
        return list(read(source, options or Options(), 0).items)


def told(path: Path, options: Options | None = None) -> list[object]:
    """Return the lines of a file as objects, all of which are taken."""
    found = items(path, options)
    assert all(isinstance(item, Row) for item in found)
    return [msgspec.json.decode(item.data) for item in found]


def test_lines_keep_their_numbers(tmp_path: Path) -> None:
    """Empty lines are passed over, and count."""
    path = written(tmp_path / "x.ndjson", b'\n  \r\n{"contact":"a","event":"b","id":"1"} \r\n')

    assert [(item.line, item.data[:1]) for item in items(path)] == [(3, b"{")]


def test_a_list_is_its_elements(tmp_path: Path) -> None:
    """A JSON list tells the same events, with the same ids, however it is laid out."""
    flat = written(tmp_path / "x.ndjson", ndjson(events(3)))
    wide = written(tmp_path / "x.json", msgspec.json.format(msgspec.json.encode(events(3))))

    assert told(wide) == told(flat)
    assert [item.line for item in items(wide)] == [1, 2, 3]


def test_a_list_that_is_cut_is_refused(tmp_path: Path) -> None:
    """Of a list nothing is taken that is not whole."""
    path = written(tmp_path / "x.json", b'[{"contact":"a"}, {"con')

    with pytest.raises(BrokenFile) as refused:
        items(path)

    assert refused.value.message == f"{path} is not a whole JSON list: Input data was truncated"


def test_a_list_is_not_too_large(tmp_path: Path) -> None:
    """A large list, or a small file that unpacks to one, names the format that may be large."""
    path = written(tmp_path / "x.json.gz", b"[" + b" " * LIST_LIMIT)

    with pytest.raises(BrokenFile) as refused:
        items(path)

    assert refused.value.message == (
        f"{path} is a JSON list of more than 64 MiB; write it as NDJSON, one object a line, "
        "which may be of any size: jq -c '.[]'"
    )


def test_a_last_line_that_is_torn_is_a_cut_file(tmp_path: Path) -> None:
    """A last line without its break that is no JSON means that the file was cut."""
    whole = ndjson(events(3))
    path = written(tmp_path / "x.ndjson", whole[:-5])

    with opened(str(path)) as source, pytest.raises(BrokenFile) as refused:
        list(read(source, Options(), 0).items)

    assert refused.value.message == (
        f"{path} breaks off in line 3: it is not whole; the lines before it are taken, and the "
        "same command goes on from there once the file is whole"
    )


def test_a_last_line_needs_no_break(tmp_path: Path) -> None:
    """A last line that is whole counts; one that is no object is rejected as any other."""
    path = written(tmp_path / "x.ndjson", ndjson([event(1)])[:-1])
    other = written(tmp_path / "y.ndjson", ndjson([event(1)]) + b"[1]")

    assert [type(item).__name__ for item in items(path)] == ["Row"]
    assert [type(item).__name__ for item in items(other)] == ["Row", "Rejection"]


def test_a_mapping_is_for_tables(tmp_path: Path) -> None:
    """Lines of JSON have no columns."""
    path = written(tmp_path / "x.ndjson", b"")

    with pytest.raises(WrongOption) as refused:
        items(path, Options(fields=(("a", "at"),)))

    assert refused.value.message == f"{path} has no columns: --map is for CSV and Parquet files"


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    """Nothing is nothing to import, not an error."""
    assert items(written(tmp_path / "x.ndjson", b"")) == []


@pytest.mark.parametrize(
    ("name", "delimiter", "content"),
    [
        ("x.csv", None, b"contact,event,id\na,b,1\n"),
        ("x.tsv", None, b"contact\tevent\tid\na\tb\t1\n"),
        ("x.csv", ";", b"contact;event;id\r\na;b;1\r\n"),
        ("x.csv.gz", None, b"\xef\xbb\xbfcontact, event ,id\na,b,1"),
    ],
)
def test_cells_are_parted_as_said(
    tmp_path: Path, name: str, delimiter: str | None, content: bytes
) -> None:
    """A comma parts cells, a tab in a .tsv file, or what is said."""
    path = written(tmp_path / name, content)

    assert told(path, Options(delimiter=delimiter)) == [
        {"contact": "a", "event": "b", "id": "1", "at": "1970-01-01T00:00:00.000Z"}
    ]
