"""`explain`: why a contact meets each of the ready segments, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bench import customers, library, measure, places
from bench.requesting import Client, body, times_of
from graph import times
from server import library as ready

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
    folder = library.folder()
    assert (folder / "neo4j").is_dir(), "run the bench `library` first: it makes the graph"
    async with places.graph(folder) as (running, _):
        with places.server("serve", running=running) as server:
            client = await Client.at(server.url)
            rows: list[list[object]] = []
            who = [f"contact-{number}" for number in range(0, customers.CONTACTS, 997)]
            at = times.instant_text(customers.T)
            for key, each in ready.library().items():
                where = each.definition()
                asked = [body(_EXPLAIN, key=one, where=where, at=at) for one in who]
                turns = iter(asked * (3 * options.rounds))
                spent = await times_of(client, lambda turns=turns: next(turns), len(asked) * 2)
                target = measure.verdict(spent.median, TARGET, most=True)
                p99 = f"{spent.quantile(0.99):.1f}"
                rows.append([key, f"{spent.median:.1f}", p99, spent.text(), target])
            client.close()
    measure.table(("explained", "ms p50", "p99", "least / middle / most", "target"), rows)
