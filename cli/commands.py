"""What a noun of the command line adds itself to."""

from __future__ import annotations

import argparse
from typing import TypeAlias

# The standard library gives the object returned by `add_subparsers` no public name.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001
