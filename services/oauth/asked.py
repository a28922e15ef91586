"""The scopes that somebody asks for, held against those that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.metadata.errors import Required
from services import metadata
from services.oauth.errors import UnknownScope
from services.oauth.scopes import is_known
from tenants.errors import Violation

if TYPE_CHECKING:
    from services.identity import inputs
    from tenants.context import ReadWork

_LONGEST_SHOWN = 120


async def scopes(work: ReadWork, draft: inputs.Draft, given: object) -> list[str]:
    """Each once and in order; what is wrong with them is noted in the draft."""
    named = list(given) if isinstance(given, list | tuple) else []
    if not named:
        draft.refuse("scopes", Required())
    shape = (await metadata.registry(work)).shape
    unknown = ((at, each) for at, each in enumerate(named) if not is_known(shape, each))
    draft.violations.extend(
        Violation(("scopes", at), UnknownScope(scope=each[:_LONGEST_SHOWN])) for at, each in unknown
    )
    return sorted(set(named))
