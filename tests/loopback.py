"""Tests may not reach other machines: an audit hook refuses every connection that leaves the loopback address."""

from __future__ import annotations

import ipaddress
import sys


class NotLocal(AssertionError):
    """A test tried to open a connection to another machine."""


def refuse_other_machines() -> None:
    """From now on and for the whole process: an audit hook cannot be taken out again."""
    sys.addaudithook(_refuse)


def is_local(address: object) -> bool:
    """Unix sockets and loopback addresses."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in {"", "localhost"} or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.split("%", maxsplit=1)[0]).is_loopback
    except ValueError:
        return False


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect" and not is_local(arguments[1]):
        raise NotLocal(arguments[1])
