"""The data folder of `./kezhi up`: one process at a time owns it, and the secrets made at first start live in it.

Nothing outside it is ever changed.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cli.processes import StartFailed
from services.identity import weakness
from tenants.settings import MASTER_KEY_BYTES, encode_master_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEFAULT = Path(__file__).resolve().parent.parent / ".kezhi"
# Moves when what the folder holds can no longer be read by older or newer code.
LAYOUT = "1"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Paths and secrets below one folder."""

    top: Path

    @property
    def logs(self) -> Path:
        """What the child processes print."""
        return self.top / "logs"

    @property
    def running_note(self) -> Path:
        """The settings of the running installation, for other commands; only there while it runs."""
        return self.top / "running.json"

    @contextlib.contextmanager
    def owned(self) -> Iterator[None]:
        """Make the folder if need be and hold it for one process. A folder of other files is left untouched."""
        self._make()
        self._refuse_other_files()
        with (self.top / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise self.in_use() from None
            self.running_note.unlink(missing_ok=True)
            try:
                yield
            finally:
                self.running_note.unlink(missing_ok=True)

    def prepare(self) -> None:
        """Check that what is here is ours and of this version, or begin."""
        note = self.top / "layout"
        if not note.exists():
            note.write_text(LAYOUT)
        elif note.read_text().strip() != LAYOUT:
            raise StartFailed(
                f"{self.top} was made by another version of Kezhi; choose another folder with --data, "
                "or start over with --fresh."
            )
        self.logs.mkdir(exist_ok=True)

    def empty(self) -> None:
        """Start over."""
        for path in self.top.iterdir():
            if path.name == "lock":
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()

    def is_owned(self) -> bool:
        """Whether some process holds the folder right now."""
        try:
            with (self.top / "lock").open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (FileNotFoundError, NotADirectoryError):
            return False
        except BlockingIOError:
            return True
        return False

    def in_use(self) -> StartFailed:
        """What is said to a second process."""
        port = self.running_environment().get("KEZHI_PORT")
        where = f" and answers on port {port}" if port else ""
        return StartFailed(
            f"{self.top} is in use by another `./kezhi up`: it runs there{where}; stop it, or choose --data."
        )

    def master_key(self) -> str:
        """What seals the keys of this installation; losing it loses them."""
        return self._secret("master_key", encode_master_key(secrets.token_bytes(MASTER_KEY_BYTES)))

    def demo_password(self, wanted: str = "") -> str:
        """The password of the demo users: as asked at first start, else random and kept."""
        weak = weakness(wanted, "") if wanted and not (self.top / "demo_password").exists() else None
        if weak is not None:
            raise StartFailed(f"KEZHI_DEMO_PASSWORD: {weak.message('en')}")
        return self._secret("demo_password", wanted or secrets.token_urlsafe(9))

    @property
    def was_ready(self) -> bool:
        """Whether an installation in this folder was ready at some time."""
        return (self.top / "ready").exists()

    def note_ready(self) -> None:
        """From now on a start may trust that the databases are there."""
        (self.top / "ready").touch()

    def note_running(self, environ: Mapping[str, str]) -> None:
        """Let `./kezhi tenants` and the like reach this installation."""
        self.running_note.touch(mode=0o600)
        self.running_note.write_text(json.dumps(dict(environ)))

    def running_environment(self) -> dict[str, str]:
        """The settings of the running installation; empty when none runs."""
        if not self.is_owned() or not self.running_note.exists():
            return {}
        noted: dict[str, str] = json.loads(self.running_note.read_text())
        return noted

    def _make(self) -> None:
        try:
            self.top.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise StartFailed(f"{self.top} is not a folder; choose another with --data.") from None
        except OSError:
            raise StartFailed(f"{self.top} cannot be made; choose another folder with --data.") from None
        if not os.access(self.top, os.W_OK | os.X_OK):
            raise StartFailed(f"{self.top} cannot be written; choose another folder with --data.")

    def _refuse_other_files(self) -> None:
        if not (self.top / "layout").exists() and any(path.name != "lock" for path in self.top.iterdir()):
            raise StartFailed(f"{self.top} holds other files; choose an empty folder with --data.")

    def _secret(self, name: str, default: str) -> str:
        path = self.top / name
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(default)
        return path.read_text().strip()
