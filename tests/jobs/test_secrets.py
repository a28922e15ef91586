"""The night after a rotation: values are sealed anew, and older keys are gone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from jobs.scheduler import CALENDAR
from services.secrets import SealAnew
from tenants.catalog_tables import secret_key
from tests.builders import secrets
from tests.builders.secrets import NUMBER

if TYPE_CHECKING:
    from tests.builders.background import Cell
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Person = Callable[[str], Awaitable["Client"]]


def test_sealing_anew_is_on_the_calendar_once_a_day() -> None:
    (line,) = [each for each in CALENDAR if isinstance(each.message, SealAnew)]

    assert line.every.total_seconds() == 24 * 3600


async def test_older_key_is_dropped_when_it_has_nothing_left_to_open(
    cell: Cell, company: Tenant, person: Person
) -> None:
    admin, keys, tenant_id = await person("admin"), company.installation.secrets, company.placement.tenant_id
    await secrets.add_secret(company, "idNumber_c")
    record_id = await secrets.keep(admin, "Rotated", idNumber_c=NUMBER)
    kid = await keys.rotate(tenant_id)
    await company.installation.catalog.execute(
        sa.update(secret_key).values(created_at=secret_key.c.created_at - sa.text("interval '10 minutes'"))
    )

    for _ in range(2):
        ids = await cell.put(company.placement.schema, message=SealAnew.name)
        await cell.drain()
        assert await cell.states(ids) == ["done"]

    assert (await keys.opening(tenant_id)).kids == (kid,)
    assert await secrets.read(admin, record_id, "idNumber_c") == NUMBER
