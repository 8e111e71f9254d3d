from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import Field, RadioField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from onboarding.web.forms import (
    Form,
    MailField,
    NewPasswordForm,
    PhoneField,
    code_field,
    email_field,
    password_field,
    phone_field,
    text_field,
)


class PhoneForm(Form):
    phone = phone_field(
        lazy_gettext("Mobile number"), required=lazy_gettext("Enter your mobile number.")
    )


class MailForm(Form):
    email = email_field(lazy_gettext("E-mail"), required=lazy_gettext("Enter your e-mail address."))


class AccountPasswordForm(NewPasswordForm):
    """Where the invite's link went to a phone, the e-mail address is asked for too."""

    email = email_field(lazy_gettext("E-mail"), required=lazy_gettext("Enter your e-mail address."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # It stands on one page with MailForm, whose field has the same name.
        self.email.id = "password-email"


class CodeForm(Form):
    code = code_field(lazy_gettext("6-digit code"))


class AddressForm(Form):
    """One field for both ways: with an @ it is an e-mail address, otherwise a mobile number."""

    address = text_field(
        lazy_gettext("E-mail or mobile number"),
        most=254,
        required=lazy_gettext("Enter your e-mail address or mobile number."),
    )

    def validate_address(self, field: Field) -> None:
        if self.channel() == "email":
            MailField.post_validate(field, self, False)
        elif not any(sign.isdigit() for sign in field.data or ""):
            raise ValidationError(
                _("Enter an e-mail address such as dana@example.com, or a mobile number.")
            )
        else:
            PhoneField.post_validate(field, self, False)

    def channel(self) -> str:
        return "email" if "@" in (self.address.data or "") else "sms"


class PasswordSignInForm(Form):
    email = email_field(lazy_gettext("E-mail"), required=lazy_gettext("Enter your e-mail address."))
    password = password_field(
        lazy_gettext("Password"), required=lazy_gettext("Enter your password.")
    )


class ProfileForm(Form):
    name = text_field(lazy_gettext("Your name"), required=lazy_gettext("Enter your name."))
    address_line1 = text_field(
        lazy_gettext("Street address"), required=lazy_gettext("Enter your street address.")
    )
    address_line2 = text_field(lazy_gettext("Apartment, suite"))
    city = text_field(lazy_gettext("City"), most=100, required=lazy_gettext("Enter your city."))
    state = text_field(lazy_gettext("State"), most=50, required=lazy_gettext("Enter your state."))
    postal_code = text_field(
        lazy_gettext("ZIP code"), most=20, required=lazy_gettext("Enter your ZIP code.")
    )
    preferred_channel = RadioField(
        lazy_gettext("How should we reach you?"),
        choices=[
            SelectChoice("email", lazy_gettext("E-mail")),
            SelectChoice("sms", lazy_gettext("Text message")),
        ],
        validators=[InputRequired(lazy_gettext("Choose e-mail or text message."))],
    )
