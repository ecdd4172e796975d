"""Bookmarks: where an import stands, and when it may go on from there."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from server.transfer import bookmark
from server.transfer.bookmark import Bookmark
from server.transfer.failures import CannotTransfer, WrongOption
from server.transfer.reading import Options
from server.transfer.tally import Tally

if TYPE_CHECKING:
    from pathlib import Path

URL = "http://127.0.0.1:8000"
OPTIONS = Options(fields=(("a", "at"),))


def test_a_place_is_kept_until_it_is_removed(tmp_path: Path) -> None:
    """What was written is read again, and nothing else is left behind."""
    file = tmp_path / "x.csv"
    file.write_bytes(b"key\n")
    kept = bookmark.bookmark(file, None)
    place = replace(bookmark.start(file, URL, OPTIONS), line=7, tally=Tally(7, 6, rejected=1))

    kept.write(place)

    assert kept.read() == place
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.csv", "x.csv.segraph-import"]
    kept.remove()
    assert kept.read() is None


def test_a_folder_keeps_files_of_the_same_name_apart(tmp_path: Path) -> None:
    """The whole path tells which bookmark is whose."""
    paths = {bookmark.bookmark(tmp_path / each / "x.csv", tmp_path).path for each in ("a", "b")}

    assert len(paths) == 2
    assert {path.parent for path in paths} == {tmp_path}


def test_a_file_that_has_grown_goes_on(tmp_path: Path) -> None:
    """What was added, or what a cut file lacked, comes after the place."""
    file = tmp_path / "x.csv"
    file.write_bytes(b"key\na\n")
    kept = replace(bookmark.start(file, URL, OPTIONS), line=2)
    file.write_bytes(b"key\na\nb\n")
    os.utime(file, ns=(0, kept.file.modified + 1))
    begun = bookmark.start(file, URL, OPTIONS)

    found = bookmark.resumed(file, kept, begun, tmp_path / "mark")

    assert (found.line, found.file, found.written) == (2, begun.file, kept.written)


@pytest.mark.parametrize(
    ("server", "options", "content", "what"),
    [
        ("http://b", OPTIONS, b"key\na\n", "to another server (http://127.0.0.1:8000)"),
        (URL, Options(), b"key\na\n", f"with other options ({OPTIONS})"),
        (URL, OPTIONS, b"key\nb\nb\n", "when the file was another"),
        (URL, OPTIONS, b"key\nb\n", "when the file was another"),
        (URL, OPTIONS, b"key\n", "when the file was another"),
    ],
)
def test_another_import_does_not_go_on(
    tmp_path: Path, server: str, options: Options, content: bytes, what: str
) -> None:
    """To another server, with other options or of another file, a place means nothing."""
    file, mark = tmp_path / "x.csv", tmp_path / "mark"
    file.write_bytes(b"key\na\n")
    kept = bookmark.start(file, URL, OPTIONS)
    file.write_bytes(content)
    changed = kept.file.modified + (content != b"key\na\n")
    os.utime(file, ns=(changed, changed))

    with pytest.raises(WrongOption) as refused:
        bookmark.resumed(file, kept, bookmark.start(file, server, options), mark)

    assert refused.value.message == (
        f"The import of {file} was begun {what}, and {mark} tells how far it came; --restart "
        "begins anew, which doubles no event that has an id"
    )


def test_a_bookmark_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """The message names it and the way out."""
    mark = Bookmark(tmp_path / "mark")
    mark.path.write_bytes(b"{}")

    with pytest.raises(WrongOption) as refused:
        mark.read()

    assert refused.value.message == (
        f"{mark.path} does not tell where the import stands (Object missing required field "
        "`server`); --restart begins anew"
    )


def test_a_bookmark_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """The message names it and the way out."""
    file = tmp_path / "x.csv"
    file.write_bytes(b"key\n")
    kept = bookmark.bookmark(file, tmp_path / "gone")

    with pytest.raises(CannotTransfer) as refused:
        kept.write(bookmark.start(file, URL, OPTIONS))

    assert refused.value.message == (
        f"{kept.path} cannot be written (No such file or directory); --state names another folder"
    )
