"""[G7] Audit entries as a file: in order, bounded, under the reader's permission, and an entry themselves."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from services import audit, audit_exports
from services.audit import Entry
from services.audit_exports import COLUMNS, Exported, Format, Wanted
from services.query.errors import ObjectNotReadable
from tenants.context import Origin
from tests.builders.background import link_entries

if TYPE_CHECKING:
    from tenants.context import Work
    from tests.builders.tenants import Tenant

TESTED = (("action", "eq", "test.done"),)


EXPORTED = audit_entry.c.action == "audit.exported"


@pytest.fixture(scope="module")
async def told(company: Tenant) -> Tenant:
    """A tenant with seven entries of its own, one of a program with a strange name."""

    async def deeds(work: Work) -> None:
        await audit.append(work, [Entry("test.done", "customer", details={"number": n}) for n in range(6)])

    await company.write(deeds, person="sales")
    strange = Origin("test-request", agent='=HYPERLINK("x")')
    await company.write(lambda work: audit.append(work, [Entry("test.done")]), person="sales", origin=strange)
    await link_entries(company)
    return company


async def export(tenant: Tenant, wanted: Wanted, form: Format = Format.JSONL, *, person: str = "admin") -> Exported:
    return await tenant.write(lambda work: audit_exports.export_entries(work, wanted, form), person=person)


async def entry_of_export(tenant: Tenant) -> dict[str, Any]:  # Any: as below
    query = sa.select(audit_entry.c.body).where(EXPORTED).order_by(audit_entry.c.id.desc()).limit(1)
    body: dict[str, Any] = json.loads(await tenant.read(lambda work: work.session.scalar(query)))
    return body


def lines(made: Exported) -> list[dict[str, Any]]:  # Any: details are any JSON
    return [json.loads(line) for line in made.text.splitlines()]


async def test_a_line_says_all_of_an_entry(told: Tenant) -> None:
    made = await export(told, Wanted(TESTED))

    found = lines(made)
    assert (made.count, made.is_complete, made.last_seq) == (7, True, int(found[-1]["seq"]))
    assert [each["details"] for each in found] == [*({"number": n} for n in range(6)), {}]
    assert set(found[0]) == set(COLUMNS)
    assert (found[0]["principalId"], found[0]["objectName"]) == (str(told.user_id("sales")), "customer")


async def test_a_file_is_bounded_and_the_next_goes_on_behind_it(told: Tenant) -> None:
    first = await export(told, Wanted(TESTED, most=4))
    second = await export(told, Wanted(TESTED, after_seq=first.last_seq, most=4))

    assert [(each.count, each.is_complete) for each in (first, second)] == [(4, False), (3, True)]
    assert [each["details"].get("number") for each in (*lines(first), *lines(second))] == [0, 1, 2, 3, 4, 5, None]


async def test_commas_quotes_and_formulas_do_no_harm(told: Tenant) -> None:
    made = await export(told, Wanted(TESTED), Format.CSV)

    head, *rows = csv.reader(io.StringIO(made.text))
    assert (tuple(head), len(rows)) == (COLUMNS, 7)
    found = [dict(zip(head, row, strict=True)) for row in rows]
    assert [each["details"] for each in found[:2]] == ['{"number": 0}', '{"number": 1}']
    assert found[-1]["agent"] == '\'=HYPERLINK("x")'


async def test_nothing_is_a_file_too(told: Tenant) -> None:
    made = await export(told, Wanted((("action", "eq", "test.nothing"),)))

    assert made == Exported("", 0, is_complete=True, last_seq=0)


async def test_an_export_is_an_entry(told: Tenant) -> None:
    made = await export(told, Wanted(TESTED, most=2), Format.CSV)

    body = await entry_of_export(told)
    assert body["principal_id"] == str(told.user_id("admin"))
    assert body["details"] == {
        "format": "csv", "count": 2, "after": 0, "last": made.last_seq, "filter": {"action": {"eq": "test.done"}},
    }  # fmt: skip


async def test_the_entry_of_an_export_tells_both_ends_of_its_time(told: Tenant) -> None:
    since, until = "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z"

    await export(told, Wanted((("createdAt", "gte", since), ("createdAt", "lt", until))))

    assert (await entry_of_export(told))["details"]["filter"] == {"createdAt": {"gte": since, "lt": until}}


async def test_who_may_not_read_entries_gets_no_file_and_leaves_none(told: Tenant) -> None:
    exported = sa.select(sa.func.count()).select_from(audit_entry).where(EXPORTED)
    before = await told.read(lambda work: work.session.scalar(exported))

    with pytest.raises(ObjectNotReadable):
        await export(told, Wanted(TESTED), person="director")

    assert await told.read(lambda work: work.session.scalar(exported)) == before
