"""The end of reminders, by the link or the button of a mail program (RFC 8058). Looking at the page
ends nothing: scanners look at it too."""

from flask import Blueprint, Response

from onboarding.contractors.models import Contractor
from onboarding.database import read
from onboarding.invites.reminder_settings import end_reminders, reminder_by
from onboarding.web import access
from onboarding.web.answers import render
from onboarding.web.brand import show_company
from onboarding.web.errors import NotFound

blueprint = Blueprint("reminders", __name__, url_prefix="/reminders")


@blueprint.get("/<secret>")
@access.public
def ending(secret: str) -> Response:
    return _page(secret, is_over=False)


@blueprint.post("/<secret>")
@access.webhook
def end(secret: str) -> Response:
    """Posted by a mail program without cookies or token; the address is the proof."""
    found = reminder_by(secret)
    if found is not None:
        end_reminders(found)
    return _page(secret, is_over=True)


def _page(secret: str, *, is_over: bool) -> Response:
    found = reminder_by(secret)
    if found is None:
        raise NotFound
    show_company(read(found.contractor_id).get_one(Contractor, found.contractor_id))
    return render("reminders/ending.html", is_over=is_over, secret=secret)
