"""[A8] Entries are written where they differ, and only there; all of it is one change of the definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders.dictionaries import entries, regions
from tests.builders.mutations import mutate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]


async def test_only_what_moved_has_a_new_version(person: Person) -> None:
    admin = await person("admin")
    made, ids = await regions(admin, "banben")

    await mutate(admin, "updateDictionaryEntry", id=ids["beijing"], position=1)

    found = [(each["key"], each["version"]) for each in await entries(admin, made)]
    assert found == [("east", 1), ("beijing", 2), ("north", 2)]
