"""What is kept only for a time: answers to repeated mutations, used-up refresh tokens, failed sign-ins, ended shares, tokens.

Records, history and audit entries are not kept here; nothing forgets those by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services import idempotency, identity, oauth, sharing
from services.messages import BULK, Message

if TYPE_CHECKING:
    from tenants.context import Work


@dataclass(frozen=True, slots=True)
class ForgetOld(Message):
    """Drop what is older than we promise to remember."""

    name = "retention.forget_old"
    queue = BULK


async def forget_old(work: Work) -> int:
    """How many rows went; running twice finds nothing more."""
    forgetting = (idempotency.forget_old, identity.forget_old, oauth.forget_old, sharing.forget_old)
    return sum([await forget(work) for forget in forgetting])
