"""[A10] Who is in a pilot, as roles, departments and users stand, and how many pilots there can be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import sqlalchemy as sa

from schema.metadata.fields import Label
from schema.tables.permissions import department, role
from schema.tables.pilots import pilot
from services import metadata, permissions, pilots
from services.metadata import FieldDraft
from services.permissions import Level, Verb
from services.pilots import (
    LONGEST_TITLE,
    MOST_COORDINATES,
    MOST_MEMBERS,
    MOST_RUNNING,
    CoordinateDraft,
    GroupDraft,
    PilotDraft,
    TooManyCoordinates,
    TooManyMembers,
    TooManyPilots,
)
from tests.builders import pilots as building
from tests.builders.derived import define, field
from tests.builders.metadata import add_field, registry_of
from tests.builders.records import create_one, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenants.context import DefinitionWork
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
PEOPLE = ("admin", "director", "manager", "sales", "stranger")


async def levels(tenant: Tenant, object_name: str, name: str) -> dict[str, Level]:
    """How far people reach a field, as a request of theirs would find it now."""
    found = [await tenant.read(permissions.policy, person=each) for each in PEOPLE]
    return dict(zip(PEOPLE, (each.on(object_name).level(name) for each in found), strict=True))


async def named(tenant: Tenant, table: sa.Table, name: str) -> UUID:
    found = await tenant.read(lambda work: work.session.scalar(sa.select(table.c.id).where(table.c.name == name)))
    assert isinstance(found, UUID)
    return found


GROUPS: dict[str, tuple[Callable[[UUID, UUID, UUID], GroupDraft], set[str]]] = {
    "role": (lambda role, _, __: GroupDraft(role_ids=[role]), {"sales", "stranger"}),
    "department": (lambda _, east, __: GroupDraft(department_ids=[east]), {"manager", "sales"}),
    "tree": (lambda _, east, __: GroupDraft(tree_ids=[east]), {"manager", "sales"}),
    "user": (lambda _, __, user: GroupDraft(user_ids=[user]), {"admin"}),
    "several": (lambda role, _, user: GroupDraft([role], (), (), [user]), {"admin", "sales", "stranger"}),
}


@pytest.mark.parametrize("kind", GROUPS)
async def test_field_is_closed_to_whom_the_group_does_not_name(company: Tenant, kind: str) -> None:
    name = (await add_field(company, name=f"of{kind.title()}")).field_name
    ids = await named(company, role, "sales"), await named(company, department, "east"), company.principal("admin").id
    chosen, people = GROUPS[kind]
    before = await levels(company, "customer", name)

    started = await building.start(company, f"customer.{name}", group=chosen(*ids))

    opened = {each for each, level in (await levels(company, "customer", name)).items() if level is Level.WRITE}
    assert (opened, set(before.values())) == (people, {Level.WRITE})
    await company.define(lambda work: pilots.release_pilot(work, started.id), person="admin")
    assert await levels(company, "customer", name) == before


async def test_object_is_closed_for_every_verb(company: Tenant) -> None:
    name = await define(company, "tool", field("code", "text"))

    await building.start(company, name, people=["sales"])

    for person, is_open in (("sales", True), ("director", False), ("admin", False)):
        rights = (await company.read(permissions.policy, person=person)).on(name)
        assert bool(rights.arms(Verb.READ) and rights.create) is is_open
        assert is_open or not any(rights.arms(verb) for verb in Verb)


async def test_what_one_transaction_makes_and_pilots_is_never_seen_outside(company: Tenant) -> None:
    name = await define(company, "crane", field("code", "text"))
    await create_one(company, name, code_c="a")
    draft = FieldDraft(Label(en="load"), "integer", name="load", required=True, options={"default": 5})

    async def publish(work: DefinitionWork, name_: str, person: UUID) -> pilots.Piloted:
        made = await metadata.add_field(work, name, replace(draft, name=name_), fill_existing=True)
        coordinates = [CoordinateDraft(name, made.field_name)]
        asked = PilotDraft("Load", GroupDraft(user_ids=[person]), coordinates)
        return await pilots.start_pilot(work, asked, is_new=True)

    sales, nobody = company.principal("sales").id, UUID(int=0)
    done = await company.define(lambda work: publish(work, "load", sales), person="admin")
    wrong = await refused(company.define(lambda work: publish(work, "lift", nobody), person="admin"))

    assert done.state == "running"
    found = await levels(company, name, "load_c")
    assert {each for each, level in found.items() if level is Level.WRITE} == {"sales"}
    assert wrong == [(("group", "userIds", 0), "RELATION_NOT_FOUND")]
    assert (await registry_of(company)).shape.field(name, "lift_c") is None


async def test_limits_hold_at_one_more(company: Tenant) -> None:
    name = (await add_field(company, name="limited")).field_name
    one, me = CoordinateDraft("customer", name), company.principal("sales").id

    async def start(draft: PilotDraft) -> None:
        await company.define(lambda work: pilots.start_pilot(work, draft), person="admin")

    with pytest.raises(TooManyCoordinates):
        await start(PilotDraft("x", GroupDraft(user_ids=[me]), [one] * (MOST_COORDINATES + 1)))
    with pytest.raises(TooManyMembers):
        await start(PilotDraft("x", GroupDraft(user_ids=[me] * (MOST_MEMBERS + 1)), [one]))
    long = PilotDraft("x" * (LONGEST_TITLE + 1), GroupDraft(user_ids=[me]), [one])
    assert await refused(start(long)) == [(("title",), "TOO_LONG")]
    await start(PilotDraft("x" * LONGEST_TITLE, GroupDraft(user_ids=[me] * MOST_MEMBERS), [one] * MOST_COORDINATES))


async def test_so_many_pilots_run_at_a_time_and_no_more(tenant: Tenant) -> None:
    name = await define(tenant, "many", *(field(f"f{number}", "integer") for number in range(MOST_RUNNING + 1)))
    started = [await building.start(tenant, f"{name}.f{number}_c") for number in range(MOST_RUNNING)]
    last = f"{name}.f{MOST_RUNNING}_c"

    with pytest.raises(TooManyPilots):
        await building.start(tenant, last)
    await tenant.define(lambda work: pilots.release_pilot(work, started[0].id), person="admin")
    await building.start(tenant, last)

    running = sa.select(sa.func.count()).select_from(pilot).where(pilot.c.state == "running")
    assert await tenant.read(lambda work: work.session.scalar(running)) == MOST_RUNNING
