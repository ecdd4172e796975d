"""Definitions to be saved: small ones of every choice, joined, turned round, and of one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.generated import pools, samples
from tests.generated.definitions import LEAF
from tests.generated.steered import drawn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

KEYS: Final = ("s0", "s1", "s2", "s3")

_VIEWED: Final = {"event": "Page Viewed"}
_WHO: Final[Sequence[object]] = (
    {"did": _VIEWED},
    {"did": {**_VIEWED, "within": {"last": "P1D"}}},
    {"not": {"did": {"within": {"last": "P7D"}}}},
    {"trait": {"name": "plan", "is": {"eq": "pro"}}},
    {"consent": {"purpose": "email", "is": "WITHDRAWN"}},
    {"segment": {"key": "viewers"}},
)
_ASKED: Final[Sequence[Mapping[str, object]]] = (
    {"atLeast": 1},
    {"atLeast": 2},
    {"exactly": 0},
    {"atMost": 1},
    {"all": True},
    {"none": True},
)
_MORE: Final[Sequence[Mapping[str, object]]] = (
    {},
    {"includeSelf": True},
    {"account": [{"name": "plan", "is": {"eq": "pro"}}]},
)


def definitions(chance: Random, leaves: int) -> list[object]:
    """Return definitions to choose from, among them so many single conditions made at random."""
    small = [
        *(each for _, each in samples.definitions()),
        *({"segment": {"key": key}} for key in (*KEYS, *pools.SEGMENTS)),
        *(_colleagues(chance) for _ in range(20)),
        *(_popular(who) for who in _WHO),
        *drawn(LEAF, leaves, chance),
    ]
    joined = [
        {how: chance.sample(small, 2)} for how in ("all", "any") for _ in range(len(small) // 4)
    ]
    return [*small, *joined, *({"not": each} for each in chance.sample(small, len(small) // 4))]


def saving(key: str, where: object) -> dict[str, object]:
    """Return the line that saves a segment."""
    return {"type": "segment", "key": key, "name": key, "where": where}


def _colleagues(chance: Random) -> object:
    asked, more = chance.choice(_ASKED), chance.choice(_MORE)
    return {"colleagues": {**asked, **more, "who": chance.choice(_WHO)}}


def _popular(who: object) -> object:
    popular = {"event": "Page Viewed", "atLeast": 2, "who": who}
    return {"did": {"about": {"content": {"popularWith": popular}}}}
