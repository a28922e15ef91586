"""Trusted documents: texts that an administrator put down under a key, and whether users may run others at all.

What a document asks is checked when it is run, like that of any other; this knows nothing of GraphQL.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.metadata import naming
from schema.metadata.errors import BadCharacters, PatternMismatch, TooLong
from schema.metadata.values import is_storable
from schema.tables.metadata import tenant_setting
from schema.tables.trusted_documents import trusted_document
from services import audit, metadata, permissions, verbs
from services.identity import access
from services.metadata import Usage
from services.verbs import Outcome, VerbDefinition, VerbInput, VerbOutput
from tenants.context import Moving
from tenants.errors import Conflict, NotFound, Refused, Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from services.metadata import Subject
    from tenants.cache import TenantCache
    from tenants.context import ReadWork, TenantId, Work

OBJECT = "trustedDocument"
NUMBER = 13
_KEY = re.compile(r"[A-Za-z0-9._:/-]{1,128}\Z")
_LONGEST = 64 * 1024
_WORD = re.compile(r"\w+")


class DocumentUnknown(NotFound):
    """There is no trusted document of this id."""

    code = "DOCUMENT_UNKNOWN"
    zh = "没有此编号的受信文档。"


class DocumentKeyTaken(Conflict):
    """Another text has this id, and a text never changes; choose another id."""

    code = "DOCUMENT_KEY_TAKEN"
    zh = "该编号已用于其他文本,文本不可更改,请使用其他编号。"


@dataclass(frozen=True, slots=True)
class _Text:
    """A text in the tenant's cache, at one metadata version."""

    text: str


async def add(work: Work, text: str, *, key: str | None = None) -> UUID:
    """Put a text down under its key, or under its SHA-256. The same again, and one that was retired, is live after it."""
    await access.require_definer(work)
    _check(text, key)
    wanted = key or hashlib.sha256(text.encode()).hexdigest()
    row = await work.session.row(sa.select(trusted_document).where(trusted_document.c.key == wanted))
    if row is not None:
        if row["text"] != text:
            raise Refused((Violation(("id",), DocumentKeyTaken()),))
        await _become(work, row["id"], "live")
        return row["id"]  # type: ignore[no-any-return] # the column is a uuid
    document_id = work.ids.new(NUMBER)
    await work.session.execute(
        sa.insert(trusted_document).values(id=document_id, key=wanted, text=text, created_by_id=work.principal.user_id)
    )
    await _note(work, "document.trusted", document_id)
    return document_id


async def retire(work: Work, key: str) -> UUID:
    """No client may name it any more; its key stays taken."""
    await access.require_definer(work)
    _require_key(key)
    row = await work.session.row(sa.select(trusted_document.c.id).where(trusted_document.c.key == key))
    if row is None:
        raise DocumentUnknown
    await _become(work, row["id"], "retired")
    return row["id"]  # type: ignore[no-any-return] # the column is a uuid


async def require(work: Work, *, only: bool) -> None:
    """Whether those who may not define run trusted documents only."""
    await access.require_definer(work)
    await work.session.execute(sa.update(tenant_setting).values(trusted_only=only))
    work.moves.add(Moving.METADATA)
    await audit.append(work, [audit.Entry("documents.required", details={"only": only})])


def remembered(cache: TenantCache, tenant: TenantId, key: str) -> str | None:
    """The text, if this process read it at the version that it saw last."""
    versions = cache.versions(tenant)
    found = None if versions is None else cache.get(_Text, tenant, (versions.metadata, key))
    return None if found is None else found.text


async def find(work: ReadWork, key: str) -> str:
    """The live text of a key."""
    _require_key(key)
    text = await work.session.scalar(
        sa.select(trusted_document.c.text).where(trusted_document.c.key == key, trusted_document.c.state == "live")
    )
    if text is None:
        raise DocumentUnknown
    work.cache.put(
        _Text, work.placement.tenant_id, (work.versions.metadata, key), _Text(text), weight=1 + len(text) // 1024
    )
    return str(text)


