"""Partner clients: what is stored of them, what is refused, and that nothing is changed but by administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.tables.oauth import client
from services import oauth, roles
from services.oauth import secrets
from services.oauth.errors import ClientNotFound
from tenants.errors import Forbidden, Refused
from tests.builders import oauth as build

if TYPE_CHECKING:
    from services.oauth import ClientSecret
    from tests.builders.tenants import Tenant


async def make(tenant: Tenant, *, person: str = "admin", days: int = 30, **more: object) -> ClientSecret:
    given = {"name": "P", "roleId": await build.role_id(tenant, "sales"), "scopes": ["customer:read"], **more}
    return await tenant.define(lambda work: oauth.create_client(work, given, secret_days=days), person=person)


async def test_secret_is_stored_as_its_hash(tenant: Tenant) -> None:
    made = await make(tenant)

    (row,) = await tenant.read(lambda work: work.session.rows(sa.select(client)))
    assert (row["id"], row["secret_hash"]) == (made.client_id, secrets.digest(made.secret or ""))
    assert (row["name"], row["scopes"], row["state"], row["version"]) == ("P", ["customer:read"], "active", 1)
    assert row["secret_expires_at"] == made.expires_at


async def test_what_is_wrong_is_said_at_once(tenant: Tenant) -> None:
    await make(tenant)

    with pytest.raises(Refused) as refused:
        await make(tenant, scopes=["x:read"])

    found = [(each.path, each.fault.code) for each in refused.value.violations]
    assert found == [(("scopes", 0), "UNKNOWN_SCOPE"), (("name",), "NAME_TAKEN")]


async def test_only_administrators_register_change_and_revoke(tenant: Tenant) -> None:
    made = await make(tenant)
    verbs = [
        lambda work: oauth.update_client(work, made.client_id, {"name": "Q"}, if_version=None),
        lambda work: oauth.revoke_client(work, made.client_id, if_version=None),
        lambda work: oauth.rotate_client_secret(work, made.client_id, secret_days=1),
        lambda work: oauth.recall_client(work, made.client_id),
    ]

    with pytest.raises(Forbidden):
        await make(tenant, person="director", name="R")
    for verb in verbs:
        with pytest.raises(Forbidden):
            await tenant.define(verb, person="director")

    assert await tenant.read(lambda work: work.session.scalar(sa.select(client.c.version))) == 1


async def test_revoked_client_gets_no_new_secret(tenant: Tenant) -> None:
    made = await make(tenant)
    await tenant.define(lambda work: oauth.revoke_client(work, made.client_id, if_version=1))

    with pytest.raises(ClientNotFound):
        await tenant.define(lambda work: oauth.rotate_client_secret(work, made.client_id, secret_days=1))


async def test_role_of_a_client_is_in_use(tenant: Tenant) -> None:
    role = await tenant.define(lambda work: roles.create_role(work, {"name": "partner"}))
    await make(tenant, roleId=role)

    with pytest.raises(Refused) as refused:
        await tenant.define(lambda work: roles.delete_role(work, role, if_version=None))

    (violation,) = refused.value.violations
    assert (violation.fault.code, violation.fault.details) == ("ROLE_IN_USE", {"users": 0, "clients": 1})


async def test_role_of_a_revoked_client_can_be_taken_from_it(tenant: Tenant) -> None:
    role_id = await tenant.define(lambda work: roles.create_role(work, {"name": "partner"}))
    made = await make(tenant, roleId=role_id)
    other = {"roleId": await build.role_id(tenant, "sales"), "name": "P, revoked"}
    await tenant.define(lambda work: oauth.revoke_client(work, made.client_id, if_version=None))

    await tenant.define(lambda work: oauth.update_client(work, made.client_id, other, if_version=2))
    await tenant.define(lambda work: roles.delete_role(work, role_id, if_version=None))

    (row,) = await tenant.read(lambda work: work.session.rows(sa.select(client)))
    assert (row["name"], row["role_id"], row["state"]) == ("P, revoked", other["roleId"], "revoked")
