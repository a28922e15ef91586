"""Ids: version 7, ordered, with the object's number inside."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tenants.ids import IdMaker, object_number, record_id


@given(some.integers(min_value=0, max_value=4095))
def test_id_carries_the_number_of_its_object(number: int) -> None:
    made = IdMaker().new(number)

    assert object_number(made) == number
    assert (made.version, made.variant) == (7, "specified in RFC 4122")


def test_ids_of_one_object_come_in_order_and_never_twice() -> None:
    maker = IdMaker()

    made = [maker.new(100) for _ in range(10_000)]

    assert made == sorted(made)
    assert len(set(made)) == 10_000


def test_many_ids_are_made_as_one_is() -> None:
    maker = IdMaker()

    before, made, after = maker.new(100), maker.many(100, 5_000), maker.new(100)

    assert [before, *made, after] == sorted({before, *made, after})
    assert {(object_number(each), each.version, each.variant) for each in made} == {(100, 7, "specified in RFC 4122")}
    assert maker.many(100, 0) == []


def test_ids_keep_their_order_when_a_millisecond_is_full() -> None:
    maker = IdMaker()
    first = maker.new(1)
    maker._counter = (1 << 18) - 1
    second = maker.new(1)
    third = maker.new(1)

    assert [first, second, third] == sorted([third, first, second])


@pytest.mark.parametrize("number", [-1, 4096])
def test_number_must_fit(number: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        IdMaker().new(number)


@pytest.mark.parametrize("stranger", [uuid4(), UUID(int=0), UUID(int=2**128 - 1)])
def test_id_of_another_version_belongs_to_no_object(stranger: UUID) -> None:
    assert object_number(stranger) == 0


_HEX = "0190a2087401bb77ff8345e4d5c01405"
# 36 characters each, which Python takes for this id or for another one.
SPELLINGS = [
    "urn:" + _HEX, "----" + _HEX, _HEX + "----", "+190a208-7401-bb77-ff83-45e4d5c01405",
    "0190a208-7401-bb77-ff83-45e4d5c0140\n", " 190a208-7401-bb77-ff83-45e4d5c01405", "0190a208-7401-bb77-ff83-45e4d5c0_405",
    "0x90a208-7401-bb77-ff83-45e4d5c01405", "\uff10190a208-7401-bb77-ff83-45e4d5c01405",
]  # fmt: skip


def test_id_is_read_in_its_ordinary_form() -> None:
    made = IdMaker().new(101)

    assert record_id(str(made)) == record_id(str(made).upper()) == made


@pytest.mark.parametrize(
    "raw", ["", "x", "{" + "0" * 34 + "}", "urn:uuid:" + "0" * 27, "g" * 36, None, 7, UUID(int=1), *SPELLINGS]
)
def test_everything_else_is_no_id(raw: object) -> None:
    assert record_id(raw) is None
