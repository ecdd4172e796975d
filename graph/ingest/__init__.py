"""What arrives: checked, prepared as rows, written to the graph."""
