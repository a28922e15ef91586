"""Rules over fields as columns of their tables, and back; `schema.metadata.rows` puts them beside the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypeAlias
from uuid import UUID

from schema.metadata.field_rules import NO_RULES, Condition, FieldRules, OfferedChoices, RuleState, ValidationRule
from schema.metadata.fields import Label

Row: TypeAlias = Mapping[str, object]

# What a pack proposes of a rule, and of the rules of a field; their trees follow.
RULE_PROPERTIES = ("name", "expression", "message_zh", "message_en", "fields", "state")
CONDITION_PROPERTIES = ("required_if", "visible_if", "read_only_if", "offered_by", "offered")


def tree_text(tree: object) -> str:
    """The tree of an expression as JSON text, equal for equal trees; a jsonb column may come as text or parsed."""
    parsed = json.loads(tree) if isinstance(tree, str) else tree
    return json.dumps(parsed, ensure_ascii=False, sort_keys=True)


def field_columns(rules: FieldRules) -> dict[str, object]:
    """The columns of a field's rules."""
    offered = rules.offered
    return {
        **_condition_columns("required_if", rules.required_if),
        **_condition_columns("visible_if", rules.visible_if),
        **_condition_columns("read_only_if", rules.read_only_if),
        "offered_by": offered.by if offered is not None else None,
        "offered": {key: list(keys) for key, keys in offered.offered} if offered is not None else None,
    }


def field_rules(row: Row) -> FieldRules:
    """The rules of a field; one value for all fields without any."""
    found = FieldRules(
        _condition(row, "required_if"), _condition(row, "visible_if"), _condition(row, "read_only_if"), _offered(row)
    )
    return NO_RULES if found == NO_RULES else found


def rule_row(object_id: UUID, rule: ValidationRule) -> dict[str, object]:
    """The row of a validation rule."""
    return {
        "id": rule.id,
        "object_id": object_id,
        "name": rule.name,
        "expression": rule.condition.text,
        "tree": json.loads(rule.condition.tree),
        "message_zh": rule.message.zh,
        "message_en": rule.message.en,
        "fields": list(rule.fields),
        "state": rule.state.value,
        "pack": rule.pack,
    }


def validation_rule(row: Row) -> ValidationRule:
    """A validation rule."""
    fields = row["fields"]
    assert isinstance(fields, list | tuple)
    return ValidationRule(
        UUID(str(row["id"])),
        str(row["name"]),
        Condition(str(row["expression"]), tree_text(row["tree"])),
        Label(str(row["message_zh"]), str(row["message_en"])),
        tuple(map(str, fields)),
        RuleState(str(row["state"])),
        str(row["pack"]),
    )


def _condition_columns(name: str, condition: Condition | None) -> dict[str, object]:
    if condition is None:
        return {name: None, f"{name}_tree": None}
    return {name: condition.text, f"{name}_tree": json.loads(condition.tree)}


def _condition(row: Row, name: str) -> Condition | None:
    text = row[name]
    return None if text is None else Condition(str(text), tree_text(row[f"{name}_tree"]))


def _offered(row: Row) -> OfferedChoices | None:
    by, offered = row["offered_by"], row["offered"]
    if by is None:
        return None
    parsed = json.loads(offered) if isinstance(offered, str) else offered
    assert isinstance(parsed, dict)
    return OfferedChoices(str(by), tuple((key, tuple(keys)) for key, keys in sorted(parsed.items())))
