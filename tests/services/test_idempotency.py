from __future__ import annotations

import asyncio
import itertools
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
from tests.builders.records import Traces, create_one, refused, traces
from tests.builders.tenants import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tenants.context import Work
    from tests.builders.tenants import Tenant


_numbers = itertools.count(1)


async def create_customer(work: Work) -> Outcome:
    written = await records.create(work, "customer", [{"name": f"客户 {next(_numbers)}"}])
    return Outcome({"customer": written.ids}, count=1)


def once(
    key: str | None, run: Callable[[Work], Awaitable[Outcome]], *, request: bytes = b"{}"
) -> Callable[[Work], Awaitable[Outcome]]:
    return lambda work: idempotency.once(work, verb="createCustomer", key=key, request=request, run=lambda: run(work))


async def known(tenant: Tenant, key: str = "") -> int:
    """How many mutations are remembered under this key, or under any."""
    query = sa.select(sa.func.count()).where(client_mutation.c.key == key if key else sa.true())
    return int(await tenant.read(lambda work: work.session.scalar(query)))


async def test_the_same_mutation_twice_happens_once(company: Tenant) -> None:
    before = await traces(company)
    first = await company.write(once("same", create_customer))

    assert await company.write(once("same", create_customer)) == first
    assert await traces(company) - before == Traces(1, 1, 1)


async def test_twins_at_the_same_time_happen_once(company: Tenant) -> None:
    before = await traces(company)
    first_runs, twin_comes = asyncio.Event(), asyncio.Event()

    async def slowly(work: Work) -> Outcome:
        first_runs.set()
        await twin_comes.wait()
        return await create_customer(work)

    async def twin() -> Outcome:
        await first_runs.wait()
        twin_comes.set()
        return await company.write(once("twins", create_customer))

    first, second = await asyncio.gather(company.write(once("twins", slowly)), twin())

    assert second == first
    assert await traces(company) - before == Traces(1, 1, 1)


async def test_another_body_under_the_same_key_is_a_conflict(company: Tenant) -> None:
    before = await traces(company)
    await company.write(once("bodies", create_customer))

    with pytest.raises(ClientMutationIdReused):
        await company.write(once("bodies", create_customer, request=b'{"other":1}'))
    assert await traces(company) - before == Traces(1, 1, 1)


async def test_another_principal_has_keys_of_its_own(company: Tenant) -> None:
    before = await traces(company)
    for person in ("sales", "colleague"):
        await company.write(
            once("principals", lambda work: _contact(work), request=b"same"),  # noqa: PLW0108 - a fresh verb each time
            person=person,
        )

    assert await traces(company) - before == Traces(2, 2, 2)


async def _contact(work: Work) -> Outcome:
    written = await records.create(work, "contact", [{"name": "王芳"}])
    return Outcome({"contact": written.ids}, count=1)


async def test_a_refusal_is_not_remembered_and_nothing_of_it_written(company: Tenant) -> None:
    before = await traces(company)

    async def half(work: Work) -> Outcome:
        await records.create(work, "customer", [{"name": "另一家甲"}])
        await records.create(work, "customer", [{"name": "另一家乙", "phone": "1"}, {}])
        return Outcome()

    for _ in range(2):
        assert await refused(company.write(once("refusal", half, request=b"wrong"))) == [
            ((0, "phone"), "NOT_A_PHONE"),
            ((1, "name"), "REQUIRED"),
        ]
    assert (await known(company, "refusal"), await traces(company)) == (0, before)

    corrected = await company.write(once("refusal", create_customer, request=b"corrected"))

    assert (corrected.count, await known(company, "refusal")) == (1, 1)


async def test_a_set_that_left_out_everything_is_not_remembered(company: Tenant) -> None:
    async def none_of_them(work: Work) -> Outcome:
        written = await records.create(work, "customer", [{"phone": "1"}], skip_errors=True)
        return Outcome({"customers": written.ids}, written.violations)

    refused_all = await company.write(once("everything", none_of_them, request=b"wrong"))

    assert {each.fault.code for each in refused_all.violations} == {"NOT_A_PHONE", "REQUIRED"}
    assert await known(company, "everything") == 0
    assert (await company.write(once("everything", create_customer, request=b"corrected"))).count == 1


