"""Front door of pilots: what is new is seen and used by a group first, until it is released to all or withdrawn.

Whoever publishes definitions calls `start_pilot` in the same transaction, with `is_new`: nobody else ever sees them.
"""

from services.pilots import usages as _provided  # noqa: F401 - importing it tells what a pilot covers
from services.pilots.drafts import CoordinateDraft, GroupDraft, PilotDraft
from services.pilots.errors import HoldsData, NotAdditive, TooManyCoordinates, TooManyMembers, TooManyPilots
from services.pilots.piloting import (
    LONGEST_TITLE,
    MOST_COORDINATES,
    MOST_MEMBERS,
    MOST_RUNNING,
    Piloted,
    change_pilot_group,
    recall_pilot,
    release_pilot,
    start_pilot,
)
from services.pilots.withdrawing import withdraw_pilot

__all__ = [
    "LONGEST_TITLE",
    "MOST_COORDINATES",
    "MOST_MEMBERS",
    "MOST_RUNNING",
    "CoordinateDraft",
    "GroupDraft",
    "HoldsData",
    "NotAdditive",
    "PilotDraft",
    "Piloted",
    "TooManyCoordinates",
    "TooManyMembers",
    "TooManyPilots",
    "change_pilot_group",
    "recall_pilot",
    "release_pilot",
    "start_pilot",
    "withdraw_pilot",
]
