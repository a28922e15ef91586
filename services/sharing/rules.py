"""Sharing rules: records that a user, a department or a team reaches because of what stands in them.

They open records to those whose roles grant the verb on some records; they give nobody a right on an object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.metadata.errors import UnknownObject
from schema.metadata.objects import ObjectKind
from schema.tables.permissions import criteria_rule
from services import audit, metadata, query, roles
from services.identity import access, inputs
from services.sharing.grantees import grantee_of
from tenants.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tenants.context import Work

_NUMBER = 0


async def create_sharing_rule(work: Work, given: Mapping[str, object]) -> UUID:
    """Open the records that a filter or an expression chooses to somebody, those that are there and those to come."""
    await access.move(work)
    reach = (await inputs.read(work, (roles.REACH,), given, creating=True)).accepted()["reach"]
    object_name = str(given["object"])
    thing = (await metadata.registry(work)).shape.objects.get(object_name)
    if thing is None or thing.kind is ObjectKind.SYSTEM:
        raise inputs.refuse("object", UnknownObject(name=object_name[:60]))
    grantee = await grantee_of(work, given)
    condition = await roles.kept_filter(work, object_name, given.get("filter"), expression=given.get("expression"))
    rule_id = work.ids.new(_NUMBER)
    row = {"object_name": object_name, "reach": reach, "condition": condition, **grantee}
    await work.session.execute(sa.insert(criteria_rule).values(id=rule_id, **row))
    said = {name: given[name] for name in ("filter", "expression") if given.get(name) is not None}
    words = await query.told(work, object_name, condition, said)
    details = {"rule": rule_id, "object": object_name, "reach": reach, **words, **grantee}
    await audit.append(work, [audit.Entry("sharingRule.created", details=details)])
    return rule_id


async def delete_sharing_rule(work: Work, rule_id: UUID) -> None:
    """Take a sharing rule back."""
    await access.move(work)
    mine = (criteria_rule.c.id == rule_id, criteria_rule.c.role_id.is_(None))
    found = await work.session.row(sa.select(criteria_rule).where(*mine))
    if found is None:
        raise NotFound
    await work.session.execute(sa.delete(criteria_rule).where(*mine))
    condition = await query.told(work, found["object_name"], found["condition"], {"condition": found["condition"]})
    await audit.append(work, [audit.Entry("sharingRule.deleted", details={"before": {**found, **condition}})])
