"""The inputs of users and departments: read with the same table of field types as any record, refused all at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.metadata.contacts import PHONE_REGION
from schema.metadata.errors import NotAnId, RelationNotFound, Required, UnknownObject
from schema.metadata.near_names import LONGEST, hints
from schema.metadata.values import in_region
from tenants.errors import Fault, Invalid, Refused, Violation
from tenants.ids import record_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schema.metadata.fields import Field
    from schema.metadata.registry import Shape
    from tenants.context import Work


@dataclass(frozen=True, slots=True)
class Input:
    """One input: how it is read, where it is stored, and the table that a link must find its row in."""

    field: Field
    column: str
    target: sa.Table | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Column values that were read so far, and everything found wrong with them; one answer names it all."""

    values: dict[str, object]
    violations: list[Violation]

    def refuse(self, name: str, fault: Fault) -> None:
        """Note one more thing that is wrong."""
        self.violations.append(Violation((name,), fault))

    def accepted(self) -> dict[str, object]:
        """The values, if nothing is wrong with them."""
        if self.violations:
            raise Refused(tuple(self.violations))
        return self.values


async def read(work: Work, inputs: tuple[Input, ...], given: Mapping[str, object], *, creating: bool) -> Draft:
    """Column values of the inputs that were given. Missing is untouched, null is empty."""
    draft = plain(inputs, given, creating=creating, phone_region=work.settings.phone_region)
    for each in inputs:
        try:
            await _require_target(work, each, draft.values.get(each.column))
        except Invalid as fault:
            draft.refuse(each.field.name, fault)
    return draft


def plain(
    inputs: tuple[Input, ...], given: Mapping[str, object], *, creating: bool, phone_region: str = PHONE_REGION
) -> Draft:
    """The same, as far as it can be told without the database."""
    draft = Draft({}, [])
    for each in inputs:
        if each.field.name not in given and not (creating and each.field.required):
            continue
        try:
            raw = in_region(given.get(each.field.name), each.field, phone_region)
            draft.values[each.column] = _normalised(each.field, raw)
        except Invalid as fault:
            draft.refuse(each.field.name, fault)
    return draft


def refuse(name: str, fault: Fault) -> Refused:
    """One input is wrong for a reason that only its verb knows."""
    return Refused((Violation((name,), fault),))


def _normalised(field: Field, raw: object) -> object:
    value = None if raw is None else field.type.normalise(raw, field)
    if field.required and value in {None, ""}:
        raise Required
    return value


async def _require_target(work: Work, each: Input, value: object) -> None:
    if each.target is not None and value is not None and not await work.session.scalar(_exists(each.target, value)):
        raise RelationNotFound


def _exists(target: sa.Table, row_id: object) -> sa.Select[UUID]:
    return sa.select(target.c.id).where(target.c.id == row_id)


def _among(table: sa.Table, ids: Sequence[UUID]) -> sa.Select[UUID]:
    return sa.select(table.c.id).where(table.c.id == sa.any_(sa.literal(list(ids), pg.ARRAY(pg.UUID))))


def id_(given: Mapping[str, object], name: str) -> UUID:
    """A required id."""
    return _uuid(given.get(name), name)


def object_(shape: Shape, given: Mapping[str, object]) -> str:
    """The object of an input; one that is none is answered with what may have been meant."""
    name = str(given["object"])
    if name not in shape.objects:
        raise refuse("object", UnknownObject(name=name[:LONGEST], **hints(name, shape.objects)))
    return name


async def targets(work: Work, draft: Draft, name: str, raw: Sequence[object], table: sa.Table) -> list[UUID]:
    """The ids of a list that are rows of the table; each other one is refused at its place."""
    ids = [each if isinstance(each, UUID) else record_id(each) for each in raw]
    there = {row["id"] for row in await work.session.rows(_among(table, [each for each in ids if each is not None]))}
    for at, each in enumerate(ids):
        if each not in there:
            draft.violations.append(Violation((name, at), NotAnId() if each is None else RelationNotFound()))
    return [each for each in ids if each is not None and each in there]


def text(given: Mapping[str, object], name: str) -> str | None:
    """A text, exactly as it was given."""
    found = given.get(name)
    return found if isinstance(found, str) else None


def version(given: Mapping[str, object]) -> int | None:
    """The version that the caller saw, if it was named."""
    found = given.get("ifVersion")
    return found if isinstance(found, int) else None


def _uuid(raw: object, name: str) -> UUID:
    found = raw if isinstance(raw, UUID) else record_id(raw)
    if found is None:
        raise refuse(name, NotAnId())
    return found
