"""`start`: how long it takes until a server serves: on a graph that is there, and a new demo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bench import measure, places, readers

if TYPE_CHECKING:
    from argparse import Namespace

AGAIN: Final = 15
DEMO: Final = 60


async def run(options: Namespace) -> None:
    """Print both; what is fetched once must be there already."""
    folder = places.FOLDER / f"readers-{readers.digest()}"
    assert (folder / "neo4j").is_dir(), "run the bench `audience` first: it makes the graph"
    again: list[float] = []
    for _ in range(min(3, options.rounds)):
        with places.server("serve", "--data", str(folder)) as server:
            again.append(server.seconds)
    with places.server("demo", "--folder", str(places.emptied("demo"))) as server:
        demo = server.seconds
    rows = [
        ("start on 420,000 events", again, AGAIN),
        ("demo from an empty folder", [demo], DEMO),
    ]
    table = [
        (name, measure.Spread(tuple(each)).text(), measure.verdict(max(each), target, most=True))
        for name, each, target in rows
    ]
    measure.table(("what", "seconds", "target"), table)
