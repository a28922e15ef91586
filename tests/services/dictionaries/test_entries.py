"""[A8] Entries are added, renamed, moved, retired and offered again, and every field of the dictionary with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders.dictionaries import choices, choose_from, entries, regions
from tests.builders.mutations import mutate, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]


async def test_every_change_is_in_every_field_at_the_next_request(person: Person) -> None:
    admin = await person("admin")
    made, ids = await regions(admin, "bianhua")
    fields = [
        ("customer", await choose_from(admin, "bianhua", "customer")),
        ("lead", await choose_from(admin, "bianhua", "lead")),
    ]

    await mutate(admin, "addDictionaryEntry", dictionaryId=made, labelZh="西南", position=0)
    await mutate(admin, "updateDictionaryEntry", id=ids["north"], labelZh="北方", position=3)
    await mutate(admin, "retireDictionaryEntry", id=ids["east"])

    after = [("xiNan", "西南", False), ("east", "华东", True), ("beijing", "北京", False), ("north", "北方", False)]
    assert [await choices(admin, *each) for each in fields] == [after, after]
    sales = await person("sales")
    refused = await mutate(sales, "createCustomer", record={"name": "停用", "bianhua_c": "east"})
    assert [each["code"] for each in refused["errors"]] == ["UNKNOWN_CHOICE"]
    await mutate(admin, "restoreDictionaryEntry", id=ids["east"])
    assert (await mutate(sales, "createCustomer", record={"name": "启用", "bianhua_c": "east"}))["errors"] == []


async def test_entries_stand_below_each_other_and_never_in_a_circle(person: Person) -> None:
    admin = await person("admin")
    made, ids = await regions(admin, "shu")
    _, others = await regions(admin, "linyige")

    await mutate(admin, "updateDictionaryEntry", id=ids["beijing"], parentId=ids["north"])
    circle = await mutate(admin, "updateDictionaryEntry", id=ids["north"], parentId=ids["beijing"])
    stranger = await mutate(admin, "addDictionaryEntry", dictionaryId=made, labelZh="外", parentId=others["east"])

    wrong = [{"path": ["parentId"], "code": "PARENT_NOT_ABOVE"}]
    assert (circle["errors"], stranger["errors"]) == (wrong, wrong)
    found = {each["key"]: each["parent"] for each in await entries(admin, made)}
    assert found == {"east": None, "north": None, "beijing": {"key": "north"}}
    freed = await mutate(
        admin, "updateDictionaryEntry", "dictionaryEntry { parent { key } }", id=ids["beijing"], parentId=None
    )
    assert freed == {"dictionaryEntry": {"parent": None}, "errors": []}


async def test_bad_entries_and_wrong_callers_are_refused(person: Person) -> None:
    admin, sales = await person("admin"), await person("sales")
    made, ids = await regions(admin, "cuowu")

    taken = await mutate(admin, "addDictionaryEntry", dictionaryId=made, key="east", labelZh="又")
    empty = await mutate(admin, "addDictionaryEntry", dictionaryId=made)
    stale = await mutate(admin, "updateDictionaryEntry", id=ids["east"], ifVersion=9, labelZh="旧")

    assert taken["errors"] == [{"path": ["key"], "code": "NAME_TAKEN"}]
    assert empty["errors"] == [{"path": ["labelZh"], "code": "LABEL_MISSING"}]
    assert stale["errors"] == [{"path": ["ifVersion"], "code": "VERSION_CONFLICT"}]
    for name in ("updateDictionaryEntry", "retireDictionaryEntry", "restoreDictionaryEntry"):
        assert await refusal(sales, name, id=ids["east"]) == ("FORBIDDEN", ["done"])
        assert await refusal(admin, name, id=made) == ("DICTIONARY_ENTRY_NOT_FOUND", ["done"])
