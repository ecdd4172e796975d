"""What is posted: its id, which is the same each time, its body, and how it is signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec
from standardwebhooks import Webhook as Signature

from graph import times
from graph.changes import Change
from graph.webhooks import WebhookPacking

if TYPE_CHECKING:
    from graph.webhooks import Webhook

MOST: Final = 500
"""Changes of one post."""
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Message:
    """Changes that are posted together, the oldest first; none of a trial."""

    id: str
    type: str
    at: int
    data: Mapping[str, object]
    changes: Sequence[Change] = ()

    @property
    def first(self) -> int:
        """The number of its first change."""
        return self.changes[0].sequence

    @property
    def last(self) -> int:
        """The number of its last change."""
        return self.changes[-1].sequence

    def body(self) -> bytes:
        """Return what is posted."""
        at = times.instant_text(self.at)
        return _encode({"type": self.type, "timestamp": at, "data": self.data})


def message(webhook: Webhook, changes: Sequence[Change]) -> Message:
    """Return the message of changes: one alone where they are single, else up to 500."""
    first, last = changes[0], changes[-1]
    if webhook.packing is WebhookPacking.SINGLE:
        type_, data = _type(first), _data(first)
    else:
        told = [{"type": _type(each), **_data(each)} for each in changes]
        type_, data = "segment.changes", {"cursor": last.place.cursor, "changes": told}
    id_ = f"{webhook.id}_{first.sequence}_{last.sequence}"
    return Message(id_, type_, last.detected_at, data, changes)


def trial(webhook: Webhook, now: int, number: int) -> Message:
    """Return a message that tells of no change."""
    return Message(f"{webhook.id}_test_{number}", "webhook.test", now, {"webhook": webhook.id})


def signed(message: Message, body: bytes, secrets: Sequence[str], now: int) -> dict[str, str]:
    """Return the headers of an attempt: a signature by each secret."""
    at = dt.datetime.fromtimestamp(now // 1000, dt.UTC)
    text = body.decode()
    return {
        "webhook-id": message.id,
        "webhook-timestamp": str(now // 1000),
        "webhook-signature": " ".join(
            Signature(each).sign(message.id, at, text) for each in secrets
        ),
    }


def _type(change: Change) -> str:
    return "segment.entered" if change.entered else "segment.left"


def _data(change: Change) -> dict[str, object]:
    return {
        "cursor": change.place.cursor,
        "sequence": change.sequence,
        "segment": change.segment,
        "revision": change.revision,
        "contactKey": change.contact,
        "cause": change.cause.value,
        "effectiveAt": times.instant_text(change.effective_at),
        "detectedAt": times.instant_text(change.detected_at),
    }
