"""An object with a field of every type that somebody enters, and three records: a low value, a high one, nothing at all."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schema.metadata.types import FIELD_TYPES
from tests.builders.field_cases import ALICE, BOB, CASES, ENTERED, member, name
from tests.builders.mutations import mutate
from tests.builders.roles import role_id
from tests.clients import JSON, Client, http_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from starlette.applications import Starlette

    from tests.builders.tenants import Tenant

THING, THINGS, CREATE, UPDATE = "allTypes_c", "allTypesList_c", "createAllTypes_c", "updateAllTypes_c"
LOW, HIGH, EMPTY = "low", "high", "empty"
LETTERS = {"l": LOW, "h": HIGH, "e": EMPTY}


@dataclass(frozen=True)
class Stage:
    """The object with its records, an administrator, and somebody to whom all of its fields are masked."""

    tenant: Tenant
    admin: Client
    masked: Client
    ids: Mapping[str, str]
    # What stands for the placeholders of a case, by type.
    links: Mapping[str, Mapping[str, str]]

    def filled(self, type_name: str, value: Any) -> Any:
        """A value of a case with ids in it."""
        text = json.dumps(value)
        for placeholder, link in self.links.get(type_name, {}).items():
            text = text.replace(placeholder, link)
        return json.loads(text)

    async def titles(self, **arguments: Any) -> list[str]:
        """Which of the three records a list shows, in its order."""
        given = {**arguments, "filter": {"title_c": {"in": [LOW, HIGH, EMPTY]}, **arguments.get("filter", {})}}
        kinds = {"filter": "AllTypesFilter_c", "orderBy": "[AllTypesOrder_c!]", "search": "String"}
        declared = ", ".join(f"${each}: {kinds[each]}" for each in given)
        named = ", ".join(f"{each}: ${each}" for each in given)
        nodes = await self.admin.data(f"query ({declared}) {{ {THINGS}({named}) {{ nodes {{ title_c }} }} }}", **given)
        return [each["title_c"] for each in nodes[THINGS]["nodes"]]

    async def found(self, filter_: Mapping[str, Any]) -> str:
        """The letters of the records that a filter finds."""
        titles = await self.titles(filter=filter_)
        return "".join(letter for letter, title in LETTERS.items() if title in titles)

    async def create(self, type_name: str, value: Any) -> Any:
        """The answer to a new record with this value, whatever signs are in it."""
        text = (
            "mutation ($input: CreateAllTypesInput_c!)"
            f" {{ done: {CREATE}(input: $input) {{ {THING} {{ id }} errors {{ path code }} }} }}"
        )
        body = json.dumps({"query": text, "variables": {"input": {"record": {member(type_name): value}}}})
        headers = {"Authorization": f"Bearer {self.admin.token}", "Accept": JSON, "Content-Type": "application/json"}
        return (await self.admin.http.post("/graphql", content=body, headers=headers)).json()

    async def read(self, record_id: str, type_name: str, *, client: Client | None = None) -> Any:
        """The value of a record."""
        text = f'{{ {THING}(id: "{record_id}") {{ value: {member(type_name)} {CASES[type_name].parts} }} }}'
        return (await (client or self.admin).data(text))[THING]["value"]


@asynccontextmanager
async def all_types(app: Starlette, tenant: Tenant) -> AsyncIterator[Stage]:
    """The object with its fields and records, masked to sales."""
    slug = tenant.placement.slug
    async with http_for(app, slug) as http:
        admin = Client(http, await tenant.token("admin"))
        made = await mutate(
            admin,
            "createObject",
            "object",
            label={"zh": "全部类型"},
            name="allTypes",
            pluralName="allTypesList",
            fields=[field_of("title", {"type": "text"}), *(field_of(each, definition_of(each)) for each in ENTERED)],
        )
        assert made == {"object": THING, "errors": []}
        links = await _links(admin, tenant)
        stage = Stage(tenant, admin, Client(http, await tenant.token("sales")), {}, links)
        ids = {}
        for title in LETTERS.values():
            given = {LOW: "low", HIGH: "high"}.get(title)
            record = {
                member(each): stage.filled(each, getattr(CASES[each], given) if given else None) for each in ENTERED
            }
            done = await mutate(admin, CREATE, f"{THING} {{ id }}", record={"title_c": title, **record})
            assert done["errors"] == [], done
            ids[title] = done[THING]["id"]
        await _mask(admin)
        yield Stage(tenant, admin, stage.masked, ids, links)


def field_of(base: str, definition: Mapping[str, Any]) -> dict[str, Any]:
    """The input of a field, named after its type."""
    return {"label": {"zh": base}, "name": base if base == "title" else f"{base}Field", **definition}


def definition_of(type_name: str) -> dict[str, Any]:
    """What the input says of a type beside its words."""
    row, case = FIELD_TYPES[type_name], CASES[type_name]
    options = {} if case.default is None else {"default": case.default[0]}
    return {
        "type": type_name,
        **case.definition,
        **({"options": options | ({"search": True} if row.lines else {})} if options or row.lines else {}),
        "indexed": row.may_be_indexed,
    }


async def _links(admin: Client, tenant: Tenant) -> dict[str, dict[str, str]]:
    people = {ALICE: str(tenant.user_id("sales")), BOB: str(tenant.user_id("manager"))}
    customers = {}
    for placeholder, each in ((ALICE, "甲"), (BOB, "乙")):
        done = await mutate(admin, "createCustomer", "customer { id }", record={"name": each})
        customers[placeholder] = done["customer"]["id"]
    nodes = (await admin.data("{ departments(first: 2) { nodes { id } } }"))["departments"]["nodes"]
    departments = dict(zip((ALICE, BOB), (each["id"] for each in nodes), strict=True))
    return {"person": people, "persons": people, "relation": customers, "department": departments}


async def _mask(admin: Client) -> None:
    role = await role_id(admin, "sales")
    await mutate(admin, "setObjectPermission", roleId=role, object=THING, read="all")
    for each in ENTERED:
        mask = {"mask": each if each == "phone" else "mail"} if each in {"phone", "email"} else {}
        done = await mutate(
            admin, "setFieldPermission", roleId=role, object=THING, field=name(each), level="masked", **mask
        )
        assert done["errors"] == [], (each, done)
