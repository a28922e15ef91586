"""The words of choices. They are a tenant's own, so they travel as parameters and never stand in a shared template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.metadata.types import Output
from services.query.arguments import ChoiceKeys, ChoiceWords
from services.query.text import value_text
from tenants.sql import Fragment, sql, value

if TYPE_CHECKING:
    from services.query import plan as p


def label_text(object_name: str, item: p.ChoiceLabel, stored: Fragment) -> Fragment:
    """What a choice is called, as JSON; one that is none any more by its key."""
    words = sql(
        "coalesce(({words})[array_position({keys}, {stored}::text)], {stored})",
        words=value(ChoiceWords(object_name, item.field, item.locale.position if item.locale else None), "text[]"),
        keys=value(ChoiceKeys(object_name, item.field), "text[]"),
        stored=stored,
    )
    return value_text(Output.TEXT, words)
