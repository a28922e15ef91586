"""A tenant's chain read again: what an administrator of the database changes behind our back is found [G2]."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from jobs import heads
from jobs.sequencer import Sequencer
from services import audit, sequencing
from services.audit import Break, Entry, Head, SignedHead
from tenants.administration import administrator, connected
from tests.builders.background import Cell

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from services.audit import Verification
    from tenants.context import Work
    from tenants.installation import Installation
    from tests.builders.tenants import Tenant


@pytest.fixture(scope="module")
async def cell(installation: Installation) -> Cell:
    (name,) = await installation.catalog.cells()
    found = Cell(installation, name)
    await found.clear()
    return found


@pytest.fixture(scope="module")
async def linked(cell: Cell, company: Tenant) -> Tenant:
    """A tenant whose entries are linked, the head signed."""

    async def deeds(work: Work) -> None:
        await audit.append(work, [Entry("customer.exported", details={"number": number}) for number in range(20)])

    await company.write(deeds, person="sales")
    installation = company.installation
    sequencer = Sequencer(cell.cells, installation.catalog, cell.name, uuid4())
    await sequencer.sequence()
    await heads.across_tenants_sign(installation.catalog, installation.audit_key, sequencer.take_moved())
    return company


@pytest.fixture
async def chained(cell: Cell, linked: Tenant) -> AsyncIterator[Tenant]:
    """The same for each test: whatever one does to the entries is undone."""
    await tamper(cell, linked, "CREATE TABLE kept AS SELECT * FROM audit_entry")
    yield linked
    await tamper(cell, linked, "TRUNCATE audit_entry; INSERT INTO audit_entry SELECT * FROM kept; DROP TABLE kept")


async def verify(tenant: Tenant, signed: list[SignedHead] | None = None) -> Verification:
    heads_ = await signed_heads(tenant) if signed is None else signed
    examined = await audit.examine(tenant.placement.tenant_id, heads_)
    return await tenant.read(lambda work: audit.verify(work, examined))


async def signed_heads(tenant: Tenant) -> list[SignedHead]:
    rows = await tenant.installation.catalog.audit_heads(tenant.placement.tenant_id)
    return [SignedHead.of(row) for row in rows]


async def tamper(cell: Cell, tenant: Tenant, statement: str) -> None:
    """As the administrator of the database."""
    async with connected(administrator(cell.installation.settings.database, cell.name)) as connection:
        await connection.control(f"SET search_path = {tenant.placement.schema}; {statement}")


async def test_a_chain_that_was_left_alone_holds(chained: Tenant) -> None:
    found = await verify(chained)

    assert (found.holds, found.breaks, found.waiting, found.heads) == (True, (), 0, 1)
    (head,) = await signed_heads(chained)
    assert found.entries == head.head.seq


@pytest.mark.parametrize(
    ("statement", "breaks"),
    [
        pytest.param(
            "UPDATE audit_entry SET body = convert_to(replace(convert_from(body, 'UTF8'), '\"number\":7', '\"number\":8'),"
            " 'UTF8') WHERE seq = (SELECT max(seq) - 12 FROM audit_entry)",
            [(-12, "was changed after it was written")],
            id="details rewritten",
        ),
        pytest.param(
            "UPDATE audit_entry SET action = 'customer.read' WHERE seq = (SELECT max(seq) - 3 FROM audit_entry)",
            [(-3, "its columns and its body differ")],
            id="column rewritten",
        ),
        pytest.param(
            "UPDATE audit_entry SET created_at = created_at - interval '1 day'"
            " WHERE seq = (SELECT max(seq) FROM audit_entry)",
            [(0, "its columns and its body differ")],
            id="back-dated",
        ),
        pytest.param(
            "DELETE FROM audit_entry WHERE seq = (SELECT max(seq) - 1 FROM audit_entry)",
            [(-1, "is missing before entry {0}")],
            id="entry removed",
        ),
        pytest.param(
            "DELETE FROM audit_entry WHERE seq > (SELECT max(seq) - 2 FROM audit_entry)",
            [(-1, "was cut off: the chain was signed up to {0}")],
            id="end cut off",
        ),
        pytest.param(
            "CREATE TEMP TABLE old AS SELECT seq, body FROM audit_entry WHERE seq > (SELECT max(seq) - 2 FROM audit_entry);"
            " UPDATE audit_entry e SET body = o.body FROM pg_temp.old o"
            " WHERE e.seq > (SELECT min(seq) - 1 FROM pg_temp.old) AND o.seq <> e.seq; DROP TABLE pg_temp.old",
            [
                (-1, "was changed after it was written"),
                (0, "was changed after it was written"),
                (-1, "its columns and its body differ"),
                (0, "its columns and its body differ"),
            ],
            id="bodies swapped",
        ),
    ],
)
async def test_what_was_tampered_with_is_named(
    cell: Cell, chained: Tenant, statement: str, breaks: list[tuple[int, str]]
) -> None:
    (head,) = await signed_heads(chained)
    last = head.head.seq

    await tamper(cell, chained, statement)

    expected = tuple(Break(last + back, words.replace("{0}", str(last))) for back, words in breaks)
    found = await verify(chained)
    assert (found.breaks, found.first, found.holds) == (expected, expected[0], False)


async def test_a_tail_written_anew_with_all_its_links_is_found_by_the_signed_head(cell: Cell, chained: Tenant) -> None:
    (head,) = await signed_heads(chained)
    last = head.head.seq
    await tamper(
        cell,
        chained,
        "UPDATE audit_entry SET seq = NULL, prev_hash = NULL, hash = NULL, body = convert_to(replace(convert_from("
        "body, 'UTF8'), '\"number\"', '\"numero\"'), 'UTF8') WHERE seq > (SELECT max(seq) - 3 FROM audit_entry)",
    )
    async with cell.cells.begin(cell.name, "sequencer", schema=chained.placement.schema) as session:
        numbered, _ = await sequencing.link_entries(session, chained.placement.tenant_id)

    found = await verify(chained)

    assert numbered == 3
    assert found.breaks == (Break(1, f"was written anew, or one up to {last}: that is not what was signed"),)
    assert (await verify(chained, [])).holds


async def test_an_emptied_table_is_found(cell: Cell, chained: Tenant) -> None:
    (head,) = await signed_heads(chained)

    await tamper(cell, chained, "TRUNCATE audit_entry")

    assert (await verify(chained)).breaks == (Break(1, f"was cut off: the chain was signed up to {head.head.seq}"),)


async def test_a_forged_head_is_not_genuine(chained: Tenant) -> None:
    (head,) = await signed_heads(chained)
    forged = replace(head, head=Head(head.head.seq, b"x" * 32))

    assert [each.reason for each in (await verify(chained, [forged])).breaks] == [
        "the signature of this head is not genuine",
        f"was written anew, or one up to {head.head.seq}: that is not what was signed",
    ]


async def test_many_heads_are_examined_while_others_have_their_turns(chained: Tenant) -> None:
    (head,) = await signed_heads(chained)
    loop, turns, number = asyncio.get_running_loop(), itertools.count(), 3_000
    forged = replace(head, head=Head(head.head.seq, b"x" * 32))
    examining = True

    def take_turn() -> None:
        next(turns)
        if examining:
            loop.call_soon(take_turn)

    loop.call_soon(take_turn)
    examined = await audit.examine(chained.placement.tenant_id, [head] * (number - 1) + [forged])
    examining = False

    # At once would be one turn; in six portions beside the loop it is at least one for each.
    assert next(turns) >= 6
    assert (len(examined.heads), len(examined.breaks)) == (number, 1)


async def test_entries_of_this_moment_wait_for_their_place(chained: Tenant) -> None:
    async def deed(work: Work) -> None:
        await audit.append(work, [Entry("customer.exported")])

    await chained.write(deed)

    found = await verify(chained)
    assert (found.holds, found.waiting) == (True, 1)
