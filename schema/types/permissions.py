"""GraphQL types of what roles say and what they come to; plain fields, no resolver."""

from __future__ import annotations

from datetime import datetime

import strawberry


@strawberry.type
class ObjectPermission:
    """What a role says of an object; `*` is every object without a line of its own. Scopes by verb."""

    object: str
    create: bool
    read: str
    update: str
    delete: str
    export: str
    import_: bool = strawberry.field(name="import")
    share: str
    merge: str
    bulk: str
    assign: str


@strawberry.type
class FieldPermission:
    """How far a role opens a field that it does not open all the way."""

    object: str
    field: str
    level: str
    mask: str


@strawberry.type
class RecordRule:
    """Records that somebody reaches by what stands in them: everybody with a role, or one of these."""

    id: strawberry.ID
    object: str
    reach: str
    condition: str = strawberry.field(description="As it is stored, a JSON text.")
    user_id: strawberry.ID | None
    department_id: strawberry.ID | None
    team_id: strawberry.ID | None


@strawberry.type
class RoleRestriction:
    """What nobody with a role may do: a verb, or a field beyond a level."""

    object: str
    verb: str | None
    field: str | None
    level: str | None


@strawberry.type
class RolePermissions:
    """Everything that a role says."""

    name: str
    is_admin: bool
    objects: list[ObjectPermission]
    fields: list[FieldPermission]
    records: list[RecordRule]
    restrictions: list[RoleRestriction]
    actions: list[str]


@strawberry.type
class RoleDifference:
    """One thing that two roles say differently; empty where a role says nothing of it."""

    object: str
    aspect: str
    one: str
    other: str


@strawberry.type
class EffectiveScope:
    """How far one verb reaches: every scope that counts."""

    verb: str
    scopes: list[str]


@strawberry.type
class EffectiveObject:
    """What a user may do with an object, and its fields that are not open as far as the object is."""

    object: str
    verbs: list[EffectiveScope]
    fields: list[FieldPermission]


@strawberry.type
class EffectivePermissions:
    """What the roles of a user come to. Objects that are not named are closed."""

    roles: list[str]
    may_define: bool
    objects: list[EffectiveObject]
    actions: list[str]


@strawberry.type
class AccessReason:
    """One rule that was looked at; `decides` where it opens or closes."""

    kind: str = strawberry.field(
        description="user, record, grant, criteria, share, delegation, restriction, pilot or field"
    )
    verb: str
    verdict: str = strawberry.field(description="What the rule says: a scope, a reach, a level, never, none …")
    decides: bool
    role: str | None
    rule_id: strawberry.ID | None
    pilot: str | None = strawberry.field(
        description="The title of the pilot that keeps it to a group; `ruleId` is its id."
    )


@strawberry.type
class AccessExplanation:
    """Whether a user may do something with a record, how far the field is open, and the rules that decide."""

    allowed: bool
    level: str
    reasons: list[AccessReason]


@strawberry.type
class RecordShare:
    """With whom a record is shared, how far and until when."""

    user_id: strawberry.ID | None
    department_id: strawberry.ID | None
    team_id: strawberry.ID | None
    reach: str
    expires_at: datetime | None
