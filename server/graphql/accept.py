"""What a client accepts, out of the header of that name."""

from __future__ import annotations

from typing import Final

GRAPHQL: Final = "application/graphql-response+json"
JSON: Final = "application/json"
EVENTS: Final = "text/event-stream"


def prefers_graphql(header: str) -> bool:
    """Tell whether GraphQL's own media type is taken, and no less gladly than JSON."""
    taken = _taken(header)
    return taken.get(GRAPHQL, 0.0) > 0 and taken[GRAPHQL] >= taken.get(JSON, 0.0)


def takes_events(header: str) -> bool:
    """Tell whether a stream of events is taken."""
    return _taken(header).get(EVENTS, 0.0) > 0


def wants_events(header: str) -> bool:
    """Tell whether a stream is taken and no JSON: some clients list streams on every request."""
    return takes_events(header) and not any(
        media.endswith(("/json", "+json")) and weight > 0
        for media, weight in _taken(header).items()
    )


def _taken(header: str) -> dict[str, float]:
    """Return the media types with how gladly each is taken; 0 is refused."""
    taken: dict[str, float] = {}
    for part in header.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weights = [each[2:] for each in parameters if each.startswith("q=")]
        try:
            taken[media] = float(weights[0]) if weights else 1.0
        except ValueError:
            taken[media] = 1.0
    return taken
