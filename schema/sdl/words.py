"""A tenant's labels as descriptions of the schema that one caller sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schema.metadata.fields import FieldNames
    from schema.metadata.registry import Registry

_REQUIRED = {"en": "Required.", "zh": "必填。"}


@dataclass(frozen=True, slots=True)
class RegistryWords:
    """Labels of one tenant in one language."""

    registry: Registry
    language: str

    def object(self, name: str) -> str | None:
        """The label of an object."""
        names = self.registry.names.get(name)
        return names.label.text(self.language, "") or None if names else None

    def field(self, object_name: str, name: str, *, is_asked: bool = False) -> str | None:
        """The label of a field; behind it that it must be given, and the choices in their order."""
        names = self.registry.names.get(object_name)
        of_field = names.fields.get(name) if names else None
        if of_field is None:
            return None
        label = of_field.label.text(self.language, "")
        choices = self._choices(object_name, name, of_field)
        asked = _REQUIRED.get(self.language, _REQUIRED["en"]) if is_asked else ""
        return "\n".join(part for part in (label, asked, choices) if part) or None

    def _choices(self, object_name: str, name: str, names: FieldNames) -> str:
        field = self.registry.shape.field(object_name, name)
        return ", ".join(
            f"`{choice.key}` {names.choice_labels[choice.key].text(self.language, choice.key)}"
            for choice in (field.choices if field else ())
            if not choice.retired and choice.key in names.choice_labels
        )
