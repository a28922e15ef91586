"""The data folder belongs to one process, keeps its secrets closed, and is never emptied by mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli.data_folder import DataFolder
from cli.processes import StartFailed

if TYPE_CHECKING:
    from pathlib import Path


def test_second_owner_is_refused(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "new")

    with folder.owned():
        with pytest.raises(StartFailed, match=r"in use by another `\./kezhi up`"), folder.owned():
            pass
        assert folder.is_owned()

    assert not folder.is_owned()


def test_secrets_are_made_once_and_closed_to_others(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)

    key, password = folder.master_key(), folder.demo_password("")

    assert (folder.master_key(), folder.demo_password("later")) == (key, password)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("master_key", "demo_password")] == [0o600, 0o600]


def test_wanted_demo_password_is_taken_at_first_start(tmp_path: Path) -> None:
    assert DataFolder(tmp_path).demo_password("wanted by me") == "wanted by me"


@pytest.mark.parametrize("weak", ["short", "x" * 129])
def test_weak_demo_password_is_refused_before_it_is_kept(tmp_path: Path, weak: str) -> None:
    with pytest.raises(StartFailed, match=r"KEZHI_DEMO_PASSWORD: .* 8 "):
        DataFolder(tmp_path).demo_password(weak)

    assert not (tmp_path / "demo_password").exists()


def test_folder_of_somebody_else_is_left_untouched(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("three years of work")

    with pytest.raises(StartFailed, match="holds other files"), DataFolder(tmp_path).owned():
        pass

    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_fresh_start_empties_what_we_made(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    with folder.owned():
        folder.prepare()
        folder.master_key()

        folder.empty()

        assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def test_other_layout_is_refused(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    with folder.owned():
        folder.prepare()
        (tmp_path / "layout").write_text("0")

        with pytest.raises(StartFailed, match="made by another version"):
            folder.prepare()


def test_running_note_is_there_only_while_it_runs(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)

    with folder.owned():
        folder.note_running({"DATABASE_URL": "postgresql://x"})
        noted = folder.running_environment()

    assert noted == {"DATABASE_URL": "postgresql://x"}
    assert folder.running_environment() == {}


def test_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StartFailed, match="is not a folder"), DataFolder(tmp_path / "file").owned():
        pass
