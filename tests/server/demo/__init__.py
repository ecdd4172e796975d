"""The demos' data, line by line."""
