"""Fields that name several persons: the ids of those who may be seen, in their order, and the records behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from schema.metadata.record_fields import TO_USER
from services.query.compilation import Compilation, column, of, table
from services.query.relations import target_is_visible
from services.query.scopes import TRUE, all_of, visible
from services.query.text import concat, or_null
from tenants.sql import Fragment, ident, sql

if TYPE_CHECKING:
    from schema.metadata.fields import Field

PERSON = TO_USER.target


def visible_ids(c: Compilation, object_name: str, field: Field, alias: str) -> Fragment:
    """The ids that a field holds, without those that are not to be seen; empty where none is left."""
    stored, each = column(alias, object_name, field.name), c.alias()
    seen = target_is_visible(c, PERSON, of(each, "id"))
    if seen is TRUE:
        return stored
    return sql(
        "nullif(ARRAY(SELECT {id} FROM unnest({stored}) WITH ORDINALITY {each} (id, place) WHERE {seen}"
        " ORDER BY {place}), ARRAY[]::uuid[])",
        id=of(each, "id"),
        stored=stored,
        each=ident(each),
        seen=seen,
        place=of(each, "place"),
    )


def several_text(
    c: Compilation, object_name: str, field: Field, alias: str, *, text: Callable[[str], Fragment]
) -> Fragment:
    """A JSON list of their records; `text` writes one of them behind an alias."""
    each, joined = c.alias(), c.alias()
    written = text(joined)
    here = sql("{id} = {each}", id=column(joined, PERSON, "id"), each=of(each, "id"))
    listed = sql("string_agg({text}, ',' ORDER BY {place})", text=written, place=of(each, "place"))
    return or_null(
        sql(
            "(SELECT {list} FROM unnest({stored}) WITH ORDINALITY {each} (id, place) JOIN {table} {joined} ON {seen})",
            list=concat(["[", listed, "]"]),
            stored=column(alias, object_name, field.name),
            each=ident(each),
            table=table(PERSON),
            joined=ident(joined),
            seen=all_of((here, *visible(c, c.shape.objects[PERSON], joined))),
        )
    )
