"""[G2] Whoever may define reads as another user would; the entry names both, and nobody else may."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from services import identity, permissions
from services.identity.errors import ViewOnly
from tenants.context import ANONYMOUS, Principal, PrincipalKind
from tenants.errors import Forbidden, NotFound

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

VIEWED = sa.select(audit_entry.c.principal_id, audit_entry.c.record_id).where(audit_entry.c.action == "access.viewedAs")


async def viewings(tenant: Tenant) -> list[tuple[UUID, UUID]]:
    rows = await tenant.read(lambda work: work.session.rows(VIEWED))
    return [(row["principal_id"], row["record_id"]) for row in rows]


async def test_an_administrator_looks_as_somebody_and_is_named_for_it(company: Tenant) -> None:
    viewed, viewer = company.user_id("sales"), company.user_id("admin")
    before = await viewings(company)

    found = await company.write(lambda work: identity.view_as(work, viewed), person="admin")

    assert found == Principal(PrincipalKind.USER, viewed, viewer_id=viewer)
    assert await viewings(company) == [*before, (viewer, viewed)]


@pytest.mark.parametrize("person", ["director", "sales"])
async def test_nobody_else_does(company: Tenant, person: str) -> None:
    before = await viewings(company)

    with pytest.raises(Forbidden):
        await company.write(lambda work: identity.view_as(work, company.user_id("finance")), person=person)

    assert await viewings(company) == before


async def test_who_is_not_there_or_locked_out_is_not_looked_as(company: Tenant) -> None:
    locked_out = company.user_id("colleague")
    await company.define(lambda work: identity.deactivate_user(work, locked_out), person="admin")

    for user_id in (UUID(int=7), locked_out):
        with pytest.raises(NotFound):
            await company.write(lambda work: identity.view_as(work, user_id), person="admin")  # noqa: B023 - awaited here


async def test_a_viewer_changes_nothing() -> None:
    identity.refuse_viewer(ANONYMOUS)

    with pytest.raises(ViewOnly):
        identity.refuse_viewer(Principal(PrincipalKind.USER, UUID(int=1), viewer_id=UUID(int=2)))


async def test_the_policy_is_the_users_without_the_inbox(company: Tenant) -> None:
    viewed = company.user_id("manager")
    principal = Principal(PrincipalKind.USER, viewed, viewer_id=company.user_id("admin"))
    looking = replace(company, principals={"viewer": principal})

    seen = await looking.read(permissions.policy, person="viewer")
    own = await company.read(permissions.policy, person="manager")

    assert (seen.may_define, seen.roles) == (False, ("manager",))
    assert seen.on("customer") == own.on("customer")
    assert (seen.on("notification"), seen.fingerprint(["notification"])) == (
        permissions.NO_RIGHTS,
        permissions.no_policy(1).fingerprint(["notification"]),
    )
    assert own.on("notification") != permissions.NO_RIGHTS
