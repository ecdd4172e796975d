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
    from pathlib import Path


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


def test_a_clock_that_is_set_changes_no_beginning(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`ps` reckons from the clock of Linux: another time after each step; the kernel does not."""
    stepped = tmp_path / "ps"
    stepped.write_text("#!/bin/sh\necho S $$\n")
    stepped.chmod(0o755)
    first = begun(os.getpid())
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    assert by_ps(os.getpid()) != by_ps(os.getpid())
    assert begun(os.getpid()) == first
