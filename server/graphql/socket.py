"""GraphQL over WebSocket: messages are checked before they are acted on."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, Final, cast

import msgspec
from msgspec import Struct
from starlette.websockets import WebSocketDisconnect
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import CompleteMessage

from server import faults
from server.graphql.encoding import encoded
from server.graphql.listening import Asked
from server.graphql.waiting import Ending

if TYPE_CHECKING:
    from strawberry.asgi import ASGIWebSocketAdapter
    from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import Operation
    from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
        ConnectionInitMessage,
        SubscribeMessage,
    )

    from server.graphql.http import GraphQL

PING: Final = 20.0
"""Seconds from one sign of life of the server to the next."""
_BROKEN: Final = 1011


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

    _pinging: asyncio.Task[None] | None = None

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        """Begin to show signs of life once the client is let in."""
        await super().handle_connection_init(message)
        if self.connection_acknowledged and self._pinging is None:
            self._pinging = asyncio.create_task(self._ping())

    async def _ping(self) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            while True:
                await asyncio.sleep(PING)
                await self.send_message({"type": "ping"})

    async def shutdown(self) -> None:
        """Let go of all that is going on."""
        if self._pinging is not None:
            self._pinging.cancel()
        await super().shutdown()

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Begin an operation, unless too many are going on."""
        most, id_ = self.max_subscriptions_per_connection, message["id"]
        full = most is not None and len(self.operations) >= most
        if full and self.connection_acknowledged and id_ not in self.operations:
            told = (
                f"{most} operations go on over this connection, and no more do: complete one, or "
                "open another connection"
            )
            refusal = {"message": told, "extensions": {"code": "TOO_MANY_SUBSCRIPTIONS"}}
            await self.websocket.send_json({"id": id_, "type": "error", "payload": [refusal]})
            return
        await super().handle_subscribe(message)

    async def run_operation(self, operation: Operation[Any, None]) -> None:
        """Send all that an operation says, each message as it was encoded once for all."""
        socket = cast("ASGIWebSocketAdapter", self.websocket).ws
        asked = Asked(operation.query, operation.variables, operation.operation_name)
        spelt = encoded(operation.id)
        listeners = cast("GraphQL", self.view).listeners
        try:
            async with contextlib.aclosing(listeners.listen(asked)) as messages:
                async for message in messages:
                    if message.refused:
                        operation.completed = True
                        self.operations.pop(operation.id, None)
                    await socket.send_text(message.over_socket(spelt))
            await operation.send_operation_message(
                CompleteMessage(id=operation.id, type="complete")
            )
        except (WebSocketDisconnect, Ending):
            pass  # nobody is there to be told, or is told by the close of the socket
        except Exception as error:  # noqa: BLE001 - whatever it is, the client is to come again
            faults.logged(error)
            await self.websocket.close(code=_BROKEN, reason="Internal error")

    async def handle_message(self, message: object) -> None:
        """Act on a message of the protocol; close on any other."""
        try:
            msgspec.convert(message, _Message)
        except msgspec.ValidationError as error:
            # A reason of a close frame has at most 123 bytes.
            await self.handle_invalid_message(str(error).encode()[:120].decode(errors="ignore"))
            return
        await super().handle_message(cast("Any", message))
