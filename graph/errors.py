"""What can go wrong, in two families: what a client may read, and faults.

SegraphError
├── BadInput             the client's words; `path` leads to the very place
│   ├── InvalidCursor
│   ├── NoLongerKept     it was kept once, and is too old now
│   ├── SegmentCycle     a definition would use itself
│   ├── RevisionConflict somebody else has saved the segment meanwhile
│   ├── SegmentNotFound
│   ├── SegmentNotLive   its members are not kept, or not yet
│   ├── WebhookNotFound
│   ├── SegmentInUse     what others use cannot be archived
│   └── TooMuch
├── Busy                 come again: the queue is full
├── NotOwner             another server writes to this graph
├── GraphUnavailable     the graph does not answer
│   ├── GraphSilent      it gives no sign of life
│   ├── GraphRefused     it does not let us in
│   ├── GraphTooOld      its version is not supported
│   └── GraphTooNew      a newer version of ours wrote what we cannot read
├── GraphTooSlow         an answer took longer than its deadline
├── ClockBehind          the graph was written at an instant that is yet to come
├── LocalGraphFailed     the Neo4j of our own cannot be fetched or started
│   └── FolderInUse      another server has its folder
└── Fault                a defect of ours; logged, never shown
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable

Path = tuple[str | int, ...]


class SegraphError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "INTERNAL"

    def __init__(self, message: str | None = None) -> None:
        self.message = message or (type(self).__doc__ or "").strip().split("\n")[0]
        super().__init__(self.message)


class BadInput(SegraphError):
    """The input is not valid."""

    code = "BAD_USER_INPUT"

    def __init__(self, message: str, *path: str | int, code: str | None = None) -> None:
        super().__init__(message)
        self.path: Path = path
        self.reason = code or self.code

    def under(self, *path: str | int) -> BadInput:
        """Return this error as seen from further out: `path` comes before its own."""
        error = type(self).__new__(type(self), self.message)
        error.__dict__.update(self.__dict__)
        error.path = (*path, *self.path)
        return error


class InvalidCursor(BadInput):
    """The cursor was not made by this list."""


class NoLongerKept(BadInput):
    """It was kept once, and is too old now."""

    code = "NO_LONGER_KEPT"


class SegmentCycle(BadInput):
    """The segment would use itself; `cycle` are the keys on the way round, the first one twice."""

    code = "SEGMENT_CYCLE"

    def __init__(self, cycle: tuple[str, ...], *path: str | int) -> None:
        way = " uses ".join(map(shown, cycle))
        super().__init__(f"The segment would use itself: {way}", *path)
        self.cycle = cycle


class RevisionConflict(BadInput):
    """The segment is at another revision than expected; `current` is 0 where there is none."""

    code = "REVISION_CONFLICT"

    def __init__(self, key: str, current: int, expected: int) -> None:
        found = f"is at revision {current}" if current else "is not saved yet"
        super().__init__(
            f"The segment {shown(key)} {found}, and {expected} was expected: read it again",
            "expectedRevision",
        )
        self.current = current


class SegmentNotFound(BadInput):
    """There is no such segment."""

    code = "SEGMENT_NOT_FOUND"


class SegmentNotLive(BadInput):
    """The members of the segment are not kept, or not yet."""

    code = "SEGMENT_NOT_LIVE"


class WebhookNotFound(BadInput):
    """There is no such webhook."""

    code = "WEBHOOK_NOT_FOUND"


class SegmentInUse(BadInput):
    """Others use the segment; `used_by` are their keys."""

    code = "SEGMENT_IN_USE"

    def __init__(self, key: str, used_by: tuple[str, ...]) -> None:
        users = ", ".join(map(shown, used_by[:5])) + (", …" if len(used_by) > 5 else "")  # noqa: PLR2004 - a line of a message
        super().__init__(
            f"The segment {shown(key)} is used by {users}: archive or edit those", "key"
        )
        self.used_by = used_by


class TooMuch(BadInput):
    """The input is larger than what is taken at once."""


class Busy(SegraphError):
    """The queue of waiting writes is full."""

    code = "BUSY"

    def __init__(self, message: str | None = None, retry_after: float = 1.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotOwner(SegraphError):
    """Another server is the writer of this graph; this one only reads."""

    code = "NOT_OWNER"


class GraphUnavailable(SegraphError):
    """The graph does not answer."""

    code = "GRAPH_UNAVAILABLE"


class GraphSilent(GraphUnavailable):
    """The graph gives no sign of life."""


class GraphRefused(GraphUnavailable):
    """The graph refuses the user or the password."""


class GraphTooOld(GraphUnavailable):
    """The graph's version is not supported."""


class GraphTooNew(GraphUnavailable):
    """The graph holds what only a newer version can read."""


class GraphTooSlow(SegraphError):
    """The answer took longer than its deadline."""

    code = "TIMEOUT"


class ClockBehind(SegraphError):
    """The graph was last written at an instant that lies ahead of the clock."""

    code = "CLOCK_BEHIND"


class LocalGraphFailed(SegraphError):
    """The local Neo4j cannot be fetched or started."""


class FolderInUse(LocalGraphFailed):
    """Another server runs on the data folder."""


class Fault(SegraphError):
    """A defect in Segraph."""


class under:  # noqa: N801 - reads as a preposition: `with under("at"):`
    """Lets errors of input out with a path before their own."""

    __slots__ = ("_path",)

    def __init__(self, *path: str | int) -> None:
        self._path = path

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        """Put the path before that of an error of input."""
        if isinstance(error, BadInput):
            raise error.under(*self._path) from None


def shown(raw: str) -> str:
    """Return a text in quotes for a message, shortened and harmless."""
    short = raw if len(raw) <= 60 else f"{raw[:60]}…"  # noqa: PLR2004 - a line of a message
    return "'" + short.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0") + "'"


def no_field(name: str, known: Iterable[str], what: str) -> str:
    """Return that something has no field of a name, and which one may be meant."""
    fields = tuple(known)
    near = difflib.get_close_matches(name, fields, 1)
    hint = f"; did you mean {near[0]}?" if near else f": it has {', '.join(fields)}"
    return f"{shown(name)} is not a field of {what}{hint}"
