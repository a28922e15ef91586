"""What is asked of a pilot: its title, who is in it, and what it covers, by names and ids as callers write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """Who is to be in it; of `tree_ids` also the departments below."""

    role_ids: Sequence[object] = ()
    department_ids: Sequence[object] = ()
    tree_ids: Sequence[object] = ()
    user_ids: Sequence[object] = ()


@dataclass(frozen=True, slots=True)
class CoordinateDraft:
    """One thing to cover: an object, a field of it, a layout, or a rule over records or over several fields."""

    object_name: str = ""
    field_name: str = ""
    layout_id: object = None
    rule_id: object = None


@dataclass(frozen=True, slots=True)
class PilotDraft:
    """A pilot that is asked for."""

    title: str
    group: GroupDraft
    coordinates: Sequence[CoordinateDraft]
