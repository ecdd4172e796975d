"""The segment language, one file a condition."""
