"""What the text of a setting must be: there, a whole number, one of two words, networks, or of a form. One sentence says what is wrong."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})


class SettingsError(Exception):
    """A setting is missing or cannot be used; the text is one clear sentence for the operator."""


def required(env: Mapping[str, str], name: str) -> str:
    """A text that must be there."""
    found = env.get(name, "")
    if not found:
        msg = f"{name} is not set."
        raise SettingsError(msg)
    return found


def matching(env: Mapping[str, str], name: str, form: re.Pattern[str], wanted: str) -> str:
    """A text of this form, or nothing; `wanted` ends the sentence that says what it must do."""
    found = env.get(name, "")
    if found and not form.match(found):
        msg = f"{name} must {wanted}."
        raise SettingsError(msg)
    return found


def integer(env: Mapping[str, str], name: str, default: int, *, least: int = 1) -> int:
    """A whole number above zero, or from zero on."""
    text = env.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or int(text) < least:
        msg = f"{name} must be a whole number above zero." if least else f"{name} must be a whole number."
        raise SettingsError(msg)
    return int(text)


def networks(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Addresses and networks, in any number."""
    found = tuple(each.strip() for each in env.get(name, "").split(",") if each.strip())
    try:
        for each in found:
            ip_network(each)
    except ValueError:
        msg = f"{name} must be addresses and networks with commas between them, such as 10.0.0.0/8."
        raise SettingsError(msg) from None
    return found


def flag(env: Mapping[str, str], name: str) -> bool:
    """Whether it is switched on."""
    text = env.get(name, "").lower()
    if text not in _TRUE | _FALSE:
        msg = f"{name} must be 1 or 0."
        raise SettingsError(msg)
    return text in _TRUE
