"""A kind's relationship type is made of letters, digits and `_`, and is nobody else's."""

from __future__ import annotations

import re

import pytest

from graph import model
from graph.ingest.names import type_of


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Page Viewed", "PAGE_VIEWED"),
        ("page-viewed", "PAGE_VIEWED"),
        ("Größe gewählt", "GROE_GEWAHLT"),
        ("3D Model", "EVENT_3D_MODEL"),
        ("購入", "EVENT"),
        ("`}) DETACH DELETE n //", "DETACH_DELETE_N"),
        ("__proto__", "PROTO"),
        ("member of", "MEMBER_OF_2"),
        ("ABOUT", "ABOUT_2"),
        ("x" * 200, "X" * 100),
    ],
)
def test_a_type(name: str, made: str) -> None:
    """What is foreign falls out, what is ours is evaded."""
    assert type_of(name, ()) == made
    assert re.fullmatch(r"[A-Z_][A-Z0-9_]*", made)


def test_types_that_collide_are_numbered() -> None:
    """Names that differ in what falls out have different types."""
    taken: set[str] = set()
    for name in ("a b", "A B", "a-b"):
        taken.add(type_of(name, taken))

    assert taken == {"A_B", "A_B_2", "A_B_3"}


@pytest.mark.parametrize("own", sorted(model.OWN_TYPES))
def test_our_own_types_are_reserved(own: str) -> None:
    """No event takes a type of ours."""
    assert type_of(own, ()) not in model.OWN_TYPES
