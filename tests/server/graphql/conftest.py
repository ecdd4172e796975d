"""A segment to listen to."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

import pytest

from tests.server.hearing import until_built

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.server.live import Live

_NUMBERS: Final = count()


@pytest.fixture
def segment(live: Live) -> Iterator[str]:
    """Give a segment of its own to a test, and wait until it is built."""
    key = f"s{next(_NUMBERS)}"
    live.load({"type": "segment", "key": key, "name": key, "where": {"did": {"event": key}}})
    until_built(live, key)
    yield key
    live.ask("mutation($key: String!) { archiveSegment(key: $key) { __typename } }", key=key)
