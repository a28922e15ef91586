"""One written form for each way to reach somebody."""

from __future__ import annotations

import pytest

from schema.metadata import contacts
from schema.metadata.errors import NotAnEmail, NotAPhone, NotAUrl


@pytest.mark.parametrize("written", ["13800138000", "138 0013 8000", "+86 138-0013-8000", "0086 13800138000"])
def test_phone_is_one_however_it_is_written(written: str) -> None:
    assert contacts.phone(written) == "+8613800138000"


def test_phone_of_another_region_needs_no_country() -> None:
    assert contacts.phone("030 1234567", "DE") == "+49301234567"
    assert contacts.phone("+86 138-0013-8000", "DE") == "+8613800138000"
    assert [contacts.is_region(each) for each in ("DE", "CN", "XX", "de")] == [True, True, False, False]
    with pytest.raises(NotAPhone):
        contacts.phone("138 0013 8000 00", "DE")


def test_mail_is_folded_in_both_parts() -> None:
    assert contacts.email("Li.Na@Example.COM") == "li.na@example.com"


def test_address_of_the_web_keeps_its_path() -> None:
    assert contacts.url("HTTPS://WWW.Example.com:8443/A/b?C=d#E") == "https://www.example.com:8443/A/b?C=d#E"


@pytest.mark.parametrize("written", ["", "110110110110110110", "abc"])
def test_no_phone_is_refused(written: str) -> None:
    with pytest.raises(NotAPhone):
        contacts.phone(written)


@pytest.mark.parametrize("written", ["a@b", "a b@example.com", "@example.com", "a@example.com\n"])
def test_no_mail_is_refused(written: str) -> None:
    with pytest.raises(NotAnEmail):
        contacts.email(written)


@pytest.mark.parametrize(
    "written",
    [
        *("ftp://example.com", "javascript://example.com/%0a", "https://a b.com", "https://x.com:99999", "intranet"),
        # What nobody sees turns it round, or hides a part of it.
        *("https://\u202egnp.example", "https://exa\u200bmple.com", "https://example.com/\u00a0a"),
        # More bytes than an index holds.
        "https://example.com/" + "长" * 700,
    ],
)
def test_no_web_address_is_refused(written: str) -> None:
    with pytest.raises(NotAUrl):
        contacts.url(written)
