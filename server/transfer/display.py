"""What is seen on standard error while lines go by: a bar with rate and time left, and notices."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self


class Display:
    """Shows one transfer at a time; where standard error is no terminal, notices only."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=None),
            TaskProgressColumn(),
            TextColumn("{task.fields[told]}"),
            TimeRemainingColumn(compact=True),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task = self._fetching = None
        self._lines = 0
        self._begun = time.monotonic()

    def __enter__(self) -> Self:
        """Show nothing yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the last state standing."""
        self.done()

    def done(self) -> None:
        """Leave the last state standing, and the screen to others."""
        self._progress.stop()

    def begin(self, name: str, total: int | None, at: int = 0) -> None:
        """Show another transfer: of so many bytes or rows, where that is known."""
        self._progress.start()
        self._task = self._progress.add_task(name, total=total, completed=at, told="")
        self._lines, self._begun = 0, time.monotonic()

    def advance(self, position: int, lines: int) -> None:
        """Show how far it has come, and at what pace."""
        if self._task is None:
            return
        self._lines += lines
        pace = self._lines / max(time.monotonic() - self._begun, 0.001)
        told = f"{self._lines:,} lines, {pace:,.0f}/s"
        self._progress.update(self._task, completed=position, told=told)

    def fetching(self, done: int, total: int) -> None:
        """Show how many files of a Neo4j have been fetched."""
        if self._fetching is None:
            self._progress.start()
            self._fetching = self._progress.add_task("fetching Neo4j", total=total, told="")
        told = f"{done:,} of {total:,} files"
        self._progress.update(self._fetching, completed=done, told=told)

    def say(self, text: str) -> None:
        """Show a line that stays."""
        self._console.print(text, markup=False, soft_wrap=True)
