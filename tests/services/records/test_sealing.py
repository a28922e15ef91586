"""[A3] Encrypted fields over HTTP: read by whoever may read the field, and found nowhere in the database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from tests.builders import secrets
from tests.builders.mutations import mutate
from tests.builders.secrets import NUMBER

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Person = Callable[[str], Awaitable["Client"]]


@pytest.fixture(scope="module", autouse=True)
async def fields(company: Tenant) -> None:
    await secrets.add_secret(company, "idNumber_c")


async def test_value_is_read_back_and_stands_nowhere_in_the_database(person: Person, company: Tenant) -> None:
    admin = await person("admin")
    record_id = await secrets.keep(admin, "Sealed", idNumber_c=NUMBER)
    changed = await mutate(
        admin,
        "updateCustomer",
        "customer { version idNumber_c }",
        id=record_id,
        set={"idNumber_c": '绝密的 "号码"'},
        clientMutationId="s",
    )

    assert changed == {"customer": {"version": 2, "idNumber_c": '绝密的 "号码"'}, "errors": []}
    await secrets.keep(admin, "Another", idNumber_c=NUMBER)
    assert [await secrets.tables_with(company, each) for each in (NUMBER, "绝密")] == [[], []]
    assert "customer" in await secrets.tables_with(company, record_id)


async def test_same_value_is_no_change_and_another_field_leaves_it_alone(person: Person, company: Tenant) -> None:
    admin = await person("admin")
    record_id = await secrets.keep(admin, "Same", idNumber_c=NUMBER)
    before = (await secrets.kept(company, "idNumber_c"))[UUID(record_id)]

    again = await mutate(admin, "updateCustomer", "customer { version }", id=record_id, set={"idNumber_c": NUMBER})
    other = await mutate(
        admin, "updateCustomer", "customer { version idNumber_c }", id=record_id, set={"region": "华东"}
    )

    assert (again["customer"]["version"], other["customer"]) == (1, {"version": 2, "idNumber_c": NUMBER})
    assert (await secrets.kept(company, "idNumber_c"))[UUID(record_id)] == before


async def test_cleared_it_is_gone(person: Person, company: Tenant) -> None:
    admin = await person("admin")
    record_id = await secrets.keep(admin, "Cleared", idNumber_c=NUMBER)

    await mutate(admin, "updateCustomer", id=record_id, set={"idNumber_c": None})

    assert await secrets.read(admin, record_id, "idNumber_c") is None
    assert UUID(record_id) not in await secrets.kept(company, "idNumber_c")


async def test_value_that_was_moved_or_changed_past_the_platform_is_unreadable(person: Person, company: Tenant) -> None:
    admin = await person("admin")
    mine, other = [await secrets.keep(admin, name, idNumber_c=NUMBER) for name in ("Mine", "Moved")]
    sealed = (await secrets.kept(company, "idNumber_c"))[UUID(mine)]

    for wrong in (sealed, sealed[:-4] + "AAAA", "nonsense"):
        await secrets.put(company, "idNumber_c", other, wrong)
        (error,) = await admin.errors(f'{{ customer(id: "{other}") {{ idNumber_c }} }}')
        assert error["extensions"]["code"] == "SECRET_UNREADABLE"

    assert await secrets.read(admin, mine, "idNumber_c") == NUMBER


async def test_nothing_compares_it_or_makes_it_another_type(person: Person) -> None:
    admin = await person("admin")
    field = {"label": {"zh": "密"}, "name": "more", "type": "encryptedText"}
    refused = {
        "unique": await mutate(admin, "addField", object="customer", field={**field, "unique": True}),
        "indexed": await mutate(admin, "addField", object="customer", field={**field, "indexed": True}),
        "default": await mutate(admin, "addField", object="customer", field={**field, "options": {"default": "x"}}),
        "title": await mutate(admin, "updateObject", object="customer", titleField="idNumber_c"),
        "type": await mutate(admin, "changeFieldType", object="customer", field="idNumber_c", type="text"),
        "into": await mutate(admin, "changeFieldType", object="customer", field="shortName", type="encryptedText"),
        "pair": await mutate(admin, "createUniqueRule", object="customer", fields=["idNumber_c", "region"]),
        "rule": await mutate(
            admin, "createValidationRule", object="customer", name="r", expression="idNumber_c != ''", message={"zh": "错"}
        ),
    }  # fmt: skip

    assert {name: [each["code"] for each in answer["errors"]] for name, answer in refused.items()} == {
        "unique": ["CANNOT_BE_UNIQUE"],
        "indexed": ["CANNOT_BE_INDEXED"],
        "default": ["UNKNOWN_OPTION"],
        "title": ["UNKNOWN_TITLE"],
        "type": ["CONVERSION_NOT_OFFERED"],
        "into": ["NOT_CHANGEABLE"],
        "pair": ["CANNOT_BE_UNIQUE_TOGETHER"],
        "rule": ["EXPRESSION_FIELD_NOT_USABLE"],
    }
