"""Running a write: the one statement with its trace, the answer compared with what was meant."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from services.records import scopes, trace
from services.records.reactions import WrittenSet
from tenants.errors import Stale

if TYPE_CHECKING:
    from collections.abc import Hashable

    from services.events import Kind
    from services.records.targets import Target
    from services.records.trace import Deed
    from tenants.sql import Template


async def write(
    target: Target, template: Template, kind: Kind, deeds: Sequence[Deed], rows: Sequence[Mapping[str, object]]
) -> frozenset[UUID]:
    """Run a traced statement; the ids it wrote. Nothing was written, and `Stale` raised, if the snapshot is outdated."""
    work = target.work
    values: dict[Hashable, object] = {
        **scopes.values(target),
        **trace.values_of(target, kind, deeds),
        "rows": json.dumps(rows, ensure_ascii=False),
        "author": target.author,
        "metadata_version": work.versions.metadata,
        "access_version": work.versions.access,
    }
    bound = template.bound(work.session.schema, values, target.registry.physical)
    (answer,) = await work.session.fetch(bound)
    if not answer["fresh"]:
        raise Stale
    work.touched.append(target.name)
    return frozenset(answer["ids"])


async def write_locked(
    target: Target, template: Template, kind: Kind, deeds: Sequence[Deed], rows: Sequence[Mapping[str, object]]
) -> WrittenSet:
    """Write records whose rows are locked. One that left the scope since it was locked shows that the policy moved."""
    if deeds and len(await write(target, template, kind, deeds, rows)) != len(deeds):
        raise Stale
    return WrittenSet(target.name, kind, tuple(deeds))
