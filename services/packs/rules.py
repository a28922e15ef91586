"""Conditions and offered choices of a pack's fields: text, until somebody settles what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schema.metadata.field_rules import NO_RULES, Condition, FieldRules, OfferedChoices
from services.packs.reading import mapping, only, text, texts

if TYPE_CHECKING:
    from services.packs.documents import Body

# The tree of an expression that is only a text yet.
UNSETTLED: Final = "{}"
OF_RULES: Final = frozenset({"requiredIf", "visibleIf", "readOnlyIf", "offered"})


def field_rules_of(body: Body) -> FieldRules:
    """The rules of a field as its file says them."""
    found = FieldRules(
        _condition(body, "requiredIf"), _condition(body, "visibleIf"), _condition(body, "readOnlyIf"), _offered(body)
    )
    return NO_RULES if found == NO_RULES else found


def _condition(body: Body, key: str) -> Condition | None:
    return Condition(text(body, key), UNSETTLED) if body.get(key) is not None else None


def _offered(body: Body) -> OfferedChoices | None:
    if body.get("offered") is None:
        return None
    given = mapping(body["offered"], body.at("offered"))
    only(given, frozenset({"by", "choices"}))
    choices = mapping(given.get("choices"), given.at("choices"))
    matrix = {key: tuple(dict.fromkeys(texts(choices[key], choices.at(key)))) for key in choices}
    return OfferedChoices(text(given, "by"), tuple(sorted(matrix.items())))
