"""Exporting: the file is there when it is whole, and only then."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from tests.server.transfer.command import here
from tests.server.transfer.fake_server import Status
from tests.server.transfer.files import event, events, lines_of, ndjson

if TYPE_CHECKING:
    from pathlib import Path

    from tests.server.transfer.fake_server import FakeServer, Line


def test_all_lines_are_written(server: FakeServer, tmp_path: Path) -> None:
    """The file has the lines in their order, without the one that ends them."""
    server.exported = [event(n, id=str(n)) for n in range(3000)]
    path = tmp_path / "x.ndjson"

    ended = here("export", path, "--url", server.url)

    assert (ended.code, ended.out) == (0, f"{path}: 3,000 lines\n")
    assert lines_of(path) == server.exported
    assert list(tmp_path.iterdir()) == [path]


def test_a_packed_file_is_written(server: FakeServer, tmp_path: Path) -> None:
    """A name that ends with .gz packs."""
    server.exported = events(100)
    path = tmp_path / "x.ndjson.gz"

    ended = here("export", path, "--url", server.url, "--json")

    assert ended.code == 0
    assert ended.result == {
        "file": str(path),
        "lines": 100,
        "seconds": ended.result["seconds"],
        "error": None,
    }
    assert gzip.decompress(path.read_bytes()) == ndjson(events(100))


@pytest.mark.parametrize("arguments", [[], ["-"], ["--json"]])
def test_without_a_file_lines_are_the_output(server: FakeServer, arguments: list[str]) -> None:
    """Nothing but lines is on standard output."""
    server.exported = events(3)

    ended = here("export", *arguments, "--url", server.url)

    assert (ended.code, ended.out) == (0, ndjson(events(3)).decode())


def test_nothing_is_a_whole_export(server: FakeServer, tmp_path: Path) -> None:
    """An empty graph gives an empty file."""
    ended = here("export", tmp_path / "x", "--url", server.url)

    assert ended.code == 0
    assert (tmp_path / "x").read_bytes() == b""


@pytest.mark.parametrize(
    ("breaks", "end", "message"),
    [
        (True, None, "broke off: "),
        (False, event(3), "broke off: after 3 lines, without the line that ends it"),
        (False, {"type": "end", "lines": 4}, "sent 3 lines of an export of 4"),
    ],
    ids=["connection", "no end", "too few"],
)
@pytest.mark.parametrize("name", ["x.ndjson", "x.ndjson.gz"])
def test_an_export_that_is_not_whole_leaves_no_file(
    server: FakeServer, tmp_path: Path, name: str, *, breaks: bool, end: Line | None, message: str
) -> None:
    """What was there before stays; the exit code is 2."""
    server.exported, server.export_breaks, server.export_end = events(3), breaks, end
    path = tmp_path / name
    path.write_bytes(b"before")

    ended = here("export", path, "--url", server.url)

    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_server_that_is_not_ready_is_waited_for(server: FakeServer, tmp_path: Path) -> None:
    """A refusal that passes is waited out and told; one that stays ends it."""
    server.answers.extend([Status(503, "starting"), None, Status(404, "no such page")])

    waited = here("export", tmp_path / "x", "--url", server.url)
    refused = here("export", tmp_path / "z", "--url", server.url)

    assert waited.code == 0
    assert f"{server.url} answers 503 (starting); trying again for up to 60 s" in waited.err
    assert (refused.code, refused.err) == (2, f"segraph: {server.url} answers 404: no such page\n")


def test_a_file_that_cannot_be_written_is_named(server: FakeServer, tmp_path: Path) -> None:
    """The message has the file and the reason."""
    path = tmp_path / "gone" / "x"

    ended = here("export", path, "--url", server.url)

    assert ended.code == 2
    assert ended.err == f"segraph: {path} cannot be written: No such file or directory\n"


def test_what_was_exported_is_imported(server: FakeServer, tmp_path: Path) -> None:
    """The lines go back as they came."""
    server.exported = [event(n, id=str(n)) for n in range(10)]
    path = tmp_path / "x.ndjson.gz"
    here("export", path, "--url", server.url)

    ended = here("import", path, "--url", server.url)

    assert ended.code == 0
    assert list(server.events.values()) == server.exported
