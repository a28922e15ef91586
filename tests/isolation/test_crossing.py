"""Two tenants of equal shape with the same data: whatever one asks about the other's records, they are not there."""

from __future__ import annotations

import statistics
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.tables.records import change, record_history
from services import records
from tenants.clock import utc_now
from tenants.ids import IdMaker
from tests.builders.tenants import make_tenant

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.installation import Installation
    from tenants.provisioning import Provisioner
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Call = Callable[..., Awaitable["Client"]]

SECRET = "绝密客户"


@pytest.fixture(scope="session")
async def mine(installation: Installation, provisioner: Provisioner) -> Tenant:
    made = await make_tenant(installation, provisioner, slug="crossing-mine")
    await made.write(lambda work: records.create(work, "customer", [{"name": "自家客户"}]), person="admin")
    return made


@pytest.fixture(scope="session")
async def theirs(installation: Installation, provisioner: Provisioner) -> tuple[Tenant, UUID]:
    made = await make_tenant(installation, provisioner, slug="crossing-theirs")
    written = await made.write(
        lambda work: records.create(work, "customer", [{"name": SECRET, "phone": "13800138000"}]), person="admin"
    )
    return made, written.ids[0]


def codes(answer: dict[str, Any]) -> list[str]:  # Any: an answer has the shape of its question
    return [each["extensions"]["code"] for each in answer.get("errors", ())]


@pytest.mark.parametrize(
    "document",
    [
        "query ($id: ID!) { found: customer(id: $id) { id name } }",
        "query ($id: ID!) { found: node(id: $id) { id ... on Customer { name } } }",
    ],
)
async def test_foreign_id_is_absent_like_a_random_one(
    mine: Tenant, theirs: tuple[Tenant, UUID], call: Call, document: str
) -> None:
    """[G1] I-1."""
    client = await call("admin", of=mine)
    random_id = IdMaker().new(mine_number(theirs[1]))

    foreign, unknown = [await client.ask(document, {"id": str(each)}) for each in (theirs[1], random_id)]

    assert foreign == unknown == {"data": {"found": None}}


def mine_number(record_id: UUID) -> int:
    """The number of the object in an id: equal packs number their objects alike."""
    return (record_id.int >> 64) & 0xFFF


async def test_foreign_id_takes_as_long_as_a_random_one(mine: Tenant, theirs: tuple[Tenant, UUID], call: Call) -> None:
    """[G1] I-1: the same class of time; both are the same index lookup that finds nothing."""
    client = await call("admin", of=mine)
    document = "query ($id: ID!) { customer(id: $id) { id } }"
    ids = {"foreign": theirs[1], "random": IdMaker().new(mine_number(theirs[1]))}
    taken: dict[str, list[float]] = {"foreign": [], "random": []}

    for _ in range(30):
        for name, each in ids.items():
            before = time.perf_counter()
            await client.ask(document, {"id": str(each)})
            taken[name].append(time.perf_counter() - before)

    ratio = statistics.median(taken["foreign"]) / statistics.median(taken["random"])
    assert 0.5 < ratio < 2


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            "query ($id: ID!) { customers(filter: {id: {eq: $id}}) { totalCount nodes { id } } }",
            {"customers": {"totalCount": 0, "nodes": []}},
        ),
        ("query ($id: ID!) { customers(filter: {id: {ne: $id}}) { totalCount } }", {"customers": {"totalCount": 1}}),
        (
            "query ($id: ID!) { contacts(filter: {customerId: {eq: $id}}) { totalCount } }",
            {"contacts": {"totalCount": 0}},
        ),
        (
            "query ($id: ID!) { contacts(filter: {customer: {id: {eq: $id}}}) { totalCount } }",
            {"contacts": {"totalCount": 0}},
        ),
        (
            "query ($id: ID!) { customersAggregate(filter: {id: {in: [$id]}}) { count } }",
            {"customersAggregate": [{"count": 0}]},
        ),
        (
            "query ($id: ID!) { customersAggregate(filter: {ownerId: {eq: $id}}) { count } }",
            {"customersAggregate": [{"count": 0}]},
        ),
    ],
)
async def test_foreign_id_counts_nothing(
    mine: Tenant, theirs: tuple[Tenant, UUID], call: Call, document: str, expected: dict[str, object]
) -> None:
    """[G1] I-3."""
    client = await call("admin", of=mine)

    assert await client.data(document, id=str(theirs[1])) == expected


