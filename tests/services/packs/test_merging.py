"""The three-way merge, property by property."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.packs.merging import Merged, PackConflict, merge

ID, OTHER = UUID(int=1), UUID(int=2)
VALUES = st.sampled_from(["a", "b", "c"])


def merged(ours: str, base: str, theirs: str) -> Merged:
    present = {"id": ID, "label_zh": ours, "pack_values": {"label_zh": base}}
    return merge([present], [{"id": str(ID), "label_zh": theirs}], ("label_zh",), lambda _: "customer")


@pytest.mark.parametrize(
    ("ours", "base", "theirs", "result"),
    [("a", "a", "b", "b"), ("c", "a", "a", "c"), ("b", "a", "b", "b"), ("c", "a", "b", "c"), ("a", "a", "a", "a")],
)
def test_tenants_value_wins_where_the_tenant_changed_it(ours: str, base: str, theirs: str, result: str) -> None:
    assert merged(ours, base, theirs).rows[0]["label_zh"] == result


def test_conflict_names_both_values() -> None:
    assert merged("c", "a", "b").conflicts == (PackConflict("customer", "label_zh", "c", "b"),)


@given(VALUES, VALUES, VALUES)
def test_conflict_is_where_both_changed_to_something_else(ours: str, base: str, theirs: str) -> None:
    assert bool(merged(ours, base, theirs).conflicts) is (len({ours, base, theirs}) == 3)


def test_what_the_pack_no_longer_names_stays() -> None:
    mine = {"id": OTHER, "label_zh": "x", "pack_values": {}}

    assert merge([mine], [], ("label_zh",), lambda _: "").rows == (mine,)


def test_what_is_new_comes_behind() -> None:
    mine, new = {"id": OTHER, "label_zh": "x", "pack_values": {}}, {"id": ID, "label_zh": "y"}

    assert merge([mine], [new], ("label_zh",), lambda _: "").rows == (mine, new)


def test_options_merge_one_by_one() -> None:
    present = {
        "id": ID,
        "options": {"maxLength": 50, "pattern": "a"},
        "pack_values": {"options.maxLength": 20, "options.pattern": "a"},
    }
    offered = {"id": ID, "options": {"maxLength": 20, "minLength": 2}}

    done = merge([present], [offered], ("options",), lambda _: "customer.name")

    assert done.rows[0]["options"] == {"maxLength": 50, "minLength": 2}
    assert done.conflicts == ()


def test_field_that_is_being_built_goes_on_being_built() -> None:
    present = {"id": ID, "state": "building", "pack_values": {"state": "live"}}

    assert merge([present], [{"id": ID, "state": "live"}], ("state",), lambda _: "").rows[0]["state"] == "building"
