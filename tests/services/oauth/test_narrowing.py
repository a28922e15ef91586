"""[G5] A policy narrowed by scopes is never more than it was, by object, field and verb."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import packs, permissions
from services.oauth.narrowing import narrowed
from services.oauth.scopes import offered
from services.permissions import EVERYONE, NO_RIGHTS, NOBODY, Level, ObjectRights, OwnedBy, Policy, Scope, Verb
from services.permissions.loading import of_roles, unrestricted

if TYPE_CHECKING:
    from collections.abc import Sequence

REGISTRY = packs.registry_of_pack("crm")
SHAPE = REGISTRY.shape
NAMES = [
    *(each.name for name in ("customer", "lead", "user") for each in offered(REGISTRY, name)),
    "metadata:read",
    "metadata:admin",
]
LIMITED = ObjectRights(
    create=True, read=(OwnedBy(Scope.OWN),), update=(OwnedBy(Scope.OWN),), fields=(("phone", Level.MASKED),)
)
# What is never null in the API is readable wherever a record is.
_LEAST = dict.fromkeys(("id", "version", "createdAt", "updatedAt"), Level.READ)
POLICIES = (unrestricted(1), Policy(MappingProxyType({"customer": LIMITED}), 1), Policy(MappingProxyType({}), 1))


def rights(scopes: Sequence[str], policy: Policy = POLICIES[0], object_name: str = "customer") -> ObjectRights:
    return narrowed(policy, scopes, SHAPE).on(object_name)


@given(scopes=st.lists(st.sampled_from(NAMES), max_size=6), policy=st.sampled_from(POLICIES))
def test_nothing_is_ever_added(scopes: list[str], policy: Policy) -> None:
    left = narrowed(policy, scopes, SHAPE)

    assert policy.may_define or not left.may_define
    assert policy.may_read_policy or not left.may_read_policy
    written = {name.partition(":")[0] for name in scopes if name.endswith(":write")}
    for action in permissions.actions():
        assert not left.may(action) or (policy.may(action) and action.partition(".")[0] in written)
    for name, thing in SHAPE.objects.items():
        before, after = policy.on(name), left.on(name)
        for verb in Verb:
            assert after.arms(verb) in ((), before.arms(verb))
        if any(after.arms(verb) for verb in Verb):
            assert {name, "metadata"} & {scope.partition(":")[0].partition(".")[0] for scope in scopes}
            for field in thing.fields:
                assert after.level(field.name) <= max(before.level(field.name), _LEAST.get(field.name, Level.NONE))


@pytest.mark.parametrize("name", ["changeSet", "pilot", "publication"])
def test_drafts_publications_and_pilots_go_with_defining(name: str) -> None:
    policy = of_roles(["admin"], [], is_admin=True, version=1)
    own = f"{name}:read"
    opened = [rights(scopes, policy, name).read for scopes in (["metadata:read"], [own], ["metadata:admin", own])]

    assert opened == [NOBODY, NOBODY, EVERYONE]


def test_no_scope_is_no_right() -> None:
    left = narrowed(POLICIES[0], [], SHAPE)

    assert (left.on("customer"), left.on("user"), left.may_define) == (NO_RIGHTS, NO_RIGHTS, False)


@pytest.mark.parametrize(
    ("scope", "verbs"),
    [
        ("customer:read", {Verb.READ}),
        ("customer:write", {Verb.READ, Verb.CREATE, Verb.UPDATE, Verb.BULK, Verb.ASSIGN, Verb.IMPORT}),
        ("customer:delete", {Verb.READ, Verb.DELETE, Verb.BULK}),
        ("customer:export", {Verb.READ, Verb.EXPORT}),
        ("customer:share", {Verb.READ, Verb.SHARE}),
        ("customer.contactInfo:read", {Verb.READ}),
        ("customer.name:write", {Verb.READ, Verb.UPDATE, Verb.BULK}),
    ],
)
def test_scope_opens_its_verbs(scope: str, verbs: set[Verb]) -> None:
    assert {verb for verb in Verb if rights([scope]).arms(verb)} == verbs


def test_writing_and_deleting_together_are_merging() -> None:
    assert rights(["customer:write", "customer:delete"]).arms(Verb.MERGE) == EVERYONE


@pytest.mark.parametrize(
    ("scopes", "name", "phone"),
    [
        (["customer:read"], Level.READ, Level.NONE),
        (["customer:write"], Level.WRITE, Level.NONE),
        (["customer.contactInfo:read"], Level.NONE, Level.READ),
        (["customer:write", "customer.contactInfo:read"], Level.WRITE, Level.READ),
        (["customer:read", "customer.phone:write"], Level.READ, Level.WRITE),
        (["customer:write", "customer.name:read"], Level.WRITE, Level.NONE),
    ],
)
def test_levels_of_fields(scopes: list[str], name: Level, phone: Level) -> None:
    found = rights(scopes)

    assert (found.level("name"), found.level("phone"), found.level("id")) == (name, phone, Level.READ)


def test_level_of_the_role_stays() -> None:
    found = rights(["customer:write", "customer.contactInfo:write"], POLICIES[1])

    assert (found.level("phone"), found.read) == (Level.MASKED, (OwnedBy(Scope.OWN),))


def test_definitions_are_read_or_changed() -> None:
    reading, changing = (narrowed(POLICIES[0], [scope], SHAPE) for scope in ("metadata:read", "metadata:admin"))

    assert [each.on("fieldDefinition").read for each in (reading, changing)] == [EVERYONE, EVERYONE]
    assert [each.may_define for each in (reading, changing)] == [False, True]
    assert narrowed(POLICIES[2], ["metadata:admin"], SHAPE).may_define is False


@pytest.mark.parametrize(
    ("policy", "scope", "expected"),
    [
        (POLICIES[0], "metadata:read", True),
        (POLICIES[0], "metadata:admin", True),
        (POLICIES[0], "customer:read", False),
        (POLICIES[1], "metadata:read", False),
    ],
)
def test_policy_is_read_by_whom_it_is_told_to_anyway(policy: Policy, scope: str, expected: bool) -> None:
    assert narrowed(policy, [scope], SHAPE).may_read_policy is expected


def test_changing_definitions_opens_no_action() -> None:
    changing, converting = (
        narrowed(POLICIES[0], scopes, SHAPE) for scopes in (["metadata:admin"], ["metadata:admin", "lead:write"])
    )

    assert [changing.may("lead.convert"), converting.may("lead.convert"), converting.may("quote.approve")] == [
        False,
        True,
        False,
    ]
