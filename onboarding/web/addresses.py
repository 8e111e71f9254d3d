"""E-mail addresses and phone numbers: made one way of writing, or the wrong part named.

Nothing here asks a request: files of contacts are read by the worker.
"""

from collections.abc import Sequence
from enum import StrEnum

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from phonenumbers import ValidationResult


class Fault(StrEnum):
    """What is wrong with an address or a number; `sentence` says it."""

    NO_AT = "no_at"
    SEVERAL_AT = "several_at"
    NOTHING_BEFORE_AT = "nothing_before_at"
    NOTHING_AFTER_AT = "nothing_after_at"
    SPACE = "space"
    COMMA = "comma"
    NO_DOT = "no_dot"
    DOTS = "dots"
    BEFORE_AT = "before_at"
    AFTER_AT = "after_at"
    NO_DIGITS = "no_digits"
    LETTERS = "letters"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NO_AREA_CODE = "no_area_code"
    AREA_CODE = "area_code"
    COUNTRY = "country"


class Unusable(Exception):
    """It cannot be written to; `fault` is what is wrong with it."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.value)


def sentence(fault: Fault) -> str:
    """In the reader's language, about the address or number beside it."""
    words = {
        Fault.NO_AT: _("There is no @ in it."),
        Fault.SEVERAL_AT: _("There is more than one @ in it."),
        Fault.NOTHING_BEFORE_AT: _("The part before the @ is missing."),
        Fault.NOTHING_AFTER_AT: _("The part after the @ is missing."),
        Fault.SPACE: _("There is a space in it."),
        Fault.COMMA: _("There is a comma in it where a dot should be."),
        Fault.NO_DOT: _("The part after the @ has no dot."),
        Fault.DOTS: _("A dot stands at the beginning or the end of a part, or two in a row."),
        Fault.BEFORE_AT: _("The part before the @ has a character that no address has."),
        Fault.AFTER_AT: _("The part after the @ is not the name of a mail service."),
        Fault.NO_DIGITS: _("There are no digits in it."),
        Fault.LETTERS: _("There is something other than a number in it."),
        Fault.TOO_SHORT: _("It has too few digits."),
        Fault.TOO_LONG: _("It has too many digits."),
        Fault.NO_AREA_CODE: _("The area code is missing."),
        Fault.AREA_CODE: _("There is no such area code."),
        Fault.COUNTRY: _("It is a number of a country that we do not send texts to."),
    }
    return str(words[fault])


def checked_email(text: str, *, allows_test_domains: bool) -> str:
    """The address as it is kept. Raises Unusable."""
    try:
        checked = validate_email(
            text, check_deliverability=False, test_environment=allows_test_domains
        )
    except EmailNotValidError as unusable:
        raise Unusable(_fault_of_email(text.strip())) from unusable
    return checked.normalized


def checked_phone(text: str, countries: Sequence[str]) -> str:
    """The number in E.164, read as people in the first of `countries` write it. Raises Unusable."""
    try:
        number = phonenumbers.parse(text, countries[0])
    except phonenumbers.NumberParseException as unreadable:
        raise Unusable(_fault_of_unread(text)) from unreadable
    found = phonenumbers.is_possible_number_with_reason(number)
    if found != ValidationResult.IS_POSSIBLE:
        raise Unusable(_LENGTHS.get(found, Fault.LETTERS))
    region = phonenumbers.region_code_for_number(number)
    if region is None:
        raise Unusable(Fault.AREA_CODE if number.country_code == 1 else Fault.COUNTRY)
    if region not in countries:
        raise Unusable(Fault.COUNTRY)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


_LENGTHS = {
    ValidationResult.TOO_SHORT: Fault.TOO_SHORT,
    ValidationResult.TOO_LONG: Fault.TOO_LONG,
    ValidationResult.INVALID_LENGTH: Fault.TOO_LONG,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: Fault.NO_AREA_CODE,
    ValidationResult.INVALID_COUNTRY_CODE: Fault.COUNTRY,
}


def _fault_of_unread(text: str) -> Fault:
    if not any(letter.isdecimal() for letter in text):
        return Fault.NO_DIGITS
    return Fault.LETTERS if any(letter.isalpha() for letter in text) else Fault.TOO_SHORT


def _fault_of_email(text: str) -> Fault:
    before, _at, after = text.rpartition("@")
    found = {
        Fault.NO_AT: "@" not in text,
        Fault.SPACE: any(letter.isspace() for letter in text),
        Fault.SEVERAL_AT: "@" in before,
        Fault.NOTHING_BEFORE_AT: not before,
        Fault.NOTHING_AFTER_AT: not after,
        Fault.COMMA: "," in after,
        Fault.DOTS: any(part.strip(".") != part or ".." in part for part in (before, after)),
        Fault.NO_DOT: "." not in after,
        Fault.BEFORE_AT: not _is_usable(f"{before}@example.com"),
    }
    return next((fault for fault, holds in found.items() if holds), Fault.AFTER_AT)


def _is_usable(address: str) -> bool:
    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True
