"""[A11] What a pack says is checked like what somebody defines; everything that does not fit is told with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import packs
from services.packs import BadPack
from tests.builders.templates import small_pack

if TYPE_CHECKING:
    from pathlib import Path

_FORMULA = "  {name}_c: {{label: {{en: F}}, type: formula, expression: {text}}}\n"


def formula(name: str, text: str) -> str:
    return _FORMULA.format(name=name, text=text)


def codes(folder: Path, fields: str, **more: str) -> list[tuple[str, str]]:
    pack = small_pack(folder, fields, **more)
    with pytest.raises(BadPack) as refused:
        packs.settled_alone(pack)
    assert all(each.place.line for each in refused.value.findings)
    return [(each.place.node, each.fault.code) for each in refused.value.findings]


def test_derived_fields_are_settled_after_what_they_read(tmp_path: Path) -> None:
    roll_up = "  total_c: {label: {en: T}, type: rollUp, relation: lines_c, function: sum, field: cost_c}\n"
    pack = packs.settled_alone(
        small_pack(tmp_path, formula("a", "b_c * 2") + formula("b", "total_c+count_c") + roll_up)
    )

    head = next(each for each in pack.objects if each.name == "head_c")
    found = {each.name: (each.field.option("expression"), each.field.option("result")) for each in head.fields[3:]}
    assert found == {
        "a_c": ("b_c * 2", "decimal"),
        "b_c": ("total_c + count_c", "decimal"),
        "total_c": (None, "decimal"),
    }


def test_circle_of_formulas_is_refused(tmp_path: Path) -> None:
    found = codes(tmp_path, formula("a", "b_c + 1") + formula("b", "c_c + 1") + formula("c", "a_c + 1"))

    assert found == [("fields.a_c", "FORMULA_CIRCULAR")]


@pytest.mark.parametrize(
    ("fields", "node", "code"),
    [
        (formula("a", "nothing_c + 1"), "fields.a_c.options.expression", "EXPRESSION_UNKNOWN_NAME"),
        (formula("a", "name_c +"), "fields.a_c.options.expression", "EXPRESSION_MALFORMED"),
        (
            "  r_c: {label: {en: R}, type: relation, target: nobody, inverse: {name: rs_c}}",
            "fields.r_c.target",
            "PACK_TARGET_MISSING",
        ),
        (
            "  r_c: {label: {en: R}, type: relation, target: job, inverse: {name: rs_c}}",
            "fields.r_c.target",
            "PACK_TARGET_MISSING",
        ),
        ("  stageLabel_c: {label: {en: S}, type: text}", "fields.stageLabel_c", "NAME_TAKEN"),
        (
            "  r_c: {label: {en: R}, type: relation, target: line_c, inverse: {name: cost_c}}",
            "fields.r_c.inverse",
            "NAME_TAKEN",
        ),
        (
            "  t_c: {label: {en: T}, type: rollUp, relation: nothing_c, function: count}",
            "fields.t_c.options.relation",
            "BAD_OPTION",
        ),
        (
            "  s_c: {label: {en: S}, type: lookup, relation: name_c, field: x}",
            "fields.s_c.options.relation",
            "BAD_OPTION",
        ),
        (
            "  q_c: {label: {en: Q}, type: text, requiredIf: count_c > 'a'}",
            "fields.q_c.requiredIf",
            "EXPRESSION_WRONG_TYPE",
        ),
        (
            "  q_c: {label: {en: Q}, type: choice, choices: {x: {en: X}}, offered: {by: stage_c, choices: {lost: [x]}}}",
            "fields.q_c.offered.offered.lost",
            "UNKNOWN_CHOICE",
        ),
    ],
)
def test_what_means_nothing_is_refused_with_its_place(tmp_path: Path, fields: str, node: str, code: str) -> None:
    assert (node, code) in codes(tmp_path, fields)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"title": "count_c"}, "UNKNOWN_TITLE"),
        ({"indexes": "[{fields: [name_c, nothing_c], unique: true}]"}, "UNKNOWN_FIELD"),
        ({"rules": "{r: {expression: nothing_c > 1, message: {en: No}}}"}, "EXPRESSION_UNKNOWN_NAME"),
        ({"rules": "{r: {expression: count_c > 1, message: {en: No}, fields: [nothing_c]}}"}, "UNKNOWN_FIELD"),
    ],
)
def test_what_an_object_cannot_have_is_refused(tmp_path: Path, more: dict[str, str], code: str) -> None:
    assert [each for _, each in codes(tmp_path, "", **more)] == [code]


def test_lines_have_one_head_and_a_field_that_orders_them(tmp_path: Path) -> None:
    pack = small_pack(tmp_path, "")
    file = tmp_path / "objects" / "line_c.yaml"
    file.write_text(file.read_text("utf-8").replace("linesBy: at_c", "linesBy: nothing_c"), "utf-8")

    assert packs.settled_alone(pack).objects[0].name == "head_c"
    with pytest.raises(BadPack, match=r"line_c\.yaml:8 fields\.head_c\.linesBy: PACK_TARGET_MISSING"):
        packs.settled_alone(packs.load_folder(tmp_path))


@pytest.mark.parametrize("name", packs.released())
def test_packs_of_this_release_lean_on_nothing_and_say_expressions_as_they_are_printed(name: str) -> None:
    pack = packs.load(name)

    again = packs.settled_alone(pack)

    def texts(of: packs.Pack) -> list[object]:
        return [
            (each.field.option("expression"), [condition.text for _, condition in each.rules.conditions])
            for thing in of.objects
            for each in thing.fields
        ]

    assert texts(again) == texts(pack)
