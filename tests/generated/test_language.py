"""Generated definitions are of the language, all of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.conditions import Condition, read, write
from graph.conditions.about import About
from graph.conditions.comparison import Comparison
from graph.conditions.did import DistinctBy
from graph.conditions.window import Window
from tests.generated import definitions, parts
from tests.generated.definitions import DEFINITION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.conditions.shape import OneOf

DRAWN = {
    "conditions": (Condition, {**definitions.LEAVES, **definitions.logic_of(st.nothing())}),
    "windows": (Window, parts.WINDOWS),
    "comparisons": (Comparison, parts.COMPARISONS),
    "things": (About, parts.ABOUTS),
    "distinct": (DistinctBy, parts.DISTINCTS),
}


@pytest.mark.parametrize(("union", "drawn"), DRAWN.values(), ids=DRAWN)
def test_every_choice_is_drawn(union: type[OneOf], drawn: Mapping[str, object]) -> None:
    """What is added to the language is added to the strategies."""
    assert set(drawn) == set(union.choices)


@given(DEFINITION)
def test_a_definition_is_written_as_it_is_read(raw: object) -> None:
    """Read, written as JSON and read again, a condition is the same."""
    condition = read(raw)

    assert read(json.loads(json.dumps(write(condition)))) == condition
