"""Audit over GraphQL beyond `auditEntries`: entries as a file."""

# ruff: noqa: A002 - `input` is the name of the one argument in the API
from __future__ import annotations

import strawberry

from resolvers.context import Info
from resolvers.once import Kept, write_once
from schema.types.audit import ExportAuditEntriesInput, ExportAuditEntriesPayload
from services import audit_exports
from services.audit_exports import Exported, Format, Wanted
from tenants.context import Work


@strawberry.type
class AuditMutation:
    """What leaves an entry, though it changes nothing."""

    @strawberry.mutation(description="Audit entries as a file, under the permission to read them; itself an entry.")
    async def export_audit_entries(
        self, info: Info, input: ExportAuditEntriesInput
    ) -> ExportAuditEntriesPayload | None:
        """The file."""
        wanted, form = _wanted(input), Format(input.format.value)

        async def export(work: Work) -> Exported:
            return await audit_exports.export_entries(work, wanted, form)

        # A file is not kept: sent again, it is read again with present rights.
        kept: Kept[Work, Exported] = Kept(ids=lambda _: {}, again=lambda work, _: export(work))
        made = await write_once(info, input, kept, export)
        return ExportAuditEntriesPayload(
            text=made.text, count=made.count, is_complete=made.is_complete, last_seq=made.last_seq, errors=[]
        )


def _wanted(given: ExportAuditEntriesInput) -> Wanted:
    asked: tuple[tuple[str, str, object], ...] = (
        ("createdAt", "gte", given.since),
        ("createdAt", "lt", given.until),
        ("principalId", "eq", given.principal_id),
        ("action", "eq", given.action),
        ("objectName", "eq", given.object_name),
        ("recordId", "eq", given.record_id),
    )
    return Wanted(tuple(each for each in asked if each[2] is not None), given.after_seq, given.first)
