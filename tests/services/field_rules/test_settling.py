"""[A4] Rules that come as text with a whole object are checked like those that are made one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schema.metadata.definitions import IndexDefinition, ObjectDefinition
from schema.metadata.field_rules import Condition, FieldRules, ValidationRule
from schema.metadata.objects import Index
from services import field_rules, permissions
from services.metadata import Snapshot, drafting
from tenants.errors import Refused
from tenants.ids import IdMaker
from tests.builders.field_rules import visit

POLICY = permissions.unrestricted(1)
SNAPSHOT = drafting.new_object(Snapshot((), 1), replace(visit(), fields=visit().fields[:-1]), IdMaker().new)
VISIT = SNAPSHOT.by_name["visit_c"]
ID = VISIT.id


def text(words: str) -> Condition:
    return Condition(words, "{}")


def settled(name: str, rules: FieldRules) -> FieldRules:
    field = VISIT.field(name)
    assert field is not None
    return field_rules.settled_field_rules(SNAPSHOT, POLICY, "visit_c", replace(field, rules=rules))


def codes(refused: Refused) -> list[tuple[str, str]]:
    return [(".".join(map(str, each.path)), each.fault.code) for each in refused.violations]


def test_condition_is_printed_and_gets_its_tree() -> None:
    rules = settled("cost_c", FieldRules(required_if=text("heads_c>1")))

    assert rules.required_if is not None
    assert rules.required_if.text == "heads_c > 1"
    assert rules.required_if.tree != "{}"


def test_everything_wrong_with_the_rules_of_a_field_is_told() -> None:
    rules = FieldRules(required_if=text("nothing_c > 1"), visible_if=text("cost_c == null"))

    with pytest.raises(Refused) as refused:
        settled("cost_c", rules)

    assert codes(refused.value) == [("requiredIf", "EXPRESSION_UNKNOWN_NAME"), ("visibleIf", "RULE_LOOKS_AT_ITSELF")]


def test_rule_without_fields_is_told_of_those_that_it_looks_at() -> None:
    rule = field_rules.settled_rule(SNAPSHOT, POLICY, VISIT, ValidationRule(ID, "r", text("endsOn_c >= startsOn_c")))

    assert rule.fields == ("endsOn_c", "startsOn_c")


@pytest.mark.parametrize(
    ("fields", "code"),
    [(("topic_c", "nothing_c"), "UNKNOWN_FIELD"), (("topic_c", "marks_c"), "CANNOT_BE_UNIQUE_TOGETHER")],
)
def test_index_over_what_does_not_fit_is_refused(fields: tuple[str, ...], code: str) -> None:
    thing: ObjectDefinition = replace(VISIT, indexes=(IndexDefinition(ID, Index(fields, is_unique=True)),))

    with pytest.raises(Refused) as refused:
        field_rules.refuse_unfit_indexes(thing)

    assert [each for _, each in codes(refused.value)] == [code]
