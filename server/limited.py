"""Bodies that are too large or too slow are refused, by their length where they tell it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from graph import errors

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope

GRAPHQL_SECONDS: Final = 30.0
"""How long a body of GraphQL may be on its way."""
IMPORT_SECONDS: Final = 300.0
"""How long an import may be waited for in all; the time that its lines are settled in is free."""


class TooLarge(errors.TooMuch):
    """The body is larger than what is taken."""


class TooSlow(errors.BadInput):
    """The body takes too long to come."""


def limited(scope: Scope, receive: Receive, most: int) -> Receive:
    """Return a `receive` that ends with an error once more than `most` bytes have come.

    Raises:
        TooLarge: the headers already tell of more.
    """
    told: bytes = dict(scope["headers"]).get(b"content-length", b"0")
    if told.isdigit() and int(told[:20]) > most:
        raise TooLarge(
            f"The body has {int(told[:20])} bytes; at most {most} are taken: send it in turns, or "
            "lines to POST /import"
        )
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > most:
            raise TooLarge(
                f"The body has more than {most} bytes, which is what is taken: send it in turns, "
                "or lines to POST /import"
            )
        return message

    return counted


def timely(receive: Receive, seconds: float) -> Receive:
    """Return a `receive` that ends with an error once a body was waited for so long in all."""
    loop = asyncio.get_running_loop()
    left, whole = seconds, False

    async def timed() -> Message:
        nonlocal left, whole
        begun = loop.time()
        try:
            async with asyncio.timeout(None if whole else left):
                message = await receive()
        except TimeoutError:
            raise TooSlow(
                f"The body was not whole after {seconds:g} seconds of waiting, which is what is "
                "taken: send less at once, or faster",
                code="TOO_SLOW",
            ) from None
        left -= loop.time() - begun
        whole = not message.get("more_body", False)
        return message

    return timed
