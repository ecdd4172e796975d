"""Measurements beside a control, in one run: `python -m bench NAME…`."""
