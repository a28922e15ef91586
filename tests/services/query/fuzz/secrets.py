"""The keys that random secrets are sealed with: one ring, which no catalog keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tenants.secret_keys import KeyRing, SecretKeys

if TYPE_CHECKING:
    from collections.abc import Collection

    from tenants.context import TenantId

RING: Final = KeyRing({"fuzz": bytes(range(32))})


class OneRing(SecretKeys):
    """Opens what was sealed with it."""

    def __init__(self) -> None:
        """Without a catalog there is nothing to remember."""

    async def opening(self, tenant: TenantId, kids: Collection[str] = ()) -> KeyRing:  # noqa: ARG002 - one for all
        """The ring."""
        return RING
