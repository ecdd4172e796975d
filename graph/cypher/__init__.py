"""A pocket Cypher: nodes, and the one place where a tree becomes text."""
