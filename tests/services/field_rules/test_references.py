"""[A11] A rule that is there is found by its id, or by its object and what it is called."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from schema.metadata.definitions import IndexDefinition, ObjectDefinition
from schema.metadata.field_rules import ValidationRule
from schema.metadata.fields import Label
from schema.metadata.objects import Index, ObjectState
from services.field_rules import FieldsTogether, NamedRule
from services.field_rules.conditions import NOTHING
from services.field_rules.references import unique_rule, validation_rule
from services.metadata import Snapshot
from tenants.errors import NotFound

if TYPE_CHECKING:
    from services.field_rules import RuleReference, UniqueReference

FILLED = ValidationRule(UUID(int=1), "filled", NOTHING)
TOGETHER = IndexDefinition(UUID(int=2), Index(("a", "b"), is_unique=True))
PLAIN = IndexDefinition(UUID(int=3), Index(("a",)))
RETIRED = IndexDefinition(UUID(int=4), Index(("a", "c"), is_unique=True), is_live=False)
DEVICE = ObjectDefinition(
    UUID(int=9), 300, "device_c", "devices_c", "x_1", Label("设备"), Label("设备"),
    indexes=(RETIRED, PLAIN, TOGETHER), validation=(FILLED,),
)  # fmt: skip
BEFORE = Snapshot((DEVICE,), 1)


@pytest.mark.parametrize("wanted", [FILLED.id, NamedRule("device_c", "filled")])
def test_validation_rule_is_found(wanted: RuleReference) -> None:
    assert validation_rule(BEFORE, wanted) == (DEVICE, FILLED)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (TOGETHER.id, TOGETHER),
        (FieldsTogether("device_c", ("b", "a")), TOGETHER),
        # By its id also one that is not asked.
        (RETIRED.id, RETIRED),
    ],
)
def test_unique_rule_is_found(wanted: UniqueReference, found: IndexDefinition) -> None:
    assert unique_rule(BEFORE, wanted) == (DEVICE, found)


@pytest.mark.parametrize("wanted", [UUID(int=8), NamedRule("device_c", "empty"), NamedRule("van_c", "filled")])
def test_what_is_not_there_is_not_found(wanted: RuleReference) -> None:
    with pytest.raises(NotFound):
        validation_rule(BEFORE, wanted)


@pytest.mark.parametrize("wanted", [PLAIN.id, FieldsTogether("device_c", ("a", "c")), FieldsTogether("van_c", ("a",))])
def test_what_is_no_rule_that_is_asked_is_not_found(wanted: UniqueReference) -> None:
    with pytest.raises(NotFound):
        unique_rule(BEFORE, wanted)


def test_rules_of_a_retired_object_are_out_of_sight() -> None:
    gone = Snapshot((replace(DEVICE, state=ObjectState.RETIRED),), 1)

    with pytest.raises(NotFound):
        validation_rule(gone, FILLED.id)
