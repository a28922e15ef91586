"""Labels as they are stored: one line, trimmed, not too long, in at least one language."""

from __future__ import annotations

from schema.metadata.errors import LabelMissing
from schema.metadata.fields import Field, Label
from schema.metadata.values import text

_LABEL = Field("label", "text", options=(("maxLength", 80),))


def label(given: Label) -> Label:
    """A label that must say something."""
    clean = optional(given)
    if not clean.zh and not clean.en:
        raise LabelMissing
    return clean


def optional(given: Label) -> Label:
    """A label that may be empty."""
    return Label(_line(given.zh), _line(given.en))


def changed(before: Label, given: Label) -> Label:
    """The label with those words exchanged that were given."""
    clean = optional(given)
    return Label(clean.zh or before.zh, clean.en or before.en)


def _line(words: str) -> str:
    return str(text(words, _LABEL) or "")
