"""[A2] What uses a thing and what it holds, over GraphQL; and destroying it for good, which happens once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import sqlalchemy as sa

from resolvers.impact import usages_told
from schema.tables.metadata import field_definition, object_definition
from services.metadata import Usage
from tests.builders.mutations import mutate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]

FIELDS = [
    {"label": {"zh": "名称"}, "name": "title", "type": "text"},
    {"label": {"zh": "值"}, "name": "value", "type": "text"},
]
IMPACT = """
query ($object: String!, $field: String) { impact(object: $object, field: $field) {
  records values pointing retiredAt destroyableFrom usages { kind name breaks }
} }
"""


def test_usage_is_told_with_its_name_and_id() -> None:
    (first, second) = usages_told([Usage("view", "All", UUID(int=7), breaks=True), Usage("index", "ix")])

    assert (first.kind, first.name, first.id, first.breaks) == ("view", "All", str(UUID(int=7)), True)
    assert (second.kind, second.name, second.id, second.breaks) == ("index", "ix", None, False)


async def let_grace_pass(tenant: Tenant, table: sa.Table, name: str) -> None:
    await tenant.define(
        lambda work: work.session.execute(
            sa.update(table).where(table.c.name == name).values(retired_at=work.now - timedelta(days=30))
        )
    )


@pytest.mark.anyio
@pytest.mark.integration
async def test_field_and_object_are_retired_and_destroyed_once(person: Person, company: Tenant) -> None:
    admin = await person("admin")
    await mutate(admin, "createObject", label={"en": "Tool"}, name="tool", fields=FIELDS)
    await mutate(admin, "createTool_c", record={"title_c": "Drill", "value_c": "5"})
    field = {"object": "tool_c", "field": "value_c"}

    before = (await admin.data(IMPACT, **field))["impact"]
    live = await mutate(admin, "destroyField", "id", **field, confirm="value_c")
    await mutate(admin, "retireField", **field)
    early = await mutate(admin, "destroyField", "id", **field, confirm="value_c")
    await let_grace_pass(company, field_definition, "value_c")
    unsaid = await mutate(admin, "destroyField", "id", **field, confirm="")
    done = [
        await mutate(admin, "destroyField", "id", **field, confirm="value_c", clientMutationId="f") for _ in range(2)
    ]

    assert (before["records"], before["values"], before["destroyableFrom"]) == (1, 1, None)
    assert live["errors"] == [{"path": [], "code": "NOT_RETIRED"}]
    assert early["errors"] == [{"path": [], "code": "STILL_IN_GRACE"}]
    assert unsaid["errors"] == [{"path": ["confirm"], "code": "CONFIRMATION_NEEDED"}]
    assert done[0] == done[1]
    assert done[0]["errors"] == []

    refused = await mutate(admin, "retireObject", object="tool_c")
    await mutate(admin, "retireObject", object="tool_c", confirm="tool_c")
    await let_grace_pass(company, object_definition, "tool_c")
    gone = [
        await mutate(admin, "destroyObject", "id", object="tool_c", confirm="tool_c", clientMutationId="o")
        for _ in range(2)
    ]
    left = await admin.data('{ objectDefinitions(filter: {name: {eq: "tool_c"}}) { nodes { state retiredAt } } }')

    assert refused["errors"] == [{"path": ["confirm"], "code": "CONFIRMATION_NEEDED"}]
    assert gone[0] == gone[1]
    assert gone[0]["errors"] == []
    assert [each["state"] for each in left["objectDefinitions"]["nodes"]] == ["destroyed"]


@pytest.mark.anyio
@pytest.mark.integration
async def test_nobody_else_is_told_or_destroys(person: Person) -> None:
    sales = await person("sales")

    (error,) = await sales.errors(IMPACT, object="customer")

    assert error["extensions"]["code"] == "FORBIDDEN"
