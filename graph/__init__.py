"""Segments and the property graph: the language, its compilation, and the one writer."""
