"""Drills have a Neo4j of their own: it is paused and killed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graph.database import Database
from tests import engine

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def own_neo4j(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engine.Running]:
    """Run a Neo4j for the drills."""
    with engine.own(tmp_path_factory.mktemp("drilled")) as running:
        yield running


@pytest.fixture
async def graph(own_neo4j: engine.Running) -> engine.Running:
    """Give it emptied."""
    database = Database(own_neo4j.address, own_neo4j.user, own_neo4j.password)
    await database.change("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS")
    await database.close()
    return own_neo4j
