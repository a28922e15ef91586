"""Which dictionary the choices of a field come from: told to whoever is about to change the field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.dictionaries import dictionary
from services import metadata
from services.metadata import Subject, Usage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenants.context import ReadWork

KIND = "dictionary"


async def usages(work: ReadWork, subject: Subject) -> Iterable[Usage]:
    """The dictionary itself goes on without the field."""
    name = "" if subject.field is None else metadata.dictionary_of(subject.field)
    if not name:
        return ()
    found = await work.session.scalar(sa.select(dictionary.c.id).where(dictionary.c.name == name))
    return (Usage(KIND, name, found),)


metadata.provide_usages(KIND, usages)
