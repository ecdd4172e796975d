"""Logs on standard error: a line, or an object a line."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from server.settings import Settings

# What these tell below is of no use to whoever runs Segraph; what the driver finds, we tell.
_QUIET: Final = {"neo4j": "CRITICAL", "httpx2": "WARNING", "uvicorn": "WARNING"}


class JsonLines(logging.Formatter):
    """Writes each record as an object."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object."""
        line = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line)


def set_up(settings: Settings) -> None:
    """Send what is to be logged to standard error."""
    handler = logging.StreamHandler()
    plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonLines() if settings.log_format == "json" else plain)
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)
