"""The default demo: a year of Lumen, a made-up shop for software, told line by line.

The same seed and instant give the same lines to the byte, and nothing here reads or writes.
"""

from __future__ import annotations

from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING

from server.demo import companies, contents, shelf, year
from server.demo.cast.programme import examples
from server.demo.live import events_between
from server.demo.planting import Planted, actors, planted_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from server.demo.telling import Line

__all__ = ["Planted", "events_between", "lines", "planted"]


def lines(now: int, seed: int = 1) -> Iterator[Line]:
    """Yield the lines of an import: trees, things, people, consents, then events by time."""
    cast = tuple(actors(examples(now)))
    yield from _things()
    yield from (company.line() for company in companies.companies(seed))
    yield from (company.line() for example in examples(now) for company in example.accounts)
    yield from chain.from_iterable(actor.contact(now, seed) for actor in cast)
    yield from year.contacts(now, seed)
    yield from chain.from_iterable(actor.consents(now) for actor in cast)
    acted = chain.from_iterable(actor.events(now, seed) for actor in cast)
    told = chain(acted, year.events(now, seed))
    yield from (line for _, line in sorted(told, key=itemgetter(0)))


def planted(now: int, seed: int = 1) -> Mapping[str, Planted]:
    """Return by name the definitions that have members and near misses in the story of `now`.

    Verdicts are those at `now`. Names and keys are the same for every seed and instant.
    """
    del seed
    return planted_of(examples(now))


def _things() -> Iterator[Line]:
    for kind, tree in (("topic", contents.TOPICS), ("category", shelf.CATEGORIES)):
        for key, name, parent in tree:
            line: Line = {"type": kind, "key": key, "name": name}
            yield line | {"parent": parent} if parent else line
    for content in contents.CONTENTS:
        yield {
            "type": "content",
            "key": content.key,
            "kind": content.kind,
            "title": content.title,
            "url": content.url,
            "topics": list(content.topics),
        }
    for product in shelf.PRODUCTS:
        yield {
            "type": "product",
            "key": product.key,
            "name": product.name,
            "category": product.category,
            "properties": {"price": product.price, "currency": "EUR"},
        }
