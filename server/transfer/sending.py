"""Chunks on their way to `POST /import`, until each of their lines is taken or rejected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from graph import errors
from server.transfer import wire
from server.transfer.failures import Refused
from server.transfer.rows import Rejection

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx2

    from server.transfer.rows import Row
    from server.transfer.wire import Patience

PATH: Final = "/import"
RETRYABLE: Final = frozenset(
    {
        errors.Busy.code,
        errors.NotOwner.code,
        errors.GraphUnavailable.code,
        errors.GraphTooSlow.code,
    }
)
_HEADERS: Final = {"content-type": "application/x-ndjson"}
_TOO_LARGE: Final = 413
_OK: Final = 200


class _Rejected(msgspec.Struct):
    index: int
    code: str
    message: str
    path: list[str | int] = []


class _Answer(msgspec.Struct):
    accepted: int
    duplicates: int
    created: int
    updated: int
    unchanged: int
    rejected: list[_Rejected]

    def settled(self) -> int:
        taken = self.accepted + self.duplicates + self.created + self.updated + self.unchanged
        return taken + len(self.rejected)


@dataclass(slots=True)
class Settled:
    """What became of the lines that were sent."""

    accepted: int = 0
    duplicates: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejections: list[Rejection] = field(default_factory=list[Rejection])

    def count(self, answer: _Answer) -> None:
        """Add the numbers of an answer."""
        self.accepted += answer.accepted
        self.duplicates += answer.duplicates
        self.created += answer.created
        self.updated += answer.updated
        self.unchanged += answer.unchanged


class Sender:
    """Sends rows to one server; safe to repeat, since the server counts an event's id once."""

    def __init__(self, client: httpx2.Client, patience: Patience) -> None:
        self._client = client
        self._patience = patience

    def stop(self) -> None:
        """Wait no more: what is being sent is given up at its next failure."""
        self._patience.stop()

    def send(self, rows: Sequence[Row]) -> Settled:
        """Return what became of the rows, when the server has settled each.

        Raises:
            Unreachable: it did not within patience.
            Refused: it will not.
        """
        settled = Settled()
        self._patience.renew()
        while rows:
            rows = self._sent(rows, settled)
        return settled

    def _sent(self, rows: Sequence[Row], settled: Settled) -> Sequence[Row]:
        body = b"\n".join([row.data for row in rows])
        response = wire.answered(
            self._client,
            lambda: self._client.post(PATH, content=body, headers=_HEADERS),
            self._patience,
        )
        if response.status_code == _TOO_LARGE:
            return self._halved(rows, response, settled)
        answer = self._answer(response, len(rows))
        settled.count(answer)
        again = [rows[each.index] for each in answer.rejected if each.code in RETRYABLE]
        settled.rejections += [
            Rejection(row.line, each.message, row.data, tuple(each.path), each.code)
            for each in answer.rejected
            if each.code not in RETRYABLE
            for row in (rows[each.index],)
        ]
        if len(again) < len(rows):
            self._patience.renew()
        if again:
            reason = next(each.message for each in answer.rejected if each.code in RETRYABLE)
            self._patience.wait(f"{self._client.base_url} is busy ({reason})", wire.later(response))
        return again

    def _halved(
        self, rows: Sequence[Row], response: httpx2.Response, settled: Settled
    ) -> Sequence[Row]:
        if len(rows) == 1:
            reason, code = wire.problem(response), errors.BadInput.code
            settled.rejections.append(Rejection(rows[0].line, reason, rows[0].data, (), code))
            return ()
        middle = len(rows) // 2
        first = rows[:middle]
        while first:
            first = self._sent(first, settled)
        return rows[middle:]

    def _answer(self, response: httpx2.Response, rows: int) -> _Answer:
        if response.status_code != _OK:
            raise wire.refused(self._client, response)
        try:
            answer = msgspec.json.decode(response.content, type=_Answer)
        except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
            raise Refused(f"{self._client.base_url} does not answer as Segraph does") from wrong
        if any(not 0 <= each.index < rows for each in answer.rejected):
            raise Refused(f"{self._client.base_url} rejects lines that were not sent")
        if answer.settled() != rows:
            raise Refused(
                f"{self._client.base_url} settles {answer.settled()} lines where {rows} were sent"
            )
        return answer
