"""The endpoint: GraphQL over HTTP to the letter, and no body that ends in a 5xx."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn, cast

from cross_web import HTTPException
from starlette.responses import JSONResponse, Response
from strawberry.asgi import GraphQL as StrawberryGraphQL
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import strawberry
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send
    from starlette.websockets import WebSocket
    from strawberry.http import GraphQLHTTPResponse

RESPONSE_JSON = "application/graphql-response+json"


class GraphQL(StrawberryGraphQL[Any, None]):
    """Answers GraphQL; `make_context` gives each operation its own."""

    def __init__(
        self,
        schema: strawberry.Schema,
        *,
        make_context: Callable[[], object],
        most_bytes: int,
        allowed_origins: Sequence[str] = (),
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            allow_queries_via_get=True,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            allowed_origins=tuple(allowed_origins),
        )
        self._make_context = make_context
        self._most_bytes = most_bytes

    async def get_context(self, request: Request | WebSocket, response: Any) -> Any:  # noqa: ANN401 - Strawberry's own
        """Return a context of this operation alone."""
        del request, response
        return self._make_context()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a body that is too large before it is read whole."""
        length: bytes = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > self._most_bytes:
            message = f"The body has {int(length)} bytes; at most {self._most_bytes} are taken"
            body = {"errors": [{"message": message, "extensions": {"code": "TOO_LARGE"}}]}
            await JSONResponse(body, 413)(scope, receive, send)
            return
        await super().__call__(scope, receive, send)

    def decode_json(self, data: str | bytes) -> object:
        """Return what JSON means; what is none is the client's error."""
        try:
            text = data.decode() if isinstance(data, bytes) else data
            parsed = json.loads(text, parse_constant=_no_number)
        except (ValueError, RecursionError):
            raise HTTPException(400, "The body is not JSON") from None
        if not isinstance(parsed, dict):
            raise HTTPException(400, "The body is not a map of query, variables, operationName")
        return parsed  # pyright: ignore[reportUnknownVariableType]

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """Note which media type the client prefers."""
        response = await super().get_sub_response(request)
        if RESPONSE_JSON in request.headers.get("accept", ""):
            response.headers["content-type"] = RESPONSE_JSON
        return response

    def create_response(
        self,
        response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse],
        sub_response: Response,
    ) -> Response:
        """Answer 400 where nothing was executed, to clients who can tell."""
        graphql_json = sub_response.headers.get("content-type") == RESPONSE_JSON
        response = super().create_response(response_data, sub_response)
        if graphql_json:
            response.headers["content-type"] = f"{RESPONSE_JSON}; charset=utf-8"
            if not isinstance(response_data, list) and not _executed(response_data):
                response.status_code = 400
        return response


def _executed(response: GraphQLHTTPResponse) -> bool:
    found = cast("list[dict[str, object]]", response.get("errors") or [])
    return response.get("data") is not None or any("path" in error for error in found)


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
