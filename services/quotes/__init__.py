"""Quotes: importing this declares how they are approved and rejected."""

from services.quotes.approving import approve, reject

__all__ = ["approve", "reject"]
