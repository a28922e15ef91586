"""Histories: revisions rendered without a database, places filled with checked names only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tenants.history import History, Revision, UnknownVersion, fill, history, literal, load

if TYPE_CHECKING:
    from pathlib import Path

THREE = History(tuple(Revision(id_, before, "", "") for id_, before in [("1", ""), ("2", "1"), ("3", "2")]))


def test_steps_after_a_version_lead_to_the_head() -> None:
    assert THREE.head == "3"
    assert [step.id for step in THREE.after("")] == ["1", "2", "3"]
    assert [step.id for step in THREE.after("1")] == ["2", "3"]
    assert THREE.after("3") == ()


def test_version_of_another_code_is_refused() -> None:
    with pytest.raises(UnknownVersion):
        THREE.after("4")


@pytest.mark.parametrize("name", ["catalog", "cell", "tenant"])
def test_our_histories_begin_with_nothing(name: str) -> None:
    assert name in {"catalog", "cell", "tenant"}
    first = history(name).revisions[0]

    assert (first.id, first.before) == ("0001", "")
    assert "CREATE TABLE" in first.upgrade
    assert first.downgrade.startswith("DROP TABLE")


def test_revisions_are_rendered_oldest_first_with_what_they_say_of_record_tables(tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    (tmp_path / "env.py").write_text("")
    for id_, before, extra in [
        ("0002", "'0001'", "each_record_table = 'ALTER TABLE @schema@.@table@ …'"),
        ("0001", None, ""),
    ]:
        (tmp_path / "versions" / f"{id_}_step.py").write_text(
            f"from alembic import op\nrevision = '{id_}'\ndown_revision = {before}\n{extra}\n"
            f"def upgrade():\n    op.execute('SELECT {int(id_)}')\n"
            "def downgrade():\n    op.execute('SELECT 0')\n"
        )

    assert load(tmp_path).revisions == (
        Revision("0001", "", "SELECT 1;\n\n", "SELECT 0;\n\n"),
        Revision("0002", "0001", "SELECT 2;\n\n", "SELECT 0;\n\n", "ALTER TABLE @schema@.@table@ …"),
    )


def test_places_are_filled_with_quoted_names() -> None:
    text = "GRANT SELECT ON @schema@.job TO @runtime@, @runtime@"

    assert fill(text, {"schema": "t_a", "runtime": "t_b"}) == 'GRANT SELECT ON "t_a".job TO "t_b", "t_b"'


def test_place_without_a_name_is_a_defect() -> None:
    with pytest.raises(KeyError):
        fill("@schema@", {})


@pytest.mark.parametrize("name", ['a"; DROP SCHEMA b; --', "", "Up", "1a", "a" * 64, "a\n"])
def test_name_that_is_not_ours_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a physical name"):
        fill("@schema@", {"schema": name})


@pytest.mark.parametrize(
    ("text", "written"), [("客制", "E'客制'"), ("O'Hara", "E'O''Hara'"), ("\\'; --", "E'\\\\''; --'"), ("", "E''")]
)
def test_literal_cannot_be_ended_from_inside(text: str, written: str) -> None:
    assert literal(text) == written


def test_literal_holds_no_nul() -> None:
    with pytest.raises(ValueError, match="NUL"):
        literal("a\0b")
