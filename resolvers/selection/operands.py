"""Values of an operation kept apart from its shape, so that one plan serves every value of its variables.

A leaf of a variable is replaced by a marker before the plan is made. What decides the shape stays: which keys an input
object has, how many members a list of them has, enum values, Booleans and nulls.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
)

# A dict is found by its class; of a mapping of another kind Python looks into the register of such kinds.
_MAPPINGS = (dict, Mapping)


@dataclass(frozen=True, slots=True)
class VariableLeaf:
    """Stands for the value at this path of the coerced variables."""

    path: tuple[str | int, ...]


def mark(value: object, type_: GraphQLInputType, path: tuple[str | int, ...]) -> object:
    """The same value with markers for the leaves that are not shape."""
    if value is None:
        return None
    if isinstance(type_, GraphQLNonNull):
        return mark(value, type_.of_type, path)
    named = get_named_type(type_)
    if isinstance(named, GraphQLEnumType) or named is GraphQLBoolean:
        return value
    if isinstance(type_, GraphQLInputObjectType) and isinstance(value, Mapping):
        return {name: mark(each, type_.fields[name].type, (*path, name)) for name, each in value.items()}
    if isinstance(type_, GraphQLList) and isinstance(named, GraphQLInputObjectType) and isinstance(value, list):
        return [mark(each, type_.of_type, (*path, number)) for number, each in enumerate(value)]
    return VariableLeaf(path)


def freeze(value: object) -> Hashable:
    """A marked value as a key of a cache."""
    if isinstance(value, VariableLeaf):
        return value
    if isinstance(value, _MAPPINGS):
        return tuple([(name, freeze(each)) for name, each in value.items()])
    if isinstance(value, list):
        return tuple([freeze(each) for each in value])
    # True and 1 are equal keys in Python but not equal shapes.
    return (value,) if isinstance(value, bool) else value


def resolve(source: object, variables: Mapping[str, object]) -> object:
    """The value that a source stands for in one request."""
    if isinstance(source, VariableLeaf):
        value: object = variables
        for step in source.path:
            value = value[step]  # type: ignore[index]
        return value
    if isinstance(source, list):
        return [resolve(each, variables) for each in source]
    if isinstance(source, Mapping):
        return {name: resolve(each, variables) for name, each in source.items()}
    return source
