"""What a write verb answers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tenants.errors import Duplicate, Violation


@dataclass(frozen=True, slots=True)
class Written:
    """Records that were written, in the order of the input, and with SKIP what was wrong with the others."""

    ids: tuple[UUID, ...] = ()
    violations: tuple[Violation, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
