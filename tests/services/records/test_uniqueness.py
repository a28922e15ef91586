from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.metadata.errors import StillBuilding
from schema.tables.metadata import field_definition, state
from services import field_rules, records
from services.permissions.policy import Level, freeze
from services.records import uniqueness
from services.records.uniqueness import Claim, Rule
from tenants.errors import Refused
from tenants.sql import SCHEMA, render, sql
from tests.builders import field_rules as building
from tests.builders.permissions import limit_field
from tests.builders.records import CREDIT_CODES, create, create_one, refused, stored, update

if TYPE_CHECKING:
    from uuid import UUID

    from services.records.targets import Target
    from tenants.context import DefinitionWork, Work
    from tests.builders.tenants import Tenant


def rule(target: Target, *names: str) -> Rule:
    return Rule(tuple(target.fields[name] for name in names))


def test_a_rule_over_one_field_compares_its_normal_form(customers: Target) -> None:
    assert rule(customers, "name").values(Claim((), {"name": "华强 有限责任公司"})) == ("华强有限公司",)


def test_a_rule_over_several_fields_compares_their_values(customers: Target) -> None:
    both = rule(customers, "name", "region")

    assert both.values(Claim((), {"name": "Ａ", "region": "华东"})) == ("Ａ", "华东")
    assert both.values(Claim((), {"name": "Ａ", "region": None})) is None


def test_rules_are_those_that_a_change_touches(customers: Target) -> None:
    assert [each.fields[0].name for each in uniqueness.rules_of(customers)] == ["creditCode", "name"]
    assert [each.fields[0].name for each in uniqueness.rules_of(customers, frozenset({"name", "level"}))] == ["name"]
    assert uniqueness.rules_of(customers, frozenset({"level"})) == ()
    assert [field.name for field in uniqueness.fields_of(uniqueness.rules_of(customers))] == ["creditCode", "name"]


def test_later_claims_of_a_set_clash_with_earlier_ones(customers: Target) -> None:
    claims = [Claim((at,), {"name": name}) for at, name in enumerate(("甲", None, "乙", "甲 ", None))]

    found = uniqueness.clashes(customers, (rule(customers, "name"),), claims)

    assert (found.positions, [each.path for each in found.violations]) == (frozenset({3}), [(3, "name")])


def test_a_value_that_is_taken_is_told_at_no_field_that_is_closed(own_customers: Target) -> None:
    def told(*closed: str, given: tuple[str, ...] = ()) -> list[object]:
        rights = replace(own_customers.rights, fields=tuple(sorted((name, Level.NONE) for name in closed)))
        policy = replace(own_customers.policy, rights=freeze({**own_customers.policy.rights, "customer": rights}))
        target = replace(own_customers, policy=policy)
        claims = [Claim((at,), {"name": "甲", "region": "华东"}, given=given) for at in range(2)]
        return [each.path for each in uniqueness.clashes(target, (rule(target, "name", "region"),), claims).violations]

    assert told() == [(1, "name")]
    assert told(given=("region",)) == [(1, "region")]
    assert told("name", given=("name",)) == [(1, "region")]
    assert told("name", "region") == [(1,)]


async def test_who_stands_in_the_way_is_told_without_what_is_closed(company: Tenant) -> None:
    name = await building.define_visit(company, "taken")
    both = ["heads_c", "topic_c"]
    await company.define(lambda work: field_rules.create_unique_rule(work, name, both), person="admin")
    await limit_field(company, "sales", name, "heads_c", "none")
    sales = await company.write(_me, person="sales")
    await create_one(company, name, heads_c=2, topic_c="a", ownerId=str(sales))
    other = await create_one(company, name, heads_c=2, topic_c="b", ownerId=str(sales))

    with pytest.raises(Refused) as refusal:
        await update(company, name, other, person="sales", topic_c="a")

    assert [each.path for each in refusal.value.violations] == [(0, "topic_c")]
    assert [each.reasons for each in refusal.value.duplicates] == [("topic_c",)]


async def _me(work: Work) -> UUID:
    return work.principal.id


async def begin_building(work: DefinitionWork) -> None:
    """As if the table were too large to index at once: its job has built the index, and the rule is not open yet."""
    await work.session.execute(
        sa.update(field_definition).where(field_definition.c.name == "creditCode").values(state="building")
    )
    await work.session.execute(sa.update(state).values(metadata_version=state.c.metadata_version + 1))


