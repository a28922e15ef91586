"""[A11] A publication is taken back from a snapshot: what came is retired, what went lives again, values are set back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schema.metadata.fields import FieldState, Label
from services import packs
from services.change_sets import undoing
from services.metadata import ChoiceDraft, FieldDraft, ObjectDraft, Snapshot, row_changes
from services.metadata.drafting import new_field, new_object
from tenants.ids import IdMaker

NEW = IdMaker().new
WORDS = Label("字", "Word")
GRADE = FieldDraft(WORDS, "choice", "grade", choices=(ChoiceDraft(WORDS, "high"), ChoiceDraft(WORDS, "low")))
CRM = new_field(Snapshot(packs.load("crm").objects, 1), "customer", GRADE, NEW)


def undone(before: Snapshot, after: Snapshot) -> tuple[Snapshot, list[str]]:
    changes = row_changes(before, after)
    found, violations = undoing.undone(after, changes, leave=frozenset(), typed=undoing.retyped(changes))
    return found, [each.fault.code for each in violations]


def test_words_and_choices_are_set_back() -> None:
    grade = CRM.field("customer", "grade_c")
    high, low = grade.choices
    moved = replace(grade, label=Label("级"), choices=(replace(low, retired=True), replace(high, label=Label("高"))))

    assert undone(CRM, CRM.with_field("customer", moved)) == (CRM, [])


def test_what_came_is_retired_with_what_belongs_to_it_untouched() -> None:
    after = new_object(CRM, ObjectDraft(WORDS, name="car", fields=(GRADE,)), NEW)
    came, tops = undoing.added_by([row_changes(CRM, after)])

    found = undoing.retired(after, tops)
    back, violations = undoing.undone(found, row_changes(CRM, after), leave=came, typed=frozenset())

    assert (len(came), tops) == (4, frozenset({after.by_name["car_c"].id}))
    assert back.by_name["car_c"].is_retired
    assert back.by_name["car_c"].fields == after.by_name["car_c"].fields
    assert violations == ()


def test_what_was_retired_lives_again() -> None:
    grade = CRM.field("customer", "grade_c")

    assert undone(CRM, CRM.with_field("customer", grade.in_state(FieldState.RETIRED))) == (CRM, [])


def test_what_was_destroyed_is_told() -> None:
    grade = CRM.field("customer", "grade_c")
    gone = CRM.with_field("customer", grade.in_state(FieldState.DESTROYED))
    retired = CRM.with_field("customer", grade.in_state(FieldState.RETIRED))

    _, of_destroying = undoing.undone(gone, row_changes(retired, gone), leave=frozenset(), typed=frozenset())
    _, of_retiring = undoing.undone(gone, row_changes(CRM, retired), leave=frozenset(), typed=frozenset())

    assert [each.fault.code for each in of_destroying] == []
    assert [(each.path, each.fault.code) for each in of_retiring] == [(("to", "customer.grade_c"), "DESTROYED")]


def test_type_and_dictionary_are_left_to_those_who_know_them() -> None:
    grade = CRM.field("customer", "grade_c")
    text = replace(grade, label=Label("级"), column="f_new", field=replace(grade.field, type_name="text", choices=()))
    shared = replace(grade, field=replace(grade.field, options=(("dictionary", "levels_c"),)))
    after, other = CRM.with_field("customer", text), CRM.with_field("customer", shared)

    found, _ = undone(CRM, after)
    kept, _ = undone(CRM, other)

    assert undoing.first_of((row_changes(CRM, after),)) == {grade.id: (grade.column, "choice")}
    assert found.field("customer", "grade_c") == replace(text, label=WORDS)
    assert kept == other


@pytest.mark.parametrize(("options", "is_retired"), [((), True), ((("dictionary", "levels_c"),), False)])
def test_a_choice_that_came_stays_where_a_dictionary_offers_it(
    options: tuple[tuple[str, str], ...], *, is_retired: bool
) -> None:
    grade = CRM.field("customer", "grade_c")
    after = replace(grade, field=replace(grade.field, options=options))
    was, now = CRM.with_field("customer", replace(after, choices=grade.choices[:1])), CRM.with_field("customer", after)

    found = undoing.retired(now, undoing.added_by([row_changes(was, now)])[1])

    assert [each.retired for each in found.field("customer", "grade_c").choices] == [False, is_retired]
