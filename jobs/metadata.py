"""Actors of metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.actor import actor
from services import metadata
from services.metadata import BuildField, RecalculateField, TellDefault

if TYPE_CHECKING:
    from jobs.actor import Run


@actor(BuildField)
async def build_field(run: Run, message: BuildField) -> None:
    """A field's indexes were too long for the transaction that defined it."""
    await metadata.build_field(run, message)


@actor(TellDefault)
async def tell_default(run: Run, message: TellDefault) -> None:
    """A long table was given a default at once."""
    await metadata.tell_default(run, message)


@actor(RecalculateField)
async def recalculate_field(run: Run, message: RecalculateField) -> None:
    """An administrator wants a derived field computed anew."""
    await metadata.run_recalculation(run, message)