async def begin_without_index(work: DefinitionWork) -> None:
    """The same before the job has begun."""
    await begin_building(work)
    dropped = sql("DROP INDEX {schema}.ux_customer_credit_code", schema=SCHEMA)
    await work.session.run(render(dropped).bound(work.session.schema, {}))


async def test_a_rule_that_is_being_built_is_kept_by_its_index_once_that_stands(tenant: Tenant) -> None:
    await tenant.define(begin_building)
    first = await create_one(tenant, "customer", name="甲", creditCode=CREDIT_CODES[0])
    second = await create_one(tenant, "customer", name="乙")

    attempt = create(tenant, "customer", {"name": "丙", "creditCode": CREDIT_CODES[0]}, {"name": "丁"})
    assert await refused(attempt) == [((0, "creditCode"), "UNIQUE_TAKEN")]
    changes = {"creditCode": CREDIT_CODES[0]}
    with pytest.raises(Refused) as refusal:
        await tenant.write(lambda work: records.update(work, "customer", [second], changes))
    assert [(each.path, each.fault.code) for each in refusal.value.violations] == [((0, "creditCode"), "UNIQUE_TAKEN")]
    assert [each.record_id for each in refusal.value.duplicates] == [str(first)]
    assert (await stored(tenant, "customer", first))["version"] == 1


async def test_two_writers_of_one_value_wait_for_each_other_while_the_rule_is_built(tenant: Tenant) -> None:
    await tenant.define(begin_building)
    first_wrote, second_asks = asyncio.Event(), asyncio.Event()

    async def slowly(work: Work) -> None:
        await records.create(work, "customer", [{"name": "甲", "creditCode": CREDIT_CODES[0]}])
        first_wrote.set()
        await second_asks.wait()

    async def meanwhile(work: Work) -> None:
        await first_wrote.wait()
        second_asks.set()
        await records.create(work, "customer", [{"name": "乙", "creditCode": CREDIT_CODES[0]}])

    slow = asyncio.create_task(tenant.write(slowly))
    assert await refused(tenant.write(meanwhile)) == [((0, "creditCode"), "UNIQUE_TAKEN")]
    await slow


async def test_good_ones_of_a_set_are_written_while_the_rule_is_built(tenant: Tenant) -> None:
    await tenant.define(begin_building)
    await create_one(tenant, "customer", name="甲", creditCode=CREDIT_CODES[0])
    given = [{"name": name, "creditCode": CREDIT_CODES[at]} for at, name in enumerate(("乙", "丙"))]

    made = await tenant.write(lambda work: records.create(work, "customer", given, skip_errors=True))

    assert (len(made.ids), [each.path for each in made.violations]) == (1, [(0, "creditCode")])


async def test_nobody_is_asked_before_the_index_stands_but_those_who_write_together(tenant: Tenant) -> None:
    await tenant.define(begin_without_index)
    first = await create_one(tenant, "customer", name="甲", creditCode=CREDIT_CODES[0])
    second = await create_one(tenant, "customer", name="乙", creditCode=CREDIT_CODES[0])
    third = await create_one(tenant, "customer", name="丙")
    await tenant.write(lambda work: records.delete(work, "customer", [second]))

    await update(tenant, "customer", third, creditCode=CREDIT_CODES[0])
    await tenant.write(lambda work: records.restore(work, "customer", [second]))
    together = [{"name": name, "creditCode": CREDIT_CODES[1]} for name in ("丁", "戊")]

    assert await refused(create(tenant, "customer", *together)) == [((1, "creditCode"), "UNIQUE_TAKEN")]
    held = [(await stored(tenant, "customer", each))["credit_code"] for each in (first, second, third)]
    assert held == [CREDIT_CODES[0]] * 3


async def test_nothing_is_upserted_by_a_field_that_is_not_unique_yet(tenant: Tenant) -> None:
    await tenant.define(begin_without_index)
    given = [{"name": "甲", "creditCode": CREDIT_CODES[0]}]

    with pytest.raises(StillBuilding):
        await tenant.write(lambda work: records.upsert(work, "customer", given, by="creditCode"))


async def test_two_creators_of_one_unique_value_make_one_record(tenant: Tenant) -> None:
    ended = await asyncio.gather(
        *(create(tenant, "customer", {"name": "甲"}) for _ in range(4)), return_exceptions=True
    )

    assert sum(isinstance(each, tuple) for each in ended) == 1
    codes = {violation.fault.code for each in ended for violation in getattr(each, "violations", ())}
    assert codes == {"UNIQUE_TAKEN"}
