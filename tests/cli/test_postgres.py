"""The embedded PostgreSQL keeps its data over a kill, and refuses what it cannot use in one sentence."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import asyncpg
import pytest

from cli import postgres
from cli.processes import StartFailed

if TYPE_CHECKING:
    from pathlib import Path


async def test_data_outlives_a_killed_server(tmp_path: Path) -> None:
    first = postgres.start(tmp_path)
    connection = await asyncpg.connect(first.url)
    await connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    first.child.process.kill()
    first.child.process.wait()
    connection.terminate()

    second = postgres.start(tmp_path)
    connection = await asyncpg.connect(second.url)
    answer = await connection.fetchval("SELECT answer FROM kept")
    await connection.close()
    second.stop()

    assert answer == 42


async def test_stranger_without_the_password_is_refused(tmp_path: Path) -> None:
    server = postgres.start(tmp_path, durable=False)

    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(server.url.replace("postgres:", "postgres:x", 1))

    server.stop()


def test_folder_rights_stay_as_they_were(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    before = tmp_path.stat()

    postgres.start(tmp_path, durable=False).stop()

    after = tmp_path.stat()
    assert (after.st_mode, after.st_uid) == (before.st_mode, before.st_uid)


def test_data_of_another_version_is_refused(tmp_path: Path) -> None:
    postgres.start(tmp_path, durable=False).stop()
    (tmp_path / "data" / "PG_VERSION").write_text("14\n")

    with pytest.raises(StartFailed, match="was made by PostgreSQL 14, this is 18"):
        postgres.start(tmp_path)


def test_data_in_use_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "PREVIOUS_SECONDS", 0.1)
    server = postgres.start(tmp_path, durable=False)

    with pytest.raises(StartFailed, match=f"Another PostgreSQL .process {server.child.process.pid}. is using"):
        postgres.start(tmp_path)

    server.stop()


def test_interrupted_first_start_leaves_nothing_half_made(tmp_path: Path) -> None:
    (tmp_path / "data.unfinished").mkdir()
    (tmp_path / "data.unfinished" / "PG_VERSION").touch()

    postgres.start(tmp_path, durable=False).stop()

    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "password", "postgres.log"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
def test_root_runs_it_from_a_copy_where_nobody_cannot_reach_the_package(tmp_path: Path) -> None:
    layout = postgres._Layout(tmp_path)

    copied = postgres._copied(postgres.find_binaries(), layout)

    assert (copied / "postgres").exists()
    assert copied.is_relative_to(tmp_path)
