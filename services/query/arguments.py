"""The parameters of a statement as keys: each knows how to find its value when the statement is run.

A key holds no value of a tenant or a request, so it may stand in a template that tenants share.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol
from uuid import UUID

from schema.metadata.errors import NotAnId
from schema.metadata.types import Operators
from services.query.cursors import CursorUse
from services.query.errors import NegativePage, PageTooLarge, WrongOperand
from services.query.names import field_of
from services.query.operands import read_operand, with_me
from tenants.clock import require_zone
from tenants.file_tokens import claim_of
from tenants.ids import object_number, record_id

if TYPE_CHECKING:
    from schema.metadata.registry import Registry
    from services.query.compilation import Criterion
    from services.query.plan import Values
    from tenants.context import ReadWork

LARGEST_PAGE = 1000
_ORDINARY_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")


class Circumstances(NamedTuple):
    """Everything that parameters are found in."""

    work: ReadWork
    registry: Registry
    values: Values
    cursors: Mapping[CursorUse, tuple[object, ...] | None]
    # What the caller's criteria compare with, by object and number.
    criteria: Mapping[str, tuple[tuple[object, ...], ...]] = MappingProxyType({})


class Argument(Protocol):
    """A key of a parameter."""

    def found_in(self, circumstances: Circumstances) -> object:
        """The value for this run."""


@dataclass(frozen=True, slots=True)
class Me:
    """The principal's id."""

    def found_in(self, circumstances: Circumstances) -> object:
        """The id."""
        return circumstances.work.principal.id


@dataclass(frozen=True, slots=True)
class ObjectNumber:
    """The number of an object, which tenants of equal shape do not share."""

    object_name: str

    def found_in(self, circumstances: Circumstances) -> object:
        """The number."""
        return circumstances.registry.names[self.object_name].number


@dataclass(frozen=True, slots=True)
class Objects:
    """Objects as traces of their records name them: by name, or by number."""

    names: tuple[str, ...]
    by_number: bool

    def found_in(self, circumstances: Circumstances) -> object:
        """The names or numbers."""
        return [circumstances.registry.names[each].number for each in self.names] if self.by_number else [*self.names]


@dataclass(frozen=True, slots=True)
class TracedFields:
    """Fields whose traces the caller may see, and how each shows, as JSON: by name, or by the numbers of history."""

    marks: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    by_number: bool

    def found_in(self, circumstances: Circumstances) -> object:
        """The JSON text."""
        names = circumstances.registry.names
        if not self.by_number:
            return json.dumps({thing: dict(fields) for thing, fields in self.marks})
        return json.dumps({
            str(names[thing].number): {str(names[thing].fields[name].number): mark for name, mark in fields}
            for thing, fields in self.marks
        })


@dataclass(frozen=True, slots=True)
class SignInSession:
    """The session whose row every statement of a user checks."""

    def found_in(self, circumstances: Circumstances) -> object:
        """The id."""
        return circumstances.work.principal.session_id


@dataclass(frozen=True, slots=True)
class MetadataVersion:
    """The version of the registry that the statement was compiled from."""

    def found_in(self, circumstances: Circumstances) -> object:
        """The version."""
        return circumstances.work.versions.metadata


