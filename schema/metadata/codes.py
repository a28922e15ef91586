"""Codes that carry their own check: the unified social credit code of Chinese organisations, and the GTIN of goods."""

from __future__ import annotations

import re

from schema.metadata.errors import NotABarcode, NotACreditCode

# GB 32100-2015: the value of a character is its place; I, O, S, V and Z are left out.
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_FORM = re.compile(f"[{_CREDIT}]{{2}}[0-9]{{6}}[{_CREDIT}]{{10}}")
_CREDIT_WEIGHTS = tuple(3**place % 31 for place in range(17))
# GB 11714-1997: the organisation code inside it, the ninth character to the seventeenth.
_ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_CHECKS = "0X987654321"

GTIN = "gtin"
SYMBOLOGIES = (GTIN,)
_LONGEST_BARCODE = 80
# What Code 128 can print.
_PRINTABLE = re.compile(f"[ -~]{{1,{_LONGEST_BARCODE}}}")
_GTIN = re.compile("[0-9]{8}|[0-9]{12,14}")


def credit_code(value: str) -> str:
    """Eighteen characters in capitals whose two check characters fit (GB 32100-2015 and GB 11714-1997)."""
    code = value.replace(" ", "").replace("-", "").upper()
    if not _CREDIT_FORM.fullmatch(code) or _organisation_check(code[8:16]) != code[16]:
        raise NotACreditCode
    if _credit_check(code[:17]) != code[17]:
        raise NotACreditCode
    return code


def with_checks(first: str) -> str:
    """The unified social credit code that begins with these sixteen characters."""
    inner = first + _organisation_check(first[8:])
    return inner + _credit_check(inner)


def barcode(value: str, symbology: str) -> str:
    """What a scanner reads; a GTIN of 8, 12, 13 or 14 digits must fit its check digit (GS1 General Specifications 7.9)."""
    if not _PRINTABLE.fullmatch(value):
        raise NotABarcode
    if symbology == GTIN and not (_GTIN.fullmatch(value) and _gtin_sum(value) % 10 == 0):
        raise NotABarcode
    return value


def _credit_check(first: str) -> str:
    total = sum(weight * _CREDIT.index(each) for weight, each in zip(_CREDIT_WEIGHTS, first, strict=True))
    return _CREDIT[-total % 31]


def _organisation_check(code: str) -> str:
    total = sum(w * _ORGANISATION.index(each) for w, each in zip(_ORGANISATION_WEIGHTS, code, strict=True))
    return _ORGANISATION_CHECKS[total % 11]


def _gtin_sum(digits: str) -> int:
    return sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(reversed(digits)))
