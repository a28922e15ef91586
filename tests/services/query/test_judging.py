"""[A4] Expressions answered for records whoever asks: what is behind a relation, and whom a condition is false of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import expressions, metadata, permissions, query, records
from tests.builders import records as written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from schema.metadata.registry import Registry
    from services.permissions import Policy
    from tenants.context import ReadWork
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
HOLDS = "title != 'x' && (company == null || owner.name != 'stranger')"


async def known(work: ReadWork) -> tuple[Registry, Policy]:
    return await metadata.registry(work), await permissions.policy(work)


async def false_of(tenant: Tenant, text: str, *, person: str = "") -> tuple[int, tuple[UUID, ...]]:
    async def asked(work: ReadWork) -> tuple[int, tuple[UUID, ...]]:
        found = await known(work)
        node = expressions.check(found[0], "lead", text)
        count = await query.count_false(work, found, "lead", node)
        return count, await query.false_ids(work, found, "lead", node, most=2)

    return await tenant.read(asked, person=person)


async def leads(tenant: Tenant, *given: dict[str, object]) -> Sequence[UUID]:
    return await written.create(tenant, "lead", *({"name": "李明", **each} for each in given))


async def test_condition_is_false_of_live_records_only_and_not_where_it_is_unknown(company: Tenant) -> None:
    await leads(company, {"title": "x"}, {"title": "y"}, {})
    gone, *_ = await leads(company, {"title": "x"})
    await company.write(lambda work: records.delete(work, "lead", [gone]))

    count, _ = await false_of(company, "title != 'x'")

    assert count == 1


async def test_newest_are_told_to_whoever_may_see_them(company: Tenant) -> None:
    sales, stranger = company.user_id("sales"), company.user_id("stranger")
    mine = await leads(company, *({"title": "boss", "ownerId": sales} for _ in range(3)))
    await leads(company, {"title": "boss", "ownerId": stranger})

    count, ids = await false_of(company, "title != 'boss'", person="sales")

    assert count == 4
    assert sorted(ids) == sorted(mine[1:])


async def test_condition_looks_behind_relations_that_its_reader_may_not_follow(company: Tenant) -> None:
    stranger = company.user_id("stranger")
    await leads(company, {"company": "甲", "ownerId": stranger}, {"company": "乙"}, {"ownerId": stranger})

    assert (await false_of(company, HOLDS, person="service"))[0] == (await false_of(company, HOLDS))[0] == 2


async def test_values_behind_leave_out_who_is_not_there(company: Tenant) -> None:
    first, second = await leads(company, {"title": "a"}, {"title": "b"})
    await company.write(lambda work: records.delete(work, "lead", [second]))

    async def asked(work: ReadWork) -> dict[UUID, tuple[object, ...]]:
        found = await known(work)
        nodes = [expressions.check(found[0], "lead", text) for text in ("title", "owner.name")]
        return await query.values_behind(work, found, "lead", nodes, [first, second])

    assert await company.read(asked, person="stranger") == {first: ("a", None)}
