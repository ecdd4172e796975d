"""Since when a verdict stands that news of a contact turned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.subject import Subject
    from graph.upkeep.counts import Instants
    from graph.upkeep.rules import Rule

_MORE: Final = 8
"""How many times as many of the news are looked at, where a verdict stands since before those."""


def begun(
    rule: Rule, subject: Subject, told: Sequence[int], t: int, instants: Instants | None
) -> int:
    """Return since when a rule's verdict at t stands: the first instant told of, or one after it.

    `told` are the instants of the news in order, some before t. Before the first of them all is as
    it was judged. Most verdicts began of late, so that the last of the news are looked at first.
    `instants` are given where all of its events count at t.
    """
    if instants is not None and rule.counts is not None:
        _, since = rule.counts.stood(instants, t)
        return max(since, told[0], subject.since)
    told = [at for at in told if at <= t]
    looked = 1
    while True:
        first = told[-looked]
        turn = _last_turn(rule, subject, first, t)
        if turn > first or looked == len(told):
            return turn
        looked = min(_MORE * looked, len(told))


def _last_turn(rule: Rule, subject: Subject, first: int, t: int) -> int:
    """Return when a verdict turned last up to t; the first instant where it did not after it."""
    turn = first
    verdict, until = rule.judge(subject, first)
    while until <= t:
        at = until
        so, until = rule.judge(subject, at)
        if so is not verdict:
            turn, verdict = at, so
    return turn
