"""[B] Rights are folded in before anything is compiled: what may not be read is refused wherever it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from services.permissions import EVERYONE, Level, ObjectRights, Policy
from services.permissions.policy import UNRESTRICTED_RIGHTS, freeze
from services.query.binder import bind
from services.query.errors import FieldNotReadable, ObjectNotReadable, TrashNotReadable
from services.query.guard import GuardedPlan, Rights, UnguardedError, guard
from tests.services.query.asking import ask

if TYPE_CHECKING:
    from schema.metadata.registry import Registry


def policy(level: Level = Level.WRITE, *, field: str = "score", **objects: ObjectRights) -> Policy:
    company = replace(UNRESTRICTED_RIGHTS, fields=((field, level),))
    return Policy(freeze({"company": company, "deal": UNRESTRICTED_RIGHTS, "user": UNRESTRICTED_RIGHTS} | objects), 1)


def guarded(registry: Registry, text: str, rights: Policy) -> GuardedPlan:
    plan, _ = ask(registry, text)
    return guard(bind(registry.shape, plan), rights)


COMPARED = [
    "{ companies(filter: {score: {gt: 1}}) { totalCount } }",
    "{ companies(filter: {not: {score: {isEmpty: true}}}) { totalCount } }",
    "{ companies(orderBy: [{score: ASC}]) { totalCount } }",
    "{ companiesAggregate { sum { score } } }",
    "{ companiesAggregate(having: {sum: {score: {gt: 1}}}) { count } }",
    "{ companiesAggregate(orderBy: [{sum: {score: ASC}}]) { count } }",
    "{ deals(filter: {company: {score: {gt: 1}}}) { totalCount } }",
    "{ deals(orderBy: [{company: {score: ASC}}]) { totalCount } }",
    "{ companies { nodes { children(filter: {score: {gt: 1}}) { totalCount } } } }",
    "{ companies(filter: {children: {some: {score: {gt: 1}}}}) { totalCount } }",
]


@pytest.mark.parametrize(
    "text", [*COMPARED, "{ companies { nodes { score } } }", "{ deals { nodes { company { score } } } }"]
)
def test_a_closed_field_is_refused_wherever_it_stands(world_registry: Registry, text: str) -> None:
    with pytest.raises(FieldNotReadable) as refused:
        guarded(world_registry, text, policy(Level.NONE))

    assert refused.value.details == {"fields": "company.score"}


@pytest.mark.parametrize("text", COMPARED)
def test_a_masked_field_is_not_compared(world_registry: Registry, text: str) -> None:
    with pytest.raises(FieldNotReadable):
        guarded(world_registry, text, policy(Level.MASKED))


def test_a_masked_field_is_selected(world_registry: Registry) -> None:
    made = guarded(world_registry, "{ companies { nodes { score } } }", policy(Level.MASKED))

    assert made.rights.on("company").level("score") is Level.MASKED


def test_groups_are_refused_too(world_registry: Registry) -> None:
    with pytest.raises(FieldNotReadable):
        guarded(
            world_registry,
            "{ companiesAggregate(groupBy: [{industry: true}]) { count } }",
            policy(Level.NONE, field="industry"),
        )


@pytest.mark.parametrize(
    "text",
    [
        "{ deals { totalCount } }",
        "{ dealsAggregate { count } }",
        "{ companies { nodes { deals { totalCount } } } }",
        "{ companies(filter: {deals: {some: {}}}) { totalCount } }",
    ],
)
def test_an_object_without_a_grant_is_refused(world_registry: Registry, text: str) -> None:
    with pytest.raises(ObjectNotReadable) as refused:
        guarded(world_registry, text, policy(deal=ObjectRights()))

    assert refused.value.details == {"object": "deal"}


def test_the_id_of_an_unreadable_object_is_not_refused_but_reads_null(world_registry: Registry) -> None:
    made = guarded(world_registry, "{ deals { nodes { companyId } } }", policy(company=ObjectRights()))

    assert made.rights.on("company") == ObjectRights()


def test_the_bin_is_for_those_who_may_delete(world_registry: Registry) -> None:
    with pytest.raises(TrashNotReadable):
        guarded(world_registry, "{ deals(deleted: true) { totalCount } }", policy(deal=ObjectRights(read=EVERYONE)))


def test_only_the_guard_makes_guarded_values(world_registry: Registry) -> None:
    plan, _ = ask(world_registry, "{ deals { totalCount } }")
    bound = bind(world_registry.shape, plan)
    made = guard(bound, policy())

    for forge in (
        lambda: GuardedPlan(object(), bound, made.rights),
        lambda: Rights(object(), {}),
        lambda: replace(made, seal=None),
    ):
        with pytest.raises(UnguardedError):
            forge()
