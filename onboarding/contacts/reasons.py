"""What is wrong with a row of a file, in words."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from onboarding.contacts.rows import Reason
from onboarding.web import addresses
from onboarding.web.addresses import Fault

LABELS = {
    "name": _l("Name"),
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "email": _l("E-mail"),
    "mobile": _l("Phone"),
    "address_line1": _l("Street address"),
    "address_line2": _l("Apartment, unit"),
    "city": _l("City"),
    "state": _l("State"),
    "postal_code": _l("ZIP code"),
    "preferred_channel": _l("Prefers"),
    "language": _l("Language"),
    "notes": _l("Notes"),
}


def sentence(reason: Reason | Sequence[str]) -> str:
    """One reason, in the reader's language."""
    field, code, words = reason
    if field == "duplicate":
        return already_on_file(code, words)
    elif field in ("row", "reach") or code == "missing":
        return _about_row(field, code)
    elif code == "too_long":
        return str(
            _("%(field)s is longer than %(most)s characters.", field=LABELS[field], most=words)
        )
    else:
        return f"{LABELS[field]} “{words}”: {addresses.sentence(Fault(code))}"


def already_on_file(by: str, name: str) -> str:
    if by == "email":
        return str(_("Already a contact, with the same e-mail: %(name)s", name=name))
    return str(_("Already a contact, with the same phone: %(name)s", name=name))


def _about_row(field: str, code: str) -> str:
    words = {
        ("name", "missing"): _("There is no name."),
        ("reach", "missing"): _("There is neither an e-mail address nor a phone number."),
        ("row", "quote"): _("A quotation mark was opened here and never closed."),
        ("row", "cells"): _("There are more cells than columns: is a quotation mark missing?"),
    }
    return str(words[(field, code)])
