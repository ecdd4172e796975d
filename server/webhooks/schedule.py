"""When a message that was not taken is posted again, as Standard Webhooks 1.0 has it."""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from graph import times

if TYPE_CHECKING:
    import random

PAUSES: Final = (
    5 * times.SECOND,
    5 * times.MINUTE,
    30 * times.MINUTE,
    2 * times.HOUR,
    5 * times.HOUR,
    10 * times.HOUR,
    14 * times.HOUR,
    20 * times.HOUR,
    24 * times.HOUR,
)
"""From each attempt to the next; after as many and one more the webhook is disabled."""
JITTER: Final = 0.1
"""The part of a pause that is added at most, by chance, so that not all come at once."""
LONGEST: Final = 24 * times.HOUR
"""For how long at most a receiver may ask to be left alone."""

FURTHEST: Final = round(LONGEST * (1 + JITTER))
"""How far ahead an attempt can be; further only of a clock that was set back since."""


def pause(failures: int, asked: int | None, chance: random.Random) -> int | None:
    """Return the milliseconds until the next attempt; None where there is none left.

    `failures` are the attempts so far, `asked` is what the receiver asks for at least.
    """
    if failures > len(PAUSES):
        return None
    wait = PAUSES[failures - 1]
    wait += round(wait * JITTER * chance.random())
    return wait if asked is None else max(wait, min(asked, LONGEST))


def retry_after(header: str | None, now: int) -> int | None:
    """Return the milliseconds that a header `Retry-After` asks for, in seconds or as a date."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdecimal():
        return int(text[:12]) * times.SECOND
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=dt.UTC)
    return max(0, times.milliseconds(at) - now)
