"""Server-sent events: one operation a connection, framed for every client."""

from __future__ import annotations

from strawberry.http.streaming import SSETransport

from server.graphql.accept import wants_events


class EventStream(SSETransport):
    """Streams to those who take no JSON; lines end in LF, which all clients split at."""

    def accepts(self, accept: str) -> bool:
        """Tell whether a request is to be answered by a stream."""
        return wants_events(accept)

    def encode_event(self, event: str, data: str | None = None) -> str:
        """Return one event; its data is JSON on one line."""
        return f"event: {event}\ndata: {data or ''}\n\n"

    def encode_comment(self, comment: str) -> str:
        """Return a comment, which keeps the connection alive."""
        return f": {comment}\n\n"
