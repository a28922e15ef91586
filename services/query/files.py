"""Files in answers: what is known of each, and addresses that the statement itself signs for whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from schema.metadata.types import Output
from schema.tables.files import FileState
from services.query.arguments import FileSigner, SignerPart
from services.query.compilation import Compilation, fixed_table, of
from services.query.text import Piece, concat, object_text, or_null, value_text
from tenants.file_tokens import Purpose
from tenants.sql import Fragment, constant, ident, sql, value

if TYPE_CHECKING:
    from typing import LiteralString


def files_text(c: Compilation, stored: Fragment, parts: Iterable[tuple[str, str]]) -> Fragment:
    """A JSON list of the files of a field, in their order; null without any."""
    each, file = c.alias(), c.alias()
    listed = sql(
        "string_agg({text}, ',' ORDER BY {place})",
        text=object_text((key, _part(part, file)) for key, part in parts),
        place=of(each, "place"),
    )
    return or_null(
        sql(
            "(SELECT {list} FROM unnest({stored}) WITH ORDINALITY {each} (id, place)"
            " JOIN {table} {file} ON {file_id} = {id} HAVING count(*) > 0)",
            list=concat(["[", listed, "]"]),
            stored=stored,
            each=ident(each),
            table=fixed_table("file"),
            file=ident(file),
            file_id=of(file, "id"),
            id=of(each, "id"),
        )
    )


def _part(part: str, file: str) -> Piece:
    match part:
        case "url":
            return value_text(Output.TEXT, _address(Purpose.READ, file))
        case "thumbnailUrl":
            shown = sql(
                "CASE WHEN {key} IS NOT NULL THEN {address} END",
                key=of(file, "thumbnail_key"),
                address=_address(Purpose.THUMBNAIL, file),
            )
            return value_text(Output.TEXT, shown)
        case "__typename":
            return '"File"'
        case _:
            column, output = _COLUMNS[part]
            return value_text(output, of(file, column))


_COLUMNS: dict[str, tuple[LiteralString, Output]] = {
    "id": ("id", Output.ID),
    "name": ("name", Output.TEXT),
    "size": ("size", Output.LONG),
    "mediaType": ("media_type", Output.TEXT),
    "state": ("state", Output.TEXT),
    "uploadedById": ("created_by_id", Output.ID),
    "attachedAt": ("attached_at", Output.DATETIME),
}


def _address(purpose: Purpose, file: str) -> Fragment:
    """As `tenants.file_tokens.FileKeys.token` writes it: HMAC-SHA256, by its two hashes."""
    subject = sql("({purpose} || replace({id}::text, '-', ''))", purpose=constant(purpose.value), id=of(file, "id"))
    return sql(
        "CASE WHEN {state} = {ready} THEN '/files/' || {claim} || '.' || {subject} || '.'"
        " || encode(sha256(decode({outer}, 'hex') || sha256(decode({inner}, 'hex') || convert_to({subject}, 'UTF8'))), 'hex') END",
        state=of(file, "state"),
        ready=constant(FileState.READY.value),
        claim=value(FileSigner(SignerPart.CLAIM), "text"),
        inner=value(FileSigner(SignerPart.INNER), "text"),
        outer=value(FileSigner(SignerPart.OUTER), "text"),
        subject=subject,
    )
