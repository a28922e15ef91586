"""Every actor there is: importing the modules that register them is all that this does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs import (  # noqa: F401 - importing them registers their actors
    audit,
    demo,
    dictionaries,
    events,
    field_rules,
    files,
    follow_ups,
    hand_over,
    metadata,
    reports,
    retention,
    secrets,
    type_changes,
)
from jobs.actor import ACTORS
from services import capabilities as _declared  # noqa: F401 - importing it declares the verbs

if TYPE_CHECKING:
    from collections.abc import Sequence


def actors() -> Sequence[str]:
    """The names of all messages that this release can run."""
    return sorted(ACTORS)
