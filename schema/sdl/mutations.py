"""What is done: the mutations that every object has, and the verbs that packs and platform declare.

Each takes one `input` and answers `<Verb>Payload`. Which verbs exist is given as plain data; nothing here is bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from graphql import (
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInt,
    GraphQLList,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLString,
)

from schema.metadata.naming import compose, compose_type
from schema.metadata.objects import Object
from schema.sdl.coordinates import Coordinate, Role
from schema.sdl.filters import filter_type
from schema.sdl.inputs import create_type, input_name, set_type, written_fields
from schema.sdl.outputs import record_type
from schema.sdl.projections import Auth, with_auth
from schema.sdl.slim import Argument, InputField, InputType, ObjectType, OutputField
from schema.sdl.types import Types


class Write(StrEnum):
    """The generated verbs; the value is how the name of the mutation begins."""

    CREATE = "create"
    UPDATE = "update"
    UPSERT = "upsert"
    DELETE = "delete"
    RESTORE = "restore"
    DESTROY = "destroy"


ONE = (Write.CREATE, Write.UPDATE, Write.DELETE, Write.RESTORE, Write.DESTROY)
SETS = (Write.CREATE, Write.UPDATE, Write.UPSERT, Write.DELETE, Write.RESTORE)


@dataclass(frozen=True, slots=True)
class InputShape:
    """One input of a declared verb: a scalar, or the generated input of an object."""

    name: str
    type: str
    required: bool
    many: bool


@dataclass(frozen=True, slots=True)
class OutputShape:
    """One record, or a list of records, of a declared verb's payload; without an object, a plain id."""

    name: str
    object_name: str
    many: bool


@dataclass(frozen=True, slots=True)
class VerbShape:
    """A declared verb as the schema needs it."""

    name: str
    description: str
    inputs: tuple[InputShape, ...]
    outputs: tuple[OutputShape, ...]


def write_names(types: Types, thing: Object) -> tuple[str, ...]:
    """The generated mutations of one object that are there, by name."""
    ones = (compose(verb.value, thing.name) for verb in ONE if _is_there(types, thing, verb))
    return (*ones, *(compose(verb.value, thing.plural) for verb in _sets(types, thing)))


def write_fields(types: Types, thing: Object) -> Iterator[tuple[str, GraphQLField]]:
    """The generated mutations of one object."""
    for verb in ONE:
        if not _is_there(types, thing, verb):
            continue
        name = compose(verb.value, thing.name)
        output = OutputShape(thing.name, thing.name, many=False)
        yield (
            name,
            _mutation(
                types,
                name,
                _one_input(types, thing, verb),
                (output,),
                Coordinate(Role.WRITE, verb.value, thing.name, answers=thing.name),
                auth=types.projection.of_object(thing.name, verb.value),
            ),
        )
    for verb in _sets(types, thing):
        name = compose(verb.value, thing.plural)
        output = OutputShape(thing.plural, thing.name, many=True)
        yield (
            name,
            _mutation(
                types,
                name,
                _set_input(types, thing, verb),
                (output,),
                Coordinate(Role.WRITE, verb.value, thing.name, many=True, answers=thing.plural),
                auth=types.projection.of_object(thing.name, verb.value),
            ),
        )


def _sets(types: Types, thing: Object) -> tuple[Write, ...]:
    return tuple(
        verb
        for verb in SETS
        if _is_there(types, thing, verb, many=True) and (verb is not Write.UPSERT or _keys(types, thing))
    )


def _is_there(types: Types, thing: Object, verb: Write, *, many: bool = False) -> bool:
    """Whether the caller has the mutation; one that is given values needs a field that may be written."""
    gives = verb in {Write.CREATE, Write.UPDATE, Write.UPSERT}
    return types.projection.does(thing.name, verb.value, many=many) and not (gives and not written_fields(types, thing))


