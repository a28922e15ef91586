"""What is loaded when a process begins leaves the collector's rounds."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import gc
from tenants import garbage

kept = [[] for _ in range(1000)]
before = gc.get_freeze_count()
garbage.keep_what_is_loaded()
print(before == 0, gc.get_freeze_count() > 1000, any(each is kept for each in gc.get_objects()), gc.get_threshold()[0])
"""


def test_what_is_loaded_is_not_looked_at_again() -> None:
    said = subprocess.run([sys.executable, "-c", _PROGRAM], check=True, capture_output=True, text=True)

    assert said.stdout == "True True False 20000\n"
