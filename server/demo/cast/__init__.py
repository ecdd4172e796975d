"""Those who were put on the stage on purpose, one module for a family of definitions."""
