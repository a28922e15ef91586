"""What every part of the compiler needs while one statement is written: shape, rights, cursors and fresh aliases."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from tenants.sql import SCHEMA, Fragment, Slot, ident, sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schema.metadata.registry import Shape
    from services.query.cursors import CursorUse
    from services.query.guard import Rights


@dataclass(frozen=True, slots=True)
class Variant:
    """What shapes a statement beside its plan: which cursors are given, and which of their keys are empty."""

    cursors: tuple[tuple[CursorUse, tuple[bool, ...] | None], ...] = ()
    has_session: bool = True


class Compilation:
    """One statement being written."""

    def __init__(self, shape: Shape, rights: Rights, variant: Variant) -> None:
        self.shape = shape
        self.rights = rights
        self.has_session = variant.has_session
        self._cursors: Mapping[CursorUse, tuple[bool, ...] | None] = dict(variant.cursors)
        self._numbers = count()

    def alias(self) -> str:
        """A name that no column has and no other part uses."""
        return f"q{next(self._numbers)}"

    def empty_keys(self, use: CursorUse | None) -> tuple[bool, ...] | None:
        """Which keys of a cursor are empty; nothing if no cursor is given."""
        return None if use is None else self._cursors[use]


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
