"""Numbers that are asked for: at least, at most, or exactly so many."""

from __future__ import annotations

from graph import errors


def check_bounds(at_least: int | None, at_most: int | None, exactly: int | None) -> None:
    """Refuse numbers below zero, and those that exclude each other, at their paths."""
    for name, number in (("atLeast", at_least), ("atMost", at_most), ("exactly", exactly)):
        if number is not None and number < 0:
            raise errors.BadInput(
                f"{name} is 0 or more, not {number}: leave it out where any number will do", name
            )
    if exactly is not None and (at_least is not None or at_most is not None):
        raise errors.BadInput("`exactly` stands alone: drop `atLeast` and `atMost`", "exactly")
    if at_least is not None and at_most is not None and at_least > at_most:
        raise errors.BadInput(
            f"atLeast {at_least} is more than atMost {at_most}: lower the one or raise the other",
            "atLeast",
        )


def least_of(at_least: int | None, at_most: int | None, exactly: int | None) -> int:
    """Return the number from which it holds: 1 where none is asked."""
    if exactly is not None:
        return exactly
    if at_least is not None:
        return at_least
    return 1 if at_most is None else 0


def most_of(at_most: int | None, exactly: int | None) -> int | None:
    """Return the number up to which it holds; None is any."""
    return exactly if exactly is not None else at_most
