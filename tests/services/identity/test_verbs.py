"""The declared mutations of people over HTTP: what they take, what they answer, who may call them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.tables.permissions import department, role_member, user
from schema.tables.records import client_mutation
from services import verbs
from tests.builders import identity as build

if TYPE_CHECKING:
    from tests.builders.callers import Caller
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Person = Callable[[str], Awaitable["Client"]]

NAMES = (
    "assignRole",
    "createDepartment",
    "createUser",
    "deactivateUser",
    "reactivateUser",
    "revokeRole",
    "setPassword",
    "updateDepartment",
    "updateUser",
)


def codes(answer: dict[str, Any]) -> list[str]:  # Any: an answer has the shape of its question
    return [each["extensions"]["code"] for each in answer.get("errors", ())]


@pytest.mark.parametrize("name", NAMES)
def test_verb_runs_as_definition_work_and_answers_its_record(name: str) -> None:
    verb = verbs.definition(name)

    assert verb is not None
    assert verb.defines
    assert [(each.name, each.many) for each in verb.outputs] == [
        ("department" if "Department" in name else "user", False)
    ]


async def test_user_is_taken_on_promoted_and_locked_out(company: Tenant, system: Caller, person: Person) -> None:
    admin = await person("admin")
    role_id = str(await build.role_id(system, "sales"))

    created = await admin.data(
        """mutation ($role: ID!) { createUser(input: {
          email: "New@Demo.example", name: "新人", password: "a new password", roleIds: [$role]
        }) { user { id email name state version } errors { path code } } }""",
        role=role_id,
    )
    new = created["createUser"]["user"]
    changed = await admin.data(
        """mutation ($id: ID!) { updateUser(input: {id: $id, ifVersion: 1, title: "经理"}) {
          user { title version } errors { code } } }""",
        id=new["id"],
    )
    gone = await admin.data("mutation ($id: ID!) { deactivateUser(input: {id: $id}) { user { state } } }", id=new["id"])

    assert created["createUser"]["errors"] == []
    assert {**new, "id": ""} == {"id": "", "email": "new@demo.example", "name": "新人", "state": "active", "version": 1}
    assert changed["updateUser"] == {"user": {"title": "经理", "version": 2}, "errors": []}
    assert gone["deactivateUser"] == {"user": {"state": "inactive"}}
    assert str(company.placement.schema) not in str((created, changed, gone))


async def test_refused_user_is_answered_in_the_payload(person: Person) -> None:
    admin = await person("admin")

    answer = await admin.data("""mutation { createUser(input: {email: "nope", name: "", password: "x"}) {
      user { id } errors { path code message } } }""")

    assert answer["createUser"]["user"] is None
    assert [(each["path"], each["code"]) for each in answer["createUser"]["errors"]] == [
        (["email"], "NOT_AN_EMAIL"),
        (["name"], "REQUIRED"),
        (["password"], "PASSWORD_WEAK"),
    ]


async def test_same_client_mutation_id_takes_a_user_on_once(system: Caller, person: Person) -> None:
    admin = await person("admin")
    create = """mutation ($email: String!) { createUser(input: {
      clientMutationId: "once", email: $email, name: "新人", password: "a new password" }) {
        clientMutationId user { id } errors { code } } }"""

    first, second = [await admin.data(create, email="once@demo.example") for _ in range(2)]
    other = await admin.data(create, email="other@demo.example")

    assert first == second
    assert first["createUser"]["clientMutationId"] == "once"
    assert other["createUser"]["errors"] == [{"code": "CLIENT_MUTATION_ID_REUSED"}]
    count = sa.select(sa.func.count()).where(user.c.email.in_(["once@demo.example", "other@demo.example"]))
    assert await system.read(lambda work: work.session.scalar(count)) == 1


async def test_password_leaves_no_trace_in_what_a_repetition_is_known_by(system: Caller, person: Person) -> None:
    admin = await person("admin")
    create = """mutation ($id: String!, $password: String!) { createUser(input: {
      clientMutationId: $id, email: "same@demo.example", name: "新人", password: $password }) { errors { code } } }"""

    await admin.data(create, id="one", password="a new password")
    again = await admin.data(create, id="one", password="another password")

    # Another input would be told from the first one.
    assert again["createUser"]["errors"] == []
    hashes = await system.rows(sa.select(client_mutation.c.request_hash).where(client_mutation.c.key == "one"))
    assert len(hashes) == 1


async def test_role_given_over_http_counts_at_the_next_request(company: Tenant, system: Caller, person: Person) -> None:
    admin, sales = await person("admin"), await person("sales")
    arguments = {"user": str(company.user_id("sales")), "role": str(await build.role_id(system, "admin"))}
    change = "mutation ($user: ID!, $role: ID!) { %s(input: {userId: $user, roleId: $role}) { user { id } } }"
    assert (await sales.data("{ me { mayDefine } }"))["me"]["mayDefine"] is False

    await admin.data(change % "assignRole", **arguments)
    assert (await sales.data("{ me { mayDefine roles } }"))["me"] == {"mayDefine": True, "roles": ["admin", "sales"]}
    await admin.data(change % "revokeRole", **arguments)
    assert (await sales.data("{ me { mayDefine } }"))["me"]["mayDefine"] is False


async def test_departments_are_made_and_moved(system: Caller, person: Person) -> None:
    admin = await person("admin")
    create = """mutation ($name: String!, $parent: ID) { createDepartment(input: {name: $name, parentId: $parent}) {
      department { id name parent { name } } } }"""

    top = (await admin.data(create, name="总部"))["createDepartment"]["department"]
    below = (await admin.data(create, name="华东", parent=top["id"]))["createDepartment"]["department"]
    moved = await admin.data(
        "mutation ($id: ID!, $parent: ID) { updateDepartment(input: {id: $id, parentId: $parent}) { errors { path code } } }",
        id=top["id"],
        parent=below["id"],
    )

    assert below["parent"] == {"name": "总部"}
    assert moved["updateDepartment"]["errors"] == [{"path": ["parentId"], "code": "DEPARTMENT_CYCLE"}]
    count = sa.select(sa.func.count()).where(department.c.name.in_(["总部", "华东"]))
    assert await system.read(lambda work: work.session.scalar(count)) == 2


async def test_last_admin_is_a_conflict_in_the_payload(company: Tenant, person: Person) -> None:
    admin = await person("admin")

    answer = await admin.data(
        "mutation ($id: ID!) { deactivateUser(input: {id: $id}) { user { id } errors { code message } } }",
        id=str(company.user_id("admin")),
    )

    assert answer["deactivateUser"] == {
        "user": None,
        "errors": [{"code": "LAST_ADMIN", "message": "The last administrator cannot be locked out."}],
    }


FORBIDDEN = ({"m": None}, ["FORBIDDEN"])
PERMISSIONS = {
    "": (None, ["UNAUTHENTICATED"]),
    "sales": FORBIDDEN,
    "manager": FORBIDDEN,
    "director": FORBIDDEN,
    "service": FORBIDDEN,
    "finance": FORBIDDEN,
}


@pytest.mark.parametrize("name", PERMISSIONS)
async def test_wrong_roles_are_forbidden_and_write_nothing(
    company: Tenant, system: Caller, person: Person, name: str
) -> None:
    """[G2] Every mutation of people, for everyone but an administrator."""
    client = await person(name)
    ids = {"id": str(company.user_id("stranger")), "role": str(await build.role_id(system, "admin"))}
    documents = [
        'mutation { m: createUser(input: {email: "x@demo.example", name: "X"}) { user { id } } }',
        'mutation ($id: ID!) { m: updateUser(input: {id: $id, name: "X"}) { user { id } } }',
        "mutation ($id: ID!) { m: deactivateUser(input: {id: $id}) { user { id } } }",
        "mutation ($id: ID!) { m: reactivateUser(input: {id: $id}) { user { id } } }",
        'mutation ($id: ID!) { m: setPassword(input: {id: $id, password: "a new password"}) { user { id } } }',
        "mutation ($id: ID!, $role: ID!) { m: assignRole(input: {userId: $id, roleId: $role}) { user { id } } }",
        "mutation ($id: ID!, $role: ID!) { m: revokeRole(input: {userId: $id, roleId: $role}) { user { id } } }",
        'mutation { m: createDepartment(input: {name: "X"}) { department { id } } }',
        'mutation ($id: ID!) { m: updateDepartment(input: {id: $id, name: "X"}) { department { id } } }',
    ]
    tables = [sa.select(sa.func.count()).select_from(table) for table in (user, role_member, department)]
    before = [await system.scalar(each) for each in tables]

    answers = [await client.ask(each, {at: ids[at] for at in ids if f"${at}:" in each}) for each in documents]

    assert [(each.get("data"), codes(each)) for each in answers] == [PERMISSIONS[name]] * len(documents)
    assert [await system.scalar(each) for each in tables] == before
