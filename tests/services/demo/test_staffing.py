"""The people of the demo company are there, with departments, roles and the password that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.tables.permissions import department, role, role_member, user
from services import demo
from services.demo.people import DEPARTMENTS, PEOPLE
from services.demo.staffing import accounts
from tests.builders.callers import Caller
from tests.builders.identity import PASSWORD, signed_in
from tests.builders.tenants import Tenant, make_tenant

if TYPE_CHECKING:
    from tenants.installation import Installation
    from tenants.provisioning import Provisioner

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
async def company(installation: Installation, provisioner: Provisioner) -> Tenant:
    made = await make_tenant(installation, provisioner, staff={})
    await made.define(lambda work: demo.staff(work, PASSWORD))
    return made


@pytest.fixture
def system(company: Tenant) -> Caller:
    return Caller(company.installation.transactions, company.placement)


async def test_everyone_has_one_department_and_one_role(system: Caller) -> None:
    query = (
        sa
        .select(user.c.email, user.c.name, user.c.title, department.c.name.label("place"), role.c.name.label("role"))
        .join(department, department.c.id == user.c.department_id)
        .join(role_member, role_member.c.user_id == user.c.id)
        .join(role, role.c.id == role_member.c.role_id)
    )
    places = {key: name for key, name, _ in DEPARTMENTS}

    assert sorted(tuple(row.values()) for row in await system.rows(query)) == sorted(
        (person.email, person.name, person.title, places[person.department], person.role) for person in PEOPLE
    )


async def test_departments_have_their_managers(system: Caller) -> None:
    query = sa.select(department.c.name, user.c.email).join(user, user.c.id == department.c.manager_id)

    assert {row["name"]: row["email"] for row in await system.rows(query)} == {
        name: f"{manager}@demo.example" for _, name, manager in DEPARTMENTS
    }


async def test_everyone_signs_in_with_the_password(system: Caller) -> None:
    known = dict(await system.read(accounts))

    opened = [await signed_in(system, email=person.email) for person in PEOPLE[:3]]

    assert [each.user_id for each in opened] == [known[person.account] for person in PEOPLE[:3]]
    assert list(known) == [person.account for person in PEOPLE]
