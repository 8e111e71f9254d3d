from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext

from onboarding.pipeline.queries import Filter
from onboarding.pipeline.reminders import Hindrance, Outcome, Reminder
from onboarding.web.forms import Form


class ReminderForm(Form):
    """The cards chosen and what to send them: read from the request as it came, for the fields
    stand on the cards."""

    def which(self) -> Reminder:
        return Reminder.RESEND if request.form.get("act") == "resend" else Reminder.NUDGE

    def cards(self) -> list[str]:
        return [card[:26] for card in request.form.getlist("card")]

    def contact(self) -> str:
        """Whose record the press came from; empty for the board."""
        return request.form.get("contact", "")[:26]


def wanted() -> Filter:
    """What of the board is asked for, in the address or in the form."""
    return Filter(
        search=request.values.get("search", "").strip()[:100],
        member_id=request.values.get("member", "")[:26],
    )


def around(filtered: Filter) -> dict[str, Any]:
    """The same as an address keeps it; what is empty stays out of it."""
    named = {"search": filtered.search, "member": filtered.member_id}
    return {name: value for name, value in named.items() if value}


def why_not(hindrance: Hindrance) -> str:
    words: dict[Hindrance, str] = {
        Hindrance.GONE: _("Not on the board any more"),
        Hindrance.COMPLETE: _("Onboarding is complete"),
        Hindrance.REVOKED: _("Access was revoked: send an invite instead"),
        Hindrance.NOT_INVITED: _("No invite was sent yet"),
        Hindrance.HAS_ACCOUNT: _("Has an account: nudge instead"),
        Hindrance.YOUR_TURN: _("Waits for you, not the customer"),
        Hindrance.NO_ADDRESS: _("No e-mail address and no mobile on file"),
        Hindrance.RECENT: _("Was written to less than a day ago"),
    }
    return words[hindrance]


def told(outcome: Outcome) -> str:
    """What came of it, in a sentence."""
    said = ngettext("%(num)s reminder sent.", "%(num)s reminders sent.", outcome.sent)
    if not outcome.sent:
        said = _("No reminder was sent.")
    if not outcome.left_out:
        return str(said)
    left_out = ngettext(
        "%(num)s customer was left out.", "%(num)s customers were left out.", outcome.left_out
    )
    return f"{said} {left_out}"
