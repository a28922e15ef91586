from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.tables.records import client_mutation
from services import idempotency, records
from services.idempotency import ClientMutationIdReused
from services.verbs import Outcome
from tenants.errors import NotFound
from tenants.transactions import Transactions
from tests.builders.clocks import StandingClock
from tests.builders.records import Traces, refused, traces
from tests.builders.tenants import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tenants.context import Work
    from tests.builders.tenants import Tenant


async def create_customer(work: Work) -> Outcome:
    written = await records.create(work, "customer", [{"name": "甲"}])
    return Outcome({"customer": written.ids}, count=1)


def once(
    run: Callable[[Work], Awaitable[Outcome]], *, key: str | None = "k1", request: bytes = b"{}"
) -> Callable[[Work], Awaitable[Outcome]]:
    return lambda work: idempotency.once(work, verb="createCustomer", key=key, request=request, run=lambda: run(work))


async def known(tenant: Tenant) -> int:
    query = sa.select(sa.func.count()).select_from(client_mutation)
    return int(await tenant.read(lambda work: work.session.scalar(query)))


async def test_the_same_mutation_twice_happens_once(tenant: Tenant) -> None:
    first = await tenant.write(once(create_customer))

    assert await tenant.write(once(create_customer)) == first
    assert await traces(tenant) == Traces(1, 1, 1)


async def test_twins_at_the_same_time_happen_once(tenant: Tenant) -> None:
    first_runs, twin_comes = asyncio.Event(), asyncio.Event()

    async def slowly(work: Work) -> Outcome:
        first_runs.set()
        await twin_comes.wait()
        return await create_customer(work)

    async def twin() -> Outcome:
        await first_runs.wait()
        twin_comes.set()
        return await tenant.write(once(create_customer))

    first, second = await asyncio.gather(tenant.write(once(slowly)), twin())

    assert second == first
    assert await traces(tenant) == Traces(1, 1, 1)


async def test_another_body_under_the_same_key_is_a_conflict(tenant: Tenant) -> None:
    await tenant.write(once(create_customer))

    with pytest.raises(ClientMutationIdReused):
        await tenant.write(once(create_customer, request=b'{"other":1}'))
    assert await traces(tenant) == Traces(1, 1, 1)


async def test_another_principal_has_keys_of_its_own(tenant: Tenant) -> None:
    for person in ("sales", "colleague"):
        await tenant.write(
            once(lambda work: _contact(work), request=b"same"),  # noqa: PLW0108 - a fresh verb each time
            person=person,
        )

    assert await traces(tenant) == Traces(2, 2, 2)


async def _contact(work: Work) -> Outcome:
    written = await records.create(work, "contact", [{"name": "王芳"}])
    return Outcome({"contact": written.ids}, count=1)


async def test_a_refusal_is_not_remembered_and_nothing_of_it_written(tenant: Tenant) -> None:
    async def half(work: Work) -> Outcome:
        await records.create(work, "customer", [{"name": "甲"}])
        await records.create(work, "customer", [{"name": "乙", "phone": "1"}, {}])
        return Outcome()

    for _ in range(2):
        assert await refused(tenant.write(once(half, request=b"wrong"))) == [
            ((0, "phone"), "NOT_A_PHONE"),
            ((1, "name"), "REQUIRED"),
        ]
    assert (await known(tenant), await traces(tenant)) == (0, Traces(0, 0, 0))

    corrected = await tenant.write(once(create_customer, request=b"corrected"))

    assert (corrected.count, await known(tenant)) == (1, 1)


async def test_a_set_that_left_out_everything_is_not_remembered(tenant: Tenant) -> None:
    async def none_of_them(work: Work) -> Outcome:
        written = await records.create(work, "customer", [{"phone": "1"}], skip_errors=True)
        return Outcome({"customers": written.ids}, written.violations)

    refused_all = await tenant.write(once(none_of_them, request=b"wrong"))

    assert {each.fault.code for each in refused_all.violations} == {"NOT_A_PHONE", "REQUIRED"}
    assert await known(tenant) == 0
    assert (await tenant.write(once(create_customer, request=b"corrected"))).count == 1


