"""The sections of a layout: as somebody says them, checked against the shape, and as they are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeGuard

from schema.metadata.errors import UnknownField
from schema.metadata.fields import Field, FieldState, Label
from schema.metadata.near_names import LONGEST, hints
from services import expressions, metadata, query
from services.layouts.errors import FieldPlacedTwice, LayoutMalformed
from tenants.errors import Fault, Invalid, Refused, Violation

if TYPE_CHECKING:
    from schema.metadata.registry import Registry, Shape
    from tenants.context import ReadWork
    from tenants.errors import PathStep

MOST_SECTIONS = 50
MOST_COLUMNS = 4
_SECTION = '{"labelZh": "基本", "columns": 2, "visibleIf": "level == \'a\'", "fields": [{"field": "name", "width": 2}]}'
_FIELD = '{"field": "name", "width": 1, "readOnly": false, "visibleIf": "level == \'a\'"}'
_OF_SECTION = frozenset({"labelZh", "labelEn", "columns", "visibleIf", "fields"})
_OF_FIELD = frozenset({"field", "width", "readOnly", "visibleIf"})


@dataclass(frozen=True, slots=True)
class Condition:
    """When something shows: the text as it is printed, and the tree that it is."""

    text: str
    tree: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Placed:
    """A field in its section: how many columns it takes, whether it only shows there, and when."""

    field: str
    width: int = 1
    read_only: bool = False
    visible_if: Condition | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that stand together in columns."""

    label: Label
    columns: int
    fields: tuple[Placed, ...]
    visible_if: Condition | None = None


def kept(sections: Sequence[Section]) -> list[dict[str, object]]:
    """The sections as JSON."""
    return [asdict(each) for each in sections]


def restored(stored: Sequence[Mapping[str, Any]]) -> tuple[Section, ...]:
    """The sections out of their JSON."""
    return tuple(
        Section(
            Label(**each["label"]),
            each["columns"],
            tuple(
                Placed(one["field"], one["width"], one["read_only"], _restored(one["visible_if"]))
                for one in each["fields"]
            ),
            _restored(each["visible_if"]),
        )
        for each in stored
    )


def _restored(stored: Mapping[str, Any] | None) -> Condition | None:
    return None if stored is None else Condition(**stored)


def live_fields(shape: Shape, object_name: str) -> Mapping[str, Field]:
    """The fields of an object that are not retired, by name."""
    fields = shape.objects[object_name].fields
    return {each.name: each for each in fields if each.state is not FieldState.RETIRED}


def placeable(shape: Shape, object_name: str) -> frozenset[str]:
    """What can stand in a layout: fields, line tables, and lists of related records."""
    inverses = (each.name for each in shape.objects[object_name].inverses)
    return frozenset({*live_fields(shape, object_name), *inverses})


async def read(work: ReadWork, object_name: str, given: object) -> tuple[Section, ...]:
    """The sections that were said; everything that is wrong with them at once."""
    reader = _Reader(work, await metadata.registry(work), object_name)
    sections = await reader.sections(given)
    if reader.violations:
        raise Refused(tuple(reader.violations))
    return sections


class _Reader:
    def __init__(self, work: ReadWork, known: Registry, object_name: str) -> None:
        self._work = work
        self._shape = known.shape
        self._object = object_name
        self._names = placeable(known.shape, object_name)
        self._placed: set[str] = set()
        self.violations: list[Violation] = []

    async def sections(self, given: object) -> tuple[Section, ...]:
        if not _is_list(given) or not 0 < len(given) <= MOST_SECTIONS:
            self._refuse(LayoutMalformed(form=f"[{_SECTION}]"))
            return ()
        return tuple([await self._section(each, at) for at, each in enumerate(given)])

    async def _section(self, given: object, at: int) -> Section:
        columns = given.get("columns", 1) if isinstance(given, Mapping) else 0
        if (
            not isinstance(given, Mapping)
            or given.keys() - _OF_SECTION
            or not _is_count(columns, MOST_COLUMNS)
            or not _is_list(given.get("fields"))
            or not all(isinstance(given.get(each, ""), str) for each in ("labelZh", "labelEn"))
        ):
            self._refuse(LayoutMalformed(form=_SECTION), at)
            return Section(Label(), 1, ())
        label = Label()
        try:
            label = metadata.optional_label(Label(given.get("labelZh", ""), given.get("labelEn", "")))
        except Invalid as fault:
            self._refuse(fault, at, "labelZh")
        fields = [await self._field(each, columns, at, place) for place, each in enumerate(given["fields"])]
        return Section(label, columns, tuple(fields), await self._condition(given.get("visibleIf"), at, "visibleIf"))

    async def _field(self, given: object, columns: int, at: int, place: int) -> Placed:
        if (
            not isinstance(given, Mapping)
            or given.keys() - _OF_FIELD
            or not isinstance(name := given.get("field"), str)
            or not _is_count(width := given.get("width", 1), columns)
            or not isinstance(read_only := given.get("readOnly", False), bool)
        ):
            self._refuse(LayoutMalformed(form=_FIELD), at, "fields", place)
            return Placed("")
        if name not in self._names:
            unknown = UnknownField(object=self._object, name=name[:LONGEST], **hints(name, self._names))
            self._refuse(unknown, at, "fields", place, "field")
        elif name in self._placed:
            self._refuse(FieldPlacedTwice(field=name), at, "fields", place, "field")
        self._placed.add(name)
        condition = await self._condition(given.get("visibleIf"), at, "fields", place, "visibleIf")
        return Placed(name, width, read_only, condition)

    async def _condition(self, text: object, *path: PathStep) -> Condition | None:
        if text is None:
            return None
        try:
            stored = (await query.kept_expression(self._work, self._object, str(text)))["expression"]
        except Refused as refused:
            for each in refused.violations:
                self._refuse(each.fault, *path)
            return None
        except Invalid as fault:
            self._refuse(fault, *path)
            return None
        return Condition(expressions.printed(expressions.restored(stored, self._shape, self._object)), stored)

    def _refuse(self, fault: Fault, *path: PathStep) -> None:
        self.violations.append(Violation(("sections", *path), fault))


def _is_list(given: object) -> TypeGuard[Sequence[object]]:
    return isinstance(given, Sequence) and not isinstance(given, str)


def _is_count(given: object, most: int) -> TypeGuard[int]:
    return isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= most
