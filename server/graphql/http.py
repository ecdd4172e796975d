"""The endpoint: GraphQL over HTTP to the letter, and no body that ends in a 5xx."""

from __future__ import annotations

import contextlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NoReturn, cast

from cross_web import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from strawberry.asgi import GraphQL as StrawberryGraphQL
from strawberry.exceptions import MissingQueryError
from strawberry.http.streaming import merge_stream_with_heartbeat
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.graphql import OperationType

from server.graphql import accept
from server.graphql.encoding import encoded
from server.graphql.events import EventStream
from server.graphql.listening import Asked, Listeners
from server.graphql.socket import Handler
from server.graphql.waiting import Ending
from server.limited import GRAPHQL_SECONDS, TooLarge, TooSlow, limited, timely

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    import strawberry
    from cross_web import AsyncHTTPRequestAdapter
    from starlette.types import Receive, Scope, Send
    from starlette.websockets import WebSocket
    from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
    from strawberry.http.streaming import AsyncTextStream, HTTPStreamTransport
    from strawberry.types import ExecutionResult, SubscriptionExecutionResult

    from schema.context import Stream
    from server.graphql.waiting import Message

INIT_SECONDS = 10
_NO_SUCH_METHOD = 405
SUBSCRIPTIONS = 100
_STREAMED = (
    "A subscription is a stream: ask by WebSocket (graphql-transport-ws), or by POST with "
    f"`Accept: {accept.EVENTS}`"
)
_METHODS = {
    "GET": frozenset({OperationType.QUERY}),
    "POST": frozenset({OperationType.QUERY, OperationType.MUTATION}),
}


def _alone(stream: Stream) -> object:
    """Return a context of what needs none."""
    return stream


async def _nowhere() -> int:
    """Return where a log ends that is not kept."""
    return 0