async def test_a_set_that_left_out_some_is_remembered_with_them(tenant: Tenant) -> None:
    async def one_of_them(work: Work) -> Outcome:
        written = await records.create(
            work, "customer", [{"name": "甲"}, {"name": "乙", "phone": "1"}], skip_errors=True
        )
        return Outcome({"customers": written.ids}, written.violations, count=len(written.ids))

    first, again = [await tenant.write(once(one_of_them)) for _ in range(2)]

    assert [(each.path, each.fault.code) for each in again.violations] == [((1, "phone"), "NOT_A_PHONE")]
    assert again.ids == first.ids
    assert await traces(tenant) == Traces(1, 1, 1)


async def test_a_replay_names_the_duplicates_that_were_met(tenant: Tenant) -> None:
    await tenant.write(create_customer)

    async def some(work: Work) -> Outcome:
        written = await records.create(work, "customer", [{"name": "甲"}, {"name": "乙"}], skip_errors=True)
        return Outcome({"customer": written.ids}, written.violations, written.duplicates, count=1)

    first = await tenant.write(once(some))

    assert [each.object_name for each in first.duplicates] == ["customer"]
    assert (await tenant.write(once(some))).duplicates == first.duplicates


async def test_a_twin_of_a_refused_mutation_runs_once_the_first_has_ended(tenant: Tenant) -> None:
    first_runs, twin_comes = asyncio.Event(), asyncio.Event()

    async def refuse(work: Work) -> Outcome:
        first_runs.set()
        await twin_comes.wait()
        await records.create(work, "customer", [{}])
        return Outcome()

    async def twin() -> Outcome:
        await first_runs.wait()
        twin_comes.set()
        return await tenant.write(once(create_customer, request=b"corrected"))

    codes, second = await asyncio.gather(refused(tenant.write(once(refuse))), twin())

    assert codes == [((0, "name"), "REQUIRED")]
    assert (second.count, await known(tenant)) == (1, 1)
    assert await traces(tenant) == Traces(1, 1, 1)


async def test_any_other_failure_leaves_no_row(tenant: Tenant) -> None:
    async def absent(_: Work) -> Outcome:
        raise NotFound

    with pytest.raises(NotFound):
        await tenant.write(once(absent))

    assert await known(tenant) == 0
    assert (await tenant.write(once(create_customer))).count == 1


async def test_without_a_key_a_refusal_is_raised(tenant: Tenant) -> None:
    async def refuse(work: Work) -> Outcome:
        await records.create(work, "customer", [{}])
        return Outcome()

    assert await refused(tenant.write(once(refuse, key=None))) == [((0, "name"), "REQUIRED")]
    assert await known(tenant) == 0


@pytest.mark.parametrize(
    ("key", "code"),
    [("x" * 201, "CLIENT_MUTATION_ID_TOO_LONG"), ("a\0b", "BAD_CHARACTERS"), ("\ud800", "BAD_CHARACTERS")],
)
async def test_a_key_must_be_storable(tenant: Tenant, key: str, code: str) -> None:
    assert await refused(tenant.write(once(create_customer, key=key))) == [(("clientMutationId",), code)]


async def test_a_key_is_forgotten_after_seven_days(tenant: Tenant) -> None:
    installation = tenant.installation
    clock = StandingClock(datetime.now(UTC))
    transactions = Transactions(installation.databases, installation.cache, clock=clock)

    async def contact_once(request: bytes) -> Outcome:
        return await transactions.write(tenant.placement, tenant.principal(), ORIGIN, once(_contact, request=request))

    first = await contact_once(b"1")
    clock.now += timedelta(days=6)
    with pytest.raises(ClientMutationIdReused):
        await contact_once(b"2")
    clock.now += timedelta(days=1, seconds=1)
    second = await contact_once(b"2")

    assert first.ids != second.ids
    assert await known(tenant) == 1
    clock.now += timedelta(days=8)
    assert await transactions.write(tenant.placement, tenant.principal(), ORIGIN, idempotency.forget_old) == 1
