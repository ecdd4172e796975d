"""A segment to listen to, and the packages of those who listen."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

import pytest

from tests.house import tree
from tests.server.hearing import until_built

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.server.live import Live

FOLDER: Final = tree.ROOT / "tests" / "node"
_NUMBERS: Final = count()


@pytest.fixture
def segment(live: Live) -> Iterator[str]:
    """Give a segment of its own to a test, and wait until it is built."""
    key = f"s{next(_NUMBERS)}"
    live.load({"type": "segment", "key": key, "name": key, "where": {"did": {"event": key}}})
    until_built(live, key)
    yield key
    live.ask("mutation($key: String!) { archiveSegment(key: $key) { __typename } }", key=key)


@pytest.fixture(scope="module")
def packages() -> Path:
    """Install what the lock file names, where it is not there yet."""
    installed = FOLDER / "node_modules" / ".package-lock.json"
    lock = FOLDER / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        tree.run("npm", "ci", "--prefer-offline", folder=FOLDER)
    return FOLDER
