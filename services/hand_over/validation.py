"""Whether a hand-over may be asked for: by an administrator, from a user, to others who are there to take it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.metadata.errors import NotAnId, RelationNotFound
from schema.tables.permissions import user
from services import identity
from services.hand_over.errors import (
    HandOverOwnsNothing,
    HandOverTooManyChosen,
    HandOverToOneself,
    HandOverWithoutRules,
)
from services.hand_over.rules import Rule, owned_objects
from tenants.errors import Refused, Unauthenticated, Violation
from tenants.ids import record_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from schema.metadata.registry import Registry
    from tenants.context import ReadWork
    from tenants.errors import Invalid, PathStep

MOST_RULES = 50
MOST_CHOSEN = 1_000


def id_of(raw: str, *path: PathStep) -> UUID:
    """An id of the input; refused at its place if it is none."""
    found = record_id(raw)
    if found is None:
        raise Refused((Violation(path, NotAnId()),))
    return found


async def require_administrator(work: ReadWork) -> None:
    """Whoever may not hand over is refused before anything is looked at."""
    if work.principal.is_anonymous:
        raise Unauthenticated
    await identity.require_definer(work)


async def check(
    work: ReadWork, registry: Registry, leaver: UUID, rules: Sequence[Rule], *, deactivates: bool = False
) -> None:
    """Everything wrong with it at once."""
    await require_administrator(work)
    people = {row["id"]: row["state"] for row in await work.session.rows(sa.select(user.c.id, user.c.state))}
    found: list[Violation] = []
    if leaver not in people:
        found.append(Violation(("fromUserId",), RelationNotFound()))
    if deactivates and await identity.is_last_admin(work, leaver):
        found.append(Violation(("deactivate",), identity.LastAdmin()))
    if not 0 < len(rules) <= MOST_RULES:
        found.append(Violation(("rules",), HandOverWithoutRules(max=MOST_RULES)))
    active = {each for each, state in people.items() if state == "active"}
    for position, rule in enumerate(rules):
        found += [Violation(("rules", position, name), fault) for name, fault in _wrong(registry, leaver, rule, active)]
    if found:
        raise Refused(tuple(found))


def _wrong(registry: Registry, leaver: UUID, rule: Rule, active: set[UUID]) -> Iterator[tuple[str, Invalid]]:
    if rule.to_user_id == leaver:
        yield "toUserId", HandOverToOneself()
    elif rule.to_user_id not in active:
        yield "toUserId", RelationNotFound()
    owned = {thing.name for thing in owned_objects(registry)}
    for name in rule.objects:
        if name not in owned:
            yield "objects", HandOverOwnsNothing(object=name)
    if len(rule.record_ids) > MOST_CHOSEN:
        yield "recordIds", HandOverTooManyChosen(max=MOST_CHOSEN)
