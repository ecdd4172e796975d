"""What the tests of imports and exports stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.server.transfer.fake_server import FakeServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """Serve in memory for one test."""
    with FakeServer() as serving:
        yield serving
