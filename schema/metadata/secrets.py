"""Values of encrypted fields: a text on its way in, and what is kept of it. Neither ever shows in a log or a message."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from schema.metadata import values

if TYPE_CHECKING:
    from uuid import UUID

    from schema.metadata.fields import Field

# What history and audit entries say instead of either value.
HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that is to be sealed, or was opened."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A text as it is kept; of two that are equal nothing can be told."""

    text: str = field(repr=False)


def secret(raw: object, shape: Field) -> object:
    """One line of text, checked like any other."""
    found = values.text(raw, shape)
    return Secret(found) if isinstance(found, str) else None


def place_of(field_name: str, record_id: UUID) -> str:
    """What a sealed value is bound to. The statement that answers it writes the same."""
    return f"{field_name}:{record_id}"
