"""[G2] [G7] `X-View-As`: what a user would see, no more; nothing written, everything noted, over with the request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.tables.metadata import field_definition
from tenants.context import Moving
from tests.builders.background import link_entries
from tests.builders.permissions import limit_field
from tests.builders.records import create_one

if TYPE_CHECKING:
    from tenants.context import DefinitionWork
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Person = Callable[[str], Awaitable["Client"]]
ASKED = """{
  me { name roles }
  effectivePermissions { roles mayDefine }
  customers(orderBy: [{name: ASC}]) { totalCount nodes { name address maskedFields } }
  customersAggregate(groupBy: [{owner: {name: true}}]) { group { owner { name } } count }
  search(text: "远景") { title }
  recordHistories(first: 100) { totalCount nodes { changes } }
}"""
CREATE = 'mutation { createCustomer(input: {record: {name: "借眼"}}) { customer { id } } }'
ENTRIES = """{
  auditEntries(filter: {action: {in: ["access.viewedAs", "record.read"]}}, orderBy: [{seq: ASC}]) {
    nodes { action principalId recordId details }
  }
}"""


async def viewing(person: Person, tenant: Tenant, viewer: str, viewed: str) -> Client:
    client = await person(viewer)
    return replace(client, headers={"X-View-As": str(tenant.user_id(viewed))})


async def refused(client: Client, document: str) -> list[str]:
    return [each["extensions"]["code"] for each in await client.errors(document)]


def _type_of(sdl: str, name: str) -> str:
    return sdl.split(f"type {name} implements Node {{")[1].split("\n}\n", maxsplit=1)[0]


@pytest.fixture(scope="module", autouse=True)
async def records(company: Tenant) -> None:
    for owner in ("sales", "stranger", "colleague"):
        await create_one(company, "customer", person=owner, name=f"远景 {owner}", address="南京路 1 号")
    await limit_field(company, "sales", "customer", "address", "masked")


@pytest.mark.parametrize("viewed", ["sales", "manager", "director", "finance"])
async def test_a_viewer_sees_what_the_user_would(company: Tenant, person: Person, viewed: str) -> None:
    own = await (await person(viewed)).data(ASKED)

    seen = await (await viewing(person, company, "admin", viewed)).data(ASKED)

    assert seen == own
    assert own["me"]["name"] == viewed


async def test_a_viewer_may_ask_for_nothing_that_the_user_may_not(company: Tenant, person: Person) -> None:
    client = await viewing(person, company, "admin", "sales")

    assert await refused(client, "{ auditEntries { totalCount } }") == ["OBJECT_NOT_READABLE"]
    assert await refused(client, '{ customers(filter: {address: {eq: "x"}}) { totalCount } }') == ["FIELD_NOT_READABLE"]
    assert await refused(client, "{ sharingRules { id } }") == ["FORBIDDEN"]


async def test_a_viewer_sees_the_schema_of_the_user(company: Tenant, person: Person) -> None:
    own = await (await person("sales")).get("/schema.graphql")

    seen = await (await viewing(person, company, "admin", "sales")).get("/schema.graphql")

    assert [_type_of(each.text, "Customer") for each in (own, seen)] == [_type_of(own.text, "Customer")] * 2
    assert (seen.status_code, "address: String" in _type_of(seen.text, "Customer")) == (200, True)


async def test_inboxes_stay_their_owners(company: Tenant, person: Person) -> None:
    client = await viewing(person, company, "admin", "sales")

    assert await refused(client, "{ notifications { totalCount } }") == ["OBJECT_NOT_READABLE"]


async def test_nothing_is_written_with_somebody_elses_eyes(company: Tenant, person: Person) -> None:
    counted = "{ customersAggregate { count } }"
    before = await (await person("admin")).data(counted)

    for viewed in ("sales", "admin"):
        client = await viewing(person, company, "admin", viewed)
        assert await refused(client, CREATE) == ["VIEW_ONLY"]
        assert await refused(client, 'mutation { createTeam(input: {name: "x"}) { errors { code } } }') == ["VIEW_ONLY"]
        assert await refused(client, "mutation { signOut(input: {}) { closed } }") == ["VIEW_ONLY"]

    assert await (await person("admin")).data(counted) == before


@pytest.mark.parametrize(
    ("viewer", "code"), [("", "UNAUTHENTICATED"), ("director", "FORBIDDEN"), ("sales", "FORBIDDEN")]
)
async def test_only_administrators_view(company: Tenant, person: Person, viewer: str, code: str) -> None:
    client = await viewing(person, company, viewer, "finance")

    assert await refused(client, "{ me { name } }") == [code]
    assert (await client.get("/schema.graphql")).json()["errors"][0]["extensions"]["code"] == code


@pytest.mark.parametrize("named", ["nobody", "00000000-0000-0000-0000-000000000007"])
async def test_whom_nobody_is_there_is_not_viewed_as(person: Person, named: str) -> None:
    client = replace(await person("admin"), headers={"X-View-As": named})

    assert await refused(client, "{ me { name } }") == ["NOT_FOUND"]


async def test_a_request_that_views_twice_is_refused(company: Tenant, person: Person) -> None:
    client = await person("admin")
    headers = [("X-View-As", str(company.user_id(each))) for each in ("sales", "finance")]
    sent = [*headers, ("Authorization", f"Bearer {client.token}"), ("Content-Type", "application/json")]

    answer = await client.http.post("/graphql", content='{"query": "{ me { name } }"}', headers=sent)

    assert answer.json()["errors"][0]["extensions"]["code"] == "HEADER_REPEATED"


async def test_the_entry_names_both_and_the_next_request_is_ones_own(company: Tenant, person: Person) -> None:
    client = await viewing(person, company, "admin", "stranger")
    seen = await client.data("{ me { name } }")
    own = await replace(client, headers={}).data("{ me { name } }")
    await link_entries(company)

    entries: list[dict[str, Any]] = (await (await person("admin")).data(ENTRIES))["auditEntries"]["nodes"]

    assert (seen["me"]["name"], own["me"]["name"]) == ("stranger", "admin")
    assert entries[-1] == {
        "action": "access.viewedAs",
        "principalId": str(company.user_id("admin")),
        "recordId": str(company.user_id("stranger")),
        "details": {},
    }


async def test_what_is_read_under_audit_is_the_administrators_deed(company: Tenant, person: Person) -> None:
    async def mark(work: DefinitionWork) -> None:
        chosen = field_definition.c.name == "website"
        await work.session.execute(sa.update(field_definition).where(chosen).values(audit_reads=True))
        work.moves.add(Moving.METADATA)

    await company.define(mark)
    client = await viewing(person, company, "admin", "manager")
    await client.data("{ customers { nodes { website } } }")
    await link_entries(company)

    entries = (await (await person("admin")).data(ENTRIES))["auditEntries"]["nodes"]

    assert [(each["action"], each["principalId"]) for each in entries[-2:]] == [
        ("access.viewedAs", str(company.user_id("admin"))),
        ("record.read", str(company.user_id("admin"))),
    ]
    assert entries[-1]["details"] == {"fields": ["website"], "viewedAs": str(company.user_id("manager"))}
