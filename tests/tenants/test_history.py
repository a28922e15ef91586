"""Histories: revisions rendered without a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tenants.history import History, Revision, UnknownVersion, history, load

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
