"""The graph at the address that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.database import Database

if TYPE_CHECKING:
    from server.settings import Settings


def addressed(settings: Settings) -> Database | None:
    """Return the door to it; None where a Neo4j of our own is to run."""
    if settings.graph is None:
        return None
    password = settings.password.get_secret_value()
    return Database(settings.graph, settings.user, password, name=settings.database)
