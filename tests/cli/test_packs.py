"""[A9, A11] Packs are listed and installed; objects leave a tenant as a folder that another one takes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cli.__main__ import main
from tests.builders.templates import put

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

_HEAD = "name: rooms\nversion: 1\nlabel: {en: Rooms}\n"
_ROOM = """name: room_c
plural: roomList_c
label: {zh: 会议室, en: Room}
pluralLabel: {zh: 会议室, en: Rooms}
title: name_c
fields:
  name_c:
    label: {zh: 名称, en: Name}
    type: text
"""


def _write(folder: Path, room: str) -> None:
    put(folder, {"pack.yaml": _HEAD, "objects/room_c.yaml": room})


def test_packs_of_this_version_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["packs", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "pack   version  objects  roles",
        "crm    1        18       6",
        "light  1        2        3",
    ]


def test_installing_a_version_that_is_there_changes_nothing(
    kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    kezhi("tenants", "create", "cli-packed", "--admin", "a@packed.example")
    capsys.readouterr()

    assert kezhi("packs", "install", "crm", "cli-packed") == 0
    assert capsys.readouterr().out == "cli-packed has crm version 1 already; nothing was changed.\n"
    assert kezhi("packs", "list", "cli-packed") == 0
    assert capsys.readouterr().out == "pack  version  conflicts\ncrm   1        0\n"


def test_folder_goes_into_a_tenant_and_comes_out_as_it_was(
    kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rooms, out = tmp_path / "rooms", tmp_path / "out"
    _write(rooms, _ROOM)
    kezhi("tenants", "create", "cli-rooms", "--admin", "a@rooms.example")
    capsys.readouterr()

    assert kezhi("packs", "install", str(rooms), "cli-rooms") == 0
    assert kezhi("packs", "export", "cli-rooms", "room_c", "--to", str(out), "--name", "rooms") == 0
    assert kezhi("packs", "export", "cli-rooms", "customer", "--to", str(out)) == 0

    assert (out / "objects" / "room_c.yaml").read_text("utf-8") == _ROOM
    assert (out / "pack.yaml").read_text("utf-8") == "name: rooms\nversion: 2\nlabel: {zh: rooms, en: rooms}\n"
    assert [line for line in capsys.readouterr().out.splitlines() if "using the server" not in line] == [
        "cli-rooms has rooms version 1.",
        f"{out} holds rooms version 1: 1 objects.",
        f"{out} holds rooms version 2: 1 objects.",
    ]


def test_tenant_begins_with_a_folder(
    kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _write(tmp_path, _ROOM + "views:\n  全部:\n    columns:\n    - {field: name_c}\n")
    (tmp_path / "roles.yaml").write_text("admin: {label: {en: Admin}, isAdmin: true}", "utf-8")

    assert kezhi("tenants", "create", "cli-begun", "--pack", str(tmp_path), "--admin", "a@begun.example") == 0
    assert kezhi("packs", "export", "cli-begun", "--to", str(tmp_path / "out")) == 0

    kept = (tmp_path / "out" / "objects" / "room_c.yaml").read_text("utf-8")
    assert kept == (tmp_path / "objects" / "room_c.yaml").read_text("utf-8")
    capsys.readouterr()


def test_bad_folder_is_told_line_by_line(
    kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _write(tmp_path, _ROOM.replace("type: text", "type: heavy"))

    assert kezhi("packs", "install", str(tmp_path), "nobody") == 1

    told = [line for line in capsys.readouterr().err.splitlines() if "using the server" not in line]
    assert told[0] == "kezhi: The pack cannot be installed; nothing was changed."
    assert told[1].startswith("objects/room_c.yaml:9 fields.name_c.type: UNKNOWN_TYPE: ")


def test_tenant_does_not_begin_with_a_bad_folder(
    kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _write(tmp_path, _ROOM.replace("type: text", "type: heavy"))

    assert kezhi("tenants", "create", "cli-bad", "--pack", str(tmp_path), "--admin", "a@bad.example") == 1

    told = [line for line in capsys.readouterr().err.splitlines() if "using the server" not in line]
    assert told[0] == "kezhi: The pack cannot be installed; nothing was changed."
    assert told[1].startswith("objects/room_c.yaml:9 fields.name_c.type: UNKNOWN_TYPE: ")


def test_what_is_no_file_is_not_opened_and_what_would_steer_the_terminal_not_printed(
    kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    pipe, steering = tmp_path / "pipe", tmp_path / "steering"
    pipe.mkdir()
    os.mkfifo(pipe / "pack.yaml")
    _write(steering, _ROOM.replace("name: room_c", 'name: "room\\e[31m_c"'))

    told = []
    for folder in (pipe, steering):
        assert kezhi("packs", "install", str(folder), "nobody") == 1
        told += [line for line in capsys.readouterr().err.splitlines() if "using the server" not in line]

    assert told[1] == "pack.yaml: PACK_NOT_READABLE: This cannot be read as YAML: it is no regular file."
    assert told[3].startswith("objects/room_c.yaml:1 "), told
    assert r"room\x1b[31m_c" in told[3]
    assert all(line.isprintable() for line in told)


def test_unknown_pack_and_tenant_are_one_sentence(
    kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert (kezhi("packs", "install", "nothing", "x"), kezhi("packs", "install", "crm", "nobody")) == (1, 1)
    assert [line for line in capsys.readouterr().err.splitlines() if "using the server" not in line] == [
        "kezhi: There is no pack nothing; `./kezhi packs list` names them.",
        "kezhi: There is no active tenant nobody.",
    ]
