"""Layouts: how the form of an object is arranged, by role and stage, and what of it a caller may read and write."""

from services.layouts import usages as _provided  # noqa: F401 - importing it tells what names a field
from services.layouts import verbs as _declared  # noqa: F401 - importing it declares the mutations
from services.layouts.applying import Arranged, layout_for
from services.layouts.keeping import MOST_LAYOUTS, Kept, create_layout, delete_layout, layouts_of, update_layout
from services.layouts.sections import Condition, Placed, Section
from services.layouts.writing import put_back

__all__ = [
    "MOST_LAYOUTS",
    "Arranged",
    "Condition",
    "Kept",
    "Placed",
    "Section",
    "create_layout",
    "delete_layout",
    "layout_for",
    "layouts_of",
    "put_back",
    "update_layout",
]
