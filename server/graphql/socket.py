"""GraphQL over WebSocket: messages are checked before they are acted on."""

from __future__ import annotations

from typing import Any, cast

import msgspec
from msgspec import Struct
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)


class _Init(Struct, tag="connection_init"):
    payload: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET


class _Ping(Struct, tag="ping"):
    pass


class _Pong(Struct, tag="pong"):
    pass


class _Operation(Struct):
    query: str
    variables: dict[str, Any] | None = None
    operationName: str | None = None  # noqa: N815 - the protocol's name
    extensions: dict[str, Any] | None = None


class _Subscribe(Struct, tag="subscribe"):
    id: str
    payload: _Operation


class _Complete(Struct, tag="complete"):
    id: str


_Message = _Init | _Ping | _Pong | _Subscribe | _Complete


class Handler(BaseGraphQLTransportWSHandler[Any, None]):
    """Speaks graphql-transport-ws; whoever does not is told what is wrong and closed on."""

    async def handle_message(self, message: object) -> None:
        """Act on a message of the protocol; close on any other."""
        try:
            msgspec.convert(message, _Message)
        except msgspec.ValidationError as error:
            # A reason of a close frame has at most 123 bytes.
            await self.handle_invalid_message(str(error).encode()[:120].decode(errors="ignore"))
            return
        await super().handle_message(cast("Any", message))
