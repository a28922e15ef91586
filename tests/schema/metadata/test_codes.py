"""[A3] Codes that check themselves: real ones pass, and no single slip of a digit does."""

from __future__ import annotations

import pytest

from schema.metadata import codes
from tenants.errors import Invalid

# Of real organisations; the last is of a rural collective, whose class is a letter.
CREDIT_CODES = ("91350100M000100Y43", "91110108551385082Q", "91440300708461136T", "91110000600037341L")
GTINS = ("96385074", "036000291452", "6901234567892", "10614141000415")
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def is_credit_code(value: str) -> bool:
    try:
        return codes.credit_code(value) == value
    except Invalid:
        return False


def is_gtin(value: str) -> bool:
    try:
        return codes.barcode(value, codes.GTIN) == value
    except Invalid:
        return False


@pytest.mark.parametrize("code", CREDIT_CODES)
def test_real_credit_codes_pass_and_one_wrong_character_does_not(code: str) -> None:
    slips = [code[:place] + each + code[place + 1 :] for place in range(18) for each in ALPHABET if each != code[place]]

    assert is_credit_code(code)
    assert [slip for slip in slips if is_credit_code(slip)] == []


@pytest.mark.parametrize(
    "code", ["", "91350100M000100Y4", "91350100M000100Y433", "9135010OM000100Y43", "IO350100M000100Y43"]
)
def test_other_forms_are_no_credit_codes(code: str) -> None:
    assert not is_credit_code(code)


def test_organisation_inside_is_checked_by_itself() -> None:
    # The outer check character is made to fit; the inner one is not.
    inner_wrong = "91350100M000100Z"
    fitting = [inner_wrong[:16] + last for last in ALPHABET]

    assert [each for each in fitting if is_credit_code(each)] == []


@pytest.mark.parametrize("code", CREDIT_CODES)
def test_checks_of_real_credit_codes_follow_from_the_rest(code: str) -> None:
    assert codes.with_checks(code[:16]) == code


def test_organisation_whose_check_is_ten_has_an_x() -> None:
    made = {codes.with_checks(f"91330100{number:08}") for number in range(200)}

    assert all(map(is_credit_code, made))
    assert {code[16] for code in made} == set("0123456789X")


@pytest.mark.parametrize("code", GTINS)
def test_real_gtins_pass_and_one_wrong_digit_does_not(code: str) -> None:
    slips = [
        code[:place] + digit + code[place + 1 :]
        for place in range(len(code))
        for digit in "0123456789"
        if digit != code[place]
    ]

    assert is_gtin(code)
    assert [slip for slip in slips if is_gtin(slip)] == []


def test_any_printable_text_is_a_barcode_where_no_symbology_is_wanted() -> None:
    assert codes.barcode("SN:0042/~", "") == "SN:0042/~"
