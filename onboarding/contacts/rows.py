"""A row of a file made into what is written down about a person, or told what is wrong with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onboarding import config
from onboarding.contacts import folding
from onboarding.contacts.csv_files import Line, unguarded
from onboarding.web.addresses import Unusable, checked_email, checked_phone

MOST = {
    "name": 200,
    "email": 254,
    "mobile": 40,
    "address_line1": 200,
    "address_line2": 200,
    "city": 100,
    "state": 50,
    "postal_code": 20,
    "notes": 5_000,
}
_SPANISH = ("es", "spa", "spanish", "espanol", "castellano")
_TEXTS = ("sms", "text", "text message", "texts", "mensaje de texto", "mensaje", "whatsapp")
# Marks that turn the reading order, and what no page can carry.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]")

# The field or 'row', what is wrong, and the words it is wrong with.
Reason = tuple[str, str, str]


@dataclass(frozen=True)
class Reading:
    """`fields` as `contacts` keeps them, without those that the file leaves empty; or `reasons`."""

    line: Line
    fields: Mapping[str, Any]
    reasons: tuple[Reason, ...] = ()

    @property
    def email_key(self) -> str | None:
        return folding.email_key(self.fields.get("email"))

    @property
    def mobile(self) -> str | None:
        return self.fields.get("mobile")


@dataclass(frozen=True)
class Rules:
    """Which addresses and numbers this installation can write to."""

    countries: tuple[str, ...]
    allows_test_domains: bool


def rules() -> Rules:
    settings = config.current()
    return Rules(settings.sms_countries, not settings.is_production)


def read_row(line: Line, columns: Sequence[str], ruled: Rules) -> Reading:
    """Every reason at once, so that a row is put right in one go."""
    if not line.is_whole:
        return Reading(line, {}, (("row", "quote", ""),))
    if any(cell.strip() for cell in line.cells[len(columns) :]):
        return Reading(line, {}, (("row", "cells", str(len(line.cells))),))
    said = _said(line.cells, columns)
    reasons = [
        (field, "too_long", str(most)) for field, most in MOST.items() if len(said[field]) > most
    ]
    if not said["name"]:
        reasons.append(("name", "missing", ""))
    if not said["email"] and not said["mobile"]:
        reasons.append(("reach", "missing", ""))
    email = _checked(said, "email", ruled, reasons)
    mobile = _checked(said, "mobile", ruled, reasons)
    if reasons:
        return Reading(line, {}, tuple(reasons))
    told = said | {"email": email, "mobile": mobile} | _choices(said)
    return Reading(line, {field: value for field, value in told.items() if value})


def raw_keys(line: Line, columns: Sequence[str]) -> list[str]:
    """What tells one person from another, roughly and quickly: before anything is checked."""
    keys = []
    for field, cell in zip(columns, line.cells, strict=False):
        if field == "email" and "@" in cell:
            keys.append(unguarded(cell).strip().casefold())
        elif field == "mobile":
            digits = "".join(letter for letter in cell if letter.isdecimal())[-10:]
            if len(digits) == 10:
                keys.append(digits)
    return keys


def new_values(fields: Mapping[str, Any]) -> dict[str, Any]:
    """All columns of a contact that is added."""
    blank = dict.fromkeys(MOST, "") | {"email": None, "mobile": None}
    prefers = "sms" if fields.get("mobile") and not fields.get("email") else "email"
    return blank | {"language": "en", "preferred_channel": prefers} | dict(fields)


def _said(cells: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    said = dict.fromkeys(("first_name", "last_name", *MOST, "language", "preferred_channel"), "")
    for field, cell in zip(columns, cells, strict=False):
        if field:
            said[field] = _plain(cell, keeps_lines=field == "notes")
    joined = f"{said.pop('first_name')} {said.pop('last_name')}".strip()
    said["name"] = said["name"] or joined
    return said


def _plain(cell: str, *, keeps_lines: bool) -> str:
    text = _UNSEEN.sub("", unguarded(cell))
    if keeps_lines:
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return " ".join(text.split())


def _checked(
    said: Mapping[str, str], field: str, ruled: Rules, reasons: list[Reason]
) -> str | None:
    text = said[field]
    if not text or len(text) > MOST[field]:
        return None
    try:
        if field == "email":
            return checked_email(text, allows_test_domains=ruled.allows_test_domains)
        return checked_phone(text, ruled.countries)
    except Unusable as unusable:
        reasons.append((field, unusable.fault.value, text))
        return None


def _choices(said: Mapping[str, str]) -> dict[str, str]:
    language = folding.fold(said["language"]).replace("_", "-").split("-")[0]
    prefers = folding.fold(said["preferred_channel"])
    return {
        "language": language and ("es" if language in _SPANISH else "en"),
        "preferred_channel": prefers and ("sms" if prefers in _TEXTS else "email"),
    }
