"""[A8] Two values become one: every record of every field that held the first has the second, with its history."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.records import record_history
from services import dictionaries
from services.dictionaries import MergeEntries
from services.dictionaries.merging import merge_records
from tests.builders.dictionaries import choices, choose_from, entries, regions
from tests.builders.jobs import Interrupted
from tests.builders.metadata import fill_customers, stage_of
from tests.builders.mutations import mutate
from tests.builders.records import create_one

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]

JOB = "query ($id: ID!) { job(id: $id) { state progress total reason requestedBy { name } } }"


async def merged(company: Tenant, admin: Client, ids: dict[str, str]) -> str:
    """The job that merged `north` into `east`."""
    done = await mutate(
        admin, "mergeDictionaryEntries", "jobId dictionaryEntry { retired mergedInto { key } }",
        fromId=ids["north"], intoId=ids["east"],
    )  # fmt: skip
    assert done["dictionaryEntry"] == {"retired": True, "mergedInto": {"key": "east"}}
    message = MergeEntries(UUID(ids["north"]), UUID(done["jobId"]))
    for _ in range(2):
        await merge_records(stage_of(company), message)
    return str(done["jobId"])


async def test_records_of_every_field_are_moved_with_their_history(company: Tenant, person: Person) -> None:
    admin, sales = await person("admin"), await person("sales")
    _, ids = await regions(admin, "hebing")
    one = await choose_from(admin, "hebing", "customer")
    many = await choose_from(admin, "hebing", "lead", type_="multiChoice")
    moved = await create_one(company, "customer", person="sales", name="北方公司", **{one: "north"})
    await create_one(company, "customer", person="sales", name="东方公司", **{one: "east"})
    for name, held in (("双", ["east", "north"]), ("单", ["north", "beijing"]), ("无", ["beijing"])):
        await create_one(company, "lead", person="sales", name=name, **{many: held})

    job = await merged(company, admin, ids)

    found = await sales.data(
        f"{{ customers(filter: {{{one}: {{isEmpty: false}}}}, orderBy: [{{name: ASC}}]) {{ nodes {{ name version {one} }} }}"
        f" leads(filter: {{{many}: {{isEmpty: false}}}}) {{ nodes {{ name {many} }} }} }}"
    )
    assert found["customers"]["nodes"] == [
        {"name": "北方公司", "version": 2, one: "east"}, {"name": "东方公司", "version": 1, one: "east"},
    ]  # fmt: skip
    assert {each["name"]: each[many] for each in found["leads"]["nodes"]} == {
        "双": ["east"], "单": ["east", "beijing"], "无": ["beijing"],
    }  # fmt: skip
    history = sa.select(record_history.c.verb, record_history.c.principal_id).where(record_history.c.record_id == moved)
    rows = await company.read(lambda work: work.session.rows(history.order_by(record_history.c.version)))
    assert [tuple(row) for row in rows] == [
        ("created", company.user_id("sales")),
        ("updated", company.user_id("admin")),
    ]
    shown = (await admin.data(JOB, id=job))["job"]
    assert shown == {"state": "done", "progress": "3", "total": "3", "reason": None, "requestedBy": {"name": "admin"}}
    assert ("north", "华北", True) in await choices(admin, "customer", one)


async def test_new_records_begin_with_what_stayed(company: Tenant, person: Person) -> None:
    admin, sales = await person("admin"), await person("sales")
    _, ids = await regions(admin, "kaishi")
    one = await choose_from(admin, "kaishi", "activity", default="north")
    many = await choose_from(admin, "kaishi", "lead", type_="multiChoice", default="east,north")
    refused = await mutate(admin, "retireDictionaryEntry", id=ids["north"])
    assert refused["errors"] == [{"path": [], "code": "CHOICE_IS_DEFAULT"}]

    await merged(company, admin, ids)

    made = await mutate(sales, "createActivity", f"activity {{ {one} }}", record={"subject": "始"})
    assert made == {"activity": {one: "east"}, "errors": []}
    made = await mutate(sales, "createLead", f"lead {{ {many} }}", record={"name": "始"})
    assert made == {"lead": {many: ["east"]}, "errors": []}


async def test_what_a_run_moved_that_was_cut_short_counts(company: Tenant, person: Person) -> None:
    admin = await person("admin")
    _, ids = await regions(admin, "duanle")
    for name in ("customer", "lead"):
        field = await choose_from(admin, "duanle", name)
        await create_one(company, name, person="sales", name="断了", **{field: "north"})
    done = await mutate(admin, "mergeDictionaryEntries", "jobId", fromId=ids["north"], intoId=ids["east"])
    message = MergeEntries(UUID(ids["north"]), UUID(done["jobId"]))

    async def cut_short() -> None:
        raise ZeroDivisionError

    # Its beginning, the records of the one field, no more of them, the records of the other.
    with pytest.raises(ZeroDivisionError):
        await merge_records(Interrupted(stage_of(company), {"write 4": cut_short}), message)
    await merge_records(stage_of(company), message)

    shown = (await admin.data(JOB, id=done["jobId"]))["job"]
    entry = sa.select(audit_entry.c.body).where(
        audit_entry.c.action == "dictionary.recordsMoved", audit_entry.c.record_id == message.entry_id
    )
    told = json.loads(await company.read(lambda work: work.session.scalar(entry)))
    assert (shown["progress"], shown["total"], told["details"]["records"]) == ("2", "2", 2)


async def test_a_long_table_is_moved_step_by_step(company: Tenant, person: Person) -> None:
    admin = await person("admin")
    _, ids = await regions(admin, "changbiao")
    await fill_customers(company, 2_300, name="Long ")
    field = await choose_from(admin, "changbiao", "customer", default="north")

    job = await merged(company, admin, ids)

    of_long = "query ($f: CustomerFilter) { customersAggregate(filter: $f) { count } }"
    counted = await admin.data(of_long, f={"name": {"startsWith": "Long "}, field: {"eq": "east"}})
    left = await admin.data(of_long, f={field: {"eq": "north"}})
    assert counted["customersAggregate"] == [{"count": 2300}]
    assert left["customersAggregate"] == [{"count": 0}]
    assert (await admin.data(JOB, id=job))["job"]["reason"] is None


async def test_an_entry_that_is_offered_again_is_left_alone(company: Tenant, person: Person) -> None:
    admin = await person("admin")
    made, ids = await regions(admin, "chonghui")
    await mutate(admin, "mergeDictionaryEntries", fromId=ids["north"], intoId=ids["east"])
    await mutate(admin, "restoreDictionaryEntry", id=ids["north"])

    again = await mutate(admin, "mergeDictionaryEntries", "jobId", fromId=ids["beijing"], intoId=ids["north"])
    await dictionaries.merge_records(stage_of(company), MergeEntries(UUID(ids["north"]), UUID(again["jobId"])))

    found = {each["key"]: (each["retired"], each["mergedInto"]) for each in await entries(admin, made)}
    assert found == {"east": (False, None), "north": (False, None), "beijing": (True, {"key": "north"})}


async def test_only_two_entries_of_one_dictionary_are_merged(person: Person) -> None:
    admin = await person("admin")
    _, ids = await regions(admin, "bukehe")
    _, others = await regions(admin, "tade")
    await mutate(admin, "retireDictionaryEntry", id=ids["beijing"])

    for into in (ids["north"], ids["beijing"], others["east"]):
        answer = await mutate(admin, "mergeDictionaryEntries", fromId=ids["north"], intoId=into)
        assert answer["errors"] == [{"path": ["intoId"], "code": "ENTRIES_NOT_MERGEABLE"}]
