"""[G2] The ways around a list: inboxes, jobs, what is in the way of a unique value, sets chosen by a filter, texts of errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from schema.tables.jobs import job, notification
from services import metadata
from tests.builders.permissions import limit_field
from tests.builders.records import create_one

if TYPE_CHECKING:
    from tenants.context import Work
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Person = Callable[[str], Awaitable["Client"]]
OF_ONE = """query ($id: ID!) {
  one: NAME(id: $id) { id } many: NAMEs { totalCount nodes { id } } counted: NAMEsAggregate { count }
  filtered: NAMEs(filter: {id: {eq: $id}}, orderBy: [{createdAt: ASC}]) { edges { node { id } } } node(id: $id) { id } }"""
TAKEN = """mutation { m: createCustomer(input: {record: {name: "远景独家"}}) {
  customer { id } errors { path code } duplicates { score customer { name } } } }"""
BY_FILTER = """mutation { m: %s(input: {filter: {phone: {eq: "%s"}}%s}) { count errors { path code } } }"""


async def _own(tenant: Tenant, person: str) -> dict[str, UUID]:
    """A notification and a job of somebody."""
    user_id = tenant.user_id(person)

    async def insert(work: Work) -> dict[str, UUID]:
        names = (await metadata.registry(work)).names
        made = {each: work.ids.new(names[each].number) for each in ("notification", "job")}
        told = {"kind": "test", "title_zh": "保密", "title_en": "secret", "dedup_key": str(made["notification"])}
        await work.session.execute(sa.insert(notification).values(id=made["notification"], user_id=user_id, **told))
        await work.session.execute(sa.insert(job).values(id=made["job"], kind="test", requested_by_id=user_id))
        return made

    return await tenant.write(insert)


@pytest.mark.parametrize("kind", ["notification", "job"])
async def test_inboxes_and_jobs_are_their_owners(company: Tenant, person: Person, kind: str) -> None:
    document = OF_ONE.replace("NAME", kind)
    made = (await _own(company, "sales"))[kind]

    own = await (await person("sales")).data(document, id=str(made))
    others = [await (await person(each)).data(document, id=str(made)) for each in ("colleague", "manager", "director")]

    nothing: dict[str, Any] = {
        "one": None, "many": {"totalCount": 0, "nodes": []}, "counted": [{"count": 0}], "filtered": {"edges": []},
        "node": None,
    }  # fmt: skip
    assert (own["one"], own["node"], {"id": str(made)} in own["many"]["nodes"]) == (*[{"id": str(made)}] * 2, True)
    assert others == [nothing] * 3


async def test_what_is_in_the_way_is_shown_to_whom_it_is_open(company: Tenant, person: Person) -> None:
    await create_one(company, "customer", person="sales", name="远景独家")

    stranger, manager = [(await (await person(each)).data(TAKEN))["m"] for each in ("stranger", "manager")]

    taken = {"customer": None, "errors": [{"path": ["record", "name"], "code": "UNIQUE_TAKEN"}]}
    assert stranger == {**taken, "duplicates": []}
    assert manager == {**taken, "duplicates": [{"score": 1.0, "customer": {"name": "远景独家"}}]}


@pytest.mark.parametrize(("role", "level"), [("director", "none"), ("manager", "masked")])
async def test_a_closed_field_chooses_no_set(company: Tenant, person: Person, role: str, level: str) -> None:
    await limit_field(company, role, "customer", "phone", level)
    client = await person(role)

    for verb, more in (("deleteCustomers", ""), ("updateCustomers", ', set: {address: "x"}')):
        errors = await client.errors(BY_FILTER % (verb, "+8613800138000", more))
        assert [each["extensions"]["code"] for each in errors] == ["FIELD_NOT_READABLE"], verb


async def test_errors_name_nothing_that_is_stored(company: Tenant, person: Person) -> None:
    made = await create_one(company, "customer", person="stranger", name="远景机密")
    client = await person("sales")
    documents = (
        f'mutation {{ m: updateCustomer(input: {{id: "{made}", set: {{address: "x"}}}}) {{ errors {{ message }} }} }}',
        f'mutation {{ m: deleteCustomer(input: {{id: "{made}"}}) {{ errors {{ message }} }} }}',
        f'mutation {{ m: shareRecord(input: {{recordId: "{made}", reach: "read", userId: "{made}"}}) {{ errors {{ message }} }} }}',
        '{ customers(after: "!") { totalCount } }',
    )

    said = " ".join([str(await client.ask(each)) for each in documents])

    stored = (company.placement.schema, "x_", "SELECT", "远景机密", "Traceback", "asyncpg")
    assert [each for each in stored if each in said] == []


async def test_the_bin_of_others_stays_closed(company: Tenant, person: Person) -> None:
    made = await create_one(company, "customer", person="stranger", name="远景旧档")
    deleted = f'mutation {{ m: deleteCustomer(input: {{id: "{made}"}}) {{ errors {{ code }} }} }}'
    await (await person("stranger")).data(deleted)
    asked = '{ customers(deleted: true, filter: {name: {eq: "远景旧档"}}) { totalCount } }'

    seen = [(await (await person(each)).data(asked))["customers"]["totalCount"] for each in ("stranger", "sales")]

    assert seen == [1, 0]
