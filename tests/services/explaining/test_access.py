"""[G2] An explanation is for those who may define; a verb without records needs none to be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import explaining, records
from services.explaining import Reason
from tenants.errors import Fault
from tests.builders import pilots as building
from tests.builders.derived import add, define, field
from tests.builders.records import create_one

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from uuid import UUID

    from services.explaining import Explanation
    from tenants.context import Work
    from tests.builders.tenants import Tenant


def explain(
    tenant: Tenant, person: str, record_id: UUID, verb: str, field: str | None = None
) -> Awaitable[Explanation]:
    def run(work: Work) -> Awaitable[Explanation]:
        user_id = tenant.user_id(person)
        return explaining.explain_access(work, user_id=user_id, record_id=record_id, verb_name=verb, field_name=field)

    return tenant.write(run, person="admin")


async def test_creating_is_a_right_whatever_the_record(tenant: Tenant) -> None:
    made = await tenant.write(lambda work: records.create(work, "customer", [{"name": "海蓝"}]), person="sales")

    sales, service = [await explain(tenant, person, made.ids[0], "create") for person in ("sales", "service")]

    assert sales.reasons[-1] == Reason("grant", "create", "all", decides=True, role="sales")
    assert (sales.allowed, service.allowed) == (True, False)
    assert service.reasons[-1] == Reason("grant", "create", "none", decides=False)


async def test_pilot_is_named_whose_group_somebody_is_not_in(tenant: Tenant) -> None:
    name = await define(tenant, "gear", field("teeth", "integer"), field("note", "text"))
    await add(tenant, name, "twice", "formula", expression="teeth_c * 2", result="integer")
    of_fields = await building.start(tenant, f"{name}.teeth_c", title="Teeth", people=["director", "admin"])
    record = await create_one(tenant, name, person="admin", note_c="a")

    inside, outside, computed, other = [
        await explain(tenant, person, record, "read", each)
        for person, each in (
            ("director", "teeth_c"),
            ("service", "teeth_c"),
            ("service", "twice_c"),
            ("service", "note_c"),
        )
    ]
    of_object = await building.start(tenant, name, title="Gear", people=["director", "admin"], is_new=True)
    whole = await explain(tenant, "service", record, "read")

    reason = Reason("pilot", "read", "none", decides=True, rule_id=of_fields.id, pilot="Teeth")
    assert [(each.allowed, each.level) for each in (inside, outside, computed)] == [
        (True, "write"),
        (False, "none"),
        (False, "none"),
    ]
    assert [reason in each.reasons for each in (inside, outside, computed, other)] == [False, True, True, False]
    never = Reason("pilot", "read", "never", decides=True, rule_id=of_object.id, pilot="Gear")
    assert (whole.allowed, whole.reasons) == (False, (never,))


async def test_an_unknown_field_is_refused_and_platform_records_are_not_explained(tenant: Tenant) -> None:
    made = await tenant.write(lambda work: records.create(work, "customer", [{"name": "海蓝"}]), person="sales")

    for record_id, name, code in (
        (made.ids[0], "nothing", "UNKNOWN_FIELD"),
        (tenant.user_id("sales"), None, "NOT_FOUND"),
    ):
        with pytest.raises(Fault) as refused:
            await explain(tenant, "sales", record_id, "read", name)
        assert refused.value.code == code
