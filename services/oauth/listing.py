"""The scopes that a caller may ask for: all for people, its own for a token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services import metadata
from services.oauth.policies import scopes_of_token
from services.oauth.scopes import offered
from tenants.errors import Unauthenticated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.oauth.scopes import OfferedScope
    from tenants.context import ReadWork


async def list_scopes(work: ReadWork, object_name: str | None = None) -> Sequence[OfferedScope]:
    """Of one object with those of its single fields, or of all without. To a token no other name is told."""
    if not work.principal.has_session:
        raise Unauthenticated
    found = offered(await metadata.registry(work), object_name)
    if not work.principal.is_token:
        return found
    own = await scopes_of_token(work)
    return [each for each in found if each.name in own]
