"""What a bench prints says of each thing that it promises whether it holds."""

from __future__ import annotations

from bench.hearing import soon


def test_a_pace_that_is_not_reached_is_missed() -> None:
    """However soon what came at a slower one was heard."""
    (slow, middle, late), ((_, unit, rate, reached), *_) = soon(412.4, 6.8, 16.5), soon(498, 1, 1)

    assert slow == [
        "event acknowledged → heard, 100 listeners: 500 told a second",
        "events/s",
        "412",
        "≥ 490: missed",
    ]
    assert (middle[-1], late[-1]) == ("≤ 8: held", "≤ 40: held")
    assert (unit, rate, reached) == ("events/s", "498", "≥ 490: held")