async def are_required(work: ReadWork) -> bool:
    """Whether this principal may run trusted documents only."""
    return work.settings.trusted_only and not (await permissions.policy(work)).may_define


def _require_key(key: str) -> None:
    """What can be no key leads nowhere, and is not asked for: not every text can be sent to PostgreSQL."""
    if not _KEY.match(key):
        raise DocumentUnknown


def _check(text: str, key: str | None) -> None:
    if key is not None and not _KEY.match(key):
        raise Refused((Violation(("id",), PatternMismatch(pattern=_KEY.pattern.removesuffix(r"\Z"))),))
    if not is_storable(text):
        raise Refused((Violation(("text",), BadCharacters()),))
    if len(text) > _LONGEST:
        raise Refused((Violation(("text",), TooLong(max=_LONGEST, length=len(text))),))


async def _become(work: Work, document_id: UUID, state: str) -> None:
    table = trusted_document
    changed = await work.session.execute(
        sa
        .update(table)
        .where(table.c.id == document_id, table.c.state != state)
        .values(state=state, version=table.c.version + 1, updated_at=work.now)
    )
    if changed:
        await _note(work, "document.trusted" if state == "live" else "document.retired", document_id)


async def _note(work: Work, action: str, document_id: UUID) -> None:
    # Texts are remembered by metadata version: every process forgets what it knew.
    work.moves.add(Moving.METADATA)
    await audit.append(work, [audit.Entry(action, OBJECT, document_id)])


async def _add(work: Work, given: Mapping[str, object]) -> Outcome:
    key = given.get("id")
    return Outcome({OBJECT: (await add(work, str(given["text"]), key=None if key is None else str(key)),)})


async def _retire(work: Work, given: Mapping[str, object]) -> Outcome:
    return Outcome({OBJECT: (await retire(work, str(given["id"])),)})


async def _require(work: Work, given: Mapping[str, object]) -> Outcome:
    await require(work, only=given["only"] is True)
    return Outcome()


_DOCUMENT = (VerbOutput(OBJECT, OBJECT),)

verbs.declare(
    VerbDefinition(
        "addTrustedDocument",
        (VerbInput("id", "String"), VerbInput("text", "String", required=True)),
        _DOCUMENT,
        _add,
        "Puts a document down that clients may name by its id; without an id, by the SHA-256 of its text.",
        defines=True,
    )
)
verbs.declare(
    VerbDefinition(
        "retireTrustedDocument",
        (VerbInput("id", "String", required=True),),
        _DOCUMENT,
        _retire,
        "Takes a document away from clients. Its id stays taken.",
        defines=True,
    )
)
verbs.declare(
    VerbDefinition(
        "requireTrustedDocuments",
        (VerbInput("only", "Boolean", required=True),),
        (),
        _require,
        "Lets all but administrators run trusted documents only, or any document again.",
        defines=True,
    )
)


# --- what documents name ----------------------------------------------------------------------------------------------


async def usages(work: ReadWork, subject: Subject) -> Iterable[Usage]:
    """Live documents in which a member of the field, or a root field of the object, stands as a word."""
    words = _words_of(subject)
    live = sa.select(trusted_document).where(trusted_document.c.state == "live")
    rows = await work.session.rows(live) if words else []
    # What a document selects may be fine as another type: whoever wrote it has to look.
    return [
        Usage(OBJECT, row["key"], row["id"], breaks=subject.is_gone)
        for row in rows
        if not words.isdisjoint(_WORD.findall(row["text"]))
    ]


def _words_of(subject: Subject) -> frozenset[str]:
    thing = subject.before.shape.objects.get(subject.object_name)
    if thing is None:
        return frozenset()
    if not subject.field_name:
        return naming.names_of_object(thing.name, thing.plural)
    kind = None if subject.field is None else subject.field.type
    return naming.members_of_field(
        subject.field_name,
        is_relation=kind is not None and kind.is_relation,
        has_choices=kind is not None and kind.has_choices,
    )


metadata.provide_usages(OBJECT, usages)