def verb_field(types: Types, verb: VerbShape) -> GraphQLField:
    """The mutation of one declared verb."""
    members = {each.name: InputField(_verb_input(types, each)) for each in verb.inputs if _is_given(types, each)}
    return _mutation(
        types,
        verb.name,
        {**members, **_client_id(types)},
        verb.outputs,
        Coordinate(Role.WRITE, verb.name),
        verb.description,
        auth=types.projection.of_name(verb.name),
    )


def _mutation(  # noqa: PLR0917 - the parts of one field
    types: Types,
    name: str,
    members: Mapping[str, GraphQLInputField],
    outputs: tuple[OutputShape, ...],
    means: Coordinate,
    description: str = "",
    *,
    auth: Auth | None = None,
) -> GraphQLField:
    input_name_ = compose_type(name, "Input")
    given = types.once(input_name_, lambda: InputType(input_name_, dict(members)))
    return OutputField(
        _payload(types, name, outputs),
        args={"input": Argument(types.not_null(given))},
        description=description or None,
        extensions=with_auth(means.extension(), auth),
    )


# --- inputs -----------------------------------------------------------------------------------------------------------


def _client_id(types: Types) -> dict[str, GraphQLInputField]:
    return {"clientMutationId": types.alike(InputField, GraphQLString)}


def _one_input(types: Types, thing: Object, verb: Write) -> dict[str, GraphQLInputField]:
    if verb is Write.CREATE:
        return {
            **_client_id(types),
            "onDuplicate": GraphQLInputField(_on_duplicate(types), default_value="ABORT"),
            "record": InputField(types.not_null(create_type(types, thing))),
        }
    members = {
        "id": types.alike(InputField, types.not_null(GraphQLID)),
        "ifVersion": types.alike(InputField, GraphQLInt),
        **_client_id(types),
    }
    if verb is Write.UPDATE:
        members["set"] = types.alike(InputField, types.not_null(set_type(types, thing)))
    return members


def _set_input(types: Types, thing: Object, verb: Write) -> dict[str, GraphQLInputField]:
    ids = InputField(types.list_of(GraphQLID))
    if verb in {Write.CREATE, Write.UPSERT}:
        members = {"records": InputField(types.not_null(types.list_of(create_type(types, thing))))}
        if verb is Write.UPSERT:
            members["by"] = InputField(types.not_null(_key_type(types, thing)))
        return {**members, "onError": GraphQLInputField(_on_error(types), default_value="ABORT"), **_client_id(types)}
    if verb is Write.RESTORE:
        return {"ids": InputField(types.not_null(types.list_of(GraphQLID))), **_client_id(types)}
    members = {"filter": InputField(filter_type(types, thing)), "ids": ids}
    if not types.projection.reads(thing.name):
        del members["filter"]
    if verb is Write.UPDATE:
        members["set"] = InputField(types.not_null(set_type(types, thing)))
    return {**members, **_client_id(types)}


def _keys(types: Types, thing: Object) -> list[str]:
    return [input_name(field) for field in written_fields(types, thing) if field.is_unique]


def _key_type(types: Types, thing: Object) -> GraphQLEnumType:
    """The unique fields, each of which names a record."""
    name = compose_type(thing.name, "Key")
    return types.once(
        name, lambda: GraphQLEnumType(name, {each: GraphQLEnumValue(each) for each in _keys(types, thing)})
    )


def _on_error(types: Types) -> GraphQLEnumType:
    return types.once(
        "OnError",
        lambda: GraphQLEnumType(
            "OnError",
            {name: GraphQLEnumValue(name) for name in ("ABORT", "SKIP")},
            description="ABORT writes nothing if one record is refused, SKIP leaves the refused ones out.",
        ),
    )


def _on_duplicate(types: Types) -> GraphQLEnumType:
    return types.once(
        "OnDuplicate",
        lambda: GraphQLEnumType(
            "OnDuplicate",
            {name: GraphQLEnumValue(name) for name in ("ABORT", "ALLOW")},
            description="What a duplicate rule does that finds a like record; a unique value is refused either way.",
        ),
    )


