"""What a generated field means, attached to it when it is built, so that reading a selection needs no registry.

Names in a coordinate are those of the plan; `object_name` is the object whose records stand behind the field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
class Coordinate(Mapping[str, "Coordinate"]):
    """The meaning of one generated field, and the extensions of the field: a mapping of one key to itself.

    A dictionary of one key takes three times as much, and there would be as many as there are meanings.
    """

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
        return cast("dict[str, Coordinate]", _shared(self))  # the library only reads them

    def __getitem__(self, key: str) -> Coordinate:
        if key != _KEY:
            raise KeyError(key)
        return self

    def __iter__(self) -> Iterator[str]:
        return iter((_KEY,))

    def __len__(self) -> int:
        return 1


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
