"""What a role says: grants on objects by verb, levels of fields, records opened by their values, restrictions.

Each verb writes one row, raises the version of the role, and leaves what stood there before in the audit entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.metadata.errors import RelationNotFound
from schema.metadata.fields import Choice, Field
from schema.tables.permissions import criteria_rule, field_permission, object_permission, restriction, role
from services import audit, query
from services.identity import access, inputs
from services.permissions import EVERY_OBJECT, Level, Scope, Verb
from services.records import NothingToSet
from services.roles import naming
from services.roles.defining import NUMBER
from services.roles.errors import EveryRecordChosen, FilterOrExpression, MaskWithoutLevel, OnlyReadable, VerbOrField
from tenants.errors import Conflict, Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tenants.context import Work

_SCOPES = tuple(Choice(each.value) for each in Scope if each is not Scope.DELEGATED)
_BY_SCOPE = (Verb.READ, Verb.UPDATE, Verb.DELETE, Verb.EXPORT, Verb.SHARE, Verb.MERGE, Verb.BULK, Verb.ASSIGN)
_GRANTED = (
    inputs.Input(Field("create", "boolean"), "can_create"),
    inputs.Input(Field("import", "boolean"), "can_import"),
    *(inputs.Input(Field(verb.value, "choice", choices=_SCOPES), f"{verb.value}_scope") for verb in _BY_SCOPE),
)
_LEVEL = inputs.Input(
    Field("level", "choice", required=True, choices=tuple(Choice(each.name.lower()) for each in Level)), "level"
)
REACH = inputs.Input(
    Field("reach", "choice", required=True, choices=tuple(map(Choice, ("read", "update", "delete")))), "reach"
)
_VERB = inputs.Input(Field("verb", "choice", choices=tuple(Choice(each.value) for each in Verb)), "verb")
_NOTHING = {"none", False}
Row: TypeAlias = dict[str, Any]  # Any: columns of any type


async def set_object_permission(
    work: Work, role_id: UUID, given: Mapping[str, object], *, if_version: int | None
) -> None:
    """How far a role reaches an object, verb by verb. Missing is untouched, null is nothing.

    The first own row takes along what the role grants on every object: naming one verb must not take the others away.
    """
    object_name = await _begin(work, role_id, given, if_version)
    draft = await inputs.read(work, _GRANTED, given, creating=False)
    granted = {
        column: value if value is not None else False if column.startswith("can_") else "none"
        for column, value in draft.accepted().items()
    }
    is_ours = await naming.is_of_platform(work, object_name)
    if is_ours and "read_scope" in granted:
        fault = await naming.reading_of_platform(work, object_name, granted["read_scope"])
        if fault is not None:
            draft.refuse(Verb.READ.value, fault)
    for column, value in granted.items():
        if is_ours and column != "read_scope" and value not in _NOTHING:
            draft.refuse(column.removeprefix("can_").removesuffix("_scope"), OnlyReadable(object=object_name))
    if not granted:
        draft.refuse("object", NothingToSet())
    draft.accepted()
    key = {"role_id": role_id, "object_name": object_name}
    before = await _stored(work, object_permission, key)
    if before is None and not is_ours:
        granted = {**(await _stored(work, object_permission, {**key, "object_name": EVERY_OBJECT}) or {}), **granted}
    insert = pg.insert(object_permission).values(**key, **granted)
    await work.session.execute(insert.on_conflict_do_update(index_elements=list(key), set_=granted))
    await _note(work, "role.permissionSet", role_id, {"object": object_name, "before": before, "set": granted})


async def remove_object_permission(
    work: Work, role_id: UUID, given: Mapping[str, object], *, if_version: int | None
) -> None:
    """Let what the role grants on every object count for this one again."""
    object_name = await _begin(work, role_id, given, if_version)
    key = {"role_id": role_id, "object_name": object_name}
    before = await _take(work, object_permission, key)
    if before is not None:
        await _note(work, "role.permissionRemoved", role_id, {"object": object_name, "before": before})


async def set_field_permission(
    work: Work, role_id: UUID, given: Mapping[str, object], *, if_version: int | None
) -> None:
    """How far a role opens a field: not at all, masked, for reading, or all the way."""
    object_name = await _begin(work, role_id, given, if_version)
    await naming.refuse_platform(work, object_name)
    key: dict[str, object] = {"role_id": role_id, "object_name": object_name}
    level = str((await inputs.read(work, (_LEVEL,), given, creating=True)).accepted()["level"])
    mask = ""
    if level == "masked":
        mask = naming.mask_of(await naming.closable_field(work, object_name, given), given)
    elif given.get("mask") is not None:
        raise inputs.refuse("mask", MaskWithoutLevel())
    if level == "write":
        key["field_name"] = await _field_to_open(work, field_permission, key, given)
        before = await _take(work, field_permission, key)
    else:
        key["field_name"] = (await naming.closable_field(work, object_name, given)).name
        before = await _stored(work, field_permission, key)
        row = {"level": level, "mask": mask}
        insert = pg.insert(field_permission).values(**key, **row)
        await work.session.execute(insert.on_conflict_do_update(index_elements=list(key), set_=row))
    if before is None and level == "write":
        # It was open all the way.
        return
    details = {"object": object_name, "field": key["field_name"], "before": before, "level": level, "mask": mask}
    await _note(work, "role.fieldPermissionSet", role_id, details)


async def open_records(work: Work, role_id: UUID, given: Mapping[str, object], *, if_version: int | None) -> UUID:
    """Records that everybody with the role reaches because of what stands in them."""
    object_name = await _begin(work, role_id, given, if_version, every=False)
    await naming.refuse_platform(work, object_name)
    reach = (await inputs.read(work, (REACH,), given, creating=True)).accepted()["reach"]
    condition = await kept_filter(work, object_name, given.get("filter"), expression=given.get("expression"))
    rule_id = work.ids.new(NUMBER)
    row = {"id": rule_id, "role_id": role_id, "object_name": object_name, "reach": reach, "condition": condition}
    await work.session.execute(sa.insert(criteria_rule).values(row))
    said = {name: given[name] for name in ("filter", "expression") if given.get(name) is not None}
    details = {"rule": rule_id, "object": object_name, "reach": reach}
    details |= await query.told(work, object_name, condition, said)
    await _note(work, "role.recordsOpened", role_id, details)
    return rule_id


async def close_records(work: Work, role_id: UUID, rule_id: UUID, *, if_version: int | None) -> None:
    """Take one of these rules back."""
    await access.move(work)
    await _raise(work, role_id, if_version)
    before = await _take(work, criteria_rule, {"role_id": role_id, "id": rule_id})
    if before is None:
        raise inputs.refuse("ruleId", RelationNotFound())
    condition = await query.told(work, before["object_name"], before["condition"], {"condition": before["condition"]})
    await _note(work, "role.recordsClosed", role_id, {"rule": rule_id, "before": {**before, **condition}})


async def restrict_role(work: Work, role_id: UUID, given: Mapping[str, object], *, if_version: int | None) -> None:
    """What nobody with this role may do, whatever other roles grant."""
    key = await _restricted(work, role_id, given, if_version)
    level = ""
    if not key["verb"]:
        key["field_name"] = (await naming.closable_field(work, str(key["object_name"]), given)).name
        wanted = {"level": "none", **given}
        level = str((await inputs.read(work, (_LEVEL,), wanted, creating=True)).accepted()["level"])
    before = await _stored(work, restriction, key)
    insert = pg.insert(restriction).values(**key, level=level)
    await work.session.execute(insert.on_conflict_do_update(index_elements=list(key), set_={"level": level}))
    await _note(work, "role.restricted", role_id, {**_told(key), "level": level, "before": before})


async def lift_restriction(work: Work, role_id: UUID, given: Mapping[str, object], *, if_version: int | None) -> None:
    """Take a restriction back; lifting what is not there changes nothing."""
    key = await _restricted(work, role_id, given, if_version)
    if not key["verb"]:
        key["field_name"] = await _field_to_open(work, restriction, key, given)
    before = await _take(work, restriction, key)
    if before is not None:
        await _note(work, "role.restrictionLifted", role_id, {**_told(key), "before": before})


async def kept_filter(work: Work, object_name: str, given: object, *, expression: object = None) -> dict[str, object]:
    """The condition of a rule in its stored form, from a filter or a text; one that holds for every record is refused."""
    if (given is None) == (expression is None):
        raise inputs.refuse("filter", FilterOrExpression())
    name = "filter" if expression is None else "expression"
    try:
        if expression is None:
            condition = await query.kept_condition(work, object_name, given)
        else:
            condition = await query.kept_expression(work, object_name, str(expression))
    except (Invalid, Conflict) as fault:
        raise inputs.refuse(name, fault) from None
    if condition is None:
        raise inputs.refuse(name, EveryRecordChosen())
    return condition


async def _restricted(
    work: Work, role_id: UUID, given: Mapping[str, object], if_version: int | None
) -> dict[str, object]:
    object_name = await _begin(work, role_id, given, if_version)
    verb = (await inputs.read(work, (_VERB,), given, creating=False)).accepted().get("verb")
    if (verb is None) == (given.get("field") is None):
        raise inputs.refuse("verb", VerbOrField())
    await naming.refuse_platform(work, object_name)
    return {"role_id": role_id, "object_name": object_name, "verb": verb or "", "field_name": ""}


async def _field_to_open(work: Work, table: sa.Table, key: Mapping[str, object], given: Mapping[str, object]) -> str:
    """A field as its row names it, also if it has been retired since; without a row it must be one that closes."""
    name = str(given["field"])
    if await _stored(work, table, {**key, "field_name": name}) is not None:
        return name
    return (await naming.closable_field(work, str(key["object_name"]), given)).name


async def _begin(
    work: Work, role_id: UUID, given: Mapping[str, object], if_version: int | None, *, every: bool = True
) -> str:
    """The right to do this, the role one version higher, and the object that is spoken of."""
    await access.move(work)
    object_name = await naming.object_of(work, given, every=every)
    await _raise(work, role_id, if_version)
    return object_name


async def _raise(work: Work, role_id: UUID, if_version: int | None) -> None:
    try:
        await access.update_versioned(work, role, role_id, {}, if_version=if_version)
    except NotFound:
        raise inputs.refuse("roleId", RelationNotFound()) from None


async def _stored(work: Work, table: sa.Table, key: Mapping[str, object]) -> Row | None:
    found = await work.session.row(sa.select(table).where(*(table.c[name] == key[name] for name in key)))
    return None if found is None else {name: value for name, value in dict(found).items() if name not in key}


async def _take(work: Work, table: sa.Table, key: Mapping[str, object]) -> Row | None:
    before = await _stored(work, table, key)
    await work.session.execute(sa.delete(table).where(*(table.c[name] == key[name] for name in key)))
    return before


async def _note(work: Work, action: str, role_id: UUID, details: Mapping[str, object]) -> None:
    await audit.append(work, [audit.Entry(action, "role", role_id, details=details)])


def _told(key: Mapping[str, object]) -> dict[str, object]:
    return {"object": key["object_name"], "verb": key["verb"], "field": key["field_name"]}