def _is_given(types: Types, given: InputShape) -> bool:
    """Whether the caller may give an input; one that makes or changes a record needs the right to."""
    for thing in types.shape.objects.values():
        for verb, kind in ((Write.CREATE, "Create"), (Write.UPDATE, "Set")):
            if given.type == compose_type(thing.name, kind):
                return _is_there(types, thing, verb)
    return True


def _verb_input(types: Types, given: InputShape) -> GraphQLInputType:
    named = _named_input(types, given.type)
    if given.many:
        listed = types.list_of(named)
        return types.not_null(listed) if given.required else listed
    return types.not_null(named) if given.required else named


def _named_input(types: Types, name: str) -> GraphQLScalarType | GraphQLInputObjectType:
    for thing in types.shape.objects.values():
        if name == compose_type(thing.name, "Create"):
            return create_type(types, thing)
        if name == compose_type(thing.name, "Set"):
            return set_type(types, thing)
    return types.money_input if name == "MoneyInput" else types.scalar(name)


# --- payloads ---------------------------------------------------------------------------------------------------------


def _payload(types: Types, mutation: str, outputs: tuple[OutputShape, ...]) -> GraphQLObjectType:
    name = compose_type(mutation, "Payload")
    return types.once(name, lambda: ObjectType(name, lambda: types.counted(_payload_members(types, outputs))))


def _payload_members(types: Types, outputs: tuple[OutputShape, ...]) -> Iterator[tuple[str, GraphQLField]]:
    yield "clientMutationId", types.alike(OutputField, GraphQLString)
    for output in outputs:
        if not output.object_name:
            yield output.name, OutputField(GraphQLID)
            continue
        if not types.projection.reads(output.object_name):
            continue
        record = record_type(types, types.target(output.object_name))
        yield (
            output.name,
            OutputField(
                types.list_of(record) if output.many else record,
                extensions=Coordinate(Role.WRITTEN, output.name, output.object_name, many=output.many).extension(),
            ),
        )
    if any(output.many for output in outputs):
        yield "count", OutputField(GraphQLInt, description="How many records were written.")
        job = types.shape.objects.get("job")
        if job is not None and types.projection.reads(job.name):
            yield (
                "job",
                OutputField(record_type(types, job), extensions=Coordinate(Role.WRITTEN, "job", "job").extension()),
            )
    yield "errors", types.alike(OutputField, types.not_null(types.list_of(_input_error(types))))
    objects = {each.object_name for each in outputs if each.object_name and types.projection.reads(each.object_name)}
    if len(objects) == 1:
        duplicate = _duplicate(types, types.target(objects.pop()))
        yield "duplicates", types.alike(OutputField, types.not_null(types.list_of(duplicate)))


def _input_error(types: Types) -> GraphQLObjectType:
    text = types.not_null(GraphQLString)
    return types.once(
        "InputError",
        lambda: ObjectType(
            "InputError",
            {
                "path": OutputField(
                    types.not_null(GraphQLList(text)), description="Where in the input; rows of a set by their index."
                ),
                "code": OutputField(text),
                "message": OutputField(text),
            },
        ),
    )


def _duplicate(types: Types, thing: Object) -> GraphQLObjectType:
    name = compose_type(thing.name, "Duplicate")
    text = types.not_null(GraphQLString)
    return types.once(
        name,
        lambda: ObjectType(
            name,
            lambda: {
                "score": OutputField(types.not_null(GraphQLFloat)),
                "reasons": OutputField(types.not_null(GraphQLList(text))),
                thing.name: OutputField(
                    record_type(types, thing),
                    description="The record that is already there, if you may see it.",
                    extensions=Coordinate(Role.WRITTEN, thing.name, thing.name).extension(),
                ),
            },
        ),
    )
