"""One call forgets what each service keeps only for a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.identity import sign_in_failure
from schema.tables.records import client_mutation
from services import idempotency, retention
from services.identity import throttle
from services.verbs import Outcome

if TYPE_CHECKING:
    from tenants.context import Work
    from tests.builders.tenants import Tenant


async def leave_traces(work: Work) -> None:
    async def nothing() -> Outcome:
        return Outcome()

    await throttle.count_attempt(work, "anna@demo.example")
    await idempotency.once(work, verb="createCustomer", key="k", request=b"{}", run=nothing)


async def left(work: Work) -> tuple[int, int]:
    tables = (sign_in_failure, client_mutation)
    counts = [await work.session.scalar(sa.select(sa.func.count()).select_from(each)) for each in tables]
    return counts[0], counts[1]


async def test_old_traces_go_and_new_ones_stay(tenant: Tenant) -> None:
    await tenant.write(leave_traces)
    assert await tenant.write(retention.forget_old) == 0
    assert await tenant.write(left) == (1, 1)

    async def a_month_later(work: Work) -> int:
        return await retention.forget_old(replace(work, now=work.now + timedelta(days=30)))

    assert await tenant.write(a_month_later) == 2
    assert await tenant.write(left) == (0, 0)
