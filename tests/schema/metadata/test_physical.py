"""What a registry is in PostgreSQL, and which fields an index stands for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from schema.metadata.fields import NO_LABEL, Field, FieldNames
from schema.metadata.objects import Object, ObjectKind, ObjectNames
from schema.metadata.physical import Key, TableIndex, sequence_of, tables_of, unique_column, unique_rules
from schema.metadata.registry import Registry, Shape
from services import packs

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.fixture(scope="module")
def crm() -> Registry:
    return packs.registry_of_pack("crm")


def test_unique_index_names_its_fields(crm: Registry) -> None:
    assert unique_rules(crm, "customer") == {"ux_customer_name": ("name",), "ux_customer_credit_code": ("creditCode",)}
    assert unique_rules(crm, "quoteLine") == {}


def test_unique_rule_looks_at_the_normal_form(crm: Registry) -> None:
    assert unique_column(crm, "customer", "name") == "name_norm"
    assert unique_column(crm, "quote", "number") == "number"


def test_money_has_a_column_for_its_currency(crm: Registry) -> None:
    columns = tables_of(crm)["quote"].columns

    assert (columns["total"], columns["total_currency"]) == ("numeric(20,4)", "char(3)")


def test_relation_is_indexed_for_deleted_rows_too(crm: Registry) -> None:
    keys = (Key("customer_id"), Key("created_at", descending=True), Key("id"))

    assert tables_of(crm)["contact"].indexes["ix_contact_customer_id"] == TableIndex(
        "ix_contact_customer_id", keys, only_live=False
    )


def test_indexed_field_is_sorted_for_all_and_for_each_owner(crm: Registry) -> None:
    indexes = tables_of(crm)["customer"].indexes

    assert indexes["ix_customer_name"].keys == (Key("name_sort"), Key("id"))
    assert indexes["ix_customer_owner_id__name"].keys == (Key("owner_id"), Key("name_sort"), Key("id"))


def test_a_run_of_one_owner_holds_what_else_it_may_be_filtered_and_sorted_by(crm: Registry) -> None:
    indexes = tables_of(crm)["opportunity"].indexes

    assert {name: index.included for name, index in indexes.items() if index.included} == {
        "ix_opportunity_owner_id__created_at": ("amount", "stage", "close_on"),
        "ix_opportunity_owner_id__name": ("amount", "stage", "close_on"),
        "ix_opportunity_owner_id__amount": ("stage", "close_on"),
        "ix_opportunity_owner_id__stage": ("amount", "close_on"),
        "ix_opportunity_owner_id__close_on": ("amount", "stage"),
    }


def test_what_an_index_holds_besides_is_short_and_little() -> None:
    fields = [Field(f"f{number}", "choice", is_indexed=True) for number in range(9)]
    kept_out = [
        Field("words", "text", is_indexed=True),
        Field("labels", "tags", is_indexed=True),
        Field("plain", "date"),
    ]

    index = indexes_of([*kept_out, *fields])["ix_thing_owner_id__f0"]

    assert index.included == ("f1", "f2", "f3", "f4", "f5", "f6")


def test_an_index_that_holds_less_is_not_another_one(crm: Registry) -> None:
    index = tables_of(crm)["opportunity"].indexes["ix_opportunity_owner_id__stage"]

    assert replace(index, included=()) == index


def test_tags_have_an_inverted_index(crm: Registry) -> None:
    assert tables_of(crm)["customer"].indexes["ix_customer_tags"].is_inverted is True


def test_persons_have_an_inverted_index_and_points_one_over_both_degrees() -> None:
    fields = [Field("team", "persons", is_indexed=True), Field("site", "geolocation", is_indexed=True)]

    indexes = indexes_of(fields)

    assert indexes["ix_thing_team"].is_inverted is True
    assert indexes["ix_thing_site"].keys == (Key("site"), Key("site_longitude"), Key("id"))
    assert "ix_thing_owner_id__site" not in indexes


def test_system_objects_have_no_record_table(crm: Registry) -> None:
    assert len(tables_of(crm)) == 18
    assert "user" not in tables_of(crm)


@pytest.mark.parametrize(
    ("text", "sequence"), [("{0000}", "sq_quote_number"), ("HT{yyyy}-{0000}", None), (None, "sq_quote_number")]
)
def test_number_with_a_period_has_no_sequence(text: str | None, sequence: str | None) -> None:
    options = (("format", text),) if text else ()

    assert sequence_of(Field("number", "autoNumber", options=options), "quote", "number") == sequence


def indexes_of(fields: list[Field]) -> Mapping[str, TableIndex]:
    """The indexes of an object with these fields, each in a column of its name."""
    thing = Object("thing", "things", ObjectKind.TENANT, tuple(fields))
    columns = {each.name: FieldNames(number, each.name, NO_LABEL, {}) for number, each in enumerate(fields)}
    names = ObjectNames(300, "thing", NO_LABEL, NO_LABEL, columns)
    return tables_of(Registry(Shape((thing,)), {"thing": names}, 1))["thing"].indexes


def test_other_fields_have_no_sequence() -> None:
    assert sequence_of(Field("name", "text"), "quote", "name") is None
