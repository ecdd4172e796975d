"""Bodies that are too large are refused, before they are read where they tell their length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph import errors

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope


class TooLarge(errors.TooMuch):
    """The body is larger than what is taken."""


def limited(scope: Scope, receive: Receive, most: int) -> Receive:
    """Return a `receive` that ends with an error once more than `most` bytes have come.

    Raises:
        TooLarge: the headers already tell of more.
    """
    told: bytes = dict(scope["headers"]).get(b"content-length", b"0")
    if told.isdigit() and int(told[:20]) > most:
        raise TooLarge(f"The body has {int(told[:20])} bytes; at most {most} are taken")
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > most:
            raise TooLarge(f"The body has more than {most} bytes, which is what is taken")
        return message

    return counted
