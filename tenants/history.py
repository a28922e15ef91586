"""The histories of stored shape: Alembic's revisions as SQL text, rendered once in this process without a database.

A revision speaks of roles and the schema by places (`@runtime@`, `@schema@`); whoever applies it fills them in with names
that were checked. Revisions import nothing of ours.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from collections.abc import Callable

HistoryName: TypeAlias = Literal["catalog", "cell", "tenant"]

_ROOT = Path(__file__).parent.parent / "migrations"


@dataclass(frozen=True, slots=True)
class Revision:
    """One step: the version before it (empty for the first), and the text that leads here and back."""

    id: str
    before: str
    upgrade: str
    downgrade: str
    # Text for every record table of a tenant (`@table@`); the runner knows their names from the tenant's metadata.
    each_record_table: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """All steps in order."""

    revisions: tuple[Revision, ...]

    @property
    def head(self) -> str:
        """The version that this code was written for."""
        return self.revisions[-1].id

    def after(self, version: str) -> tuple[Revision, ...]:
        """The steps that lead from a version (empty: from nothing) to the head; an unknown version is refused."""
        if not version:
            return self.revisions
        ids = [revision.id for revision in self.revisions]
        if version not in ids:
            raise UnknownVersion(version)
        return self.revisions[ids.index(version) + 1 :]


class UnknownVersion(Exception):
    """The stored shape is newer than this code, or not of this product."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"The database is at version {version}, which this release does not know: a newer one was here."
        )


@cache
def history(name: HistoryName) -> History:
    """The history of catalogs, cells or tenants."""
    return load(_ROOT / name)


def load(directory: Path) -> History:
    """Render the revisions of an Alembic directory, oldest first."""
    scripts = list(ScriptDirectory(str(directory)).walk_revisions())[::-1]
    return History(
        tuple(
            Revision(
                id=script.revision,
                before=str(script.down_revision or ""),
                upgrade=_render(script.module.upgrade),
                downgrade=_render(script.module.downgrade),
                each_record_table=getattr(script.module, "each_record_table", ""),
            )
            for script in scripts
        )
    )


def _render(step: Callable[[], None]) -> str:
    buffer = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": buffer, "literal_binds": True}
    )
    with Operations.context(context):
        step()
    return buffer.getvalue()
