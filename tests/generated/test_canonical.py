"""The canonical form, and what must not matter: order, repetition, double negation."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING, cast

from hypothesis import given
from hypothesis import strategies as st

from graph.conditions import read, write
from graph.segmentation import SKEW
from tests import worlds
from tests.generated import histories
from tests.generated.definitions import DEFINITION
from tests.generated.graphs import SAVED
from tests.generated.instants import edges

if TYPE_CHECKING:
    from graph.conditions import Condition
    from graph.subject import Subject

SEED = st.integers(0, 2**32)


@cache
def people(number: int) -> list[Subject]:
    """Return the contacts of a world, of one of a few."""
    return told(histories.made(random.Random(number), 20))  # noqa: S311 - no secret


def told(lines: list[dict[str, object]]) -> list[Subject]:
    """Return the contacts that lines tell of."""
    return worlds.subjects(lines, histories.NOW + SKEW, SAVED)


def meeting(condition: Condition, seed: int, people: list[Subject]) -> list[list[str]]:
    """Return who meets a condition at some instants that matter to it."""
    instants = edges(random.Random(seed), write(condition), 6)  # noqa: S311 - no secret
    return [worlds.members(condition, people, t) for t in instants]


@given(DEFINITION, SEED)
def test_the_canonical_form_keeps_the_meaning(definition: object, seed: int) -> None:
    """The same contacts meet it, before they exist, too, and it is canonical itself."""
    condition = read(definition)
    canonical = condition.canonical()
    instants = edges(random.Random(seed), definition, 6)  # noqa: S311 - no secret

    for subject in people(seed % 5):
        for t in instants:
            assert canonical.holds(subject, t) is condition.holds(subject, t)
    assert canonical.canonical() == canonical
    assert read(write(canonical)) == canonical


@given(DEFINITION)
def test_double_negation_vanishes(definition: object) -> None:
    """Not not is as if nothing had been said, however deep."""
    once = read({"not": {"not": definition}}).canonical()

    assert once == read(definition).canonical()
    assert read({"not": {"not": {"not": definition}}}).canonical() == (
        read({"not": definition}).canonical()
    )


@given(DEFINITION, SEED)
def test_order_and_repetition_of_conditions_do_not_matter(definition: object, seed: int) -> None:
    """Shuffled, with one said twice, `all` and `any` are the same condition."""
    chance = random.Random(seed)  # noqa: S311 - no secret

    assert read(shuffled(definition, chance)).canonical() == read(definition).canonical()


def shuffled(definition: object, chance: random.Random) -> object:
    """Return a definition whose joined conditions and kinds stand in another order."""
    ((word, body),) = cast("dict[str, object]", definition).items()
    match word:
        case "all" | "any":
            children = [shuffled(each, chance) for each in cast("list[object]", body)]
            children.append(chance.choice(children))
            chance.shuffle(children)
            return {word: children}
        case "not":
            return {word: shuffled(body, chance)}
        case _:
            return definition


@given(DEFINITION, SEED)
def test_what_is_true_depends_on_the_set_of_events(definition: object, seed: int) -> None:
    """Told in another order and some of it twice, a history has the same verdicts."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    lines = histories.made(random.Random(seed % 5), 20)  # noqa: S311 - no secret
    events = [line for line in lines if "event" in line]
    others = [line for line in lines if "event" not in line]
    again = events + chance.sample(events, len(events) // 3)
    chance.shuffle(again)
    condition = read(definition)

    first = meeting(condition, seed, people(seed % 5))

    assert meeting(condition, seed, told([*again, *others])) == first
