"""A Neo4j of our own, where no address is given: fetched once, run beside us."""

from graph.local.jars import VERSION, fetch
from graph.local.process import LocalGraph, Running

__all__ = ["VERSION", "LocalGraph", "Running", "fetch"]
