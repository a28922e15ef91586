"""Scopes are what the registry has: objects, groups of fields, single fields, definitions."""

from __future__ import annotations

import pytest

from services import packs
from services.oauth.scopes import Action, Scope, fields_of, is_known, offered, parse

REGISTRY = packs.registry_of_pack("crm")


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("customer:read", Scope("customer", "", Action.READ)),
        ("customer.contactInfo:write", Scope("customer", "contactInfo", Action.WRITE)),
        *(
            (text, None)
            for text in ("", "customer", "customer:", ":read", "customer:rule", ".phone:read", "customer.:read")
        ),
    ],
)
def test_scope_is_taken_apart(text: str, scope: Scope | None) -> None:
    assert parse(text) == scope


@pytest.mark.parametrize(
    "text",
    [
        "customer:read", "customer:write", "customer:delete", "customer:export", "customer:share", "user:read",
        "customer.contactInfo:read", "customer.contactInfo:write", "customer.phone:read", "customer.name:write",
        "metadata:read", "metadata:admin",
    ],
)  # fmt: skip
def test_scope_of_something_that_is_there_is_known(text: str) -> None:
    assert is_known(REGISTRY.shape, text)


@pytest.mark.parametrize(
    "text",
    [
        "nothing:read", "customer.nothing:read", "customer.contactInfo:delete", "customer.id:read", "user:write",
        "customer.createdBy:write", "product.contactInfo:read", "metadata:write", "*:read", "customer:*",
    ],
)  # fmt: skip
def test_scope_of_nothing_is_not_known(text: str) -> None:
    assert not is_known(REGISTRY.shape, text)


def test_every_scope_that_is_offered_is_known() -> None:
    names = [each.name for each in (*offered(REGISTRY), *offered(REGISTRY, "customer"))]

    assert [name for name in names if not is_known(REGISTRY.shape, name)] == []
    assert "customer.phone:read" in names


def test_scopes_of_one_object_come_with_their_words() -> None:
    found = {each.name: (each.words.zh, each.words.en) for each in offered(REGISTRY, "customer")}

    assert found["customer:read"] == ("读取客户", "Read Customer")
    assert found["customer.contactInfo:read"] == ("读取客户的联系方式", "Read Customer: contact information")
    assert found["customer.phone:write"] == ("读取和修改客户的电话", "Read and change Customer: Phone")
    assert {name.split(":")[0].split(".")[0] for name in found} == {"customer", "metadata"}


def test_group_is_its_fields() -> None:
    assert fields_of(REGISTRY.shape, Scope("customer", "contactInfo", Action.READ)) == {"phone", "email"}
    assert fields_of(REGISTRY.shape, Scope("customer", "nothing", Action.READ)) == frozenset()
