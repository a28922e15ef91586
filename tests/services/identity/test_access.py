"""What changes of access have in common: who may, in which kind of work, and when the version moves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import asyncpg
import pytest
import sqlalchemy as sa

from schema.metadata.errors import VersionConflict
from schema.tables.metadata import state
from schema.tables.permissions import department, role_member
from services.identity import access
from services.identity.errors import SignInNeeded
from tenants.errors import Forbidden, NotFound, Unauthenticated
from tests.builders import identity as build

if TYPE_CHECKING:
    from tenants.context import DefinitionWork, ReadWork
    from tests.builders.callers import Caller
    from tests.builders.tenants import Tenant

VERSION = sa.select(state.c.access_version)


async def test_version_moves_with_the_commit_and_not_before(system: Caller) -> None:
    async def seen(work: DefinitionWork) -> tuple[int, int]:
        await access.move(work)
        return work.versions.access, await work.session.scalar(VERSION)

    before, inside = await system.define(seen)

    after = await system.read(lambda work: work.session.scalar(VERSION))
    assert (inside, after) == (before, before + 1)


async def test_what_fails_moves_nothing(system: Caller, company: Tenant) -> None:
    before = await system.read(lambda work: work.session.scalar(VERSION))

    with pytest.raises(Forbidden):
        await company.define(access.move, person="sales")

    assert await system.read(lambda work: work.session.scalar(VERSION)) == before


@pytest.mark.parametrize("scopes", [(), ("metadata:admin",)])
async def test_a_token_is_refused_whatever_its_scopes(company: Tenant, scopes: tuple[str, ...]) -> None:
    """Behind the schema of a token, which does not have what needs a sign-in."""

    async def attempt(work: ReadWork) -> None:
        access.refuse_token(replace(work, principal=replace(work.principal, scopes=scopes)))

    if not scopes:
        await company.read(attempt, person="admin")
        return
    with pytest.raises(SignInNeeded):
        await company.read(attempt, person="admin")


async def test_running_role_cannot_write_members_at_all(system: Caller, company: Tenant) -> None:
    """The second lock: even a statement that got past every check has no right to grant itself a role."""
    row = {"role_id": await build.role_id(system, "admin"), "user_id": company.user_id("sales")}

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await system.write(lambda work: work.session.execute(sa.insert(role_member).values(row)))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await system.write(lambda work: work.session.execute(sa.update(state).values(access_version=1)))


async def test_versioned_row_moves_one_version_further(system: Caller) -> None:
    department_id = await build.department(system, "华东")

    await system.define(
        lambda work: access.update_versioned(work, department, department_id, {"name": "华南"}, if_version=1)
    )

    stored = sa.select(department.c.name, department.c.version).where(department.c.id == department_id)
    (row,) = await system.read(lambda work: work.session.rows(stored))
    assert tuple(row) == ("华南", 2)


@pytest.mark.parametrize(("known", "fault"), [(True, VersionConflict), (False, NotFound)])
async def test_outdated_and_unknown_rows_are_told_apart(
    system: Caller, company: Tenant, *, known: bool, fault: type[Exception]
) -> None:
    row_id = await build.department(system, "华东") if known else company.user_id("sales")

    with pytest.raises(fault):
        await system.define(lambda work: access.update_versioned(work, department, row_id, {}, if_version=9))


async def test_admin_and_system_may_define_and_nobody_else(system: Caller, company: Tenant) -> None:
    await system.read(access.require_definer)
    await company.read(access.require_definer, person="admin")

    for person in ("director", "manager", "sales", "service", "finance"):
        with pytest.raises(Forbidden):
            await company.read(access.require_definer, person=person)
    with pytest.raises(Unauthenticated):
        await system.anonymous().read(access.require_definer)
