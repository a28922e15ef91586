"""What roles say, what they come to, and why: computed answers, so they are no records."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

from resolvers.context import Info
from resolvers.ids import required_id
from schema.types.permissions import (
    AccessExplanation,
    AccessReason,
    EffectiveObject,
    EffectivePermissions,
    EffectiveScope,
    FieldPermission,
    ObjectPermission,
    RecordRule,
    RecordShare,
    RoleDifference,
    RolePermissions,
    RoleRestriction,
)
from services import explaining, sharing

if TYPE_CHECKING:
    from collections.abc import Mapping


@strawberry.type
class PermissionsQuery:
    """Rights, looked at."""

    @strawberry.field(description="Everything that a role says; for administrators.")
    async def role_permissions(self, info: Info, role_id: strawberry.ID) -> RolePermissions | None:
        """Row by row."""
        asked = required_id(role_id)
        found = await info.context.read(lambda work: explaining.role_permissions(work, asked))
        return RolePermissions(
            name=found.name,
            is_admin=found.is_admin,
            objects=[_object(each) for each in found.objects],
            fields=[_field(each) for each in found.fields],
            records=[_rule(each) for each in found.records],
            restrictions=[_restriction(each) for each in found.restrictions],
            actions=list(found.actions),
        )

    @strawberry.field(description="What two roles say differently; for administrators.")
    async def role_difference(
        self, info: Info, role_id: strawberry.ID, other_id: strawberry.ID
    ) -> list[RoleDifference] | None:
        """By object."""
        one, other = required_id(role_id), required_id(other_id)
        found = await info.context.read(lambda work: explaining.role_difference(work, one, other))
        return [
            RoleDifference(object=each.object_name, aspect=each.aspect, one=each.one, other=each.other)
            for each in found
        ]

    @strawberry.field(description="The sharing rules; for administrators.")
    async def sharing_rules(self, info: Info) -> list[RecordRule] | None:
        """Oldest first."""
        return [_rule(each) for each in await info.context.read(explaining.sharing_rules)]

    @strawberry.field(description="With whom a record is shared now; for those who may share it.")
    async def record_shares(self, info: Info, record_id: strawberry.ID) -> list[RecordShare] | None:
        """Oldest first."""
        asked = required_id(record_id)
        found = await info.context.read(lambda work: sharing.shares_of(work, asked))
        return [
            RecordShare(
                user_id=_id(each.user_id),
                department_id=_id(each.department_id),
                team_id=_id(each.team_id),
                reach=each.reach,
                expires_at=each.expires_at,
            )
            for each in found
        ]

    @strawberry.field(description="What the roles of a user come to: the caller's, or, for administrators, anybody's.")
    async def effective_permissions(
        self, info: Info, user_id: strawberry.ID | None = None
    ) -> EffectivePermissions | None:
        """By object and verb."""
        asked = None if user_id is None else required_id(user_id)
        found = await info.context.read(lambda work: explaining.effective_permissions(work, asked))
        return EffectivePermissions(
            roles=list(found.roles),
            may_define=found.may_define,
            objects=[_effective(each) for each in found.objects],
            actions=list(found.actions),
        )

    @strawberry.field(
        description="Whether a user may do something with a record or one of its fields, and the rules that decide; "
        "for administrators, and audited."
    )
    async def explain_access(
        self, info: Info, user_id: strawberry.ID, record_id: strawberry.ID, verb: str, field: str | None = None
    ) -> AccessExplanation | None:
        """Rule by rule."""
        person, record = required_id(user_id), required_id(record_id)
        found = await info.context.write(
            lambda work: explaining.explain_access(
                work, user_id=person, record_id=record, verb_name=verb, field_name=field
            )
        )
        return AccessExplanation(allowed=found.allowed, level=found.level, reasons=[_reason(e) for e in found.reasons])


def _object(row: Mapping[str, object]) -> ObjectPermission:
    scopes = {each: str(row[f"{each}_scope"]) for each in _SCOPED}
    return ObjectPermission(
        object=str(row["object_name"]), create=bool(row["can_create"]), import_=bool(row["can_import"]), **scopes
    )


_SCOPED = ("read", "update", "delete", "export", "share", "merge", "bulk", "assign")


def _field(row: Mapping[str, object]) -> FieldPermission:
    object_name, field, level, mask = (str(row[each]) for each in ("object_name", "field_name", "level", "mask"))
    return FieldPermission(object=object_name, field=field, level=level, mask=mask)


def _restriction(row: Mapping[str, object]) -> RoleRestriction:
    verb, field, level = (str(row[each]) or None for each in ("verb", "field_name", "level"))
    return RoleRestriction(object=str(row["object_name"]), verb=verb, field=field, level=level)


def _rule(rule: explaining.SharingRule) -> RecordRule:
    return RecordRule(
        id=strawberry.ID(str(rule.id)),
        object=rule.object_name,
        reach=rule.reach,
        condition=json.dumps(rule.condition, ensure_ascii=False, sort_keys=True),
        user_id=_id(rule.user_id),
        department_id=_id(rule.department_id),
        team_id=_id(rule.team_id),
    )


def _effective(given: explaining.EffectiveObject) -> EffectiveObject:
    return EffectiveObject(
        object=given.name,
        verbs=[EffectiveScope(verb=verb, scopes=list(scopes)) for verb, scopes in given.scopes],
        fields=[
            FieldPermission(object=given.name, field=name, level=level, mask=mask) for name, level, mask in given.fields
        ],
    )


def _reason(reason: explaining.Reason) -> AccessReason:
    return AccessReason(
        kind=reason.kind,
        verb=reason.verb,
        verdict=reason.verdict,
        decides=reason.decides,
        role=reason.role or None,
        rule_id=_id(reason.rule_id),
        pilot=reason.pilot or None,
    )


def _id(value: UUID | None) -> strawberry.ID | None:
    return None if value is None else strawberry.ID(str(value))
