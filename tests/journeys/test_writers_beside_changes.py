"""[A2] Two processes write and read while an administrator changes the form: every answer is one of the old shape or of the new.

None is an error of the server, and what was acknowledged is there at once and at the end.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from app import create_app
from schema.metadata.fields import Label
from services import metadata, type_changes
from services.metadata import FieldChange, FieldDraft, ObjectDraft
from services.type_changes import TypeDraft
from tests.clients import Client, http_for

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.applications import Starlette

    from tenants.context import DefinitionWork
    from tenants.settings import Settings
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

RUSH = "rush_c"
ROUNDS = 3
CREATE = """mutation ($input: CreateRushInput_c!) {
  done: createRush_c(input: $input) { record: rush_c { id } errors { path code } }
}"""
UPDATE = CREATE.replace("Create", "Update").replace("create", "update")
LIST = "{ rushList_c(first: 1000) { nodes { id title_c code_c } } rushListAggregate_c { count } }"
# A name that is there no more or not yet; definitions that moved twice meanwhile; a lock that was not to be had.
OF_A_CHANGE = {"DOCUMENT_INVALID", "VARIABLES_INVALID", "UNKNOWN_FIELD", "SHAPE_MOVED", "BUSY"}


@dataclass
class Rush:
    """What was acknowledged so far: title, code and note of each record."""

    tenant: Tenant
    numbers: itertools.count[int] = field(default_factory=itertools.count)
    written: dict[str, dict[str, str | None]] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    answered: asyncio.Condition = field(default_factory=asyncio.Condition)
    is_over: bool = False

    async def ask(self, client: Client, text: str, **given: object) -> dict[str, Any] | None:
        """The data of an answer, or nothing where it is a refusal that a change of shape explains."""
        response = await client.post({"query": text, "variables": given})
        body = response.json()
        codes = [each["extensions"]["code"] for each in body.get("errors", ())]
        assert set(codes) <= OF_A_CHANGE, body
        async with self.answered:
            self.answers.update(codes or ["answered"])
            self.answered.notify_all()
        return None if codes else body["data"]

    async def write(self, client: Client) -> None:
        """New records and changes of one's own, with a field that comes and goes in every other one."""
        mine: list[str] = []
        while not self.is_over:
            number = next(self.numbers)
            values: dict[str, str | None] = {"title_c": f"title {number}", "code_c": str(number)}
            if number % 2:
                values["note_c"] = f"note {number}"
            if mine and number % 3 == 0:
                given = {"id": mine[number % len(mine)], "set": values}
                done = await self.ask(client, UPDATE, input=given)
            else:
                done = await self.ask(client, CREATE, input={"record": values})
            if done is not None:
                assert done["done"]["errors"] == [], done
                key = done["done"]["record"]["id"]
                mine.append(key)
                self.written[key] = {**self.written.get(key, {"note_c": None}), **values}

    async def read(self, client: Client) -> None:
        """Everything that was acknowledged before the question is in the answer."""
        while not self.is_over:
            known = len(self.written)
            found = await self.ask(client, LIST)
            if found is not None:
                assert found["rushListAggregate_c"][0]["count"] >= known
                assert all(each["title_c"] and each["code_c"].isdigit() for each in found["rushList_c"]["nodes"])

    async def define(self, changes: Sequence[Callable[[DefinitionWork], Awaitable[object]]]) -> None:
        for each in changes:
            before = self.answers.total()
            await self.tenant.define(each, person="admin")
            async with self.answered:
                await self.answered.wait_for(lambda before=before: self.answers.total() >= before + 4)  # type: ignore[misc]  # bound now
        self.is_over = True


def every_change(number: int) -> list[Callable[[DefinitionWork], Awaitable[object]]]:
    """One round, at whose end the form is as before but for a field more."""
    more = FieldDraft(Label("更多", "More"), "text", name=f"more{number}", is_indexed=True, options={"default": "x"})
    return [
        lambda work: type_changes.change_type(work, RUSH, "code_c", TypeDraft("integer")),
        lambda work: metadata.add_field(work, RUSH, more, fill_existing=True),
        lambda work: metadata.retire_field(work, RUSH, "note_c"),
        lambda work: metadata.update_field(work, RUSH, "code_c", FieldChange(is_unique=True)),
        lambda work: metadata.update_field(work, RUSH, "code_c", FieldChange(is_unique=False, is_indexed=True)),
        lambda work: metadata.restore_field(work, RUSH, "note_c"),
        lambda work: metadata.update_field(work, RUSH, "title_c", FieldChange(Label(f"题目{number}"), is_unique=True)),
        lambda work: type_changes.undo_type_change(work, RUSH, "code_c"),
        lambda work: metadata.update_field(work, RUSH, "title_c", FieldChange(is_unique=False)),
        lambda work: metadata.update_field(work, RUSH, "code_c", FieldChange(is_indexed=False)),
    ]


async def test_writers_and_readers_meet_the_old_shape_or_the_new_one(
    app: Starlette, settings: Settings, company: Tenant
) -> None:
    fields = tuple(FieldDraft(Label(each), "text", name=each) for each in ("title", "code", "note"))
    draft = ObjectDraft(Label("急件", "Rush"), name="rush", plural_name="rushList", fields=fields)
    await company.define(lambda work: metadata.create_object(work, draft), person="admin")
    rush, slug, second = Rush(company), company.placement.slug, create_app(settings)
    async with second.router.lifespan_context(second), http_for(app, slug) as one, http_for(second, slug) as other:
        first_writer, second_writer = (
            Client(one, await company.token("admin")),
            Client(other, await company.token("admin")),
        )
        reader = second_writer

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(rush.write(first_writer))
            tasks.create_task(rush.write(second_writer))
            tasks.create_task(rush.read(reader))
            tasks.create_task(rush.define([each for number in range(ROUNDS) for each in every_change(number)]))

        found = await reader.data("{ rushList_c(first: 1000) { nodes { id title_c code_c note_c } } }")

    assert {each.pop("id"): each for each in found["rushList_c"]["nodes"]} == rush.written
    assert rush.answers["answered"] > 4 * ROUNDS * len(every_change(0)) / 2
