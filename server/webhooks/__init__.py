"""Webhooks: changes are posted to addresses of others, as Standard Webhooks 1.0 has it."""

from server.webhooks.service import Service

__all__ = ["Service"]
