"""Front door of change sets: drafts of many changes of definitions, published together, with the way back."""

from services.change_sets.difference import added, is_additive
from services.change_sets.errors import TooManyChangeSets
from services.change_sets.keeping import (
    MOST_BYTES,
    MOST_DRAFTS,
    MOST_STEPS,
    Drafted,
    create_change_set,
    discard_change_set,
    find_change_set,
    preview_change_set,
    update_change_set,
)
from services.change_sets.publishing import Published, find_publication, publish_change_set
from services.change_sets.rehearsing import Rehearsal
from services.change_sets.rolling_back import WayBack, roll_back_to, way_back_to
from services.change_sets.steps import VERBS, Made, Step

__all__ = [
    "MOST_BYTES",
    "MOST_DRAFTS",
    "MOST_STEPS",
    "VERBS",
    "Drafted",
    "Made",
    "Published",
    "Rehearsal",
    "Step",
    "TooManyChangeSets",
    "WayBack",
    "added",
    "create_change_set",
    "discard_change_set",
    "find_change_set",
    "find_publication",
    "is_additive",
    "preview_change_set",
    "publish_change_set",
    "roll_back_to",
    "update_change_set",
    "way_back_to",
]
