"""What a document may have meant by a name that its schema does not have: near names, out of what the caller may use.

graphql-core can suggest names itself; for an interface it goes through all types of the schema, which are made only when
a document names them, and it compares without an end. Here the type that the complaint is about is looked at, and no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
)

from schema.metadata.near_names import LONGEST, hints

# The complaints, as graphql-core words them.
_COMPLAINTS = (
    re.compile(r"Cannot query field '(?P<name>\w+)' on type '(?P<type>\w+)'\."),
    re.compile(r"Field '(?P<name>\w+)' is not defined by type '(?P<type>\w+)'\."),
    re.compile(r"Expected value of type '(?P<type>\w+)!?' not to include unknown field '(?P<name>\w+)'"),
    re.compile(r"Unknown argument '(?P<name>\w+)' on field '(?P<type>\w+)\.(?P<field>\w+)'\."),
    re.compile(r"Value '(?P<name>\w+)' does not exist in '(?P<type>\w+)' enum\."),
)
# Comparing costs time; whoever has more errors than these mends them first.
_MOST_ERRORS = 3
_LENGTHS = 4


def with_near_names(errors: Sequence[GraphQLError], schema: GraphQLSchema) -> list[GraphQLError]:
    """The errors; those about an unknown name end with the near ones."""
    first = [_with_near_names(each, schema) for each in errors[:_MOST_ERRORS]]
    return [*first, *errors[_MOST_ERRORS:]]


def _with_near_names(error: GraphQLError, schema: GraphQLSchema) -> GraphQLError:
    found = next(filter(None, (complaint.match(error.message) for complaint in _COMPLAINTS)), None)
    if found is None or len(found["name"]) > LONGEST:
        return error
    name, parts = found["name"], found.groupdict()
    known = _names(schema, parts["type"], parts.get("field"))
    near = (each for each in known if abs(len(each) - len(name)) <= _LENGTHS)
    return GraphQLError(f"{error.message}{hints(name, near)['hint']}", error.nodes)


def _names(schema: GraphQLSchema, type_name: str, field_name: str | None) -> Iterable[str]:
    type_ = schema.get_type(type_name)
    match type_:
        case GraphQLEnumType():
            return [*type_.values]
        case GraphQLObjectType() | GraphQLInterfaceType():
            if field_name is None:
                return [*type_.fields]
            field = type_.fields.get(field_name)
            return [] if field is None else [*field.args]
        case GraphQLInputObjectType():
            return [*type_.fields]
        case _:
            return ()
