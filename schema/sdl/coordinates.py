"""What a generated field means, attached to it when it is built, so that reading a selection needs no registry.

Names in a coordinate are those of the plan; `object_name` is the object whose records stand behind the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import cast

from graphql import GraphQLEnumValue, GraphQLField, GraphQLInputField

_KEY = "coordinate"


class Role(StrEnum):
    """What standing in a selection or an input means."""

    # Roots of Query.
    RECORD = "record"
    NODE = "node"
    RECORDS = "records"
    GROUPS = "groups"
    SEARCH = "search"
    # Roots of Mutation and members of their payloads.
    WRITE = "write"
    WRITTEN = "written"
    # Members of a record.
    LEAF = "leaf"
    MONEY = "money"
    PARTS = "parts"
    CHOICE_LABEL = "choice label"
    LOOKUP = "lookup"
    TO_ONE = "to one"
    TO_SEVERAL = "to several"
    TO_MANY = "to many"
    CHILD_GROUPS = "child groups"
    # Members of a connection, an edge or a group.
    PART = "part"
    GROUP = "group"
    COUNT = "count"
    MEASURES = "measures"
    MEASURE = "measure"
    # Members of a filter, an order or a grouping.
    COMPARE = "compare"
    COMPARE_PARTS = "compare parts"
    FOLLOW = "follow"
    QUANTIFY = "quantify"
    COMBINE = "combine"


@dataclass(frozen=True, slots=True)
class Coordinate:
    """The meaning of one generated field."""

    role: Role
    name: str = ""
    object_name: str = ""
    # The members of a list rather than one.
    many: bool = False
    # Of a generated mutation: the member of its payload that holds what was written.
    answers: str = ""
    # Of the many side of a relation: the field that orders it where no order is asked for.
    ordered_by: str = ""
    # Of a lookup: its relation, and what it shows of the record behind it.
    relation: str = ""
    shows: Coordinate | None = None

    def extension(self) -> dict[str, Coordinate]:
        """What a graphql-core field carries in `extensions`; fields of one meaning carry the same."""
        # Read like the dictionary of one key that it stands for: of those there would be as many as there are meanings.
        return cast("dict[str, Coordinate]", _shared(self))

    def get(self, key: str, default: object = None) -> object:
        """Itself, as what the key stands for."""
        return self if key == _KEY else default

    def keys(self) -> tuple[str]:
        """The only key."""
        return (_KEY,)

    def __getitem__(self, key: str) -> Coordinate:
        if key != _KEY:
            raise KeyError(key)
        return self


# A field is summed, compared and sorted by in a dozen places that are built one after the other; what is kept here
# beyond the schemas is some kilobytes.
@lru_cache(maxsize=256)
def _shared(means: Coordinate) -> Coordinate:
    return means


def coordinate(of: GraphQLField | GraphQLInputField | GraphQLEnumValue) -> Coordinate | None:
    """The meaning of a field, or nothing if it is a static one."""
    extensions: Mapping[str, object] = of.extensions
    found = extensions.get(_KEY)
    return found if isinstance(found, Coordinate) else None
