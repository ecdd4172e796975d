"""The server of a module's tests, over the run's graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.server import live as servers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests import engine
    from tests.server.live import Live


@pytest.fixture(scope="module")
def live(neo4j: engine.Running) -> Iterator[Live]:
    """Serve an empty graph to all tests of a module."""
    with servers.live(neo4j) as served:
        yield served
