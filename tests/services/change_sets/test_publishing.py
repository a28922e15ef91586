"""[A11] A change set is one transaction, one version, one publication; or nothing of it happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from services import change_sets, metadata, records
from services.change_sets.errors import ChangeSetEmpty
from tenants.errors import Refused
from tests.builders.change_sets import add_field, create_object, drafted, last_number, published, snapshot_of

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_everything_is_live_at_one_new_version(company: Tenant) -> None:
    before, number = (await snapshot_of(company)).version, await last_number(company)

    done = await published(
        company,
        create_object("truck", "plate"),
        add_field("truck_c", "load", "decimal"),
        add_field("truck_c", "owner2", "relation", target="customer"),
        {"retireField": {"object": "truck_c", "field": "load_c"}},
    )

    after = await snapshot_of(company)
    assert (after.version, done.number) == (before + 1, number + 1)
    assert after.field("truck_c", "load_c").is_retired
    actions = (
        sa
        .select(audit_entry.c.action)
        .where(sa.func.convert_from(audit_entry.c.body, "utf8").contains("truck_c"))
        .order_by(audit_entry.c.id)
    )
    assert [row[0] for row in await company.read(lambda work: work.session.rows(actions))] == [
        "object.created", "field.created", "field.created", "field.retired",
    ]  # fmt: skip


async def test_live_that_has_moved_since_is_told_of_the_step(company: Tenant) -> None:
    made = await drafted(company, add_field("customer", "early"), add_field("customer", "late"))
    await published(company, add_field("customer", "late"))
    before = await snapshot_of(company)

    with pytest.raises(Refused) as refused:
        await company.define(lambda work: change_sets.publish_change_set(work, made.id), person="admin")

    assert [(each.path, each.fault.code) for each in refused.value.violations] == [
        (("steps", 1, "addField", "field", "name"), "NAME_TAKEN")
    ]
    assert (await snapshot_of(company)).objects == before.objects


async def test_type_changes_among_other_steps_with_the_values(company: Tenant) -> None:
    await published(company, add_field("customer", "size"))
    given = [{"name": "size one", "size_c": "12"}]
    ids = (await company.write(lambda work: records.create(work, "customer", given), person="admin")).ids

    await published(
        company,
        add_field("customer", "before"),
        {"changeFieldType": {"object": "customer", "field": "size_c", "type": "integer"}},
        {"updateField": {"object": "customer", "field": "size_c", "label": {"en": "Size"}}},
    )

    field = (await snapshot_of(company)).field("customer", "size_c")
    assert (field.field.type_name, field.label.en, len(ids)) == ("integer", "Size", 1)


async def test_nothing_is_not_published(company: Tenant) -> None:
    made = await drafted(company)

    with pytest.raises(ChangeSetEmpty):
        await company.define(lambda work: change_sets.publish_change_set(work, made.id), person="admin")


async def test_publication_is_found_again(company: Tenant) -> None:
    done = await published(company, add_field("customer", "again"))

    found = await company.read(lambda work: change_sets.find_publication(work, done.id), person="admin")

    assert found == done
    assert metadata.LAYOUT not in {each.kind for each in found.differences}


async def test_steps_name_rules_that_earlier_ones_make(company: Tenant) -> None:
    words = {"message": {"zh": "填"}, "expression": "plate_c != ''"}
    rule, together = {"object": "bus_c", "name": "filled"}, {"object": "bus_c", "fields": ["line_c", "plate_c"]}

    await published(
        company,
        create_object("bus", "plate", "line"),
        {"createValidationRule": {**words, **rule}},
        {"updateValidationRule": {"rule": rule, "name": "named", "expression": "plate_c != '-'"}},
        {"createValidationRule": {**words, **rule}},
        {"retireValidationRule": {"rule": rule}},
        {"restoreValidationRule": {"rule": rule}},
        {"retireValidationRule": {"rule": rule}},
        {"createUniqueRule": {"object": "bus_c", "fields": ["plate_c", "line_c"]}},
        {"retireUniqueRule": {"rule": together}},
    )

    bus = (await snapshot_of(company)).by_name["bus_c"]
    assert {(each.name, each.condition.text, each.is_live) for each in bus.validation} == {
        ("named", "plate_c != '-'", True), ("filled", "plate_c != ''", False),
    }  # fmt: skip
    assert [(each.index.fields, each.is_live) for each in bus.indexes] == [(("plate_c", "line_c"), False)]
