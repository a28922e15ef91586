"""Actors of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.actor import actor
from services import field_rules
from services.field_rules import BuildUniqueRule

if TYPE_CHECKING:
    from jobs.actor import Run


@actor(BuildUniqueRule)
async def build_unique_rule(run: Run, message: BuildUniqueRule) -> None:
    """Somebody wants the records of a long table to differ."""
    await field_rules.build_unique_rule(run, message)
