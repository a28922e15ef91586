"""Ways to reach somebody, in one written form each: telephone numbers, mail addresses, web addresses."""

from __future__ import annotations

import unicodedata
from urllib.parse import urlsplit, urlunsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from schema.metadata.errors import NotAnEmail, NotAPhone, NotAUrl

# A number without a country is read as one of this region, unless the tenant's settings name another.
PHONE_REGION = "CN"
_LONGEST_URL = 2_000
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
_LONGEST_PHONE = 40
_LONGEST_MAIL = 254


def is_region(code: str) -> bool:
    """Whether telephone numbers can be read as those of a region: `CN`, `DE`."""
    return code in phonenumbers.SUPPORTED_REGIONS


def phone(value: str, region: str = PHONE_REGION) -> str:
    """E.164, with `;ext=` behind it where an extension is given."""
    if len(value) > _LONGEST_PHONE:
        raise NotAPhone
    try:
        number = phonenumbers.parse(value.replace("转", " ext "), region)
    except phonenumbers.NumberParseException:
        raise NotAPhone from None
    if not phonenumbers.is_valid_number(number):
        raise NotAPhone
    extension = f";ext={number.extension}" if number.extension else ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) + extension


def email(value: str) -> str:
    """Lower case in both parts; no look at the network."""
    # Looking closely takes a second for a text of megabytes.
    if len(value) > _LONGEST_MAIL:
        raise NotAnEmail
    try:
        checked = validate_email(value, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise NotAnEmail from None
    return checked.normalized.lower()


def url(value: str) -> str:
    """Scheme and host in lower case; http and https only."""
    whole = value if "://" in value else f"https://{value}"
    try:
        parts = urlsplit(whole)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise NotAUrl from None
    clean = (
        parts.scheme in {"http", "https"}
        and len(whole.encode("utf-8", "replace")) <= _LONGEST_URL
        and not set(" \t\n<>\"'\\") & set(whole)
        # What nobody sees makes an address look like another one.
        and not any(unicodedata.category(each) in _UNSEEN for each in whole)
    )
    if not clean or not ("." in host or host == "localhost"):
        raise NotAUrl
    return urlunsplit(parts._replace(netloc=parts.netloc.lower()))
