"""What a verb made is found again by its id, as it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from schema.metadata.fields import Label
from services import metadata
from services.metadata import ChoiceDraft, Defined
from tenants.errors import Forbidden, NotFound
from tests.builders.metadata import define_equipment

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def recall(tenant: Tenant, found: UUID, job_id: UUID | None = None, *, person: str = "admin") -> Defined:
    return await tenant.define(lambda work: metadata.recall(work, found, job_id=job_id), person=person)


async def test_object_field_and_choice_are_recalled_also_when_they_are_retired(tenant: Tenant) -> None:
    made = await define_equipment(tenant)
    draft = ChoiceDraft(Label("闲置", ""), "idle")
    choice = await tenant.define(
        lambda work: metadata.add_choice(work, "sheBei_c", "zhuangTai_c", draft), person="admin"
    )
    field = await tenant.define(lambda work: metadata.retire_field(work, "sheBei_c", "sheBeiXingHao_c"), person="admin")
    await tenant.define(lambda work: metadata.retire_object(work, "sheBei_c"), person="admin")

    assert await recall(tenant, made.id) == made
    assert await recall(tenant, choice.id) == choice == Defined(choice.id, "sheBei_c", "zhuangTai_c", "idle")
    job = UUID(int=7)
    assert await recall(tenant, field.id, job) == Defined(field.id, "sheBei_c", "sheBeiXingHao_c", job_id=job)


async def test_only_those_who_may_define_are_told(tenant: Tenant) -> None:
    made = await define_equipment(tenant)

    with pytest.raises(Forbidden):
        await recall(tenant, made.id, person="sales")


async def test_an_id_that_defines_nothing_is_not_found(tenant: Tenant) -> None:
    with pytest.raises(NotFound):
        await recall(tenant, UUID(int=1))
