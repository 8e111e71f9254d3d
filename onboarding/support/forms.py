from flask_babel import lazy_gettext as _

from onboarding.web.forms import (
    Form,
    email_field,
    long_text_field,
    once_key_field,
    password_field,
)


class SignInForm(Form):
    email = email_field(_("E-mail"), required=_("Enter your e-mail address."))
    password = password_field(_("Password"), required=_("Enter your password."))


class VisitForm(Form):
    """Why an agent wants to look; the key is the visit's id, so that two presses are one visit."""

    reason = long_text_field(
        _("Reason"),
        most=1000,
        required=_("Say why you need to look. The contractor reads it beside what you saw."),
    )
    key = once_key_field()
