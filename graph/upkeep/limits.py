"""How much the writer takes, and remembers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much waits, is committed at once and is remembered; for how long what is told is kept.

    `keep_events` and `keep_changes` are ages in milliseconds; None is for ever.
    """

    queue: int = 100_000
    batch: int = 5_000
    memory: int = 512 * 2**20
    kinds: int = 2000
    traits: int = 2000
    keep_events: int | None = None
    keep_changes: int | None = None
