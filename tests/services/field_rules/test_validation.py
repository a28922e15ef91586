"""[A4] Validation rules: counted when they are made, limited, audited, and no way to learn what a closed field holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.metadata.fields import Label
from schema.tables.audit import audit_entry
from schema.tables.metadata import validation_rule
from services import field_rules, metadata
from services.field_rules import MOST_FIELDS, MOST_RULES, RuleChange, RuleDraft, TooManyRuleFields, TooManyRules
from services.field_rules.errors import TooManyRulesKept
from services.field_rules.validation import MOST_KEPT
from tenants.context import Moving
from tenants.errors import NotFound
from tests.builders import field_rules as building
from tests.builders import records as written
from tests.builders.metadata import registry_of
from tests.builders.permissions import limit_field

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from services.field_rules import Ruled
    from tenants.context import DefinitionWork
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def change(tenant: Tenant, rule_id: UUID, **changes: object) -> Ruled:
    asked = RuleChange(**changes)  # type: ignore[arg-type] # keywords of the test
    return await tenant.define(lambda work: field_rules.update_validation_rule(work, rule_id, asked), person="admin")


async def row(tenant: Tenant, rule_id: UUID) -> Mapping[str, object]:
    found = await tenant.read(
        lambda work: work.session.row(sa.select(validation_rule).where(validation_rule.c.id == rule_id))
    )
    assert found is not None
    return dict(found)


async def actions(tenant: Tenant, rule_id: UUID) -> list[str]:
    query = sa.select(audit_entry.c.action).where(audit_entry.c.record_id == rule_id).order_by(audit_entry.c.id)
    return [each["action"] for each in await tenant.read(lambda work: work.session.rows(query))]


async def test_rule_is_told_of_the_fields_that_it_looks_at_unless_others_are_named(company: Tenant) -> None:
    name = await building.define_visit(company, "fields")

    made = await building.require(company, name, "endsOn_c >= startsOn_c && customer_c.name != topic_c")
    named = await building.require(company, name, "heads_c > 0", name="heads", fields=["owner", "topic_c", "owner"])

    assert (await row(company, made.id))["fields"] == ["endsOn_c", "startsOn_c", "customer_c", "topic_c"]
    assert (await row(company, named.id))["fields"] == ["owner", "topic_c"]


async def test_change_keeps_what_is_not_named(company: Tenant) -> None:
    name = await building.define_visit(company, "changed")
    made = await building.require(company, name, "heads_c > 0", message=Label("人数", "Heads"))
    before = await row(company, made.id)

    await change(company, made.id, message=Label("", "How many?"), if_version=1)
    after = await row(company, made.id)

    moved = {"version", "updated_at", "message_en"}
    assert {name: each for name, each in after.items() if name not in moved} == {
        name: each for name, each in before.items() if name not in moved
    }
    assert (after["version"], after["message_zh"], after["message_en"]) == (2, "人数", "How many?")


async def test_every_step_leaves_an_entry(company: Tenant) -> None:
    name = await building.define_visit(company, "audited")
    made = await building.require(company, name, "heads_c > 0")
    await change(company, made.id, name="Heads")
    await company.define(lambda work: field_rules.retire_validation_rule(work, made.id), person="admin")
    await company.define(lambda work: field_rules.restore_validation_rule(work, made.id), person="admin")

    assert await actions(company, made.id) == [f"validationRule.{each}" for each in (
        "created", "updated", "retired", "restored")]  # fmt: skip


async def test_object_has_so_many_rules_and_no_more(company: Tenant) -> None:
    name = await building.define_visit(company, "full")
    drafts = [RuleDraft(f"rule {at}", "heads_c > 0", Label("不行", "No"), None) for at in range(MOST_RULES)]

    async def create(work: DefinitionWork) -> list[Ruled]:
        return [await field_rules.create_validation_rule(work, name, draft) for draft in drafts]

    made = await company.define(create, person="admin")

    with pytest.raises(TooManyRules):
        await building.require(company, name, "heads_c > 0", name="one more")
    await company.define(lambda work: field_rules.retire_validation_rule(work, made[0].id), person="admin")
    await building.require(company, name, "heads_c > 0", name="one more")
    with pytest.raises(TooManyRules):
        await company.define(lambda work: field_rules.restore_validation_rule(work, made[0].id), person="admin")

    rules_ = (await registry_of(company)).rules[name].validation
    assert len(rules_) == MOST_RULES


async def test_object_keeps_so_many_retired_rules_and_no_more(company: Tenant) -> None:
    name = await building.define_visit(company, "kept")
    made = await building.require(company, name, "heads_c > 0")
    await company.define(lambda work: field_rules.retire_validation_rule(work, made.id), person="admin")
    copied = [each for each in validation_rule.c if each.name not in {"id", "name"}]
    at = sa.func.generate_series(2, MOST_KEPT).table_valued("at").render_derived()
    copies = sa.select(sa.func.gen_random_uuid(), sa.cast(at.c.at, sa.Text), *copied).where(
        validation_rule.c.id == made.id
    )
    names = ["id", "name", *(each.name for each in copied)]

    async def copy(work: DefinitionWork) -> None:
        await work.session.execute(sa.insert(validation_rule).from_select(names, copies))
        work.moves.add(Moving.METADATA)

    await company.define(copy)
    with pytest.raises(TooManyRulesKept):
        await building.require(company, name, "heads_c > 0", name="one more")
    await company.define(lambda work: field_rules.restore_validation_rule(work, made.id), person="admin")

    assert len((await registry_of(company)).rules[name].validation) == 1


async def test_rule_is_told_of_so_many_fields_and_no_more(company: Tenant) -> None:
    name = await building.define_visit(company, "many")
    of_all = ["id", "version", "createdAt", "updatedAt", "deletedAt", "owner", "createdBy", "updatedBy", "topic_c",
              "kind_c", "heads_c"]  # fmt: skip

    made = await building.require(company, name, "heads_c > 0", fields=of_all[:MOST_FIELDS])
    with pytest.raises(TooManyRuleFields):
        await change(company, made.id, fields=of_all)


async def test_rule_of_a_hidden_object_is_not_there(company: Tenant) -> None:
    name = await building.define_visit(company, "gone")
    made = await building.require(company, name, "heads_c > 0")
    await company.define(lambda work: metadata.retire_object(work, name), person="admin")

    with pytest.raises(NotFound):
        await change(company, made.id, name="x")
    await company.define(lambda work: metadata.restore_object(work, name), person="admin")

    assert (await change(company, made.id, name="x")).name == "x"


async def test_rule_over_a_closed_field_holds_and_names_it_to_nobody(company: Tenant) -> None:
    rule = await building.require(
        company, "ticket", "subject != 'closed' || priority == 'urgent'", fields=["priority", "subject"]
    )
    own = await building.require(company, "ticket", "priority == 'urgent'", name="own", fields=["priority"])
    await limit_field(company, "service", "ticket", "priority", "none")

    seen = await written.refused(written.create_one(company, "ticket", subject="closed", priority="low"))
    closed = await written.refused(written.create_one(company, "ticket", person="service", subject="closed"))

    assert (rule.broken, own.broken) == (0, 0)
    assert seen == [((0, name), "RULE_BROKEN") for name in ("priority", "priority", "subject")]
    assert closed == [((0,), "RULE_BROKEN"), ((0, "subject"), "RULE_BROKEN")]
