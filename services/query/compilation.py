"""What every part of the compiler needs while one statement is written: shape, rights, cursors and fresh aliases."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from tenants.sql import SCHEMA, Fragment, Slot, ident, sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schema.metadata.registry import Shape
    from services.permissions import Criteria
    from services.query.cursors import CursorUse
    from services.query.guard import Rights


# Page sizes in steps, each with the one record more that tells of another page. The usual sizes are steps themselves: a
# page is planned for its step, and an ordered page reads as many keys.
STEPS = (2, 11, 21, 51, 101, 201, 501, 1001)


def step(size: object) -> int:
    """The step that a page size falls into; sizes that are none are refused when they are bound."""
    if isinstance(size, int):
        for most in STEPS:
            if size < most:
                return most
    return STEPS[-1]


class Variant(NamedTuple):
    """What shapes a statement beside its plan: which cursors are given, their empty keys, and how large pages may get,
    and which questions are several words.
    """

    cursors: tuple[tuple[CursorUse, tuple[bool, ...] | None], ...] = ()
    # The most records that a page size at a position can mean, by the step that it falls into.
    most: tuple[tuple[int, int], ...] = ()
    # The positions of searched texts that are several words.
    several: tuple[int, ...] = ()
    has_session: bool = True
    # Whose session: a client's, else a user's.
    is_client: bool = False


@dataclass(frozen=True, slots=True)
class Criterion:
    """Which stored criterion is being written: its object, and its number among those of the object."""

    object_name: str
    number: int


class Compilation:
    """One statement being written. `write_criteria` is given, because filters and scopes need each other."""

    def __init__(self, shape: Shape, rights: Rights, variant: Variant, write_criteria: WriteCriteria) -> None:
        self.shape = shape
        self.rights = rights
        self.write_criteria = write_criteria
        # Inside a stored criterion operands are found among its values, not among those of the request.
        self.criterion: Criterion | None = None
        self.has_session = variant.has_session
        # Whether what a condition asks of other records stays a test of each record.
        self.tests_others = False
        # Selects of ids that the statement makes once, with their names; nothing where it has no place for them.
        self.sets: dict[Fragment, str] | None = None
        self._cursors: Mapping[CursorUse, tuple[bool, ...] | None] = dict(variant.cursors)
        self._most = dict(variant.most)
        self._several = variant.several
        self._numbers = count()

    def inside(self, criterion: Criterion) -> Compilation:
        """The same statement within a stored criterion, which sees every record."""
        inner = copy(self)
        inner.rights, inner.criterion = self.rights.unlimited(), criterion
        return inner

    def seeing_all(self) -> Compilation:
        """The same statement where it judges records: it sees every one, whoever asks."""
        inner = copy(self)
        inner.rights = self.rights.unlimited()
        return inner

    def testing_others(self, *, tests: bool = True) -> Compilation:
        """The same statement where what is asked of other records is a test of each record, and no join.

        Of several runs each would make such a join anew. Of a test PostgreSQL makes a look-up for each record or one set for
        all runs, as their numbers suggest. What is asked within a test is none: it is asked once, however it is joined.
        """
        if self.tests_others is tests:
            return self
        inner = copy(self)
        inner.tests_others = tests
        return inner

    def alias(self) -> str:
        """A name that no column has and no other part uses."""
        return f"q{next(self._numbers)}"

    def ids(self, select: Fragment) -> Fragment:
        """What a select finds, as an array: that can be looked up in an index, a joined select cannot.

        Scopes stand in a statement as often as objects do; planning the same select each time costs more than running it.
        """
        if self.sets is None:
            return array_of(select)
        name = ident(self.sets.setdefault(select, f"w{len(self.sets)}"))
        return sql("(SELECT {name}.ids FROM {name})::uuid[]", name=name)

    def most(self, position: int) -> int:
        """At least as many records as the page asks for, and one more."""
        return self._most.get(position, STEPS[-1])

    def is_several(self, position: int) -> bool:
        """Whether the text that is searched for is several words."""
        return position in self._several

    def empty_keys(self, use: CursorUse | None) -> tuple[bool, ...] | None:
        """Which keys of a cursor are empty; nothing if no cursor is given."""
        return None if use is None else self._cursors[use]


WriteCriteria: TypeAlias = Callable[[Compilation, "Criteria", str, str], Fragment]


def array_of(select: Fragment) -> Fragment:
    """What a select finds as an array."""
    return sql("ARRAY({select})", select=select)


def table(object_name: str) -> Fragment:
    """A tenant's table of records."""
    return sql("{schema}.{table}", schema=SCHEMA, table=ident(Slot(object_name)))


def fixed_table(name: str) -> Fragment:
    """One of the tables that every tenant has under the same name."""
    return sql("{schema}.{table}", schema=SCHEMA, table=ident(name))


def column(alias: str, object_name: str, field_name: str, part: str = "") -> Fragment:
    """A column of an aliased record table."""
    return sql("{alias}.{name}", alias=ident(alias), name=ident(Slot(object_name, field_name, part)))


def of(alias: str, name: str) -> Fragment:
    """A column that the statement itself named."""
    return sql("{alias}.{name}", alias=ident(alias), name=ident(name))
