"""Files of attachment and image fields: what is known of them. Their bytes are in the store, under the key that stands here."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa

from schema.tables.base import TEXT, UUID, identity, moment, tenant_metadata


class FileState(StrEnum):
    """Life of a file. One that is refused keeps no bytes."""

    EXPECTED = "expected"
    SCANNING = "scanning"
    READY = "ready"
    REFUSED = "refused"


file = sa.Table(
    "file",
    tenant_metadata,
    identity(),
    moment("created_at"),
    # Who uploads it: a user or a client. Only he may put it into a field.
    sa.Column("created_by_id", UUID, nullable=False),
    sa.Column("name", TEXT, nullable=False),
    # As declared until the bytes have come, then as they are.
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("media_type", TEXT, nullable=False),
    sa.Column("sha256", sa.LargeBinary, nullable=True),
    sa.Column("state", TEXT, nullable=False, server_default=FileState.EXPECTED.value),
    # The code of why it was refused.
    sa.Column("reason", TEXT, nullable=True),
    sa.Column("key", TEXT, nullable=False, unique=True),
    sa.Column("thumbnail_key", TEXT, nullable=True),
    # The field that it is for, and the record that holds or held it: whoever may read that field may read the file.
    sa.Column("object_number", sa.SmallInteger, nullable=False),
    sa.Column("field_number", sa.SmallInteger, nullable=False),
    sa.Column("record_id", UUID, nullable=True),
    moment("attached_at", nullable=True),
    sa.CheckConstraint("size >= 0", name="size"),
    sa.Index(None, "record_id"),
    # What nobody has put into a field yet: counted for each uploader, and cleared away after a day.
    sa.Index("file_unattached_idx", "created_by_id", "created_at", postgresql_where=sa.text("record_id IS NULL")),
)
