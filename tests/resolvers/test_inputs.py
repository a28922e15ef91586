"""No hand-written field takes text that PostgreSQL does not, or values too deep in each other: each is asked once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLList, GraphQLNonNull, GraphQLSchema, get_named_type

from resolvers.inputs import refuse_unreadable
from resolvers.root import static_schema
from schema.metadata.naming import compose_type
from services import verbs
from tenants.errors import Refused
from tests.builders.mutations import mutate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from graphql import GraphQLInputType

    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]

STATIC: GraphQLSchema = static_schema()
# Files come in the parts of a form; `test_upload_requests` sends them.
BY_FORM = {"uploadFile"}
TEXTS = {"String", "JSON"}
PLAIN: dict[str, object] = {
    "ID": "01a20271-06ad-700e-85c3-37148255e987", "Int": 1, "Boolean": True, "Long": 1, "Decimal": "1",
    "Date": "2026-01-01", "DateTime": "2026-01-01T00:00:00Z",
}  # fmt: skip


def nested(levels: int) -> object:
    made: object = 1
    for _ in range(levels):
        made = [made]
    return made


def test_it_is_refused_as_one_answer() -> None:
    refuse_unreadable({"a": "x"})
    with pytest.raises(Refused) as refused:
        refuse_unreadable({"a": "\0", "b": "\0"})

    assert [each.path for each in refused.value.violations] == [("a",), ("b",)]


@pytest.mark.integration
async def test_every_text_of_a_static_query_is_looked_at(person: Person) -> None:
    admin = await person("admin")
    assert STATIC.query_type is not None
    asked = 0
    for name, field in STATIC.query_type.fields.items():
        for member, argument in field.args.items():
            if not _holds_text(argument.type):
                continue
            given = {each: _filled(one.type) for each, one in field.args.items() if each != member}
            given[member] = _filled(argument.type, "a\0b")
            signature = ", ".join(f"${each}: {field.args[each].type}" for each in given)
            passed = ", ".join(f"{each}: ${each}" for each in given)
            selected = "{ __typename }" if hasattr(get_named_type(field.type), "fields") else ""

            (error,) = await admin.errors(f"query ({signature}) {{ {name}({passed}) {selected} }}", **given)

            assert (name, error["extensions"]["code"]) == (name, "BAD_CHARACTERS")
            asked += 1
    assert asked >= 15


@pytest.mark.integration
@pytest.mark.parametrize(("text", "code"), [("a\0b", "BAD_CHARACTERS"), (nested(100), "JSON_TOO_DEEP")])
async def test_every_text_of_a_declared_verb_is_looked_at(person: Person, text: object, code: str) -> None:
    admin = await person("admin")
    wanted = {"JSON"} if code == "JSON_TOO_DEEP" else TEXTS
    asked = 0
    for verb in verbs.declared():
        if any(each.type not in {*PLAIN, *TEXTS} for each in verb.inputs if each.required):
            continue
        for chosen in (each for each in verb.inputs if each.type in wanted):
            given = {
                each.name: [_plain(each.type)] if each.many else _plain(each.type)
                for each in verb.inputs
                if each.required
            }
            given[chosen.name] = [text] if chosen.many else text

            (error,) = (await mutate(admin, verb.name, **given))["errors"]

            place = [chosen.name, "0"] if chosen.many and code == "BAD_CHARACTERS" else [chosen.name]
            assert (verb.name, error) == (verb.name, {"path": place, "code": code})
            asked += 1
    assert asked >= 9


@pytest.mark.integration
async def test_every_text_of_a_static_mutation_is_looked_at(person: Person) -> None:
    admin = await person("admin")
    assert STATIC.mutation_type is not None
    asked = 0
    for name, field in STATIC.mutation_type.fields.items():
        given = _filled(field.args["input"].type, "a\0b")
        if not _holds_text(field.args["input"].type) or name in BY_FORM:
            continue
        payload = get_named_type(field.type)
        members = "errors { path code }" if "errors" in getattr(payload, "fields", {}) else "__typename"
        answer = await admin.ask(
            f"mutation ($input: {compose_type(name, 'Input')}!) {{ done: {name}(input: $input) {{ {members} }} }}",
            {"input": given},
        )

        found = answer["errors"] if answer.get("errors") else answer["data"]["done"]["errors"]
        codes = {each.get("code") or each["extensions"]["code"] for each in found}
        assert (name, codes) == (name, {"BAD_CHARACTERS"})
        asked += 1
    assert asked >= 30


def _holds_text(kind: GraphQLInputType) -> bool:
    return any(each in TEXTS for each in _names(kind))


def _names(kind: GraphQLInputType) -> Iterator[str]:
    waiting, seen = [get_named_type(kind)], set[str]()
    while waiting:
        named = waiting.pop()
        if isinstance(named, GraphQLInputObjectType) and named.name not in seen:
            seen.add(named.name)
            waiting += [get_named_type(each.type) for each in named.fields.values()]
        yield named.name


def _filled(kind: GraphQLInputType, text: str = "a", *, around: frozenset[str] = frozenset()) -> Any:  # Any: JSON
    """A value of the type, every text in it this one; a type that holds itself is said once."""
    inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    if isinstance(inner, GraphQLList):
        return [] if get_named_type(inner).name in around else [_filled(inner.of_type, text, around=around)]
    if isinstance(inner, GraphQLInputObjectType):
        fields, seen = list(inner.fields.items()), around | {inner.name}
        # Only Strawberry knows it of its own inputs.
        fields = fields[:1] if inner.extensions["strawberry-definition"].is_one_of else fields
        return {
            n: _filled(each.type, text, around=seen) for n, each in fields if get_named_type(each.type).name not in seen
        }
    if isinstance(inner, GraphQLEnumType):
        return next(iter(inner.values))
    return text if get_named_type(inner).name in TEXTS else _plain(get_named_type(inner).name)


def _plain(name: str) -> object:
    return PLAIN.get(name, "a")
