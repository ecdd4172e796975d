"""`explain`: why a contact meets each of the ready segments, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bench import measure, places, readers
from bench.requesting import Client, body, times_of
from graph import catalogue, conditions, times
from server.library import library

if TYPE_CHECKING:
    from argparse import Namespace

TARGET: Final = 15.0
_EXPLAIN: Final = """query ($key: String!, $where: Condition!, $at: DateTime!) {
  contact(key: $key) { explain(where: $where, at: $at) {
    holds text changesAt tree { ...Leaf children { ...Leaf children { ...Leaf } } }
  } }
}
fragment Leaf on ExplanationNode {
  text holds changesAt found asked toFlip note others evidence { id event at about { key } }
}"""


async def run(options: Namespace) -> None:
    """Print how long an explanation takes of contacts who did much and who did little."""
    folder = places.FOLDER / f"readers-{readers.digest()}"
    assert (folder / "neo4j").is_dir(), "run the bench `audience` first: it makes the graph"
    async with places.graph(folder) as (running, _):
        with places.server("serve", running=running) as server:
            client = await Client.at(server.url)
            rows: list[list[object]] = []
            for key, each in library().items():
                where = each.definition()
                if next(catalogue.references(conditions.read(where)), None) is not None:
                    continue
                who = [f"contact-{number}" for number in range(0, readers.CONTACTS, 997)]
                asked = [
                    body(_EXPLAIN, key=one, where=where, at=times.instant_text(readers.T))
                    for one in who
                ]
                turns = iter(asked * (3 * options.rounds))
                spent = await times_of(client, lambda turns=turns: next(turns), len(asked) * 2)
                target = measure.verdict(spent.median, TARGET, most=True)
                p99 = f"{spent.quantile(0.99):.1f}"
                rows.append([key, f"{spent.median:.1f}", p99, spent.text(), target])
            client.close()
    measure.table(("explained", "ms p50", "p99", "least / middle / most", "target"), rows)
