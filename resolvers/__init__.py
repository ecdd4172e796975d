"""The GraphQL operations: a resolver converts, calls the graph, converts."""
