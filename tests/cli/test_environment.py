"""A command reaches the installation that runs, or starts its servers for as long as it needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli import environment
from cli.data_folder import DataFolder
from cli.processes import StartFailed
from tests.conftest import MASTER_KEY

if TYPE_CHECKING:
    from pathlib import Path

URL = "postgresql://postgres:secret@127.0.0.1:1/postgres"


def test_given_url_is_used_and_named_without_its_password(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = {"DATABASE_URL": URL, "KEZHI_MASTER_KEY": MASTER_KEY}

    with environment.reached(tmp_path, given) as settings:
        assert settings.database.url == URL
    assert capsys.readouterr() == ("", "kezhi: using the server of DATABASE_URL, 127.0.0.1:1.\n")


def test_key_of_the_data_folder_goes_with_a_given_url(tmp_path: Path) -> None:
    DataFolder(tmp_path).master_key()

    with environment.reached(tmp_path, {"DATABASE_URL": URL}) as settings:
        assert len(settings.master_key) == 32


def test_given_url_without_a_key_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(StartFailed, match="KEZHI_MASTER_KEY is not set"),
        environment.reached(tmp_path, {"DATABASE_URL": URL}),
    ):
        pass


def test_running_installation_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = DataFolder(tmp_path)
    with folder.owned():
        folder.prepare()
        folder.note_running({"DATABASE_URL": URL, "KEZHI_MASTER_KEY": MASTER_KEY})

        with environment.reached(tmp_path, {}) as settings:
            assert settings.database.url == URL
    assert capsys.readouterr().err == f"kezhi: using the data folder {tmp_path}, which is running.\n"


def test_servers_are_started_for_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = DataFolder(tmp_path)
    with folder.owned():
        folder.prepare()
        folder.master_key()

    with environment.reached(tmp_path, {}) as settings:
        assert settings.database.url.startswith("postgresql://postgres:")
        assert folder.is_owned()
    assert capsys.readouterr().err == f"kezhi: using the data folder {tmp_path}, which is not running.\n"

    assert not folder.is_owned()


def test_empty_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match="There is nothing in"), environment.reached(tmp_path / "none", {}):
        pass
