"""The public page that tells a sealed document from a changed one, to whoever has the file.

It says what the file is and nothing of whose: no name, no company, no sum. The file is read once
and not kept.
"""

from datetime import timedelta

from flask import Blueprint, Response
from flask_babel import gettext as _

from onboarding.contracts.verifying import MOST_BYTES, Found, told
from onboarding.contracts.verifying_form import VerifyForm
from onboarding.database import Everyone, transaction
from onboarding.web import access, people, throttle
from onboarding.web.answers import render
from onboarding.web.errors import Throttled
from onboarding.web.uploads import takes

blueprint = Blueprint("verify", __name__)
_WITHIN = timedelta(minutes=10)
_ANYONE = Everyone("whoever has a file may ask, and is nobody's")


@blueprint.get("/verify")
@access.public
def document() -> Response:
    return _page(VerifyForm(formdata=None))


@blueprint.post("/verify")
@access.public
@takes(MOST_BYTES)
def check() -> Response:
    """The answer for one file. A few a minute: each is hashed whole."""
    form = VerifyForm()
    with transaction(_ANYONE) as db:
        has_room = throttle.take(db, f"verify {people.client_ip()}", limit=30, within=_WITHIN)
    if not has_room:
        raise Throttled(_("Wait a few minutes, then try again."))
    if not form.validate() or not form.document.data:
        form.document.errors = [_("Choose the PDF to check.")]
        return _page(form, status=422)
    return _page(form, told(form.document.data.stream.read()))


def _page(form: VerifyForm, found: Found | None = None, status: int = 200) -> Response:
    return render("verify/document.html", form=form, found=found, status=status)
