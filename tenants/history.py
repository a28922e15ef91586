"""The histories of stored shape: Alembic's revisions as SQL text, rendered once in this process without a database.

A revision speaks of roles and the schema by places (`@runtime@`, `@schema@`); whoever applies it fills them in with names
that were checked. Revisions import nothing of ours.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HistoryName: TypeAlias = Literal["catalog", "cell", "tenant"]

_ROOT = Path(__file__).parent.parent / "migrations"
_PLACE = re.compile(r"@([a-z]+)@")
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}\Z")


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


def fill(text: str, names: Mapping[str, str]) -> str:
    """Put quoted names into the places of a revision."""
    return _PLACE.sub(lambda place: quoted(names[place[1]]), text)


def quoted(name: str) -> str:
    """A physical name of ours as an identifier; anything else is a defect."""
    if not _NAME.match(name):
        msg = f"not a physical name: {name!r}"
        raise ValueError(msg)
    return f'"{name}"'


def literal(text: str) -> str:
    """A text literal for the scripts of administrators, which the simple protocol sends without parameters."""
    if "\0" in text:
        msg = "NUL in a literal"
        raise ValueError(msg)
    # An escape string is read the same whatever `standard_conforming_strings` says.
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _render(step: Callable[[], None]) -> str:
    buffer = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": buffer, "literal_binds": True}
    )
    with Operations.context(context):
        step()
    return buffer.getvalue()
