"""The file of lines that were not taken, each with its reason."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from server.transfer.failures import CannotTransfer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from server.transfer.rows import Rejection

SUFFIX: Final = ".rejects.ndjson"


@dataclass(frozen=True, slots=True)
class _Line:
    file: str
    line: int
    code: str
    message: str
    path: tuple[str | int, ...]
    row: msgspec.Raw | str


class Rejects:
    """Writes rejected lines as they come; there is no file as long as there are none."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def keep(self, size: int) -> None:
        """Forget what was written after so many bytes: those lines are told again."""
        try:
            if size == 0:
                self.path.unlink(missing_ok=True)
            elif self.path.exists():
                os.truncate(self.path, min(size, self.path.stat().st_size))
        except OSError as refused:
            raise self._refused(refused) from refused

    def write(self, file: str, rejections: Sequence[Rejection]) -> int:
        """Add lines, durably; return the file's size.

        Raises:
            CannotTransfer: it cannot be written.
        """
        if not rejections:
            return self.path.stat().st_size if self.path.exists() else 0
        told = b"".join(
            msgspec.json.encode(
                _Line(file, each.line, each.code, each.message, each.path, _row(each.data))
            )
            + b"\n"
            for each in rejections
        )
        try:
            with self.path.open("ab") as out:
                out.write(told)
                out.flush()
                os.fsync(out.fileno())
                return out.tell()
        except OSError as refused:
            raise self._refused(refused) from refused

    def _refused(self, refused: OSError) -> CannotTransfer:
        return CannotTransfer(
            f"{self.path} cannot be written ({refused.strerror}); --rejects names another file"
        )


def _row(data: bytes) -> msgspec.Raw | str:
    text = data.decode(errors="replace")
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return text
    return msgspec.Raw(text.encode())
