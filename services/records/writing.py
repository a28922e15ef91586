"""Running a write: the one statement with its trace, the answer compared with what was meant."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from services.records import scopes, trace
from services.records.reactions import WrittenSet
from tenants.errors import Stale

if TYPE_CHECKING:
    from collections.abc import Hashable

    import asyncpg

    from services.events import Kind
    from services.records.targets import Target
    from services.records.trace import Deed
    from tenants.sql import Template


def _nothing_more() -> Mapping[Hashable, object]:
    return {}


async def write(  # noqa: PLR0917 - a statement and everything that goes into it
    target: Target,
    template: Template,
    kind: Kind,
    deeds: Sequence[Deed],
    rows: Sequence[Mapping[str, object]],
    more: Callable[[], Mapping[Hashable, object]] = _nothing_more,
) -> asyncpg.Record:
    """Run a traced statement; its answer, with the `ids` that it wrote. If the snapshot is outdated it wrote nothing, and
    `Stale` is raised.
    """
    work = target.work
    values: dict[Hashable, object] = {
        **scopes.values(target),
        **trace.values_of(target, kind, deeds),
        "rows": json.dumps(rows, ensure_ascii=False),
        "author": target.author,
        "metadata_version": work.versions.metadata,
        "access_version": work.versions.access,
        # Its ids come after those of the trace: what moves along is told after what moved it.
        **more(),
    }
    bound = template.bound(work.session.schema, values, target.registry.physical)
    (answer,) = await work.session.fetch(bound)
    if not answer["fresh"]:
        raise Stale
    work.touched.append(target.name)
    work.session.held.update(answer["ids"])
    return answer


async def write_locked(
    target: Target, template: Template, kind: Kind, deeds: Sequence[Deed], rows: Sequence[Mapping[str, object]]
) -> WrittenSet:
    """Write records whose rows are locked. One that left the scope since it was locked shows that the policy moved."""
    if deeds:
        refuse_missing(deeds, await write(target, template, kind, deeds, rows))
    return WrittenSet(target.name, kind, tuple(deeds))


def refuse_missing(deeds: Sequence[Deed], answer: asyncpg.Record) -> None:
    """Records that were locked are written."""
    if len(answer["ids"]) != len(deeds):
        raise Stale
