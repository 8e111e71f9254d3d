"""What a contract's text may leave open, and the one pure function that fills it in.

The list is closed, and a name between single braces is all there is: nothing is evaluated, and what
is filled in is never read again, so `{{7*7}}` and `{0.__class__}` stand on the page as typed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

# name -> what stands there, as the contractor's list of placeholders shows it
PLACEHOLDERS: dict[str, str] = {
    "customer_name": "The customer’s name",
    "customer_address": "The customer’s own address",
    "job_title": "What the job is called",
    "job_site": "Where the work is done",
    "total": "The total that was approved, with tax",
    "estimate_version": "The number of the approved estimate",
    "company_name": "Your company’s name",
    "company_phone": "Your company’s phone",
    "company_address": "Your company’s postal address",
    "license_number": "Your license number",
    "today": "The day of the approval, at the job site",
}

_NAMED = re.compile(r"(?<!\{)\{([A-Za-z][A-Za-z0-9_ -]{0,60})\}(?!\})")
_DOUBLED = re.compile(r"\{\{\s*([A-Za-z][A-Za-z0-9_ -]{0,60}?)\s*\}\}")


@dataclass(frozen=True)
class Complaint:
    """A placeholder that would stay open: as typed, braces and all, and the name that was perhaps
    meant. `is_doubled`: only its braces are two where one is wanted."""

    typed: str
    meant: str
    is_doubled: bool = False


def merge(text: str, values: Mapping[str, str]) -> str:
    """`text` with each known placeholder replaced by its value, in one pass; all else as it is."""

    def filled(found: re.Match[str]) -> str:
        name = found[1]
        return values[name] if name in PLACEHOLDERS and name in values else found[0]

    return _NAMED.sub(filled, text)


def complaints(text: str) -> list[Complaint]:
    """Each placeholder that would stay open, once, in the order of the text."""
    found: dict[str, Complaint] = {}
    for match in _DOUBLED.finditer(text):
        if match[1] in PLACEHOLDERS:
            found[match[0]] = Complaint(match[0], match[1], is_doubled=True)
    for match in _NAMED.finditer(text):
        if match[1] not in PLACEHOLDERS:
            found[match[0]] = Complaint(match[0], _nearest(match[1]))
    return list(found.values())


def _nearest(name: str) -> str:
    plain = name.strip().lower().replace(" ", "_").replace("-", "_")
    return next(iter(get_close_matches(plain, PLACEHOLDERS, n=1, cutoff=0.6)), "")