async def test_a_set_that_left_out_some_is_remembered_with_them(company: Tenant) -> None:
    before = await traces(company)

    async def one_of_them(work: Work) -> Outcome:
        written = await records.create(
            work, "customer", [{"name": "甲"}, {"name": "乙", "phone": "1"}], skip_errors=True
        )
        return Outcome({"customers": written.ids}, written.violations, count=len(written.ids))

    first, again = [await company.write(once("some", one_of_them)) for _ in range(2)]

    assert [(each.path, each.fault.code) for each in again.violations] == [((1, "phone"), "NOT_A_PHONE")]
    assert again.ids == first.ids
    assert await traces(company) - before == Traces(1, 1, 1)


async def test_a_replay_names_the_duplicates_that_were_met(company: Tenant) -> None:
    await create_one(company, "customer", name="长江")

    async def some(work: Work) -> Outcome:
        written = await records.create(work, "customer", [{"name": "长江"}, {"name": "黄河"}], skip_errors=True)
        return Outcome({"customer": written.ids}, written.violations, written.duplicates, count=1)

    first = await company.write(once("duplicates", some))

    assert [each.object_name for each in first.duplicates] == ["customer"]
    assert (await company.write(once("duplicates", some))).duplicates == first.duplicates


async def test_a_twin_of_a_refused_mutation_runs_once_the_first_has_ended(company: Tenant) -> None:
    before = await traces(company)
    first_runs, twin_comes = asyncio.Event(), asyncio.Event()

    async def refuse(work: Work) -> Outcome:
        first_runs.set()
        await twin_comes.wait()
        await records.create(work, "customer", [{}])
        return Outcome()

    async def twin() -> Outcome:
        await first_runs.wait()
        twin_comes.set()
        return await company.write(once("refused twin", create_customer, request=b"corrected"))

    codes, second = await asyncio.gather(refused(company.write(once("refused twin", refuse))), twin())

    assert codes == [((0, "name"), "REQUIRED")]
    assert (second.count, await known(company, "refused twin")) == (1, 1)
    assert await traces(company) - before == Traces(1, 1, 1)


async def test_any_other_failure_leaves_no_row(company: Tenant) -> None:
    async def absent(_: Work) -> Outcome:
        raise NotFound

    with pytest.raises(NotFound):
        await company.write(once("failure", absent))

    assert await known(company, "failure") == 0
    assert (await company.write(once("failure", create_customer))).count == 1


async def test_without_a_key_a_refusal_is_raised(company: Tenant) -> None:
    async def refuse(work: Work) -> Outcome:
        await records.create(work, "customer", [{}])
        return Outcome()

    before = await known(company)
    assert await refused(company.write(once(None, refuse))) == [((0, "name"), "REQUIRED")]
    assert await known(company) == before


@pytest.mark.parametrize(
    ("key", "code"),
    [("x" * 201, "CLIENT_MUTATION_ID_TOO_LONG"), ("a\0b", "BAD_CHARACTERS"), ("\ud800", "BAD_CHARACTERS")],
)
async def test_a_key_must_be_storable(company: Tenant, key: str, code: str) -> None:
    assert await refused(company.write(once(key, create_customer))) == [(("clientMutationId",), code)]


async def test_a_key_is_forgotten_after_seven_days(tenant: Tenant) -> None:
    installation = tenant.installation
    clock = StandingClock(datetime.now(UTC))
    transactions = Transactions(installation.databases, installation.cache, clock=clock)

    async def contact_once(request: bytes) -> Outcome:
        return await transactions.write(
            tenant.placement, tenant.principal(), ORIGIN, once("week", _contact, request=request)
        )

    first = await contact_once(b"1")
    clock.now += timedelta(days=6)
    with pytest.raises(ClientMutationIdReused):
        await contact_once(b"2")
    clock.now += timedelta(days=1, seconds=1)
    second = await contact_once(b"2")

    assert first.ids != second.ids
    assert await known(tenant, "week") == 1
    clock.now += timedelta(days=8)
    assert await transactions.write(tenant.placement, tenant.principal(), ORIGIN, idempotency.forget_old) == 1
