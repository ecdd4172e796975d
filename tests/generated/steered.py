"""Definitions drawn by the run's own chance, and such as say the words that are seldom said."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import hypothesis
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st

from graph.conditions import Condition, read
from tests.generated.definitions import LEAF, LEAVES, logic_of
from tests.generated.parts import TRAIT, choice, under
from tests.generated.words import every_word, words_of, words_within

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from random import Random

    from tests.generated.parts import Body
    from tests.report import Ring

_TRIES: Final = 150
_AT_ONCE: Final = 10
_UNCHECKED: Final = (
    HealthCheck.too_slow,
    HealthCheck.filter_too_much,
    HealthCheck.data_too_large,
)
_NONE: Final[MappingProxyType[str, int]] = MappingProxyType({})
_BODIES: Final = {**LEAVES, **logic_of(LEAF)}


def drawn(strategy: Body, number: int, chance: Random) -> list[object]:
    """Return so many definitions, the same ones for the same chance."""
    found: list[object] = []

    @hypothesis.seed(chance.getrandbits(64))
    @settings(
        max_examples=number + 1,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=_UNCHECKED,
    )
    @given(strategy)
    def take(definition: object) -> None:
        found.append(definition)

    take()
    return found[1:]  # the first is always the smallest there is


def steered(
    ring: Ring, least: int, chance: Random, before: Mapping[str, int] = _NONE
) -> Iterator[object]:
    """Yield definitions until so many say each word of the language that the ring has judged.

    Those that earlier runs have judged are counted too, as often as they said each word.
    """

    def lacks(word: str) -> int:
        return least - ring.said.get(word, 0) - before.get(word, 0)

    while seldom := [word for word in sorted(every_word()) if lacks(word) > 0]:
        word = chance.choice(seldom)
        yield from drawn(saying(word), min(_AT_ONCE, lacks(word)), chance)


@st.composite
def saying(draw: st.DrawFn, word: str) -> object:
    """Draw definitions that say a word, alone or joined with what is told of a trait."""
    leaf = draw(_leaf(word))
    told = {"not": leaf} if draw(st.integers(0, 3)) == 3 else leaf
    trait = draw(st.none() | under("trait", TRAIT))
    if trait is None:
        return told
    return {draw(st.sampled_from(("all", "any"))): [told, trait]}


@st.composite
def _leaf(draw: st.DrawFn, word: str) -> object:
    for _ in range(_TRIES):
        leaf = draw(_near(word))
        if word in words_of(read(leaf)):
            return leaf
    return reject()


@cache
def _near(word: str) -> Body:
    """Return the conditions in which a word may be said, those with the fewest others."""
    within = {name: words_within(cls) for name, cls in Condition.choices.items()}
    near = sorted((len(words), name) for name, words in within.items() if word in words)[:2]
    return choice({name: _BODIES[name] for _, name in near})
