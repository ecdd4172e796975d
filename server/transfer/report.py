"""What a transfer ends with: its result on standard output, and its exit code."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Final, NoReturn

import msgspec
import typer

from graph.errors import SegraphError
from server.transfer.failures import CannotTransfer
from server.transfer.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.transfer.checking import Preview
    from server.transfer.exporting import Exported
    from server.transfer.importing import Outcome

DONE: Final = 0
SOME_REJECTED: Final = 1
CANNOT: Final = 2
INTERRUPTED: Final = 130


class Report:
    """Gathers what there is to tell, also of a transfer that failed on the way."""

    def __init__(self, *, as_json: bool, comfort: str = "") -> None:
        self._as_json = as_json
        self._interrupted = f"Interrupted; {comfort}" if comfort else "Interrupted"
        self._begun = time.monotonic()
        self._outcomes: dict[str, Outcome] = {}
        self._previews: list[Preview] | None = None
        self._exported: Exported | None = None
        self._failed = False

    def outcome(self, outcome: Outcome) -> None:
        """Tell how a file stands now."""
        self._outcomes[outcome.file] = outcome

    def preview(self, preview: Preview) -> None:
        """Tell what would be sent of a file."""
        self._previews = [*(self._previews or ()), preview]

    def exported(self, exported: Exported) -> None:
        """Tell what was written; what goes to standard output is followed by nothing."""
        self._exported = exported

    def end(self, work: Callable[[], None]) -> NoReturn:
        """Do the work, tell what came of it, and end with the exit code that says how it went."""
        failure: SegraphError | None = None
        try:
            work()
        except SegraphError as failed:
            failure = failed
        except KeyboardInterrupt:
            failure = CannotTransfer(self._interrupted)
            self._tell(failure)
            raise typer.Exit(INTERRUPTED) from None
        self._tell(failure)
        raise typer.Exit(CANNOT if failure else SOME_REJECTED if self._rejected() else DONE)

    def _rejected(self) -> int:
        return sum(each.tally.rejected for each in self._outcomes.values()) + sum(
            each.rejected for each in self._previews or ()
        )

    def _tell(self, failure: SegraphError | None) -> None:
        if failure:
            self._failed = True
            typer.echo(f"segraph: {failure.message}", err=True)
        if self._exported and self._exported.file is None:
            return
        if self._as_json:
            error = {"code": failure.code, "message": failure.message} if failure else None
            told = self._numbers() | {"seconds": round(self._seconds(), 3), "error": error}
            typer.echo(msgspec.json.encode(told).decode())
        elif text := self._text():
            typer.echo(text)

    def _seconds(self) -> float:
        return time.monotonic() - self._begun

    def _numbers(self) -> dict[str, object]:
        if self._exported:
            return asdict(self._exported)
        if self._previews is not None:
            lines = sum(each.lines for each in self._previews)
            return {"files": self._previews, "lines": lines, "rejected": self._rejected()}
        files = [_numbers(each) for each in self._outcomes.values()]
        counts: dict[str, object] = asdict(self._total())
        return counts | {"files": files}

    def _total(self) -> Tally:
        total = Tally()
        for each in self._outcomes.values():
            total = total.plus(each.tally)
        return total

    def _text(self) -> str:
        if self._exported:
            return f"{self._exported.file}: {self._exported.lines:,} lines"
        if self._previews is not None:
            return "\n".join(each.text() for each in self._previews)
        return "\n".join(
            f"{each.file}: {each.tally.text()}"
            + (f", told in {each.rejects}" if each.rejects else "")
            for each in self._outcomes.values()
            if each.tally.lines or not self._failed
        )


def _numbers(outcome: Outcome) -> dict[str, object]:
    counts: dict[str, object] = asdict(outcome.tally)
    rejects = outcome.rejects
    return {
        "file": outcome.file,
        "resumedAfter": outcome.resumed_after,
        "rejects": rejects,
    } | counts
