"""Random definitions, as an administrator might make them, for property tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from schema.metadata.fields import Label
from schema.metadata.types import DERIVED, FIELD_TYPES, LINKED, SHOWN, SYSTEM_ONLY
from services.metadata import ChoiceDraft, FieldDraft, ObjectDraft

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

TYPES = sorted(FIELD_TYPES.keys() - SYSTEM_ONLY - DERIVED - SHOWN)
_WORDS = st.text(st.sampled_from("设备型号客户合同编号状态报价abcXYZ 0123-_(é"), min_size=1, max_size=12)
LABELS = st.builds(Label, zh=_WORDS.filter(str.strip), en=_WORDS)


@st.composite
def field_drafts(draw: st.DrawFn) -> FieldDraft:
    kind = FIELD_TYPES[draw(st.sampled_from(TYPES))]
    choices = draw(st.lists(st.builds(ChoiceDraft, LABELS), min_size=1, max_size=3)) if kind.has_choices else []
    return FieldDraft(
        label=draw(LABELS),
        type=kind.name,
        required=draw(st.booleans()) and kind.name not in LINKED,
        is_unique=kind.may_be_unique and draw(st.booleans()),
        is_indexed=kind.may_be_indexed and draw(st.booleans()),
        options={"sortKey": "pinyin"} if "sortKey" in kind.options and draw(st.booleans()) else {},
        choices=tuple(choices),
        target=draw(st.sampled_from(["customer", "user", "order"])) if kind.name in LINKED | {"relation"} else "",
    )


def object_drafts(most_fields: int = 8) -> SearchStrategy[ObjectDraft]:
    return st.builds(ObjectDraft, label=LABELS, fields=st.lists(field_drafts(), max_size=most_fields).map(tuple))
