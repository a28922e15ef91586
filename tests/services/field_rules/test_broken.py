"""[A4] Which records a rule is false of: counted among all, named as far as the one who asks may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from services import field_rules
from services.field_rules import Broken, RuleChange
from services.query import FieldNotReadable
from tenants.errors import Forbidden
from tests.builders import field_rules as building
from tests.builders import records as written
from tests.builders.permissions import restrict_field

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def broken(tenant: Tenant, rule_id: UUID, *, first: int = 2, person: str = "admin") -> Broken | None:
    return await tenant.read(lambda work: field_rules.broken_records(work, rule_id, first=first), person=person)


async def test_newest_are_told_first(company: Tenant) -> None:
    name = await building.define_visit(company, "late")
    made = [await written.create_one(company, name, heads_c=0) for _ in range(3)]
    rule = await building.require(company, name, "heads_c > 0")

    assert rule.broken == 3
    assert await broken(company, rule.id) == Broken(name, 3, (made[2], made[1]))
    assert await broken(company, rule.id, first=-1) == Broken(name, 3, ())


async def test_rule_that_nobody_asks_is_broken_by_nothing(company: Tenant) -> None:
    assert await broken(company, UUID(int=1)) is None


async def test_only_those_who_define_are_told(company: Tenant) -> None:
    name = await building.define_visit(company, "told")
    rule = await building.require(company, name, "heads_c > 0")

    with pytest.raises(Forbidden):
        await broken(company, rule.id, person="director")


async def test_who_may_not_read_what_it_looks_at_is_told_no_number(company: Tenant) -> None:
    name = await building.define_visit(company, "closed")
    await written.create_one(company, name, heads_c=0)
    rule = await building.require(company, name, "heads_c > 0")
    await restrict_field(company, "admin", name, "heads_c", "none")

    renamed = await company.define(
        lambda work: field_rules.update_validation_rule(work, rule.id, RuleChange(name="renamed")), person="admin"
    )

    assert (rule.broken, renamed.name, renamed.broken) == (1, "renamed", None)
    with pytest.raises(FieldNotReadable):
        await broken(company, rule.id)
