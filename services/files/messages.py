"""What files ask of the background."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.messages import BULK, Message


@dataclass(frozen=True, slots=True)
class MakeThumbnail(Message):
    """An image has come."""

    name = "files.make_thumbnail"

    file_id: UUID


@dataclass(frozen=True, slots=True)
class ScanFile(Message):
    """A file has come that is to be looked at for viruses."""

    name = "files.scan"

    file_id: UUID


@dataclass(frozen=True, slots=True)
class SweepFiles(Message):
    """Clear away what no record holds."""

    name = "files.sweep"
    queue = BULK
