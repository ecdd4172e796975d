"""The one writer of the graph: queue, group commit, ownership."""
