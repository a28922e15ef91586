"""Dictionaries: values that are kept once, offered by every field that uses them, and merged with the records that hold them."""

from services.dictionaries import usages as _provided  # noqa: F401 - importing it tells what names a field
from services.dictionaries import verbs as _declared  # noqa: F401 - importing it declares the mutations
from services.dictionaries.keeping import MOST_DICTIONARIES
from services.dictionaries.merging import merge_records
from services.dictionaries.messages import MergeEntries

__all__ = ["MOST_DICTIONARIES", "MergeEntries", "merge_records"]
