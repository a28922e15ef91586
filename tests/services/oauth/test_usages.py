"""[A2] Whose scopes name a field is told before it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import metadata
from tests.builders.mutations import mutate
from tests.builders.type_changes import add_value_field

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_clients_and_tokens_with_a_scope_of_it(
    company: Tenant, person: Callable[[str], Awaitable[Client]]
) -> None:
    admin = await person("admin")
    await add_value_field(company, "scoped")
    role = (await admin.data('{ roles(filter: {name: {eq: "sales"}}) { nodes { id } } }'))["roles"]["nodes"][0]["id"]
    made = await mutate(admin, "createClient", name="Partner", roleId=role, scopes=["customer.scoped_c:read"])
    token = await mutate(
        admin, "createApiToken", name="Mine", scopes=["customer.scoped_c:read", "customer:read"], days=30
    )

    field = await company.read(lambda work: metadata.impact_of(work, "customer", "scoped_c"), person="admin")
    thing = await company.read(lambda work: metadata.impact_of(work, "customer"), person="admin")

    assert (made["errors"], token["errors"]) == ([], [])
    wanted = [("client", "Partner"), ("token", "Mine")]
    assert [(each.kind, each.name) for each in field.usages] == wanted
    assert [(each.kind, each.name) for each in thing.usages if each.kind in {"client", "token"}] == wanted
