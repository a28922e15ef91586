"""Opportunities: importing this declares how they are closed and opened again."""

from services.opportunities.closing import close_lost, close_won, reopen

__all__ = ["close_lost", "close_won", "reopen"]
