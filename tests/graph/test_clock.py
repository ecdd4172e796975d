"""Clocks: the present never goes back, and a jump of the wall clock does not show."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass

import pytest

from graph import clock as clock_module
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
    monkeypatch.setattr(clock_module, "steady", lambda: machine.steady)
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


@pytest.mark.parametrize("instant", [1_000_333, 1_004_329, 1_059_999])
def test_the_present_goes_on_from_what_was_told(machine: Machine, instant: int) -> None:
    """By another clock, that was ahead: nothing before it is told, and the rest is worked off."""
    clock = SystemClock()
    clock.go_on_from(instant)
    first = clock.now()
    machine.go_on(1000)
    clock.go_on_from(instant)

    assert first == instant
    assert clock.now() == 2_000_000


async def test_what_is_waited_for_comes_in_time(machine: Machine) -> None:
    """Though the clock goes faster than the machine, and though that is suspended meanwhile."""
    clock = SystemClock()
    machine.go_on(0, jump=3600)
    clock.now()
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        """Let time pass, ten minutes more the third time."""
        slept.append(seconds)
        machine.go_on(seconds + (600 if len(slept) == 3 else 0))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(asyncio, "sleep", sleep)
        await clock.reach(1_060_000)
        late = clock.now() - 1_060_000
        assert len(slept) == 3
        assert max(slept) <= 1
        del slept[:]
        await clock.reach(1_060_000 + late + 500)

    assert late > 500_000
    assert clock.now() <= 1_060_000 + late + 501


def test_the_time_of_a_suspended_machine_has_passed() -> None:
    """The clock that is gone on by does not stand still meanwhile."""
    if sys.platform == "linux":
        before = time.clock_gettime(time.CLOCK_BOOTTIME)
        assert before <= clock_module.steady() <= time.clock_gettime(time.CLOCK_BOOTTIME)


def test_a_fixed_clock_stands() -> None:
    """It goes on only when told to, and refuses to go back."""
    clock = FixedClock(5)
    clock.advance(3)
    clock.go_on_from(7)

    assert clock.now() == 8
    clock.go_on_from(9)
    assert clock.now() == 9
    with pytest.raises(ValueError, match="a clock does not go back: -1 ms"):
        clock.advance(-1)
