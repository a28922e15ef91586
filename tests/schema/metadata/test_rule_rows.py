"""Rules survive the way into their columns and back, whether jsonb comes parsed or as text."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from schema.metadata import rule_rows
from schema.metadata.field_rules import NO_RULES, Condition, FieldRules, OfferedChoices, RuleState, ValidationRule
from schema.metadata.fields import Label

TREE = {"call": {"function": "isNull", "arguments": [{"field": {"scope": 0, "steps": [["customer", "name"]]}}]}}
EMPTY = Condition("name == null", rule_rows.tree_text(TREE))
RULES = FieldRules(EMPTY, None, EMPTY, OfferedChoices("level", (("a", ("x", "y")), ("b", ()))))
RULE = ValidationRule(UUID(int=7), "名称", EMPTY, Label("错", "Wrong"), ("name", "level"), RuleState.RETIRED)


def as_text(row: dict[str, object]) -> dict[str, object]:
    return {name: json.dumps(each) if isinstance(each, dict) else each for name, each in row.items()}


@pytest.mark.parametrize("rules", [NO_RULES, RULES, FieldRules(visible_if=EMPTY)])
def test_rules_of_a_field_survive(rules: FieldRules) -> None:
    row = rule_rows.field_columns(rules)

    assert rule_rows.field_rules(row) == rule_rows.field_rules(as_text(row)) == rules


def test_fields_without_rules_share_one_value() -> None:
    assert rule_rows.field_rules(rule_rows.field_columns(FieldRules())) is NO_RULES


def test_validation_rule_survives() -> None:
    row = rule_rows.rule_row(UUID(int=1), RULE)

    assert row["object_id"] == UUID(int=1)
    assert rule_rows.validation_rule(row) == rule_rows.validation_rule(as_text(row)) == RULE


def test_equal_trees_are_equal_texts() -> None:
    assert rule_rows.tree_text('{"b": 1, "a": 2}') == rule_rows.tree_text({"a": 2, "b": 1}) == '{"a": 2, "b": 1}'