@dataclass(frozen=True, slots=True)
class AccessVersion:
    """The version of the policy that the statement was compiled from."""

    def found_in(self, circumstances: Circumstances) -> object:
        """The version."""
        return circumstances.work.versions.access


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone's name: the one that was asked for, else the caller's."""

    position: int | None

    def found_in(self, circumstances: Circumstances) -> object:
        """The name, if it is one."""
        asked = None if self.position is None else circumstances.values[self.position]
        if asked is None:
            return circumstances.work.zone.key
        return require_zone(asked)


@dataclass(frozen=True, slots=True)
class RecordId:
    """The id of a root; a text that is no id is refused."""

    position: int

    def found_in(self, circumstances: Circumstances) -> object:
        """The id."""
        raw = circumstances.values[self.position]
        if isinstance(raw, str) and _ORDINARY_ID.match(raw):
            # As the server writes it, and reads it: nothing has to be made of it.
            return raw
        found = raw if isinstance(raw, UUID) else record_id(raw)
        if found is None:
            raise NotAnId
        return found


@dataclass(frozen=True, slots=True)
class RecordIds:
    """The ids that a verb has written."""

    position: int

    def found_in(self, circumstances: Circumstances) -> object:
        """The ids in order."""
        given = circumstances.values[self.position]
        ids = given if isinstance(given, list | tuple) else (given,)
        return [found for each in ids if (found := as_id(each)) is not None]


@dataclass(frozen=True, slots=True)
class PageSize:
    """How many records a page holds, and `more` beyond them to see whether there is another page."""

    position: int | None
    more: int = 0

    def found_in(self, circumstances: Circumstances) -> object:
        """The number."""
        return page_size(None if self.position is None else circumstances.values[self.position]) + self.more


@dataclass(frozen=True, slots=True)
class CursorKey:
    """One key of a cursor."""

    use: CursorUse
    index: int

    def found_in(self, circumstances: Circumstances) -> object:
        """Its value."""
        values = circumstances.cursors[self.use]
        return None if values is None else values[self.index]


@dataclass(frozen=True, slots=True)
class Operand:
    """One parameter of a filter operator (ranges have two)."""

    position: int
    object_name: str
    field_name: str
    family: Operators
    operator: str
    index: int = 0
    criterion: Criterion | None = None

    def found_in(self, circumstances: Circumstances) -> object:
        """The value as the operator compares it."""
        raw = self._values(circumstances)[self.position]
        if raw is None:
            raise WrongOperand(field=self.field_name, operator=self.operator)
        return read_operand(
            with_me(raw, self.family, circumstances.work.principal.id),
            field_of(circumstances.registry.shape, self.object_name, self.field_name),
            family=self.family,
            operator=self.operator,
            zone=circumstances.work.zone,
            now=circumstances.work.now,
            is_kept=self.criterion is not None,
            phone_region=circumstances.work.settings.phone_region,
        )[self.index]

    def _values(self, circumstances: Circumstances) -> tuple[object, ...]:
        if self.criterion is None:
            return circumstances.values
        return circumstances.criteria[self.criterion.object_name][self.criterion.number]


@dataclass(frozen=True, slots=True)
class ChoiceKeys:
    """The keys of a field's choices in their order."""

    object_name: str
    field_name: str

    def found_in(self, circumstances: Circumstances) -> object:
        """The keys."""
        return field_of(circumstances.registry.shape, self.object_name, self.field_name).choice_keys


@dataclass(frozen=True, slots=True)
class ChoiceWords:
    """The labels beside `ChoiceKeys`, in the language asked for or the caller's."""

    object_name: str
    field_name: str
    position: int | None

    def found_in(self, circumstances: Circumstances) -> object:
        """The labels."""
        asked = None if self.position is None else circumstances.values[self.position]
        language = circumstances.work.origin.language if asked is None else str(asked).split("-")[0].lower()
        field = field_of(circumstances.registry.shape, self.object_name, self.field_name)
        return circumstances.registry.choice_words(self.object_name, field, language)


class SignerPart(StrEnum):
    """What of a signer a statement writes addresses with."""

    CLAIM = "claim"
    INNER = "inner"
    OUTER = "outer"


@dataclass(frozen=True, slots=True)
class FileSigner:
    """What signs the addresses of files that are answered; nothing for a caller who is given none."""

    part: SignerPart

    def found_in(self, circumstances: Circumstances) -> object:
        """The text of the claim, or one of the two blocks in hexadecimal digits."""
        work = circumstances.work
        claim = claim_of(work.placement.tenant_id, work.principal, work.now)
        if claim is None or work.file_keys is None:
            return None
        signer = work.file_keys.signer(claim)
        return {"claim": signer.claim_text, "inner": signer.inner.hex(), "outer": signer.outer.hex()}[self.part]


def found(parameter: object, circumstances: Circumstances) -> object:
    """The value of a parameter of a compiled statement."""
    argument: Argument = parameter  # type: ignore[assignment] # every parameter of a compiled statement is one
    return argument.found_in(circumstances)


def page_size(asked: object) -> int:
    """How many records are asked for; without a number, as many as there may be."""
    size = LARGEST_PAGE if asked is None else asked
    if not isinstance(size, int) or size < 0:
        raise NegativePage
    if size > LARGEST_PAGE:
        raise PageTooLarge(max=LARGEST_PAGE)
    return size


def as_id(raw: object) -> UUID | None:
    """An id, if it is one."""
    return raw if isinstance(raw, UUID) else record_id(raw)


def object_behind(raw: object, registry: Registry) -> str | None:
    """The object whose number an id carries."""
    found = as_id(raw)
    return None if found is None else registry.by_number.get(object_number(found))
