"""[G2] Who may shape roles: administrators, and nobody else by any of these mutations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services import verbs
from tests.builders.mutations import refusal
from tests.builders.roles import everything, role_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    ClientAs = Callable[..., Awaitable[Client]]


CALLS: dict[str, dict[str, Any]] = {  # Any: as a client writes it; an empty id is that of a role
    "createRole": {"name": "x"},
    "copyRole": {"id": "", "name": "x"},
    "updateRole": {"id": "", "labelZh": "x"},
    "deleteRole": {"id": ""},
    "setObjectPermission": {"roleId": "", "object": "customer", "read": "all"},
    "removeObjectPermission": {"roleId": "", "object": "*"},
    "setFieldPermission": {"roleId": "", "object": "customer", "field": "phone", "level": "none"},
    "openRecords": {"roleId": "", "object": "customer", "reach": "read", "filter": {"name": {"eq": "x"}}},
    "closeRecords": {"roleId": "", "ruleId": "0192a000-0000-7003-8000-000000000000"},
    "restrictRole": {"roleId": "", "object": "customer", "verb": "read"},
    "grantAction": {"roleId": "", "action": "lead.convert"},
    "revokeAction": {"roleId": "", "action": "lead.convert"},
    "liftRestriction": {"roleId": "", "object": "customer", "verb": "read"},
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("who", ["", "sales", "director", "service"])
async def test_only_administrators_shape_roles(
    company: Tenant, person: Callable[[str], Awaitable[Client]], who: str, name: str
) -> None:
    client, admin = await person(who), await person("admin")
    sales = await role_id(admin, "sales")
    given = {each: sales if value == "" else value for each, value in CALLS[name].items()}
    before = await everything(company)

    if who:
        assert await refusal(client, name, **given) == ("FORBIDDEN", ["done"])
    else:
        document = (
            f"mutation ($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ errors {{ code }} }} }}"
        )
        answer = await client.ask(document, {"input": given})
        assert (answer.get("data"), answer["errors"][0]["extensions"]["code"]) == (None, "UNAUTHENTICATED")
    assert await everything(company) == before


def test_every_mutation_of_roles_is_asked_for() -> None:
    named = {each.name for each in verbs.declared() if each.run.__module__ == "services.roles.verbs"}

    assert named == CALLS.keys()
