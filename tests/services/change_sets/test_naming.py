"""Names that were derived when a change set was drafted are written into it."""

from __future__ import annotations

from services import packs
from services.change_sets import Made
from services.change_sets.naming import named
from services.change_sets.reading import object_
from services.metadata import Snapshot
from services.metadata.drafting import new_object
from tenants.ids import IdMaker

CRM = Snapshot(packs.load("crm").objects, 1)
LINES = {"label": {"zh": "明细"}, "type": "lineTable", "fields": [{"label": {"zh": "件"}, "type": "text"}]}


def test_object_gets_its_names_and_those_of_its_fields() -> None:
    given = {"label": {"zh": "订车"}, "fields": [LINES, {"label": {"zh": "车号"}, "type": "text"}]}
    after = new_object(CRM, object_(given), IdMaker().new)

    (made,) = named(after, {"createObject": given}, Made("createObject", object_name="dingChe_c")).values()

    assert (made["name"], made["pluralName"]) == ("dingChe_c", "dingCheList_c")
    assert made["fields"] == [LINES, {"label": {"zh": "车号"}, "type": "text", "name": "cheHao_c"}]


def test_field_and_choice_get_theirs() -> None:
    field = {"addField": {"object": "lead", "field": {"type": "text"}}}
    choice = {"addChoice": {"object": "lead", "field": "source", "choice": {"label": {"zh": "低"}}}}

    assert named(CRM, field, Made("addField", field_name="a_c"))["addField"]["field"] == {"type": "text", "name": "a_c"}
    assert named(CRM, choice, Made("addChoice", name="di"))["addChoice"]["choice"]["key"] == "di"


def test_step_that_failed_stays_as_it_was() -> None:
    step = {"addField": {"object": "lead", "field": {"type": "text"}}}

    assert named(CRM, step, None) is step
    assert named(CRM, {"retireField": {"object": "lead", "field": "a_c"}}, Made("retireField")) == {
        "retireField": {"object": "lead", "field": "a_c"}
    }
