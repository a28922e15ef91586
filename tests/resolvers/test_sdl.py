"""[H1] The SDL of a tenant can be downloaded, and the demo tenant's is the one in the repository."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

import pytest
from graphql import build_client_schema, build_schema, get_introspection_query, lexicographic_sort_schema, print_schema

from tests.clients import Client, http_for
from tests.resolvers import schema_snapshot

if TYPE_CHECKING:
    from graphql import IntrospectionQuery
    from starlette.applications import Starlette

    from tests.builders.tenants import Tenant

pytestmark = pytest.mark.integration

INTROSPECTION = get_introspection_query(input_value_deprecation=True, one_of=True)
ROLES = ", ".join(f'"{role}: write"' for role in ("admin", "director", "finance", "manager", "sales", "service"))


def test_committed_schema_is_that_of_the_demo_tenant() -> None:
    committed = schema_snapshot.PAGE.read_text(encoding="utf-8")

    assert committed == schema_snapshot.text(), "run: python -m tests.resolvers.schema_snapshot"


async def test_signed_in_caller_downloads_the_schema(app: Starlette, shared_tenant: Tenant) -> None:
    async with http_for(app, "shared") as http:
        client = Client(http, await shared_tenant.token("admin"))
        answer = await client.get("/schema.graphql")
        chinese = await client.get("/schema.graphql", headers={"Accept-Language": "zh-CN,zh;q=0.9"})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert re.sub(r', roles: \["[^]]*\]', "", answer.text) == schema_snapshot.text()
    assert '"""客户"""' in chinese.text


async def test_who_may_define_sees_how_far_each_role_reaches(app: Starlette, shared_tenant: Tenant) -> None:
    async with http_for(app, "shared") as http:
        texts = [
            (await Client(http, await shared_tenant.token(person)).get("/schema.graphql")).text
            for person in ("admin", "service")
        ]

    asked = r'scope: "contact\.contactInfo:read", level: "(\w+)"(?:, roles: \[(.*)\])?\)$'
    told = [re.search(r"^  phone: String @auth\(" + asked, text, re.MULTILINE) for text in texts]
    assert [each and each.groups() for each in told] == [("write", ROLES), ("write", None)]


async def test_download_and_introspection_tell_a_caller_the_same(app: Starlette, shared_tenant: Tenant) -> None:
    for person in ("sales", "service"):
        async with http_for(app, "shared") as http:
            client = Client(http, await shared_tenant.token(person))
            sdl = build_schema((await client.get("/schema.graphql")).text)
            told = build_client_schema(cast("IntrospectionQuery", await client.data(INTROSPECTION)))

        texts = [print_schema(lexicographic_sort_schema(each)).replace(" @oneOf", "") for each in (told, sdl)]
        assert texts[0] == texts[1]
        assert "CreateRoleInput" not in told.type_map
        assert "createRole" not in told.mutation_type.fields  # type: ignore[union-attr]


async def test_what_is_hidden_is_told_like_what_never_was(app: Starlette, shared_tenant: Tenant) -> None:
    async with http_for(app, "shared") as http:
        client = Client(http, await shared_tenant.token("sales"))
        types = await client.data(
            '{ hidden: __type(name: "AuditEntry") { name } absent: __type(name: "Nothing") { name } }'
        )
        near = [await client.ask(f"{{ {name} {{ nodes {{ id }} }} }}") for name in ("auditEntr", "customer1")]
        beside = await client.data('{ __type(name: "Customer") { name } me { name } }')

    assert types == {"hidden": None, "absent": None}
    assert [each["errors"][0]["message"] for each in near] == [
        "Cannot query field 'auditEntr' on type 'Query'.",
        "Cannot query field 'customer1' on type 'Query'. Did you mean “customer” or “customers”?",
    ]
    assert beside == {"__type": {"name": "Customer"}, "me": {"name": "sales"}}


async def test_nobody_in_particular_gets_no_schema(app: Starlette, shared_tenant: Tenant) -> None:
    async with http_for(app, shared_tenant.placement.slug) as http:
        answer = await http.get("/schema.graphql")

    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
