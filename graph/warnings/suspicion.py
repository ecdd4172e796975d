"""Something suspicious in a condition: what it is, where it stands, and the way out."""

from __future__ import annotations

from dataclasses import dataclass

from graph.errors import Path


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Something suspicious, at a path in the condition, and what to do about it."""

    code: str
    message: str
    path: Path
    fix: str

    @property
    def place(self) -> str:
        """The path as one text: `all.1.did.event`."""
        return ".".join(str(part) for part in self.path)
