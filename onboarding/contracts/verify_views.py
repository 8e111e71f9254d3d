"""The public page that tells a sealed document from a changed one, to whoever has the file
or its fingerprint.

It says what the file is and nothing of whose: no name, no company, no sum. The file is read once
and not kept.
"""

from datetime import timedelta

from flask import Blueprint, Response
from flask_babel import gettext as _

from onboarding.contracts.verifying import MOST_BYTES, Found, told, told_by_hash
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
    """The answer for one file or fingerprint. A few a minute: each is hashed whole."""
    form = VerifyForm()
    with transaction(_ANYONE) as db:
        has_room = throttle.take(db, f"verify {people.client_ip()}", limit=30, within=_WITHIN)
    if not has_room:
        raise Throttled(_("Wait a few minutes, then try again."))
    found = _found(form) if form.validate() else None
    return _page(form, found, 200 if found else 422)


def _found(form: VerifyForm) -> Found | None:
    """The answer for the file; for the fingerprint where no file came. None for neither."""
    if form.document.data:
        return told(form.document.data.stream.read())
    elif not form.fingerprint.data:
        form.document.errors = [_("Choose the PDF to check.")]
        return None
    sha256 = form.sha256()
    if sha256 is None:
        form.fingerprint.errors = [_("A fingerprint has 64 characters: digits, and a to f.")]
        return None
    return told_by_hash(sha256)


def _page(form: VerifyForm, found: Found | None = None, status: int = 200) -> Response:
    return render("verify/document.html", form=form, found=found, status=status)
