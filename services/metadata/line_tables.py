"""Line tables (子表) over relations that are there already, switched on and off; nothing of a record changes. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.metadata import drafting, line_drafts
from services.metadata.findings import Findings

if TYPE_CHECKING:
    from services.metadata.drafting import NewId
    from services.metadata.snapshot import Snapshot


def settled(after: Snapshot, object_name: str, name: str, new_id: NewId, *, is_asked: bool | None) -> Snapshot:
    """The snapshot in which this relation makes a line table, or none; what was asked of the rest must fit it."""
    definition = after.field(object_name, name)
    was = line_drafts.is_line_table(definition)
    if is_asked is False and was:
        return line_drafts.unordered(after, object_name, name)
    if is_asked and not was:
        after = drafting.new_field(after, object_name, line_drafts.POSITION, new_id)
        position = after.by_name[object_name].fields[-1]
        after = line_drafts.ordered(after, object_name, name, position.name)
    if is_asked or was:
        found = Findings()
        with found.at("lineTable"):
            line_drafts.refuse_unfit(after, object_name, name)
        found.settle()
    return after
