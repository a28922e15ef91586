"""Actors of metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.actor import actor
from services import metadata
from services.metadata import BuildField

if TYPE_CHECKING:
    from jobs.actor import Run


@actor(BuildField)
async def build_field(run: Run, message: BuildField) -> None:
    """A field's indexes were too long for the transaction that defined it."""
    await metadata.build_field(run, message)
