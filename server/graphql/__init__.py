"""GraphQL over HTTP, WebSocket and server-sent events."""

from server.graphql.http import GraphQL
from server.graphql.limits import extensions

__all__ = ["GraphQL", "extensions"]
