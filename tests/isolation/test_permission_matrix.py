"""[G2] Who reaches whose records, as tables: every role against every owner, in every form of question and write."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.records import change, record_history
from services import records
from tests.builders.tenants import Tenant, make_tenant

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.installation import Installation
    from tenants.provisioning import Provisioner
    from tests.clients import Client

Call = Callable[..., Awaitable["Client"]]
Owned = tuple[Tenant, Mapping[str, "UUID"]]

OWNERS = ("director", "manager", "sales", "colleague", "stranger")
EVERYONE = frozenset(OWNERS)
TEAM = frozenset({"manager", "sales", "colleague"})
NOBODY: frozenset[str] = frozenset()

# Person → owners whose customers the person reaches, by verb.
READS = {
    "admin": EVERYONE,
    "director": EVERYONE,
    "manager": TEAM,
    "sales": frozenset({"sales"}),
    "colleague": frozenset({"colleague"}),
    "stranger": frozenset({"stranger"}),
    "service": EVERYONE,
    "finance": EVERYONE,
}
WRITES = {**READS, "service": NOBODY, "finance": NOBODY}
# Who may never write customers is told so; for everybody else a record out of reach is not there.
REFUSAL = dict.fromkeys(READS, "NOT_FOUND") | dict.fromkeys(("service", "finance"), "OBJECT_NOT_WRITABLE")


@pytest.fixture(scope="session")
async def owned(installation: Installation, provisioner: Provisioner) -> Owned:
    """A tenant with one customer for each owner, named after the owner."""
    tenant = await make_tenant(installation, provisioner, slug="matrix")
    ids = {}
    for owner in OWNERS:
        record = {"name": f"客户 {owner}", "ownerId": tenant.user_id(owner)}
        written = await tenant.write(lambda work: records.create(work, "customer", [record]))  # noqa: B023
        ids[owner] = written.ids[0]
    return tenant, ids


def codes(answer: dict[str, Any]) -> list[str]:  # Any: an answer has the shape of its question
    return [each["extensions"]["code"] for each in answer.get("errors", ())]


async def traces(tenant: Tenant) -> list[int]:
    """How many history, change and audit rows there are."""
    tables = (record_history, change, audit_entry)
    counts = sa.select(*(sa.select(sa.func.count()).select_from(each).scalar_subquery() for each in tables))
    (row,) = await tenant.read(lambda work: work.session.rows(counts))
    return list(row)


@pytest.mark.parametrize("person", READS)
async def test_questions_reach_exactly_these_owners(owned: Owned, call: Call, person: str) -> None:
    tenant, ids = owned
    client = await call(person, of=tenant)
    expected = sorted(READS[person])

    answer = await client.data("""{
      customers(orderBy: [{name: ASC}]) { totalCount nodes { owner { name } } }
      counted: customersAggregate { count }
      grouped: customersAggregate(groupBy: [{owner: {name: true}}]) { group { owner { name } } count }
      through: users { nodes { name } }
    }""")

    assert sorted(each["owner"]["name"] for each in answer["customers"]["nodes"]) == expected
    assert answer["customers"]["totalCount"] == len(expected)
    assert answer["counted"] == [{"count": len(expected)}]
    assert sorted(each["group"]["owner"]["name"] for each in answer["grouped"]) == expected
    by_id = {
        owner: await client.data("query ($id: ID!) { customer(id: $id) { name } }", id=str(ids[owner]))
        for owner in OWNERS
    }
    assert [owner for owner in OWNERS if by_id[owner]["customer"] is not None] == [
        owner for owner in OWNERS if owner in READS[person]
    ]


@pytest.mark.parametrize("person", WRITES)
async def test_writes_reach_exactly_these_owners(owned: Owned, call: Call, person: str) -> None:
    tenant, ids = owned
    client = await call(person, of=tenant)
    update = 'mutation ($id: ID!) { m: updateCustomer(input: {id: $id, set: {address: "X"}}) { customer { address } } }'

    for owner in OWNERS:
        before = await traces(tenant)
        answer = await client.ask(update, {"id": str(ids[owner])})
        if owner in WRITES[person]:
            assert answer == {"data": {"m": {"customer": {"address": "X"}}}}, owner
        else:
            assert (answer["data"], codes(answer)) == ({"m": None}, [REFUSAL[person]]), owner
            assert await traces(tenant) == before


@pytest.mark.parametrize("person", WRITES)
async def test_deletions_reach_exactly_these_owners(owned: Owned, call: Call, person: str) -> None:
    tenant, ids = owned
    client = await call(person, of=tenant)
    delete = "mutation ($id: ID!) { m: deleteCustomer(input: {id: $id}) { customer { id } } }"
    restore = "mutation ($id: ID!) { m: restoreCustomer(input: {id: $id}) { customer { id } } }"

    for owner in OWNERS:
        before = await traces(tenant)
        answers = [await client.ask(each, {"id": str(ids[owner])}) for each in (delete, restore)]
        if owner in WRITES[person]:
            assert answers == [{"data": {"m": {"customer": {"id": str(ids[owner])}}}}] * 2, owner
        else:
            assert [(each["data"], codes(each)) for each in answers] == [({"m": None}, [REFUSAL[person]])] * 2, owner
            assert await traces(tenant) == before


@pytest.mark.parametrize(
    ("person", "expected"),
    {
        "admin": [],
        "director": [],
        "manager": [],
        "sales": [],
        "service": ["OBJECT_NOT_WRITABLE"],
        "finance": ["OBJECT_NOT_WRITABLE"],
    }.items(),
)
async def test_creating_is_a_right_of_its_own(owned: Owned, call: Call, person: str, expected: list[str]) -> None:
    client = await call(person, of=owned[0])

    answer = await client.ask(
        "mutation ($name: String!) { m: createLead(input: {record: {name: $name}}) { lead { owner { name } } } }",
        {"name": f"线索 {person}"},
    )

    assert codes(answer) == expected
    assert answer["data"]["m"] == (None if expected else {"lead": {"owner": {"name": person}}})


async def test_sales_cannot_hand_a_record_out_of_reach(owned: Owned, call: Call) -> None:
    tenant, ids = owned
    client = await call("sales", of=tenant)
    hand_over = """mutation ($id: ID!, $owner: ID!) {
      m: updateCustomer(input: {id: $id, set: {ownerId: $owner}}) { customer { id } errors { path code } } }"""

    answer = await client.data(hand_over, id=str(ids["sales"]), owner=str(tenant.user_id("stranger")))

    assert answer["m"] == {"customer": None, "errors": [{"path": ["set", "ownerId"], "code": "OWNER_OUT_OF_SCOPE"}]}


@pytest.mark.parametrize("person", ["director", "manager", "sales", "service", "finance"])
async def test_audit_entries_are_for_administrators(owned: Owned, call: Call, person: str) -> None:
    client = await call(person, of=owned[0])

    answer = await client.ask("{ auditEntries(first: 1) { nodes { id } } recordHistories: me { id } }")

    assert codes(answer) == ["OBJECT_NOT_READABLE"]
    assert answer["data"]["auditEntries"] is None


async def test_nobody_reaches_nothing(owned: Owned, call: Call) -> None:
    client = await call(of=owned[0])

    for document in (
        "{ customers { nodes { id } } }",
        "{ users { nodes { email } } }",
        "{ __schema { types { name } } }",
    ):
        answer = await client.ask(document)
        assert (answer.get("data"), codes(answer)) == (None, ["UNAUTHENTICATED"])
