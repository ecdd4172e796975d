"""The application: every endpoint over one segmentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute

from resolvers.schema import graphql_schema
from schema.context import Context, Listening
from server import health, members, pages
from server.bulk import Bulk
from server.graphql import EXTENSIONS, GraphQL, Listeners
from server.problems import failed, not_served
from server.webhooks import Service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from graph.segmentation import Segmentation
    from resolvers.consistency import Schema
    from server.settings import Settings

_MIB = 2**20


def application(
    segmentation: Segmentation, settings: Settings, webhooks: Service | None = None
) -> Starlette:
    """Return the application; whoever runs it keeps segmentation and webhooks running beside it.

    Its state has the `listeners`, who are to be sent away before it ends.
    """
    service = webhooks or Service(segmentation, settings.webhook_hosts)
    schema = graphql_schema(EXTENSIONS)
    graphql = _graphql(schema, segmentation, service, settings)
    bulk = Bulk(segmentation, settings.import_mib * _MIB)

    async def sdl(request: Request) -> Response:
        del request
        return PlainTextResponse(schema.as_str() + "\n")

    app = Starlette(
        routes=[
            Route("/graphql", graphql),
            WebSocketRoute("/graphql", graphql),
            Route("/schema.graphql", sdl),
            *bulk.routes(),
            *members.routes(segmentation),
            *health.routes(segmentation),
            *pages.routes(),
        ],
        middleware=_cors(settings.allowed_origins) if settings.allowed_origins else [],
        exception_handlers={
            ClientDisconnect: _nobody_waits,
            HTTPException: not_served,
            Exception: failed,
        },
    )
    app.state.listeners = graphql.listeners
    return app


def _graphql(
    schema: Schema, segmentation: Segmentation, webhooks: Service, settings: Settings
) -> GraphQL:
    latest = segmentation.feed.latest
    return GraphQL(
        schema,
        make_context=lambda: Context(segmentation, webhooks),
        listeners=Listeners(
            schema, lambda stream: Listening(segmentation, webhooks, stream), latest
        ),
        most_bytes=settings.body_mib * _MIB,
        allowed_origins=settings.allowed_origins,
    )


def _cors(origins: Sequence[str]) -> list[Middleware]:
    methods = ["GET", "POST"]
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=methods,
            allow_headers=["*"],
            expose_headers=[members.AS_OF, members.CURSOR, "Content-Disposition"],
        )
    ]


async def _nobody_waits(request: Request, error: Exception) -> Response:
    """Answer a client that left in the middle of its body."""
    del request, error
    return Response(status_code=400)
