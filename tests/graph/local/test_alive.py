"""A process is known by when it began, so that its number may be given away."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from graph.local.alive import alive, begun, by_proc, by_ps

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("asked", [by_ps, by_proc])
def test_a_process_has_one_beginning(asked: Callable[[int], str]) -> None:
    """Asked twice, it is the same; of two that run it differs."""
    assert asked(os.getpid()) == asked(os.getpid())
    assert asked(os.getpid()) != asked(1)


@pytest.mark.parametrize("asked", [by_ps, by_proc])
def test_a_process_that_ended_has_none(asked: Callable[[int], str]) -> None:
    """Neither one that nobody waited for, nor one that is gone."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    running = asked(child.pid)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    ended = asked(child.pid)
    child.communicate()

    assert running
    assert ended == asked(child.pid) == ""


def test_a_number_used_again_is_another_process() -> None:
    """The number alone does not tell."""
    assert alive(os.getpid(), begun(os.getpid()))
    assert not alive(os.getpid(), "Thu Jan 1 00:00:00 1970")
    assert not alive(os.getpid(), "")


def test_without_ps_the_kernel_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small images have no `ps`."""
    monkeypatch.setenv("PATH", "")

    assert begun(os.getpid()) == by_proc(os.getpid())
