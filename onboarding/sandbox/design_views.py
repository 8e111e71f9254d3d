"""The demo's page of components: each in all its states, whichever way one looks."""

from typing import Any

from flask import Blueprint, Response, request
from flask_babel import force_locale
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from onboarding.web import access, languages
from onboarding.web.answers import render
from onboarding.web.forms import (
    Form,
    code_field,
    email_field,
    long_text_field,
    phone_field,
    text_field,
)

blueprint = Blueprint("design", __name__, url_prefix="/design")


class SampleForm(Form):
    """Every kind of field, for the page of components; it goes nowhere and needs no token."""

    class Meta(Form.Meta):
        csrf = False

    name = text_field(_("Name"), required=_("Enter your name."))
    email = email_field(_("E-mail"), required=_("Enter your e-mail address."))
    phone = phone_field(_("Mobile"))
    notes = long_text_field(_("Notes"))
    state = SelectField(
        _("State"),
        choices=[SelectChoice("OR", "Oregon"), SelectChoice("WA", "Washington")],
        validate_choice=False,
    )
    way = RadioField(
        _("How do you want to sign in?"),
        [InputRequired(_("Choose one of the two."))],
        choices=[SelectChoice("sms", _("Text message")), SelectChoice("email", _("E-mail"))],
        validate_choice=False,
    )
    code = code_field(_("Code"))
    consent = BooleanField(
        _("I agree to sign electronically"), [InputRequired(_("Tick the box to go on."))]
    )


@blueprint.get("")
@access.sandbox
def customers() -> Response:
    return _gallery("design/gallery.html")


@blueprint.get("/crm")
@access.sandbox
def contractors() -> Response:
    return _gallery("design/gallery_crm.html")


# How the gallery can be looked at, by words in the address; the first as it comes.
_LOOKS = {"scheme": ("", "day", "night"), "direction": ("ltr", "rtl"), "language": ("", "en", "es")}


def _gallery(page: str) -> Response:
    asked = {name: request.args.get(name, "") for name in _LOOKS}
    look: dict[str, Any] = {
        name: asked[name] if asked[name] in may else may[0] for name, may in _LOOKS.items()
    }
    look["language"] = look["language"] or languages.current()
    with force_locale(look["language"]):
        return render(page, look=look, **look, **_samples())


def _samples() -> dict[str, Any]:
    good = SampleForm(
        MultiDict({"name": "Dana Whitfield", "email": "dana@example.com", "way": "sms"})
    )
    bad = SampleForm(MultiDict({"again-email": "dana at example"}), prefix="again-")
    bad.validate()
    return {"form": good, "bad_form": bad}
