"""The proof: mirrors the tree of the four packages."""
