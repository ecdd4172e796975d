"""GraphQL over HTTP, WebSocket and server-sent events."""

from server.graphql.documents import Parsing, Validation
from server.graphql.http import GraphQL
from server.graphql.listening import Listeners
from server.graphql.readable import ReadableErrors

__all__ = ["EXTENSIONS", "GraphQL", "Listeners"]

EXTENSIONS = (Parsing, Validation, ReadableErrors)
"""What every operation goes through."""
