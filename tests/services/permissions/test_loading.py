"""[B] Grants of several roles add up; platform objects have rights of their own; a role row beats `*` of that role."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from schema.metadata.system_objects import SYSTEM_OBJECTS
from services import permissions
from services.permissions import (
    EVERYONE,
    NOBODY,
    Arm,
    Criteria,
    Level,
    ObjectRights,
    OwnedBy,
    Policy,
    Scope,
    Shared,
    Verb,
)
from services.permissions.loading import added, arms, of_roles, unrestricted
from services.permissions.rules import CriteriaRule, FieldGrant, Grant, Restriction, rule
from tenants.context import ANONYMOUS
from tests.builders.permissions import limit_field, open_by_criteria

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

OWN: tuple[Arm, ...] = (OwnedBy(Scope.OWN),)
TEAM: tuple[Arm, ...] = (OwnedBy(Scope.TEAM),)
READ_SHARES, UPDATE_SHARES = Shared(Verb.READ), Shared(Verb.UPDATE)
EAST = {"compare": {"field": "region", "operator": "eq", "operand": "east"}}
SHAPE = '{"compare": {"field": "region", "operand": 0, "operator": "eq"}}'


def policy(*grants: Grant, is_admin: bool = False) -> Policy:
    roles = list(dict.fromkeys(grant.role for grant in grants))
    return of_roles(roles, grants, is_admin=is_admin, version=1)


def test_a_row_of_its_own_beats_the_star_of_the_same_role() -> None:
    made = policy(Grant("sales", "*", read=Scope.ALL), Grant("sales", "ticket", read=Scope.OWN))

    assert (made.on("ticket").read, made.on("lead").read) == ((*OWN, READ_SHARES), EVERYONE)


def test_drafts_publications_and_pilots_are_of_those_who_define() -> None:
    names = ("changeSet", "pilot", "publication")
    granted = [Grant("sales", each, read=Scope.ALL) for each in (*names, "auditEntry", "*")]

    assert [policy(*granted).on(each).read for each in (*names, "auditEntry")] == [NOBODY, NOBODY, NOBODY, EVERYONE]
    assert {policy(*granted, is_admin=True).on(each).read for each in names} == {EVERYONE}


def test_roles_add_up() -> None:
    made = policy(
        Grant("sales", "ticket", read=Scope.OWN, can_create=True),
        Grant("service", "*", read=Scope.ALL, update=Scope.TEAM),
    )

    assert made.on("ticket") == ObjectRights(create=True, read=EVERYONE, update=(*TEAM, UPDATE_SHARES))
    assert made.on("lead") == ObjectRights(read=EVERYONE, update=(*TEAM, UPDATE_SHARES))


def test_the_further_verbs_add_up_and_go_with_shares() -> None:
    made = policy(
        Grant("sales", "lead", read=Scope.ALL, bulk=Scope.OWN, export=Scope.OWN, share=Scope.OWN, assign=Scope.TEAM),
        Grant("service", "lead", can_import=True, merge=Scope.ALL, bulk=Scope.TEAM),
    ).on("lead")

    assert dict(made.further) == {
        Verb.EXPORT: (*OWN, READ_SHARES),
        Verb.IMPORT: EVERYONE,
        Verb.SHARE: OWN,
        Verb.MERGE: EVERYONE,
        Verb.BULK: (*TEAM, UPDATE_SHARES),
        Verb.ASSIGN: TEAM,
    }
    assert policy(Grant("sales", "lead", read=Scope.ALL)).on("lead").further == ()


def test_restrictions_stay_for_an_administrator_too() -> None:
    cap = Restriction("sales", "lead", Verb.DELETE)

    made = of_roles(["admin", "sales"], (), is_admin=True, version=1, restrictions=[cap])

    assert (made.on("lead").delete, made.on("lead").update, made.on("ticket").delete) == (NOBODY, EVERYONE, EVERYONE)
    assert made.may_define


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        ((Scope.NONE, Scope.NONE), NOBODY),
        ((Scope.OWN, Scope.ALL), EVERYONE),
        ((Scope.OWN, Scope.TEAM), (OwnedBy(Scope.TEAM),)),
        ((Scope.DEPARTMENT, Scope.TREE), (OwnedBy(Scope.TREE),)),
        ((Scope.TREE, Scope.TEAM), (OwnedBy(Scope.TEAM), OwnedBy(Scope.TREE))),
    ],
)
def test_scopes_that_another_one_holds_fall_away(scopes: tuple[Scope, ...], expected: tuple[Arm, ...]) -> None:
    assert added(ObjectRights(read=arms(scope)) for scope in scopes).read == expected


def test_everybody_sees_colleagues_and_his_own_inbox_but_no_audit() -> None:
    made = policy(Grant("sales", "*", read=Scope.ALL, update=Scope.ALL, can_create=True))

    assert made.on("user") == ObjectRights(read=EVERYONE, default_level=Level.READ)
    assert made.on("notification").read == OWN
    assert made.on("auditEntry").arms(Verb.READ) == NOBODY
    assert not made.may_define


def test_a_grant_opens_a_platform_object_for_reading_only() -> None:
    made = policy(Grant("auditor", "auditEntry", read=Scope.ALL, update=Scope.ALL, can_create=True))

    assert made.on("auditEntry") == ObjectRights(read=EVERYONE, default_level=Level.READ)


def test_an_administrator_reads_everything_but_other_people_s_inboxes() -> None:
    made = policy(Grant("admin", "*"), is_admin=True)

    assert made.may_define
    assert made.on("customer").arms(Verb.DELETE) == EVERYONE
    assert {name for name in SYSTEM_OBJECTS if made.on(name).read != EVERYONE} == {"notification"}
    assert made.on("notification").read == OWN


def test_the_system_may_do_everything() -> None:
    made = unrestricted(3)

    assert (made.version, made.may_define, made.on("auditEntry").read) == (3, True, EVERYONE)


@pytest.mark.parametrize(
    ("person", "read", "update"),
    [
        ("admin", EVERYONE, EVERYONE),
        ("director", EVERYONE, EVERYONE),
        ("manager", (*TEAM, READ_SHARES), (*TEAM, UPDATE_SHARES)),
        ("sales", (*OWN, READ_SHARES), (*OWN, UPDATE_SHARES)),
        ("service", EVERYONE, NOBODY),
        ("finance", EVERYONE, NOBODY),
    ],
)
async def test_the_roles_of_the_crm_pack(
    shared_tenant: Tenant, person: str, read: tuple[Arm, ...], update: tuple[Arm, ...]
) -> None:
    made = await shared_tenant.read(permissions.policy, person=person)

    assert (made.on("customer").read, made.on("customer").update) == (read, update)


def ruled(*rules: CriteriaRule, fields: tuple[FieldGrant, ...] = (), grants: tuple[Grant, ...] = ()) -> Policy:
    return of_roles(["sales", "service"], grants, is_admin=False, version=1, fields=fields, criteria=rules)


def test_criteria_alone_open_records_and_shares_with_them() -> None:
    made = ruled(rule("sales", "lead", Verb.READ, EAST))

    assert made.on("lead") == ObjectRights(read=(Criteria(0, SHAPE), READ_SHARES))
    assert made.criteria["lead"] == (("east",),)
    assert made.on("ticket").read == NOBODY


def test_criteria_stand_beside_owners_and_fall_away_under_everyone() -> None:
    east = rule("sales", "lead", Verb.READ, EAST)

    assert ruled(east, grants=(Grant("sales", "*", read=Scope.OWN),)).on("lead").read == (
        *OWN,
        Criteria(0, SHAPE),
        READ_SHARES,
    )
    assert ruled(east, grants=(Grant("service", "*", read=Scope.ALL),)).on("lead").read == EVERYONE


def test_a_role_that_does_not_reach_an_object_opens_none_of_its_fields() -> None:
    closed = (FieldGrant("sales", "lead", "phone", Level.NONE),)

    one = ruled(fields=closed, grants=(Grant("sales", "*", read=Scope.ALL),))
    both = ruled(fields=closed, grants=(Grant("sales", "*", read=Scope.ALL), Grant("service", "lead", read=Scope.OWN)))

    assert (one.on("lead").fields, both.on("lead").fields) == ((("phone", Level.NONE),), ())
    assert one.on("lead").read == EVERYONE
    assert one.on("ticket").fields == ()


def test_policies_that_differ_in_values_alone_share_a_fingerprint() -> None:
    west = {"compare": {"field": "region", "operator": "eq", "operand": "west"}}
    one, other = (ruled(rule("sales", "lead", Verb.READ, each)) for each in (EAST, west))

    assert one.criteria != other.criteria
    assert one.fingerprint(["lead"]) == other.fingerprint(["lead"])


async def test_levels_and_criteria_are_loaded_and_move_the_access_version(tenant: Tenant) -> None:
    before = await tenant.read(permissions.policy, person="sales")

    await limit_field(tenant, "sales", "customer", "phone", "masked")
    await open_by_criteria(tenant, "sales", "customer", EAST, reach="update")
    after = await tenant.read(permissions.policy, person="sales")

    assert after.version == before.version + 2
    assert after.on("customer").fields == (("phone", Level.MASKED),)
    assert after.on("customer").update == (*OWN, Criteria(0, SHAPE), UPDATE_SHARES)
    assert after.on("customer").delete == before.on("customer").delete
    assert after.criteria == {**before.criteria, "customer": (("east",),)}


async def test_a_policy_is_loaded_once_for_each_access_version(shared_tenant: Tenant) -> None:
    first = await shared_tenant.read(permissions.policy, person="sales")
    second = await shared_tenant.read(permissions.policy, person="sales")
    other = await shared_tenant.read(permissions.policy, person="colleague")

    assert first is second
    assert other is not first
    assert other.fingerprint(["customer"]) == first.fingerprint(["customer"])


async def test_nobody_in_particular_may_do_nothing(shared_tenant: Tenant) -> None:
    nobody = replace(shared_tenant, principals={"nobody": ANONYMOUS})

    made = await nobody.read(permissions.policy, person="nobody")

    assert made.on("user").read == NOBODY
