"""The front door: HTTP, settings, the command line; the one place that ties all together."""
