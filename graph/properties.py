"""How values lie in the graph: what the driver takes and gives for them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, cast

from graph.driver import spatial, time
from graph.values import Location

if TYPE_CHECKING:
    from graph.values import Stored


def native(value: object) -> object:
    """Return a value from the graph as `graph.values` has it."""
    match value:
        case str() | int() | float():
            return value
        case list():
            return tuple(native(element) for element in cast("list[object]", value))
        case time.DateTime():
            return value.to_native().astimezone(dt.UTC)
        case time.Date():
            return value.to_native()
        case spatial.WGS84Point():
            return Location(latitude=value.latitude, longitude=value.longitude)
        case _:
            return value


def property_value(value: Stored | None) -> object:
    """Return a value as the graph takes it for a property."""
    match value:
        case tuple():
            return list(value)
        case Location():
            return spatial.WGS84Point((value.longitude, value.latitude))
        case _:
            return value
