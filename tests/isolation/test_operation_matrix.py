"""[G2] Every operation × every kind of caller, and every place of every field × every level: the answer, and that nothing is left.

Operations are those of the schema itself, so a new one that has no row here fails. Nothing may change in any table of the
tenant, nor may a message wait for the background, but for what a refusal itself is noted by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.metadata.objects import ObjectKind
from schema.tables.permissions import field_permission, object_permission, role, role_member, user
from services import metadata
from services.identity.sessions import open_session
from services.permissions import ALWAYS_READABLE
from tenants import administration
from tenants.context import Moving, Principal, PrincipalKind
from tests.builders.tenants import make_tenant
from tests.clients import Client, http_for
from tests.isolation.coordinates import coordinates
from tests.isolation.operations import Operation, documents, of_tenant

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

    from starlette.applications import Starlette

    from schema.metadata.registry import Registry
    from tenants.context import DefinitionWork
    from tenants.installation import Installation
    from tenants.provisioning import Provisioner
    from tests.builders.tenants import Tenant

# What somebody is told who is signed in and holds a role that says nothing: a code, or nothing where everybody may.
_ADMINISTRATION = dict.fromkeys(
    (
        "changeSetPreview", "createChangeSet", "discardChangeSet", "publishChangeSet", "rollBack", "rollBackPreview", "updateChangeSet",
        "changeFieldType", "destroyField", "destroyObject", "fieldTypeChanges", "fieldTypePreview", "impact", "undoFieldType",
        "addChoice", "addDepartmentMember", "addDictionaryEntry", "addField", "addTeamMember", "addTrustedDocument", "assignRole", "closeRecords",
        "copyRole", "createClient", "createDepartment", "createDictionary", "createLayout", "createObject", "createRole", "createSharingRule", "createTeam",
        "createUser", "deactivateUser", "delegate", "deleteDictionary", "deleteLayout", "deleteRole", "deleteSharingRule", "endDelegation", "explainAccess",
        "grantAction", "handOver", "handOverPreview", "installedPacks", "layouts", "liftRestriction", "mergeDictionaryEntries", "openRecords", "palette",
        "reactivateUser", "removeDepartmentMember", "removeObjectPermission", "removeTeamMember",
        "recalculateField", "requireTrustedDocuments", "restoreChoice", "restoreDictionaryEntry", "restoreField", "restoreObject", "restrictRole", "retireChoice", "retireDictionaryEntry",
        "retireField", "retireObject", "retireTrustedDocument", "reverseHandOver", "revokeAction", "revokeClient",
        "revokeRole", "roleDifference", "rolePermissions", "rotateClientSecret", "setFieldPermission",
        "setDefaultView", "setObjectPermission", "setPassword", "sharingRules", "updateChoice", "updateClient", "updateDepartment", "updateDictionary", "updateDictionaryEntry",
        "updateField", "updateLayout", "updateObject", "updateRole", "updateTeam", "updateUser", "upgradePack", "useDictionary", "validateExpression",
    ),
    "FORBIDDEN",
)  # fmt: skip
_PILOTS = dict.fromkeys(("changePilotGroup", "releasePilot", "startPilot", "withdrawPilot"), "FORBIDDEN")
_RULES = dict.fromkeys(
    (
        "brokenRecords", "createUniqueRule", "createValidationRule", "offerChoices", "repeatedRecords",
        "restoreValidationRule", "retireUniqueRule", "retireValidationRule", "setFieldRules", "updateValidationRule",
    ),
    "FORBIDDEN",
)  # fmt: skip
_EVERYBODY = dict.fromkeys(
    (
        "defaultView",
        "effectivePermissions",
        "fileStorage",
        "importTemplate",
        "layout",
        "limits",
        "me",
        "node",
        "scopes",
        "search",
    ),
    "",
)
# Their own things: what is not theirs is not there.
_OWN = {
    "createSavedView": "UNKNOWN_OBJECT", "createUpload": "NO_FILE_FIELD", "deleteSavedView": "SAVED_VIEW_NOT_FOUND", "updateSavedView": "SAVED_VIEW_NOT_FOUND",
    "uploadFile": "NO_FILE_FIELD", "markNotificationRead": "NOTIFICATION_NOT_FOUND", "recordShares": "NOT_FOUND", "revokeApiToken": "API_TOKEN_NOT_FOUND",
    "shareRecord": "UNKNOWN_CHOICE", "unshareRecord": "NOT_FOUND",
}  # fmt: skip
# Named actions: without a right on their object nothing is said of the action.
_BUTTONS = dict.fromkeys(
    (
        "approveQuote", "closeOpportunityLost", "closeOpportunityWon", "convertLead", "handOverCustomer", "rejectQuote",
        "reopenOpportunity",
    ),
    "OBJECT_NOT_WRITABLE",
)  # fmt: skip
ROWS: Mapping[str, str] = {
    **_ADMINISTRATION,
    **_RULES,
    **_PILOTS,
    **_EVERYBODY,
    **_OWN,
    **_BUTTONS,
    "exportAuditEntries": "OBJECT_NOT_READABLE",
}
# Doors of their own, with tests of their own: they make or end sessions, secrets and tokens of the caller.
DOORS = frozenset({"changePassword", "createApiToken", "refreshToken", "signIn", "signOut"})
# The platform's own objects that whoever is signed in reads, as far as rows are his to see.
_KNOWN_TO_ALL = frozenset({
    "apiToken", "choiceOption", "delegation", "department", "dictionary", "dictionaryEntry", "fieldDefinition", "handOver", "job", "notification",
    "objectDefinition", "recordHistory", "role", "savedView", "team", "user", "validationRule", "indexDefinition",
})  # fmt: skip
# Answered to nobody in particular too.
_OPEN = frozenset({"limits"})
_NOT_ALLOWED = frozenset({"UNAUTHENTICATED", "FORBIDDEN"})
# Noted by whoever refuses: that a token of another tenant came.
_NOTED = frozenset({"audit_entry", "touched"})
# What tenants give to the background.
_WAITING = ("outbox", "timer_request", "touched")
_AT_ONCE = 20
NOBODYS, BLIND, DIM = "nobody", "blind", "dim"


@dataclass(frozen=True)
class House:
    """A tenant with three people beside its staff: one whose role says nothing, and two that see no field, or all masked."""

    tenant: Tenant
    app: Starlette
    operations: Sequence[Operation]
    registry: Registry
    people: Mapping[str, Principal]

    async def token(self, person: str) -> str:
        if person not in self.people:
            return await self.tenant.token(person)
        known = self.tenant.principals
        return await type(self.tenant)(self.tenant.installation, self.tenant.placement, {**known, **self.people}).token(
            person
        )


@pytest.fixture(scope="module")
async def house(installation: Installation, provisioner: Provisioner, app: Starlette) -> House:
    tenant = await make_tenant(installation, provisioner)
    registry = await tenant.read(metadata.registry)
    people = await tenant.define(lambda work: _take_on(work, installation, registry))
    return House(tenant, app, await of_tenant(tenant), registry, people)


@pytest.fixture
async def caller(house: House) -> AsyncIterator[Callable[[str], Awaitable[Client]]]:
    async with http_for(house.app, house.tenant.placement.slug) as http:

        async def make(person: str) -> Client:
            return Client(http, await house.token(person) if person else "")

        yield make


async def _take_on(work: DefinitionWork, installation: Installation, registry: Registry) -> dict[str, Principal]:
    things = [each for each in registry.shape.objects.values() if each.kind is not ObjectKind.SYSTEM]
    hired = {}
    for name, level in ((NOBODYS, ""), (BLIND, "none"), (DIM, "masked")):
        role_id, user_id = work.ids.new(3), work.ids.new(1)
        await work.session.execute(sa.insert(role).values(id=role_id, name=name, label_zh=name, label_en=name))
        person = {"id": user_id, "email": f"{name}@tenant.example", "name": name, "name_sort": name}
        await work.session.execute(sa.insert(user).values(person))
        await work.session.execute(sa.insert(role_member).values(role_id=role_id, user_id=user_id))
        if level:
            scopes = dict.fromkeys((f"{each}_scope" for each in ("read", "update", "delete", "bulk")), "all")
            grant = {"role_id": role_id, "object_name": "*", "can_create": True, **scopes}
            await work.session.execute(sa.insert(object_permission).values(grant))
            rows = [
                {"role_id": role_id, "object_name": thing.name, "field_name": field.name, "level": level}
                for thing in things
                for field in thing.fields
                if field.name not in ALWAYS_READABLE
            ]
            await work.session.execute(sa.insert(field_permission).values(rows))
        opened = await open_session(work, installation.settings.tokens, user_id=user_id, zone=None)
        hired[name] = Principal(PrincipalKind.USER, user_id, opened.id)
    work.moves.add(Moving.ACCESS)
    return hired


async def stored(house: House) -> dict[str, tuple[int, int]]:
    """How many rows each table of the tenant has, and what they come to; and what waits for the background."""
    placement, settings = house.tenant.placement, house.tenant.installation.settings
    address = administration.administrator(settings.database, placement.cell)
    async with administration.connected(address) as connection:
        names = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = $1::text::regnamespace AND relkind = 'r' ORDER BY 1",
            placement.schema,
        )
        parts = [_counted(name, f'"{placement.schema}"."{name}"') for (name,) in names]
        own = f"WHERE tenant = '{placement.schema}'"
        parts += [_counted(name, f"(SELECT * FROM kezhi.{name} {own})") for name in _WAITING]  # noqa: S608 - as below
        rows = await connection.fetch(" UNION ALL ".join(parts))
    return {row[0]: (row[1], row[2]) for row in rows}


def _counted(name: str, rows: str) -> str:
    return f"SELECT '{name}', count(*), coalesce(sum(hashtext(t::text)), 0) FROM {rows} t"  # noqa: S608 - names of the catalog


async def told(client: Client, operations: Sequence[Operation]) -> dict[str, tuple[str, str]]:
    """What each operation answers: the code and the family of its error or of the first in its payload, or nothing."""
    found = {}
    for text, part in documents(operations):
        answer = await client.ask(text)
        errors = {(each.get("path") or [""])[0]: each["extensions"] for each in answer.get("errors", ())}
        for each in part:
            error = errors.get("") or errors.get(each.name, {})
            done = (answer.get("data") or {}).get(each.name)
            assert not error or not done, each.name
            inside = done.get("errors") if isinstance(done, dict) else None
            found[each.name] = (inside[0]["code"], "") if inside else (error.get("code", ""), error.get("family", ""))
    return found


def batched(house: House) -> list[Operation]:
    return [each for each in house.operations if each.name not in DOORS]


def row(operation: Operation) -> str | None:
    """What a role that says nothing is told; `None` where nobody said."""
    if not operation.object_name:
        return ROWS.get(operation.name)
    if operation.is_mutation:
        return "OBJECT_NOT_WRITABLE"
    return "" if operation.object_name in _KNOWN_TO_ALL else "OBJECT_NOT_READABLE"


def test_every_operation_has_a_row_and_every_row_an_operation(house: House) -> None:
    names = {each.name for each in house.operations}

    assert [each.name for each in house.operations if each.name not in DOORS and row(each) is None] == []
    assert sorted((ROWS.keys() | DOORS) - names) == []


async def test_nobody_in_particular_is_refused_everywhere(house: House, caller: Callable[..., Any]) -> None:
    before = await stored(house)

    answers = await told(await caller(""), batched(house))

    assert [name for name, (_, family) in answers.items() if family not in _NOT_ALLOWED and name not in _OPEN] == []
    assert await stored(house) == before


async def test_a_token_of_another_tenant_is_refused_everywhere(
    house: House, neighbour: Tenant, caller: Callable[..., Any]
) -> None:
    before = await stored(house)
    client = Client((await caller("")).http, await neighbour.token("admin"))

    answers = await told(client, batched(house))

    assert {code for code, _ in answers.values()} == {"WRONG_TENANT"}
    after = await stored(house)
    assert {name for name in after if after[name] != before[name]} <= _NOTED


async def test_a_role_that_says_nothing_opens_nothing(house: House, caller: Callable[..., Any]) -> None:
    client = await caller(NOBODYS)
    before = await stored(house)

    answers = await told(client, batched(house))

    expected = {each.name: row(each) for each in batched(house)}
    assert {name: code for name, (code, _) in answers.items()} == expected
    assert await stored(house) == before


@pytest.mark.parametrize("level", [BLIND, DIM])
async def test_a_field_that_is_closed_decides_nowhere(house: House, caller: Callable[..., Any], level: str) -> None:
    client = await caller(level)
    before, wrong = await stored(house), []
    places = coordinates(house.registry)

    for start in range(0, len(places), _AT_ONCE):
        part = places[start : start + _AT_ONCE]
        answer = await client.ask("{ " + " ".join(f"k{place}: {each.text}" for place, each in enumerate(part)) + " }")
        codes = {each["path"][0]: each["extensions"] for each in answer.get("errors", ())}
        for place, each in enumerate(part):
            code = codes.get(f"k{place}", {}).get("code", "")
            is_shown = level == DIM and each.how == "select"
            if code != ("" if is_shown else "FIELD_NOT_READABLE"):
                wrong.append((each, code))

    assert wrong == []
    assert {each.how for each in places} == {
        "select", "filter", "sort", "cursor", "count", "group", "aggregate", "having", "inverse",
    }  # fmt: skip
    assert await stored(house) == before


@pytest.mark.parametrize("level", [BLIND, DIM])
async def test_a_field_that_is_closed_is_not_written(house: House, caller: Callable[..., Any], level: str) -> None:
    client = await caller(level)
    before, opened = await stored(house), []
    written = [
        (thing.name, field.name)
        for thing in house.registry.shape.objects.values()
        if thing.kind is not ObjectKind.SYSTEM
        for field in thing.fields
        if field.name not in ALWAYS_READABLE and not field.read_only and field.relation is None
    ]

    for name, field in written:
        create = f"create{name[:1].upper()}{name[1:]}"
        given = f"{create}(input: {{record: {{{field}: null}}}}) {{ errors {{ code }} }}"
        answer = await client.ask(f"mutation {{ m: {given} }}")
        if [each["extensions"]["code"] for each in answer.get("errors", ())] != ["FIELD_NOT_WRITABLE"]:
            opened.append((name, field, answer))

    assert opened == []
    assert await stored(house) == before


async def test_administrators_are_refused_nothing(house: House, caller: Callable[..., Any]) -> None:
    """Last, because what they do is done."""
    answers = await told(await caller("admin"), batched(house))

    assert [
        (name, code) for name, (code, family) in answers.items() if family in _NOT_ALLOWED or code == "INTERNAL"
    ] == []
