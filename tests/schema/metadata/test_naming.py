"""Labels become API names, and no two things of a tenant share one."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.metadata import naming
from schema.metadata.errors import NameReserved, NotAName
from tests.builders.shapes import LABELS

_GRAPHQL = re.compile(r"[_A-Za-z][_0-9A-Za-z]*\Z")


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("设备型号", "sheBeiXingHao"),
        ("Serial number", "serialNumber"),
        ("3D 打印机", "daYinJi3d"),
        ("绿色", "lvSe"),
        ("单于 Équipe", "chanYuEquipe"),
        ("😀", "field"),
        ("２０２６", "field"),
    ],
)
def test_label_becomes_a_name(label: str, name: str) -> None:
    assert naming.from_label(label, "field") == name


@pytest.mark.parametrize(
    ("name", "expected"),
    [("quoteLine", "quote_line"), ("requestedBy", "requested_by"), ("URLPath", "url_path"), ("name", "name")],
)
def test_camel_becomes_snake(name: str, expected: str) -> None:
    assert naming.snake(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("name", "name"), ("quote_line", "quoteLine"), ("read_only_if", "readOnlyIf")]
)
def test_snake_becomes_camel(name: str, expected: str) -> None:
    assert naming.camel(name) == expected


def test_tenant_ending_stays_last() -> None:
    assert naming.compose("create", "sheBei_c") == "createSheBei_c"
    assert naming.compose_type("sheBei_c", "Connection") == "SheBeiConnection_c"
    assert naming.aggregate_member(naming.tenant_plural("sheBei_c")) == "sheBeiListAggregate_c"
    assert naming.id_member("keHu_c") == "keHuId_c"
    assert naming.label_member("stage") == "stageLabel"


def test_clash_appends_a_number_before_the_ending() -> None:
    taken = {"sheBei_c", "sheBei2_c"}

    assert naming.free("sheBei", taken.__contains__) == "sheBei3_c"


@pytest.mark.parametrize("name", ["", "Upper", "1st", "has space", "has_underscore", "名称", "a" * 41])
def test_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(NotAName) as refused:
        naming.checked(name)

    assert refused.value.message("en").startswith(f"“{name}” is no name: ")


@pytest.mark.parametrize("key", ["", "-a", "a b", "状态", "a" * 41])
def test_choice_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(NotAName) as refused:
        naming.choice_key(key)

    assert refused.value.code == "NOT_A_NAME"
    assert refused.value.message("en").startswith(f"“{key}” is no key of a choice: ")


def test_chosen_name_may_carry_the_ending() -> None:
    assert naming.checked(" sheBei_c ") == "sheBei"


@pytest.mark.parametrize("name", ["node", "and", "totally__private"[7:]])
def test_platform_words_are_reserved(name: str) -> None:
    with pytest.raises(NameReserved):
        naming.refuse_reserved(name)


def test_long_index_name_is_cut_to_what_postgresql_takes() -> None:
    first = naming.index_name("ux", "x_" + "a" * 40, ("b" * 40,))
    second = naming.index_name("ux", "x_" + "a" * 40, ("b" * 39 + "c",))

    assert (len(first), len(second)) == (63, 63)
    assert first != second


def test_index_names_of_different_columns_differ() -> None:
    assert naming.index_name("ix", "t", ("a", "b_c")) != naming.index_name("ix", "t", ("a_b", "c"))


@given(LABELS)
def test_every_label_makes_a_graphql_name(label: object) -> None:
    name = naming.tenant_name(naming.from_label(getattr(label, "zh"), "object"))  # noqa: B009 - a strategy's value

    for each in naming.names_of_object(name, naming.tenant_plural(name)):
        assert _GRAPHQL.match(each)
        assert each.endswith("_c")


@given(st.uuids())
def test_opaque_names_are_physical(value: UUID) -> None:
    assert re.fullmatch(r"f_[a-z2-7]{12}", naming.opaque("f", value))


@given(st.text("abcdefgh", min_size=1, max_size=6), st.text("abcdefgh", min_size=1, max_size=6))
def test_objects_of_different_names_may_stand_side_by_side(one: str, other: str) -> None:
    names = [naming.names_of_object(each, f"{each}s") for each in (f"{one}X", f"{other}Y")]

    assert one == other or names[0].isdisjoint(names[1])


@pytest.mark.parametrize(
    ("label", "key"), [("77", "77"), ("1e5", "1e5"), ("2026-01-01", "2026-01-01"), ("运行", "yunXing"), ("!", "choice")]
)
def test_words_of_a_choice_become_its_key(label: str, key: str) -> None:
    assert naming.key_from_label(label) == key
