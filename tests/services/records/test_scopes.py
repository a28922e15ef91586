from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from services.permissions import EVERYONE, NO_RIGHTS, Criteria, ObjectRights, OwnedBy, Scope, Shared, Verb
from services.records import scopes
from tenants.sql import render, sql

if TYPE_CHECKING:
    from services.records.targets import Target

OWN = (OwnedBy(Scope.OWN),)


def with_rights(target: Target, rights: ObjectRights) -> Target:
    return replace(target, policy=replace(target.policy, rights={target.name: rights}))


def owned(target: Target) -> Target:
    return with_rights(target, ObjectRights(read=OWN, update=OWN))


def text(target: Target, verb: Verb) -> str:
    return render(scopes.condition(target, verb)).bind("t_x", target.registry.physical)


def test_everything_is_no_condition(customers: Target) -> None:
    assert text(customers, Verb.UPDATE) == "TRUE"
    assert scopes.is_everyone(customers, Verb.DELETE)


def test_own_records_are_those_whose_owner_is_the_caller(own_customers: Target) -> None:
    assert text(owned(own_customers), Verb.UPDATE) == '("record"."owner_id" = $1::uuid)'
    assert not scopes.is_everyone(own_customers, Verb.UPDATE)
    assert list(scopes.values(owned(own_customers)).values()) == [own_customers.work.principal.id]


def test_every_parameter_of_a_condition_is_given(own_customers: Target) -> None:
    asked = {each for verb in Verb for each in render(scopes.condition(own_customers, verb)).parameters}

    assert asked == scopes.values(own_customers).keys()
    assert own_customers.number in scopes.values(own_customers).values()


def test_who_changes_must_be_able_to_read(customers: Target) -> None:
    rights = ObjectRights(read=OWN, update=(OwnedBy(Scope.TEAM),))

    condition = text(with_rights(customers, rights), Verb.UPDATE)

    assert condition.startswith('("record"."owner_id" = $1::uuid) AND ("record"."owner_id" = ANY (ARRAY(')


def test_a_set_must_lie_within_the_right_to_change_sets(customers: Target) -> None:
    rights = ObjectRights(read=OWN, update=EVERYONE, further=((Verb.BULK, (OwnedBy(Scope.TEAM),)),))
    target = with_rights(customers, rights)

    assert text(replace(target, in_bulk=True), Verb.READ) == text(target, Verb.READ)
    assert text(target, Verb.UPDATE) == '("record"."owner_id" = $1::uuid) AND TRUE'
    assert text(replace(target, in_bulk=True), Verb.UPDATE).startswith(
        '("record"."owner_id" = $1::uuid) AND TRUE AND ("record"."owner_id" = ANY (ARRAY('
    )


def test_assignment_reaches_beyond_the_scope_of_changes(customers: Target) -> None:
    may = [
        scopes.may_give_to_all(with_rights(customers, ObjectRights(update=OWN, further=further)))
        for further in ((), ((Verb.ASSIGN, (OwnedBy(Scope.TREE),)),), ((Verb.ASSIGN, EVERYONE),))
    ]

    assert may == [False, False, True]


ASSIGNED = ObjectRights(further=((Verb.ASSIGN, OWN),))


@pytest.mark.parametrize(
    ("rights", "condition"), [(NO_RIGHTS, "FALSE"), (ObjectRights(update=OWN), "($1 IS me)"), (ASSIGNED, "($1 IS me)")]
)
def test_an_owner_lies_within_the_arms(customers: Target, rights: ObjectRights, condition: str) -> None:
    within = render(scopes.owner_within(with_rights(customers, rights), sql("owner")))

    assert within.bind("t_x", customers.registry.physical) == condition.replace("$1 IS me", "owner = $1::uuid")


def test_an_owner_is_changed_where_changes_or_assignment_reach_the_present_one(customers: Target) -> None:
    rights = ObjectRights(
        read=EVERYONE, update=(*OWN, Criteria(0, '{"isEmpty": {"field": "region"}}'), Shared(Verb.UPDATE))
    )

    condition = render(scopes.owner_may_change(with_rights(customers, rights))).bind("t_x", customers.registry.physical)

    assert condition.startswith('(("record"."owner_id" = $1::uuid) OR "record"."owner_id" IS NULL AND (')
    assert '"region" IS NULL' in condition
    assert "record_share" not in condition
