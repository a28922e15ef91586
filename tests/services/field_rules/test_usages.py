"""[A4] A rule that looks at a field keeps it from being retired, and is told before the field becomes something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import field_rules, metadata, type_changes
from services.metadata import Subject, Usage
from tests.builders import field_rules as building
from tests.builders.metadata import registry_of
from tests.builders.usages import told_of

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def retired(tenant: Tenant, object_name: str, field: str) -> str:
    """What a field is kept by; nothing where it was retired."""
    try:
        await tenant.define(lambda work: metadata.retire_field(work, object_name, field), person="admin")
    except metadata.UsedElsewhere as fault:
        return fault.message("en")
    return ""


async def test_field_is_kept_by_every_rule_that_looks_at_it(company: Tenant) -> None:
    name = await building.define_visit(company, "kept")
    rule = await building.require(company, name, "heads_c > 0", name="Heads")
    await building.set_rules(company, name, "topic_c", requiredIf="heads_c > 1")
    await building.offer(company, name, "result_c", "kind_c", {"call": ["won"]})

    by_rules, by_offer = await retired(company, name, "heads_c"), await retired(company, name, "kind_c")
    await building.set_rules(company, name, "topic_c", requiredIf=None)
    await company.define(lambda work: field_rules.retire_validation_rule(work, rule.id), person="admin")

    assert by_rules == ("This is used by kept_c “Heads”, kept_c.topic_c.requiredIf; change or retire that first.")
    assert by_offer == "This is used by kept_c.result_c.offered; change or retire that first."
    assert await retired(company, name, "heads_c") == ""


async def test_field_goes_with_its_own_rules(company: Tenant) -> None:
    name = await building.define_visit(company, "own")
    await building.set_rules(company, name, "topic_c", requiredIf="heads_c > 1")

    assert await retired(company, name, "topic_c") == ""
    assert await retired(company, name, "heads_c") == ""


async def test_object_is_kept_by_rules_of_others_and_not_by_its_own(company: Tenant) -> None:
    name = await building.define_visit(company, "other")
    await building.require(company, name, "customer_c.region != 'x'", name="Region")
    await building.require(company, "customer", "region != 'x'", name="Own")

    with pytest.raises(metadata.UsedElsewhere) as caught:
        await company.define(lambda work: metadata.retire_object(work, "customer", confirm="customer"), person="admin")
    await company.define(lambda work: metadata.retire_object(work, name), person="admin")

    assert caught.value.details == {"users": "other_c “Region”"}


async def test_use_that_goes_on_working_is_told_and_keeps_nothing(company: Tenant) -> None:
    name = await building.define_visit(company, "told")
    rule = await building.require(company, name, "heads_c > 0", name="Heads")
    registry = await registry_of(company)

    found = await company.read(lambda work: metadata.usages_of(work, Subject(registry, registry, name, "heads_c")))

    assert found == (Usage(field_rules.KIND, "told_c “Heads”", rule.id),)
    assert await company.read(lambda work: metadata.usages_of(work, Subject(registry, registry, name, "cost_c"))) == ()


async def test_field_is_kept_by_a_unique_rule_that_it_stands_in(company: Tenant) -> None:
    name = await building.define_visit(company, "pair")
    made = await company.define(
        lambda work: field_rules.create_unique_rule(work, name, ["topic_c", "heads_c"]), person="admin"
    )

    kept = await retired(company, name, "heads_c")
    await company.define(lambda work: field_rules.retire_unique_rule(work, made.id), person="admin")

    assert kept == "This is used by pair_c (topic_c, heads_c); change or retire that first."
    assert await retired(company, name, "heads_c") == ""


async def test_rules_keep_the_type_of_what_they_look_at(company: Tenant) -> None:
    name = await building.define_visit(company, "typed")
    await building.require(company, name, "kind_c != 'call' || topic_c != 'x'", name="Both")
    await building.set_rules(company, name, "heads_c", requiredIf="kind_c == 'meeting'")
    await building.offer(company, name, "result_c", "kind_c", {"call": ["won"]})

    async def told(field: str, becomes: str) -> list[tuple[str, bool, bool]]:
        found = await told_of(company, name, field, becomes=becomes)
        return [(each.name, each.breaks, each.keeps) for each in found if each.kind == field_rules.KIND]

    async def change(field: str, becomes: str) -> None:
        draft = type_changes.TypeDraft(becomes)
        await company.define(
            lambda work: type_changes.change_type(work, name, field, draft, confirms=True), person="admin"
        )

    assert await told("kind_c", "text") == [
        ("typed_c “Both”", True, True), ("typed_c.heads_c.requiredIf", True, True),
        ("typed_c.result_c.offered", True, True),
    ]  # fmt: skip
    assert await told("result_c", "text") == [("typed_c.result_c.offered", True, True)]
    assert await told("topic_c", "choice") == [("typed_c “Both”", True, True)]
    assert await told("topic_c", "longText") == [("typed_c “Both”", False, False)]
    with pytest.raises(metadata.UsedElsewhere):
        await change("kind_c", "text")
    await change("topic_c", "longText")
