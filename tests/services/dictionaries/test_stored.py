"""[A8] Entries are written where they differ, and only there; all of it is one change of the definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.tables.dictionaries import dictionary_entry
from schema.tables.metadata import choice_option, field_definition
from tests.builders.dictionaries import choose_from, entries, regions
from tests.builders.mutations import mutate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tenants.context import ReadWork
    from tests.builders.tenants import Tenant
    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]


async def test_only_what_moved_has_a_new_version(person: Person) -> None:
    admin = await person("admin")
    made, ids = await regions(admin, "banben")

    await mutate(admin, "updateDictionaryEntry", id=ids["beijing"], position=1)

    found = [(each["key"], each["version"]) for each in await entries(admin, made)]
    assert found == [("east", 1), ("beijing", 2), ("north", 2)]


async def test_entries_are_written_by_as_many_statements_however_many_there_are(
    person: Person, company: Tenant
) -> None:
    admin = await person("admin")
    many = [{"key": f"k{at}", "labelZh": f"值{at}"} for at in range(15)]
    done = await mutate(admin, "createDictionary", "dictionary { id }", name="changDe", labelZh="长的", entries=many)
    made, field = done["dictionary"]["id"], await choose_from(admin, "changDe", "customer")
    before = await statements(company, made, field)

    await mutate(admin, "addDictionaryEntry", dictionaryId=made, key="front", labelZh="最前", position=0)

    # Of the field and of the dictionary each: one that inserts what is new, one that moves what is not.
    assert before == [1, 1]
    assert await statements(company, made, field) == [2, 2]
    assert [each["key"] for each in await entries(admin, made)] == ["front", *(f"k{at}" for at in range(15))]


async def statements(tenant: Tenant, dictionary_id: str, field: str) -> list[object]:
    """How many statements wrote the choices of the field, and the entries of the dictionary, as they are now."""
    by = sa.literal_column("xmin::text || ' ' || cmin::text", sa.Text)
    mine = sa.select(field_definition.c.id).where(field_definition.c.name == field).scalar_subquery()
    of_field = sa.select(sa.func.count(by.distinct())).where(choice_option.c.field_id == mine)
    of_dictionary = sa.select(sa.func.count(by.distinct())).where(
        dictionary_entry.c.dictionary_id == UUID(dictionary_id)
    )

    async def counts(work: ReadWork) -> list[object]:
        return [await work.session.scalar(each) for each in (of_field, of_dictionary)]

    return await tenant.read(counts)
