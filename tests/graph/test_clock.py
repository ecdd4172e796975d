"""Clocks: the present never goes back, and a jump of the wall clock does not show."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from graph.clock import FixedClock, SystemClock


@dataclass(slots=True)
class Machine:
    """The two clocks of a machine, in seconds, as far as a test lets them go on."""

    wall: float = 1_000.0
    steady: float = 50.0

    def go_on(self, seconds: float, *, jump: float = 0.0) -> None:
        """Let time pass; a jump moves the wall clock alone."""
        self.steady += seconds
        self.wall += seconds + jump


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Give the clocks of a machine that stands still."""
    machine = Machine()
    monkeypatch.setattr(time, "time", lambda: machine.wall)
    monkeypatch.setattr(time, "monotonic", lambda: machine.steady)
    return machine


def test_the_present_is_the_machines(machine: Machine) -> None:
    """Without a start the clock shows the wall's time and goes on with it."""
    clock = SystemClock()
    first = clock.now()
    machine.go_on(1.5)

    assert (first, clock.now()) == (1_000_000, 1_001_500)


def test_the_present_begins_where_it_is_told_to(machine: Machine) -> None:
    """From a given instant on the clock goes on at the machine's pace."""
    clock = SystemClock(start=7_000)
    first = clock.now()
    machine.go_on(2)

    assert (first, clock.now()) == (7_000, 9_000)


def test_a_jump_ahead_is_worked_off(machine: Machine) -> None:
    """An hour that the wall skips is caught up with at a tenth of the pace."""
    clock = SystemClock()
    machine.go_on(10, jump=3600)

    assert clock.now() == 1_011_000
    machine.go_on(36_000)
    assert clock.now() == 1_000_000 + 1000 * (10 + 3600 + 36_000)


def test_a_jump_back_never_shows(machine: Machine) -> None:
    """Where the wall goes back, the clock goes on slower, and never back."""
    clock = SystemClock()
    machine.go_on(10, jump=-3600)
    after = clock.now()
    machine.go_on(0)

    assert (after, clock.now()) == (1_009_000, 1_009_000)


def test_a_fixed_clock_stands() -> None:
    """It goes on only when told to, and refuses to go back."""
    clock = FixedClock(5)
    clock.advance(3)

    assert clock.now() == 8
    with pytest.raises(ValueError, match="a clock does not go back: -1 ms"):
        clock.advance(-1)
