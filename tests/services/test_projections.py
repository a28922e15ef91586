"""[G3] What a schema shows is what the guard permits: random policies, every kind of coordinate, nothing more and nothing less."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from graphql import GraphQLSchema, assert_valid_schema, parse, print_schema, validate

from resolvers.projections import STATIC
from resolvers.root import static_schema, verb_shapes
from schema.metadata.fields import FieldState
from schema.metadata.naming import aggregate_member, compose, compose_type, id_member
from schema.metadata.objects import Object, ObjectKind
from schema.metadata.types import Function, Operators, Output
from schema.sdl.aggregates import measured_fields
from schema.sdl.builder import build
from schema.sdl.on_demand import build_on_demand
from services import packs, projections
from services.oauth import list_scopes as _tokens_are_known  # noqa: F401 - importing it tells what tokens may do
from services.oauth.narrowing import narrowed
from services.oauth.scopes import offered
from services.permissions import ALWAYS_READABLE, Level, Policy, Scope, Verb
from services.permissions.loading import of_roles
from services.permissions.rules import FieldGrant, Grant, Restriction
from services.projections import Projection, projection
from services.query.binder import bind
from services.query.guard import guard
from tenants.context import Principal, PrincipalKind
from tenants.errors import Forbidden
from tests.builders.tenants import Tenant
from tests.services.query.asking import ask

CRM = packs.registry_of_pack("crm")
SHAPE = CRM.shape
PLATFORM = static_schema()
ME = UUID(int=1)
POLICIES = 24
OF_EACH = 150


def random_policy(rng: random.Random) -> tuple[Policy, Principal]:
    """Grants, closed and masked fields and restrictions of a role; every third narrowed to the scopes of a token."""
    names = [name for name, thing in SHAPE.objects.items() if thing.kind is not ObjectKind.SYSTEM]
    scopes = [Scope.NONE, Scope.OWN, Scope.ALL]
    grants = [
        Grant(
            "sales", name, can_create=rng.random() < 0.5, read=rng.choice(scopes), update=rng.choice(scopes),
            delete=rng.choice(scopes), bulk=rng.choice(scopes),
        )
        for name in rng.sample(names, rng.randint(1, len(names)))
    ]  # fmt: skip
    fields = [
        FieldGrant("sales", each.object_name, field.name, rng.choice([Level.NONE, Level.MASKED, Level.READ]))
        for each in grants
        for field in SHAPE.objects[each.object_name].fields
        if field.name not in ALWAYS_READABLE and rng.random() < 0.4
    ]
    never = [Restriction("sales", name, verb=rng.choice([*Verb])) for name in rng.sample(names, 3)]
    policy = of_roles(["sales"], grants, is_admin=False, version=1, fields=fields, restrictions=never)
    if rng.random() < 0.33:
        given = [each.name for each in offered(CRM)]
        token = tuple(rng.sample(given, rng.randint(1, len(given) // 2)))
        return narrowed(policy, token, SHAPE), Principal(PrincipalKind.CLIENT, ME, scopes=token)
    return policy, Principal(PrincipalKind.USER, ME)


def seen_by(seed: int) -> Projection:
    policy, principal = random_policy(random.Random(seed))  # noqa: S311 - repeatable, not secret
    return projection(CRM, policy, principal, STATIC)


def schema_of(seen: Projection) -> GraphQLSchema:
    return build_on_demand(SHAPE, PLATFORM, verbs=verb_shapes(SHAPE.objects), projection=seen)


def nodes(thing: Object, inside: str = "id", arguments: str = "") -> str:
    return f"{{ {thing.plural}{f'({arguments})' if arguments else ''} {{ nodes {{ {inside} }} }} }}"


def groups(thing: Object, inside: str, arguments: str = "") -> str:
    return f"{{ {aggregate_member(thing.plural)}{f'({arguments})' if arguments else ''} {{ {inside} }} }}"


def coordinates(thing: Object) -> Iterator[str]:
    """One query for each way in which one part of the object can be named."""

    yield from (nodes(thing), groups(thing, "count"))
    if thing.soft_deletes:
        yield nodes(thing, arguments="deleted: true")
    for field in thing.fields:
        if field.state is FieldState.RETIRED:
            continue
        if field.relation is not None:
            yield from (nodes(thing, f"{field.name} {{ id }}"), nodes(thing, id_member(field.name)))
            yield nodes(thing, arguments=f"filter: {{{field.name}: {{id: {{isEmpty: false}}}}}}")
            yield nodes(thing, arguments=f"filter: {{{id_member(field.name)}: {{isEmpty: true}}}}")
            yield nodes(thing, arguments=f"orderBy: [{{{field.name}: {{createdAt: ASC}}}}]")
            yield groups(thing, "count", f"groupBy: [{{{field.name}: {{createdAt: DAY}}}}]")
            yield groups(thing, "count", f"groupBy: [{{{id_member(field.name)}: true}}]")
            continue
        money = field.type.output is Output.MONEY
        yield nodes(thing, f"{field.name} {{ amount }}" if money else field.name)
        if field.type.operators is not Operators.NONE:
            yield nodes(thing, arguments=f"filter: {{{field.name}: {{isEmpty: true}}}}")
        if field.type.sortable:
            yield nodes(thing, arguments=f"orderBy: [{{{field.name}: ASC}}]")
        if field.type.groupable and field.type.output not in {Output.DATE, Output.DATETIME}:
            yield groups(thing, "count", f"groupBy: [{{{field.name}: true}}]")
    yield from lists(thing)


def lists(thing: Object) -> Iterator[str]:
    """The same for what leads to other objects, and for measures."""
    for inverse in thing.inverses:
        yield from (
            nodes(thing, f"{inverse.name} {{ nodes {{ id }} }}"),
            nodes(thing, f"{aggregate_member(inverse.name)} {{ count }}"),
        )
        yield nodes(thing, arguments=f"filter: {{{inverse.name}: {{some: {{id: {{isEmpty: false}}}}}}}}")
    for function in Function:
        for field in measured_fields(thing, function):
            inner = f"{field.name} {{ amount }}" if field.type.output is Output.MONEY else field.name
            if function is not Function.COUNT_DISTINCT:
                yield groups(thing, f"{function.value} {{ {inner} }}")


EVERY = [text for thing in SHAPE.objects.values() for text in coordinates(thing)]


def is_permitted(text: str, policy: Policy) -> bool:
    plan, _ = ask(CRM, text)
    try:
        guard(bind(SHAPE, plan), policy)
    except Forbidden:
        return False
    return True


@pytest.mark.parametrize("seed", range(POLICIES))
def test_what_is_there_is_what_the_guard_permits(seed: int) -> None:
    seen = seen_by(seed)
    schema = schema_of(seen)

    for text in random.Random(seed).sample(EVERY, OF_EACH):  # noqa: S311 - repeatable, not secret
        assert (validate(schema, parse(text)) == []) is is_permitted(text, seen.policy), text


@pytest.mark.parametrize("seed", range(0, POLICIES, 4))
def test_what_is_validated_against_is_what_introspection_and_download_tell(seed: int) -> None:
    seen = seen_by(seed)
    whole = build(SHAPE, PLATFORM, verbs=verb_shapes(SHAPE.objects), projection=seen)

    assert_valid_schema(whole)
    lazy = print_schema(schema_of(seen)).split("\n\n")
    assert sorted(lazy) == sorted(each for each in print_schema(whole).split("\n\n") if "directive @auth" not in each)


@pytest.mark.parametrize("seed", range(0, POLICIES, 3))
def test_mutations_are_there_as_the_rights_are(seed: int) -> None:
    seen = seen_by(seed)
    schema = schema_of(seen)
    found = set(schema.mutation_type.fields) if schema.mutation_type is not None else set()

    for thing in SHAPE.objects.values():
        if thing.kind is ObjectKind.SYSTEM:
            continue
        rights = seen.policy.on(thing.name)
        for name, verb, bulk in (
            ("create", Verb.CREATE, False), ("update", Verb.UPDATE, True),
            ("delete", Verb.DELETE, True), ("restore", Verb.DELETE, True),
        ):  # fmt: skip
            one = bool(rights.arms(verb) and (verb is Verb.DELETE or writable(thing, seen.policy)))
            many = one and (not bulk or bool(rights.arms(Verb.BULK)))
            assert (compose(name, thing.name) in found) is one, (thing.name, name)
            assert (compose(name, thing.plural) in found) is many, (thing.plural, name)
        upserts = rights.create or (rights.update and rights.arms(Verb.BULK))
        keys = [each for each in thing.fields if each.is_unique and each.name in writable(thing, seen.policy)]
        assert (compose("upsert", thing.plural) in found) is bool(upserts and keys), thing.name
        if compose("update", thing.name) in found:
            given = schema.type_map[compose_type(thing.name, "Set")]
            assert set(given.fields) == writable(thing, seen.policy) | lines(thing, seen.policy)  # type: ignore[attr-defined]


def lines(thing: Object, policy: Policy) -> set[str]:
    """The line tables that may be given new lines."""
    return {
        each.name
        for each in thing.line_tables
        if policy.on(each.object_name).create and writable(SHAPE.objects[each.object_name], policy)
    }


def writable(thing: Object, policy: Policy) -> set[str]:
    rights = policy.on(thing.name)
    return {
        id_member(field.name) if field.relation is not None else field.name
        for field in thing.fields
        if rights.level(field.name) is Level.WRITE
        and field.state is not FieldState.RETIRED
        and not field.type.computed
        and not field.read_only
    }


def test_an_administrator_sees_everything_and_a_token_no_sign_in() -> None:
    admin = of_roles(["admin"], (), is_admin=True, version=1)
    whole = build(SHAPE, PLATFORM, verbs=verb_shapes(SHAPE.objects))
    all_of_it = set(whole.type_map) - {"AuthLevel"}

    person = build(
        SHAPE, PLATFORM, verbs=verb_shapes(SHAPE.objects),
        projection=projection(CRM, admin, Principal(PrincipalKind.USER, ME), STATIC),
    )  # fmt: skip
    token = schema_of(projection(CRM, admin, Principal(PrincipalKind.CLIENT, ME, scopes=("x",)), STATIC))

    assert set(person.type_map) == all_of_it
    assert token.mutation_type is not None
    assert {"createObject", "createCustomer"} <= set(token.mutation_type.fields)
    assert not {"signOut", "createRole", "handOver"} & set(token.mutation_type.fields)


def test_equal_rights_have_equal_keys_whoever_has_them() -> None:
    grants = [Grant("sales", "customer", read=Scope.OWN)]
    wider = [Grant("other", "customer", read=Scope.ALL)]
    keys = {
        projection(
            CRM,
            of_roles([each[0].role], each, is_admin=False, version=at),
            Principal(PrincipalKind.USER, UUID(int=at)),
            STATIC,
        ).key
        for at, each in enumerate((grants, wider), start=1)
    }

    assert len(keys) == 1
    assert seen_by(1).key != seen_by(2).key


@pytest.mark.parametrize(
    ("person", "scopes", "is_told"),
    [
        ("admin", (), True),
        ("admin", ("metadata:read",), True),
        ("admin", ("customer:read",), False),
        ("sales", (), False),
        ("sales", ("metadata:read",), False),
    ],
)
async def test_what_each_role_may_do_is_told_to_who_may_define(
    shared_tenant: Tenant, person: str, scopes: tuple[str, ...], is_told: bool
) -> None:
    principal = replace(shared_tenant.principal(person), scopes=scopes)

    seen = await shared_tenant.read(lambda work: projections.with_roles(replace(work, principal=principal), {}))

    assert [name for name, _ in seen.roles] == (
        ["admin", "director", "finance", "manager", "sales", "service"] if is_told else []
    )
