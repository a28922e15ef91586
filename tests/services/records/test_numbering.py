from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from schema.metadata.fields import Label
from services import metadata, records
from services.metadata import FieldDraft
from tenants.transactions import Transactions
from tests.builders.clocks import StandingClock
from tests.builders.records import create, create_one, refused, stored
from tests.builders.tenants import ORIGIN

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant


async def add_number(tenant: Tenant, number_format: str) -> str:
    """A new auto-number on contacts; its column."""
    draft = FieldDraft(Label("编号", "Number"), "autoNumber", name="no", options={"format": number_format})
    await tenant.define(lambda work: metadata.add_field(work, "contact", draft))
    registry = await tenant.read(metadata.registry)
    return registry.names["contact"].fields["no_c"].column


async def test_records_of_a_set_are_numbered_in_their_order(tenant: Tenant) -> None:
    column = await add_number(tenant, "C-{0000}")

    made = await create(tenant, "contact", *({"name": "王芳"} for _ in range(3)))

    assert [(await stored(tenant, "contact", each))[column] for each in made] == ["C-0001", "C-0002", "C-0003"]


async def test_a_refused_record_may_leave_a_gap_but_never_a_twin(tenant: Tenant) -> None:
    column = await add_number(tenant, "{00}")
    await create_one(tenant, "contact", name="王芳")
    await refused(create(tenant, "contact", {"name": "李强"}, {"name": None}))

    ids = await asyncio.gather(*(create_one(tenant, "contact", name="赵敏") for _ in range(5)))

    numbers = [(await stored(tenant, "contact", each))[column] for each in ids]
    assert len(set(numbers)) == 5
    assert "01" not in numbers


async def test_a_format_with_a_period_counts_anew_in_each(tenant: Tenant) -> None:
    """The day is that of the tenant's zone: it begins eight hours before that of UTC."""
    column = await add_number(tenant, "C{yyyy}{MM}-{000}")
    clock = StandingClock(datetime(2026, 1, 31, 15, 59, tzinfo=UTC))
    installation = tenant.installation
    transactions = Transactions(installation.databases, installation.cache, clock=clock)

    async def number(count: int) -> list[str]:
        given = [{"name": "王芳"} for _ in range(count)]
        written = await transactions.write(
            tenant.placement, tenant.principal(), ORIGIN, lambda work: records.create(work, "contact", given)
        )
        return [(await stored(tenant, "contact", each))[column] for each in written.ids]

    assert await number(2) == ["C202601-001", "C202601-002"]
    clock.advance(minutes=1)
    assert await number(1) == ["C202602-001"]
    clock.advance(minutes=-1)
    assert await number(1) == ["C202601-003"]


async def test_writers_of_one_period_do_not_share_a_number(tenant: Tenant) -> None:
    column = await add_number(tenant, "C{yyyy}-{000}")

    ids = await asyncio.gather(*(create_one(tenant, "contact", name="赵敏") for _ in range(6)))

    numbers = sorted([(await stored(tenant, "contact", each))[column][-3:] for each in ids])
    assert numbers == ["001", "002", "003", "004", "005", "006"]


async def test_a_number_is_not_given(tenant: Tenant) -> None:
    await add_number(tenant, "{00}")

    assert await refused(create(tenant, "contact", {"name": "王芳", "no_c": "7"})) == [((0, "no_c"), "READ_ONLY")]
