"""To whom something is shared: a user, a department and those below it, or a team."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.metadata.errors import RelationNotFound
from schema.tables.permissions import department, team, user
from services.identity import inputs
from services.sharing.errors import GranteeInactive, OneGrantee

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tenants.context import ReadWork

TABLES: Mapping[str, sa.Table] = {"userId": user, "departmentId": department, "teamId": team}
COLUMNS: Mapping[str, str] = {"userId": "user_id", "departmentId": "department_id", "teamId": "team_id"}


async def grantee_of(work: ReadWork, given: Mapping[str, object]) -> dict[str, object]:
    """The column that names the one who is meant; strangers and the deactivated are refused."""
    name, grantee_id = _named(given)
    found = await work.session.row(sa.select(TABLES[name]).where(TABLES[name].c.id == grantee_id))
    if found is None:
        raise inputs.refuse(name, RelationNotFound())
    if name == "userId" and found["state"] != "active":
        raise inputs.refuse(name, GranteeInactive())
    return {COLUMNS[name]: grantee_id}


def taken_from(given: Mapping[str, object]) -> dict[str, object]:
    """The column that names whoever loses a share, also if he has left; none where nobody was spoken of.

    A null is a name that somebody forgot to fill in: it must not come to mean everybody.
    """
    if not any(name in given for name in COLUMNS):
        return {}
    name, grantee_id = _named(given)
    return {COLUMNS[name]: grantee_id}


def _named(given: Mapping[str, object]) -> tuple[str, UUID]:
    named = [name for name in COLUMNS if given.get(name) is not None]
    if len(named) != 1:
        raise inputs.refuse(next(iter(named), "userId"), OneGrantee())
    return named[0], inputs.id_(given, named[0])
