"""What encrypted fields ask of the background."""

from __future__ import annotations

from dataclasses import dataclass

from services.messages import BULK, Message


@dataclass(frozen=True, slots=True)
class SealAnew(Message):
    """Seal with the newest key what an older one sealed."""

    name = "secrets.seal_anew"
    queue = BULK
