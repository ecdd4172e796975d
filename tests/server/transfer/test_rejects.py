"""Rejects: what was not taken, each line with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server.transfer.failures import CannotTransfer
from server.transfer.rejects import Rejects
from server.transfer.rows import Rejection
from tests.server.transfer.files import lines_of

if TYPE_CHECKING:
    from pathlib import Path


def test_a_rejected_line_is_told_with_its_reason(tmp_path: Path) -> None:
    """A row that is JSON is told as such, another as text."""
    rejects = Rejects(tmp_path / "out")

    size = rejects.write(
        "x.ndjson",
        [
            Rejection(1, "no", b'{"key":"a"}', ("traits", "b"), "CONFLICT"),
            Rejection(2, "torn", b'{"key":\xff'),
        ],
    )

    assert size == rejects.path.stat().st_size
    where = {"file": "x.ndjson"}
    assert lines_of(rejects.path) == [
        where
        | {"line": 1, "code": "CONFLICT", "message": "no", "path": ["traits", "b"]}
        | {"row": {"key": "a"}},
        where
        | {"line": 2, "code": "BAD_USER_INPUT", "message": "torn", "path": []}
        | {"row": '{"key":\ufffd'},
    ]


def test_without_rejected_lines_there_is_no_file(tmp_path: Path) -> None:
    """Nothing to tell is nothing to find."""
    rejects = Rejects(tmp_path / "out")

    assert rejects.write("x", []) == 0
    assert not rejects.path.exists()


def test_lines_that_are_told_again_stand_once(tmp_path: Path) -> None:
    """What came after the place to go on from is forgotten; at the start, all is."""
    rejects = Rejects(tmp_path / "out")
    size = rejects.write("x", [Rejection(1, "no", b"1")])
    rejects.write("x", [Rejection(2, "no", b"2")])

    rejects.keep(size)
    rejects.write("x", [Rejection(2, "no", b"2")])

    assert [line["line"] for line in lines_of(rejects.path)] == [1, 2]
    rejects.keep(0)
    assert not rejects.path.exists()
    rejects.keep(size)
    assert not rejects.path.exists()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The message has the way out."""
    rejects = Rejects(tmp_path)

    with pytest.raises(CannotTransfer) as refused:
        rejects.write("x", [Rejection(1, "no", b"1")])

    assert refused.value.message == (
        f"{tmp_path} cannot be written (Is a directory); --rejects names another file"
    )
