"""With whom a view is shared: everybody, or some roles, departments with those below them, and teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from schema.tables.permissions import department, role, team
from services.identity import inputs
from services.views.errors import PartMalformed
from tenants.errors import Violation

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tenants.context import Work

SHARED_WITH = "sharedWith"
EVERYBODY, ROLES = "everybody", "roleIds"
_GROUPS: Mapping[str, sa.Table] = MappingProxyType({ROLES: role, "departmentIds": department, "teamIds": team})
_FORM = '{"everybody": true} or {"roleIds": ["…"], "departmentIds": ["…"], "teamIds": ["…"]}'


async def audience_of(work: Work, draft: inputs.Draft, given: object) -> dict[str, object] | None:
    """The audience as it is kept, nothing for nobody; what is wrong with it is noted."""
    if given is None:
        return None
    if given == {EVERYBODY: True}:
        return {EVERYBODY: True}
    if not isinstance(given, Mapping) or given.keys() - _GROUPS.keys() or not all(map(_is_list, given.values())):
        draft.refuse(SHARED_WITH, PartMalformed(form=_FORM))
        return None
    kept: dict[str, object] = {}
    for name, ids in given.items():
        found = inputs.Draft({}, [])
        chosen = await inputs.targets(work, found, name, ids, _GROUPS[name])
        draft.violations.extend(Violation((SHARED_WITH, *each.path), each.fault) for each in found.violations)
        if chosen:
            kept[name] = [str(each) for each in dict.fromkeys(chosen)]
    return kept or None


def _is_list(given: object) -> bool:
    return isinstance(given, Sequence) and not isinstance(given, str)
