"""Front door of type changes: a field becomes another type, its values with it, and back while the time of grace lasts."""

from services.type_changes.changing import TypeChanged, change_type, take_back, undo_type_change, way_to
from services.type_changes.dropping import are_due, drop_due
from services.type_changes.finishing import convert_field
from services.type_changes.messages import ConvertField
from services.type_changes.planning import TypeDraft
from services.type_changes.previewing import Example, Preview, preview
from services.type_changes.telling import TypeChangeTold, find, type_changes

__all__ = [
    "ConvertField",
    "Example",
    "Preview",
    "TypeChangeTold",
    "TypeChanged",
    "TypeDraft",
    "are_due",
    "change_type",
    "convert_field",
    "drop_due",
    "find",
    "preview",
    "take_back",
    "type_changes",
    "undo_type_change",
    "way_to",
]
