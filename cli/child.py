"""Becomes another program that dies with its parent; run as a script, never imported by the product.

Between fork and exec a process with threads may do almost nothing, so the steps that a server child needs (a user
namespace or another user, the parent-death signal) happen here, in a fresh interpreter, right before `exec`.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000


def main() -> None:
    """Change identity, tie the fate to the parent's, become the program."""
    options = _parser().parse_args()
    if options.namespace_user is not None:
        _enter_user_namespace(options.namespace_user)
    elif options.user is not None:
        os.setgroups([])
        os.setgid(options.group)
        os.setuid(options.user)
    # Last, because the kernel clears the parent-death signal when credentials change.
    _die_with_parent(options.death_signal, parent=options.parent)
    os.execv(options.program[0], options.program)  # noqa: S606 - the purpose of this file; the supervisor names the program


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="run a program that dies with its parent")
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--death-signal", type=int, required=True)
    parser.add_argument("--namespace-user", type=int)
    parser.add_argument("--user", type=int)
    parser.add_argument("--group", type=int)
    parser.add_argument("program", nargs="+")
    return parser


def _die_with_parent(signal_number: int, *, parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:
        # The parent died before the line above: the signal will never come.
        sys.exit(1)


def _enter_user_namespace(inner: int) -> None:
    """Root outside is an ordinary user inside: PostgreSQL starts, and file rights stay what they are."""
    user, group = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    own = Path("/proc/self")
    (own / "setgroups").write_text("deny")
    (own / "uid_map").write_text(f"{inner} {user} 1")
    (own / "gid_map").write_text(f"{inner} {group} 1")


if __name__ == "__main__":
    main()
