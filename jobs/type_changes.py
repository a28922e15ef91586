"""Actors of type changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.actor import actor
from services import type_changes
from services.type_changes import ConvertField

if TYPE_CHECKING:
    from jobs.actor import Run


@actor(ConvertField)
async def convert_field(run: Run, message: ConvertField) -> None:
    """A table was too large for the transaction that ordered the change."""
    await type_changes.convert_field(run, message)