async def test_lists_hold_own_records_only(mine: Tenant, theirs: tuple[Tenant, UUID], call: Call) -> None:
    document = "{ customers { totalCount nodes { name } } customersAggregate { count } users { totalCount } }"

    answers = [await (await call("admin", of=each)).ask(document) for each in (mine, theirs[0])]

    assert [each["data"]["customers"]["nodes"] for each in answers] == [[{"name": "自家客户"}], [{"name": SECRET}]]
    assert [each["data"]["customersAggregate"][0]["count"] for each in answers] == [1, 1]


async def test_foreign_id_cannot_be_related_to(mine: Tenant, theirs: tuple[Tenant, UUID], call: Call) -> None:
    """[G1] I-4: refused like an id that nobody has, and nothing is written."""
    client = await call("admin", of=mine)
    create = """mutation ($id: ID!) { createContact(input: {record: {name: "张三", customerId: $id}}) {
      contact { id } errors { path code message } } }"""
    before = await written(mine)

    foreign = await client.data(create, id=str(theirs[1]))
    unknown = await client.data(create, id=str(IdMaker().new(mine_number(theirs[1]))))

    assert foreign == unknown
    assert foreign["createContact"]["contact"] is None
    assert [(each["path"], each["code"]) for each in foreign["createContact"]["errors"]] == [
        (["record", "customerId"], "RELATION_NOT_FOUND")
    ]
    assert await written(mine) == before


async def written(tenant: Tenant) -> list[int]:
    """How many history and change rows there are."""
    tables = (record_history, change)
    counts = sa.select(*(sa.select(sa.func.count()).select_from(each).scalar_subquery() for each in tables))
    (row,) = await tenant.read(lambda work: work.session.rows(counts))
    return list(row)


@pytest.mark.parametrize(
    "document",
    [
        'mutation ($id: ID!) { m: updateCustomer(input: {id: $id, set: {name: "X"}}) { customer { id } } }',
        "mutation ($id: ID!) { m: deleteCustomer(input: {id: $id}) { customer { id } } }",
        "mutation ($id: ID!) { m: restoreCustomer(input: {id: $id}) { customer { id } } }",
        "mutation ($id: ID!) { m: destroyCustomer(input: {id: $id}) { customer { id } } }",
    ],
)
async def test_foreign_record_cannot_be_written(
    mine: Tenant, theirs: tuple[Tenant, UUID], call: Call, document: str
) -> None:
    client = await call("admin", of=mine)
    before = await written(theirs[0])

    answers = [
        await client.ask(document, {"id": str(each)}) for each in (theirs[1], IdMaker().new(mine_number(theirs[1])))
    ]

    assert [(each["data"], codes(each)) for each in answers] == [({"m": None}, ["NOT_FOUND"])] * 2
    assert [each["errors"][0]["message"] for each in answers] == [answers[0]["errors"][0]["message"]] * 2
    assert await written(theirs[0]) == before


@pytest.mark.parametrize(
    ("verb", "given"),
    [
        ("updateUser", 'id: $id, name: "X"'),
        ("deactivateUser", "id: $id"),
        ("setPassword", 'id: $id, password: "a new password"'),
    ],
)
async def test_foreign_user_cannot_be_changed(
    mine: Tenant, theirs: tuple[Tenant, UUID], call: Call, verb: str, given: str
) -> None:
    client = await call("admin", of=mine)
    document = f"mutation ($id: ID!) {{ m: {verb}(input: {{{given}}}) {{ user {{ id }} }} }}"

    answer = await client.ask(document, {"id": str(theirs[0].user_id("sales"))})

    assert (answer["data"], codes(answer)) == ({"m": None}, ["NOT_FOUND"])


