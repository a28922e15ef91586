"""What of an object's rules is asked: those that are live, of fields that are."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from schema.metadata.definitions import ObjectDefinition, assemble
from schema.metadata.field_rules import NO_RULES, Condition, FieldRules, RuleState, ValidationRule, rules_of
from schema.metadata.fields import FieldState
from services import packs

CUSTOMER = next(each for each in packs.load("crm").objects if each.name == "customer")
TRUE = Condition("true", '{"constant": {"kind": "boolean", "operand": true}}')
RULES = FieldRules(required_if=TRUE, read_only_if=TRUE)
RULE = ValidationRule(UUID(int=1), "always", TRUE)


def customer(*, state: FieldState = FieldState.LIVE, rule: RuleState = RuleState.LIVE) -> ObjectDefinition:
    first, *others = CUSTOMER.fields
    ruled = replace(first.in_state(state), rules=RULES)
    return replace(CUSTOMER, fields=(ruled, *others), validation=(replace(RULE, state=rule),))


def test_object_without_rules_asks_nothing() -> None:
    assert rules_of(CUSTOMER) is None
    assert assemble([CUSTOMER], 1).rules == {}


def test_live_rules_are_asked() -> None:
    found = rules_of(customer())

    assert found is not None
    assert (dict(found.fields), found.validation) == ({CUSTOMER.fields[0].name: RULES}, (RULE,))
    assert assemble([customer()], 1).rules == {"customer": found}


def test_retired_rules_and_those_of_retired_fields_are_not() -> None:
    assert rules_of(customer(state=FieldState.RETIRED, rule=RuleState.RETIRED)) is None


def test_rules_are_no_part_of_the_shape() -> None:
    assert assemble([customer()], 1).shape.hash == assemble([CUSTOMER], 1).shape.hash


def test_conditions_are_told_by_the_names_of_the_api() -> None:
    assert dict(RULES.conditions) == {"requiredIf": TRUE, "readOnlyIf": TRUE}
    assert dict(NO_RULES.conditions) == {}
