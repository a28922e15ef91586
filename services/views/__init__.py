"""Saved views: how somebody looks at the records of an object, kept for himself or shared, and which of them come first."""

from services.views import usages as _provided  # noqa: F401 - importing it tells what names a field
from services.views import verbs as _declared  # noqa: F401 - importing it declares the mutations
from services.views.defaults import default_view, set_default_view
from services.views.keeping import MOST_VIEWS, create_view, delete_view, update_view

__all__ = ["MOST_VIEWS", "create_view", "default_view", "delete_view", "set_default_view", "update_view"]