async def test_same_unique_value_is_free_in_each_tenant(mine: Tenant, theirs: tuple[Tenant, UUID], call: Call) -> None:
    client = await call("admin", of=mine)
    name = f"{SECRET} {utc_now().isoformat()}"
    create = "mutation ($name: String!) { createCustomer(input: {record: {name: $name}}) { customer { name } } }"

    assert (await client.data(create, name=SECRET))["createCustomer"]["customer"] == {"name": SECRET}
    assert (await client.data(create, name=name))["createCustomer"]["customer"] == {"name": name}
    document = "query ($id: ID!) { customer(id: $id) { deletedAt } }"
    await client.data('mutation { deleteCustomers(input: {filter: {name: {startsWith: "绝密"}}}) { count } }')
    other = await call("admin", of=theirs[0])
    assert await other.data(document, id=str(theirs[1])) == {"customer": {"deletedAt": None}}


async def test_custom_fields_of_one_tenant_are_unknown_names_in_another(
    mine: Tenant, theirs: tuple[Tenant, UUID], call: Call
) -> None:
    """[G1] No field, no label, no line of SDL and no hint in an error text."""
    add = """mutation { addField(input: {object: "customer", field: {
      type: "text", name: "secretProject", label: {zh: "秘密项目", en: "Secret project"}}}) { field errors { code } } }"""
    other, own = await call("admin", of=theirs[0]), await call("admin", of=mine)
    assert await other.data(add) == {"addField": {"field": "secretProject_c", "errors": []}}
    assert await other.data("{ customers { nodes { secretProject_c } } }") == {
        "customers": {"nodes": [{"secretProject_c": None}]}
    }

    misspelt, exact = [
        await own.ask(f"{{ customers {{ nodes {{ {name} }} }} }}") for name in ("secretProjekt_c", "secretProject_c")
    ]
    sdl = [(await client.get("/schema.graphql")).text for client in (other, own)]
    names = await own.data('{ __type(name: "Customer") { fields { name description } } }')

    assert codes(misspelt) == codes(exact) == ["DOCUMENT_INVALID"]
    assert exact["errors"][0]["message"] == "Cannot query field 'secretProject_c' on type 'Customer'."
    assert ["secretProject_c" in text or "秘密项目" in text for text in sdl] == [True, False]
    assert "secret" not in str(names).lower()


async def test_answers_never_carry_physical_names(mine: Tenant, theirs: tuple[Tenant, UUID], call: Call) -> None:
    """[G1] Schema, role and table names stay inside, also when something goes wrong."""
    client = await call("admin", of=mine)
    documents = [
        "{ customers(first: -1) { nodes { id } } }",
        '{ customers(filter: {name: {contains: "%_\\\\"}}) { nodes { id } } }',
        '{ customers(after: "AAAA") { nodes { id } } }',
        '{ customer(id: "x") { id } }',
        "{ nope }",
        'mutation { createCustomer(input: {record: {name: "x\\u0000y"}}) { customer { id } errors { message } } }',
        'mutation { createContact(input: {record: {name: "x", customerId: "x"}}) { contact { id } errors { message } } }',
        "{ auditEntries(first: 5) { nodes { action objectName } } }",
    ]

    texts = [(await client.post({"query": each})).text for each in documents]

    for text in texts:
        for inside in (
            mine.placement.schema,
            theirs[0].placement.schema,
            "kezhi.",
            "pg_",
            "SELECT",
            "Traceback",
            "asyncpg",
        ):
            assert inside not in text
