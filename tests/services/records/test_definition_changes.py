"""Writers beside a change of shape: each sees the old one or the new one, and none an error of the database."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from schema.metadata.errors import UnknownField
from schema.metadata.fields import Label
from services import metadata, records
from services.metadata import FieldChange, FieldDraft
from tests.builders.records import create, create_one, refused, stored, update

if TYPE_CHECKING:
    from uuid import UUID

    from services.metadata import Defined
    from tenants.context import DefinitionWork, Work
    from tests.builders.tenants import Tenant


def field(name: str, *, type_: str = "text", required: bool = False, is_unique: bool = False) -> FieldDraft:
    return FieldDraft(Label(name, name), type_, name=name, required=required, is_unique=is_unique)


async def add(tenant: Tenant, draft: FieldDraft) -> Defined:
    return await tenant.define(lambda work: metadata.add_field(work, "customer", draft))


async def test_a_new_field_is_written_at_once(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", name="甲")
    await add(tenant, field("model"))

    await update(tenant, "customer", made, model_c="X-1")

    with pytest.raises(UnknownField):
        await update(tenant, "customer", made, other_c="X-1")
    assert "X-1" in (await stored(tenant, "customer", made)).values()


async def test_a_new_unique_field_is_kept_unique(tenant: Tenant) -> None:
    first, second = await create(tenant, "customer", {"name": "甲"}, {"name": "乙"})
    await add(tenant, field("model", is_unique=True))
    await update(tenant, "customer", first, model_c="X-1")

    assert await refused(update(tenant, "customer", second, model_c="ｘ-1")) == [((0, "model_c"), "UNIQUE_TAKEN")]


async def test_a_writer_that_began_before_the_change_sees_it(tenant: Tenant) -> None:
    """Its first attempt is built for the old shape; the change commits; the statement finds itself outdated."""
    began, changed = asyncio.Event(), asyncio.Event()
    attempts: list[int] = []

    async def slowly(work: Work) -> UUID:
        attempts.append(work.versions.metadata)
        began.set()
        await changed.wait()
        written = await records.create(work, "customer", [{"name": "甲"}])
        return written.ids[0]

    async def define() -> None:
        await began.wait()
        await add(tenant, field("model"))
        changed.set()

    made, _ = await asyncio.gather(tenant.write(slowly), define())

    assert len(attempts) == 2
    assert attempts[1] == attempts[0] + 1
    assert (await stored(tenant, "customer", made))["name"] == "甲"


async def test_a_rule_that_came_meanwhile_holds_for_the_writer(tenant: Tenant) -> None:
    began, changed = asyncio.Event(), asyncio.Event()
    await add(tenant, field("model"))

    async def slowly(work: Work) -> None:
        began.set()
        await changed.wait()
        await records.create(work, "customer", [{"name": "甲"}])

    async def require(work: DefinitionWork) -> None:
        await metadata.update_field(work, "customer", "model_c", FieldChange(required=True))

    async def define() -> None:
        await began.wait()
        await tenant.define(require)
        changed.set()

    ended, _ = await asyncio.gather(tenant.write(slowly), define(), return_exceptions=True)

    assert [(each.path, each.fault.code) for each in getattr(ended, "violations", ())] == [((0, "model_c"), "REQUIRED")]


async def test_writers_at_the_same_time_as_a_change_all_end_well(tenant: Tenant) -> None:
    """A writer that reads first and writes later must not stand in a circle with the change that alters the table."""
    made = await create(tenant, "customer", *({"name": f"客户{number}"} for number in range(8)))

    async def write(number: int) -> None:
        for level in ("a", "b", "c"):
            await update(tenant, "customer", made[number], level=level)

    await asyncio.gather(add(tenant, field("model", is_unique=True)), *(write(number) for number in range(8)))

    assert {(await stored(tenant, "customer", each))["level"] for each in made} == {"c"}
