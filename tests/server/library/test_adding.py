"""Saving ready segments on a server."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from server.library import Value, library, ready
from server.library.adding import Outcome, Shelf, Wish
from server.transfer.failures import Refused
from server.transfer.wire import Patience
from tests.server.command import segraph
from tests.server.library.fake_shelf import FakeShelf
from tests.server.live import live

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from tests import engine


@pytest.mark.engine
@pytest.mark.process
def test_a_server_takes_them(neo4j: engine.Running, tmp_path: Path) -> None:
    """A server that runs takes each ready segment, and the command saves none of them twice."""
    with live(neo4j) as server:
        where = ("--url", server.url, "--json")
        shelf = Shelf(server.http, Patience(5, print))
        for key, each in library().items():
            added = list(shelf.add(Wish(each, {}, key, each.name)))
            assert added[-1].key == key
        again = _told(segraph("segments", "add", "sampled", *where, folder=tmp_path))
        other = segraph(
            "segments", "add", "sampled", "--set", "percent=5", *where, folder=tmp_path, code=2
        )
        nodes = server.ask("{ segments(first: 100) { nodes { key } } }")["segments"]["nodes"]

    assert {each["key"] for each in nodes} == set(library())
    assert [each["outcome"] for each in again] == ["unchanged"]
    assert "There is a segment 'sampled' with another definition" in other.stderr


def _told(ended: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return json.loads(ended.stdout)


def _add(
    fake: FakeShelf, key: str, *, replace: bool = False, **values: Value
) -> list[tuple[str, Outcome, int]]:
    """Add a ready segment; return each key, what became of it, and its revision."""
    with httpx2.Client(transport=fake, base_url="http://segraph.test") as client:
        shelf = Shelf(client, Patience(1, print))
        added = shelf.add(Wish(ready(key), values, key, ready(key).name, replace))
        return [(each.key, each.outcome, each.revision) for each in added]


def test_it_is_saved_with_its_values() -> None:
    """A ready segment is saved as it is defined, with the values that were given."""
    fake = FakeShelf()

    assert _add(fake, "lapsed", silent="P7D") == [("lapsed", Outcome.ADDED, 1)]
    assert "P7D" in str(fake.saved["lapsed"]["definition"])


def test_what_it_uses_is_saved_before_it() -> None:
    """The ready segments that one uses are there before it, and those that are stay."""
    fake = FakeShelf()
    _add(fake, "churned")

    assert _add(fake, "sampled") == [
        ("silent-subscribers", Outcome.ADDED, 1),
        ("sampled", Outcome.ADDED, 1),
    ]


def test_the_same_is_left_as_it_is() -> None:
    """A segment that says the same already is not saved again."""
    fake = FakeShelf()
    _add(fake, "lapsed")

    assert _add(fake, "lapsed") == [("lapsed", Outcome.UNCHANGED, 1)]


def test_another_is_replaced_only_when_asked_to() -> None:
    """A segment of that key which says something else is refused, or gets a revision."""
    fake = FakeShelf()
    _add(fake, "lapsed")

    with pytest.raises(
        Refused, match=r"There is a segment 'lapsed' with another definition: .*--as"
    ):
        _add(fake, "lapsed", silent="P7D")
    assert _add(fake, "lapsed", replace=True, silent="P7D") == [("lapsed", Outcome.REPLACED, 2)]


def test_an_archived_one_comes_back() -> None:
    """A segment that was archived is saved anew, whatever it said."""
    fake = FakeShelf()
    _add(fake, "lapsed")
    fake.saved["lapsed"]["status"] = "ARCHIVED"

    assert _add(fake, "lapsed", silent="P7D") == [("lapsed", Outcome.ADDED, 2)]


@pytest.mark.parametrize(
    ("problem", "message"),
    [
        (
            {"message": "There is no segment 'vips'", "path": ["all", "0", "segment", "key"]},
            "lapsed: There is no segment 'vips' (at all.0.segment.key)",
        ),
        ({"message": "Not now", "path": []}, "lapsed: Not now"),
    ],
    ids=["place", "whole"],
)
def test_what_the_server_says_is_told(problem: dict[str, Any], message: str) -> None:
    """What the server does not take is told in its words, with the place."""
    with pytest.raises(Refused, match=f"^{re.escape(message)}$"):
        _add(FakeShelf(problem), "lapsed")
