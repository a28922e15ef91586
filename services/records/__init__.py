"""Front door of records: the one write path. Every verb is set-based and runs in the caller's transaction."""

from services.records.attaching import file_fields
from services.records.changing import hold, owner_of
from services.records.crowding import LARGEST_TABLE
from services.records.deletion import delete, destroy
from services.records.derivation import derive
from services.records.errors import FieldNotWritable, NothingToSet
from services.records.heads import create, update, upsert
from services.records.links import LARGEST_LINKS, LARGEST_SET_OF_LINKS
from services.records.reactions import WrittenSet, on_any_written, on_written
from services.records.restoration import restore
from services.records.rollups import keep_roll_ups
from services.records.targets import LARGEST_SET
from services.records.written import Written

__all__ = [
    "LARGEST_LINKS",
    "LARGEST_SET",
    "LARGEST_SET_OF_LINKS",
    "LARGEST_TABLE",
    "FieldNotWritable",
    "NothingToSet",
    "Written",
    "WrittenSet",
    "create",
    "delete",
    "derive",
    "destroy",
    "file_fields",
    "hold",
    "keep_roll_ups",
    "on_any_written",
    "on_written",
    "owner_of",
    "restore",
    "update",
    "upsert",
]
