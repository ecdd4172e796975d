"""`segraph neo4j`: the Neo4j of our own, fetched ahead, and how to look into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.errors import SegraphError
from graph.local import VERSION, LocalGraph, fetch, jars, java

if TYPE_CHECKING:
    from pathlib import Path

    from server.transfer.display import Display


class NoGraphRuns(SegraphError):
    """No Neo4j of our own runs."""

    code = "NO_GRAPH_RUNS"


def fetched(display: Display) -> dict[str, object]:
    """Fetch what is missing, and return what there is.

    Raises:
        SegraphError: something cannot be fetched, or there is no Java that fits.
    """
    files = fetch(VERSION, display.fetching)
    return {
        "version": VERSION,
        "files": len(files),
        "folder": str(jars.cache_folder(VERSION)),
        "java": str(java.find(VERSION)),
    }


async def address(folder: Path) -> dict[str, object]:
    """Return where the Neo4j under a folder answers, and as whom.

    Raises:
        NoGraphRuns: none does.
    """
    local = LocalGraph(folder)
    lives = await local.alive() if local.exists else None
    if lives is None:
        raise NoGraphRuns(
            f"No Neo4j runs under {folder}; `segraph serve` starts one, and --data names the folder"
        )
    return {
        "address": lives.address,
        "user": lives.user,
        "passwordFile": str(local.password_file),
        "pid": lives.pid,
    }
