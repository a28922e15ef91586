"""[G1] Whoever stops waiting leaves nothing behind on a connection that the next caller, of any tenant, would be given."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import pytest

from tenants.script_text import fill
from tenants.sql import BoundSql
from tests.builders.tenants import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from tenants.context import ReadWork, Work
    from tests.builders.tenants import Tenant

pytestmark = pytest.mark.integration

ROUNDS = 60


async def nothing(_: Work) -> None:
    """Opens, and ends."""


async def own_name(tenant: Tenant) -> bytes | None:
    text = fill("SELECT name FROM @schema@.tenant_setting", {"schema": tenant.placement.schema})

    async def ask(work: ReadWork) -> bytes | None:
        ((name,),) = await work.session.answer(BoundSql(text))
        return name

    transactions = tenant.installation.transactions
    return await transactions.read(tenant.placement, tenant.principal("sales"), ORIGIN, ask, deferred=True)


async def test_answers_go_to_who_asked_whenever_others_stop_waiting(tenant: Tenant, other_tenant: Tenant) -> None:
    names = {each.placement.slug: await own_name(each) for each in (tenant, other_tenant)}
    turns = random.Random(7)  # noqa: S311 - the same turns each time
    transactions = tenant.installation.transactions
    wrong = []

    def write() -> Awaitable[None]:
        return transactions.write(tenant.placement, tenant.principal("sales"), ORIGIN, nothing)

    for number in range(ROUNDS):
        given_up = asyncio.ensure_future(write() if number % 2 else own_name(tenant))
        for _ in range(turns.randint(0, 12)):
            await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        wrong += [each for each in (other_tenant, tenant) * 2 if await own_name(each) != names[each.placement.slug]]

    assert wrong == []
    assert len(set(names.values())) == 2
