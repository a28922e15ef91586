"""What each kind of view asks for beside its columns: the field that makes the columns of a board, the days of a calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from services import query
from services.query import Touch
from services.views.errors import FieldDoesNotFit, PartMalformed, SettingMissing, UnknownSetting
from tenants.errors import Invalid, Refused, Violation

if TYPE_CHECKING:
    from schema.metadata.fields import Field
    from schema.metadata.registry import Shape

_MOMENTS = frozenset({"date", "dateTime"})
_PICTURES = frozenset({"image", "attachment"})
_PLACES = frozenset({"geolocation"})


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: which fields of which object fit, and whether a view of the kind needs it."""

    fits: Callable[[Field, str], bool]
    required: bool = True
    # Records stand where the value says: it has to be open, not only masked.
    decides: bool = False


_SETTINGS: Mapping[str, Mapping[str, Setting]] = MappingProxyType({
    "table": {},
    "kanban": {"columns": Setting(lambda field, _: field.type_name == "choice", decides=True)},
    "calendar": {
        "start": Setting(lambda field, _: _kept_as(field) in _MOMENTS, decides=True),
        "end": Setting(lambda field, _: _kept_as(field) in _MOMENTS, required=False, decides=True),
    },
    "gallery": {"cover": Setting(lambda field, _: field.type_name in _PICTURES, required=False)},
    "map": {"location": Setting(lambda field, _: field.type_name in _PLACES)},
    "tree": {
        "parent": Setting(
            lambda field, name: field.relation is not None and field.relation.target == name, decides=True
        )
    },
})


def _kept_as(field: Field) -> str:
    """The type of its values: of a formula or a roll-up that of its result."""
    return str(field.option("result") or field.type_name) if field.type.derivation else field.type_name


def setting_touches(shape: Shape, object_name: str, kind: str, given: object) -> frozenset[Touch]:
    """What the settings of a kind touch, if they fit it; everything that is wrong with them at once."""
    said, known = {} if given is None else given, _SETTINGS[kind]
    if not isinstance(said, Mapping):
        form = ", ".join(f'"{name}": "fieldName"' for name in known)
        raise Refused((Violation((), PartMalformed(form=f"{{{form}}}")),))
    violations = [Violation((), SettingMissing(kind=kind, setting=name)) for name in _missing(known, said)]
    touches: set[Touch] = set()
    for name, field_name in said.items():
        try:
            touches |= _touched(shape, object_name, kind, known, name, field_name)
        except Invalid as fault:
            violations.append(Violation((str(name),), fault))
    if violations:
        raise Refused(tuple(violations))
    return frozenset(touches)


def _missing(known: Mapping[str, Setting], said: Mapping[str, object]) -> list[str]:
    return [name for name, setting in known.items() if setting.required and said.get(name) is None]


def _touched(  # noqa: PLR0917 - the kind with its settings, and one of them
    shape: Shape, object_name: str, kind: str, known: Mapping[str, Setting], name: str, field_name: object
) -> frozenset[Touch]:
    setting = known.get(name)
    if setting is None:
        raise UnknownSetting(kind=kind, setting=str(name)[:60])
    if not isinstance(field_name, str):
        raise PartMalformed(form='"fieldName"')
    touches = query.bind_column(shape, object_name, (field_name,), decides=setting.decides)
    field = shape.field(object_name, field_name)
    if field is None or not setting.fits(field, object_name):
        raise FieldDoesNotFit(field=field_name[:60], setting=name, kind=kind)
    return touches
