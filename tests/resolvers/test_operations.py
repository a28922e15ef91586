"""[A1 A2] What was defined a moment ago is there for the next request of any process, and what is gone is gone."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app import create_app
from resolvers.operations import Answer
from schema.tables.audit import audit_entry
from services.identity import close_sessions
from tenants.cache_metrics import CACHES
from tests.clients import Client, http_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.applications import Starlette

    from tenants.settings import Settings
    from tests.builders.tenants import Tenant

pytestmark = pytest.mark.integration

ADD_FIELD = "mutation ($input: AddFieldInput!) { addField(input: $input) { field errors { code } } }"


@pytest.fixture(scope="module")
async def other_process(settings: Settings, app: Starlette) -> AsyncIterator[Starlette]:
    """A second application with caches of its own, as another process has."""
    made = create_app(settings)
    assert made is not app
    async with made.router.lifespan_context(made):
        yield made


async def test_new_field_is_seen_by_the_next_request_to_another_process(
    company: Tenant, person: Callable[[str], Awaitable[Client]], other_process: Starlette
) -> None:
    admin = await person("admin")
    query = "{ customers { nodes { sheBeiXingHao_c } } }"
    async with http_for(other_process, company.placement.slug) as http:
        elsewhere = Client(http, admin.token)
        before = await elsewhere.ask(query)

        made = await admin.data(
            ADD_FIELD, input={"object": "customer", "field": {"label": {"zh": "设备型号"}, "type": "text"}}
        )
        after = await elsewhere.data(query)

    assert [each["extensions"]["code"] for each in before["errors"]] == ["DOCUMENT_INVALID"]
    assert made["addField"] == {"field": "sheBeiXingHao_c", "errors": []}
    assert after == {"customers": {"nodes": []}}


async def test_variables_of_a_new_field_are_seen_too(
    company: Tenant, person: Callable[[str], Awaitable[Client]], other_process: Starlette
) -> None:
    admin = await person("admin")
    text = "mutation ($i: CreateCustomerInput!) { createCustomer(input: $i) { errors { code } } }"
    async with http_for(other_process, company.placement.slug) as http:
        elsewhere = Client(http, admin.token)
        await elsewhere.data("{ customers { totalCount } }")
        await admin.data(ADD_FIELD, input={"object": "customer", "field": {"label": {"zh": "颜色"}, "type": "text"}})

        written = await elsewhere.data(text, i={"record": {"name": "红色公司", "yanSe_c": "红"}})

    assert written == {"createCustomer": {"errors": []}}


async def test_a_field_that_is_audited_since_another_process_knew_it_is_read_with_an_entry(
    company: Tenant, person: Callable[[str], Awaitable[Client]], other_process: Starlette
) -> None:
    admin = await person("admin")
    query = "{ customers { nodes { phone } } }"
    async with http_for(other_process, company.placement.slug) as http:
        elsewhere = Client(http, admin.token)
        before = await elsewhere.data(query)
        update = "mutation ($i: UpdateFieldInput!) { updateField(input: $i) { errors { code } } }"
        await admin.data(update, i={"object": "customer", "field": "phone", "auditReads": True})

        answer = await elsewhere.data(query)

    assert answer == before
    of_reads = sa.select(sa.func.count()).where(audit_entry.c.action == "record.read")
    assert await company.read(lambda work: work.session.scalar(of_reads)) == 1


async def test_trusted_documents_are_required_by_the_next_request_of_any_process(
    tenant: Tenant, client_as: Callable[..., Awaitable[Client]], other_process: Starlette
) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")
    read, write = (
        "{ customers { totalCount } }",
        'mutation { createCustomer(input: {record: {name: "红"}}) { errors { code } } }',
    )
    async with http_for(other_process, tenant.placement.slug) as http:
        for document in (read, write):
            elsewhere = Client(http, sales.token)
            await admin.data("mutation { requireTrustedDocuments(input: {only: false}) { errors { code } } }")
            await elsewhere.data(read)
            await admin.data("mutation { requireTrustedDocuments(input: {only: true}) { errors { code } } }")

            refused = await elsewhere.ask(document)

            assert [each["extensions"]["code"] for each in refused["errors"]] == ["DOCUMENT_NOT_TRUSTED"]
    assert (await admin.data(read)) == {"customers": {"totalCount": 0}}


async def test_closed_session_is_refused_although_its_token_still_lives(
    company: Tenant, person: Callable[[str], Awaitable[Client]]
) -> None:
    sales = await person("colleague")
    await sales.data("{ customers { totalCount } }")

    await company.write(lambda work: close_sessions(work, company.user_id("colleague"), reason="test"))

    for query in ("{ customers { totalCount } }", "{ me { name } }", "{ __schema { queryType { name } } }"):
        response = await sales.post({"query": query})
        body = response.json()
        assert body["errors"][0]["extensions"]["family"] == "UNAUTHENTICATED", query
        assert not (body.get("data") or {}).get("customers")


async def test_introspection_has_the_tenants_words(person: Callable[[str], Awaitable[Client]]) -> None:
    sales = await person("sales")
    query = '{ __type(name: "Customer") { description } customers { totalCount } }'

    english = await sales.data(query)
    chinese = await sales.ask(query, headers={"Accept-Language": "zh"})

    assert english["__type"] == {"description": "Customer"}
    assert chinese["data"]["__type"] == {"description": "客户"}
    assert isinstance(english["customers"]["totalCount"], int)


async def test_validation_names_the_near_names_of_the_callers_schema(
    person: Callable[[str], Awaitable[Client]],
) -> None:
    """Names are no secret to those who are signed in; what another tenant calls its things is in another schema."""
    sales = await person("sales")

    (error,) = await sales.errors("{ customerz { totalCount } }")

    assert error["message"] == "Cannot query field 'customerz' on type 'Query'. Did you mean “customer” or “customers”?"
    assert error["locations"] == [{"line": 1, "column": 3}]


async def test_a_schema_weighs_what_a_new_document_made_of_it(person: Callable[[str], Awaitable[Client]]) -> None:
    """[H2] At once, and not when somebody asks again: that may be never."""
    sales = await person("sales")
    text = "{ customers { totalCount } }"
    for _ in range(2):
        await sales.data(text)
    before = weight_of_schemas()

    await sales.ask("{ priceBooksAggregate { min { __typename } countDistinct { __typename } } }")

    assert weight_of_schemas() > before


async def test_a_schema_is_weighed_when_a_known_operation_makes_it_grow(
    person: Callable[[str], Awaitable[Client]],
) -> None:
    sales = await person("sales")
    text = "query ($f: DelegationFilter) { delegations(filter: $f) { totalCount } }"
    for _ in range(2):
        await sales.data(text)
    before = weight_of_schemas()

    await sales.data(text, f={"createdAt": {"gte": "2026-01-01T00:00:00Z"}})

    assert weight_of_schemas() > before


def weight_of_schemas() -> float:
    """As it is told at `/metrics`; those of other tests may still be there."""
    gc.collect()
    (weight,) = (
        sample.value
        for family in CACHES.collect()
        for sample in family.samples
        if (sample.name, sample.labels.get("cache")) == ("kezhi_cache_weight", "schemas")
    )
    return weight


def test_answer_with_errors_puts_them_first() -> None:
    error: dict[str, object] = {"message": "x", "extensions": {"code": "FORBIDDEN"}}

    assert Answer(b'{"a":null}', [error]).body() == (
        b'{"errors":[{"message":"x","extensions":{"code":"FORBIDDEN"}}],"data":{"a":null}}'
    )
    assert Answer(b"{}").body() == b'{"data":{}}'
    assert Answer(b"{}", [error]).code == "FORBIDDEN"
    assert Answer(b"{}").code is None