class GraphQL(StrawberryGraphQL[Any, None]):
    """Answers GraphQL; `make_context` gives each operation its own."""

    graphql_transport_ws_handler_class = Handler

    def __init__(  # noqa: PLR0913 - each is a setting of its own
        self,
        schema: strawberry.Schema,
        *,
        make_context: Callable[[], object],
        listeners: Listeners | None = None,
        most_bytes: int,
        allowed_origins: Sequence[str] = (),
        init_seconds: float = INIT_SECONDS,
        body_seconds: float = GRAPHQL_SECONDS,
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            allow_queries_via_get=True,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            connection_init_wait_timeout=timedelta(seconds=init_seconds),
            max_subscriptions_per_connection=SUBSCRIPTIONS,
            allowed_origins=tuple(allowed_origins),
        )
        self.stream_transport_classes_by_protocol = {GRAPHQL_SSE_PROTOCOL: EventStream}
        self._make_context = make_context
        self.listeners = listeners or Listeners(schema, _alone, _nowhere)
        self._most_bytes = most_bytes
        self._body_seconds = body_seconds

    async def get_context(self, request: Request | WebSocket, response: Any) -> Any:  # noqa: ANN401 - Strawberry's own
        """Return what makes a context for each operation, also of a connection that has many."""
        del request, response
        return self._make_context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; what is no request of GraphQL is told so in GraphQL's own shape."""
        if scope["type"] == "websocket":
            await super().__call__(scope, receive, send)
            return
        try:
            taken = limited(scope, timely(receive, self._body_seconds), self._most_bytes)
            response = await self.run(Request(scope, taken))
        except TooLarge as error:
            response = _refused(413, error.message, "TOO_LARGE")
        except TooSlow as error:
            response = _refused(408, error.message, error.reason)
            response.headers["Connection"] = "close"
        except HTTPException as error:
            response = _refused(error.status_code, error.reason, "BAD_REQUEST")
            if error.status_code == _NO_SUCH_METHOD:
                response.headers["Allow"] = "POST" if scope["method"] == "GET" else "GET, POST"
        await response(scope, receive, send)

    def should_render_graphql_ide(self, request: object) -> bool:
        """Leave the page to its own path: a GET without a query is a mistake, and told so."""
        del request
        return False

    def parse_json(self, data: str | bytes) -> object:
        """Return the body's JSON, a map."""
        try:
            parsed = self.decode_json(data)
        except json.JSONDecodeError as error:
            raise HTTPException(400, f"The body is not JSON: {error.msg}") from None
        if not isinstance(parsed, dict):
            raise HTTPException(
                400, "The body is a JSON map of query, variables, operationName, extensions"
            )
        return parsed  # pyright: ignore[reportUnknownVariableType]

    def decode_json(self, data: str | bytes) -> object:
        """Return what JSON means.

        Raises:
            JSONDecodeError: it is none; NaN and Infinity are none.
        """
        try:
            text = data.decode() if isinstance(data, bytes) else data
            return json.loads(text, parse_constant=_no_number)
        except json.JSONDecodeError:
            raise
        except UnicodeDecodeError:
            raise json.JSONDecodeError("it is not UTF-8", "", 0) from None
        except RecursionError:
            raise json.JSONDecodeError("it is nested too deep", "", 0) from None
        except ValueError:
            raise json.JSONDecodeError("a number has too many digits", "", 0) from None

    def encode_json(self, data: object) -> str:
        """Return JSON, whatever the data holds."""
        return encoded(data)

    async def parse_http_body(
        self, request: AsyncHTTPRequestAdapter
    ) -> GraphQLRequestData | list[GraphQLRequestData]:
        """Return what is asked; a body that is not said to be JSON is not read."""
        media = (request.content_type or "").partition(";")[0].strip().lower()
        if request.method == "POST" and media != accept.JSON:
            raise HTTPException(
                415,
                f"A body is {accept.JSON}, not {media or 'of no media type'}: send it with the "
                f"header `Content-Type: {accept.JSON}`",
            )
        return await super().parse_http_body(request)

    async def execute_operation(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        request_data: GraphQLRequestData | list[GraphQLRequestData],
        context: Any,  # noqa: ANN401 - Strawberry's own
        root_value: None,
        sub_response: Response,
    ) -> ExecutionResult | list[ExecutionResult] | SubscriptionExecutionResult:
        """Execute; a subscription is streamed to whoever takes a stream, though not first."""
        data = cast("GraphQLRequestData", request_data)
        name = data.operation_name
        if name is not None and not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance] - of a client
            raise HTTPException(400, "operationName is a text, or null")
        if data.protocol == "sse":
            listened = self.listeners.listen(
                Asked(
                    data.query,
                    data.variables,
                    name,
                    data.extensions,
                    request.headers.get("last-event-id") or None,
                    allowed=OperationType.from_http(request_adapter.method),
                )
            )
            return cast("SubscriptionExecutionResult", listened)
        asked = (request, request_adapter, data, context, root_value, sub_response)
        try:
            return await super().execute_operation(*asked)
        except InvalidOperationTypeError as error:
            method = request_adapter.method
            if error.operation_type is not OperationType.SUBSCRIPTION:
                raise HTTPException(405, error.as_http_error_reason(method)) from None
            if not accept.takes_events(request.headers.get("accept", "")):
                raise HTTPException(406, _STREAMED) from None
        data.protocol = "sse"
        return await self.execute_operation(*asked)

    def _stream_result(
        self, request: Request, result: SubscriptionExecutionResult, transport: HTTPStreamTransport
    ) -> AsyncTextStream:
        """Return a stream of events, with a comment now and then, so that it is kept open."""
        del request
        messages = cast("AsyncGenerator[Message]", result)

        async def events() -> AsyncGenerator[str]:
            async with contextlib.aclosing(messages):
                try:
                    async for message in messages:
                        yield message.event
                except Ending:
                    return  # what is not complete is asked for again
            yield transport.encode_complete()

        return merge_stream_with_heartbeat(
            events,
            lambda: transport.heartbeat_message(encoded),
            interval=transport.heartbeat_interval,
            send_initial_heartbeat=transport.send_initial_heartbeat,
        )

    async def execute_single(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,
        context: Any,  # noqa: ANN401 - Strawberry's own
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        """Execute a query or mutation."""
        del request, sub_response
        try:
            return await self.schema.execute(
                request_data.query,
                root_value=root_value,
                variable_values=request_data.variables,
                context_value=context,
                operation_name=request_data.operation_name,
                allowed_operation_types=_METHODS[request_adapter.method],
                operation_extensions=request_data.extensions,
            )
        except CannotGetOperationTypeError as error:
            raise HTTPException(400, error.as_http_error_reason()) from None
        except MissingQueryError:
            raise HTTPException(400, "The body names no `query`") from None

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """Note which media type the client prefers."""
        response = await super().get_sub_response(request)
        if accept.prefers_graphql(request.headers.get("accept", "")):
            response.media_type = accept.GRAPHQL
        return response

    def create_response(
        self,
        response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse],
        sub_response: Response,
    ) -> Response:
        """Answer 400 without data where nothing was executed, to clients who can tell."""
        data = cast("GraphQLHTTPResponse", response_data)
        status = 200
        if not _executed(data):
            data.pop("data", None)
            status = 400
        if sub_response.media_type == accept.GRAPHQL:
            media = f"{accept.GRAPHQL}; charset=utf-8"
            return Response(self.encode_json(data), status, media_type=media)
        return Response(self.encode_json(data), 200, media_type="application/json")


def _executed(response: GraphQLHTTPResponse) -> bool:
    found = cast("list[dict[str, object]]", response.get("errors") or [])
    return response.get("data") is not None or any("path" in error for error in found)


def _refused(status: int, message: str, code: str) -> Response:
    error = {"message": message, "extensions": {"code": code}}
    return Response(encoded({"errors": [error]}), status, media_type=accept.JSON)


def _no_number(name: str) -> NoReturn:
    raise json.JSONDecodeError(f"{name} is not a number", "", 0)
