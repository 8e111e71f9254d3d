import re
from datetime import time
from typing import Any

from babel.core import get_global
from babel.dates import format_time, get_timezone_location, get_timezone_name
from babel.numbers import get_currency_name
from flask import current_app
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from onboarding.contractors.details import Details
from onboarding.contractors.models import EARLIEST_TEXT, LATEST_TEXT, Contractor
from onboarding.web.filters import phone as written_phone
from onboarding.web.forms import (
    Form,
    email_field,
    long_text_field,
    password_field,
    phone_field,
    text_field,
)

# Currencies of a hundred parts: every amount here is counted in them.
CURRENCIES = ("USD", "CAD", "EUR", "GBP", "MXN", "AUD", "NZD")
_COLOR = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")


class SignInForm(Form):
    email = email_field(_("E-mail"), required=_("Enter your e-mail address."))
    password = password_field(_("Password"), required=_("Enter your password."))


class ForgottenForm(Form):
    email = email_field(_("E-mail"), required=_("Enter your e-mail address."))


def read_color(typed: str) -> str | None:
    """`#1f5c49` of what people type: with or without the sign, three digits or six."""
    found = _COLOR.fullmatch(typed.strip())
    if found is None:
        return None
    digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
    return f"#{digits.lower()}"


class ColorField(StringField):
    """A colour as people write it; `data` is #rrggbb once valid."""

    data: Any

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped:
            return
        color = read_color(self.data or "")
        if color is None:
            raise ValidationError(_("Write the color as # and six digits, such as #1f5c49."))
        self.data = color

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else str(self.data or "")


class SettingsForm(Form):
    """What stands on every page, message and paper of the company."""

    name = text_field(_("Company name"), required=_("Enter the company's name."))
    color = ColorField(_("Brand color"))
    license_number = text_field(_("License number"), most=60)
    phone = phone_field(_("Phone"), required=_("Enter the phone number that customers call."))
    postal_address = long_text_field(_("Postal address"), most=300)
    reply_to = email_field(
        _("Replies go to"), required=_("Enter the address where answers to your e-mails arrive.")
    )
    time_zone = SelectField(_("Time zone"))
    currency = SelectField(_("Currency"))
    language = SelectField(
        _("Language"), choices=[SelectChoice("en", "English"), SelectChoice("es", "Español")]
    )
    quiet_from = SelectField(_("No texts from"), coerce=int)
    quiet_to = SelectField(_("Until"), coerce=int)
    offers_auto_pay = BooleanField(_("Offer auto-pay when a card is added"))
    gives_cancel_right = BooleanField(_("Contracts can be cancelled within three business days"))

    def __init__(self, company: Contractor, **given: Any) -> None:
        super().__init__(obj=company, **given)
        self.quiet_from.choices = [_hour(hour) for hour in range(17, LATEST_TEXT + 1)]
        self.quiet_to.choices = [_hour(hour) for hour in range(EARLIEST_TEXT, 13)]
        self.time_zone.choices = _zones(company.time_zone)
        self.currency.choices = _currencies(company.currency)
        if not self.is_submitted():
            self.phone.data = written_phone(company.phone)

    def details(self) -> Details:
        return Details(
            name=self.name.data,
            color=self.color.data,
            license_number=self.license_number.data or "",
            phone=self.phone.data,
            postal_address="\n".join((self.postal_address.data or "").split("\r\n")),
            reply_to=self.reply_to.data,
            time_zone=self.time_zone.data,
            currency=self.currency.data,
            language=self.language.data,
            quiet_from=self.quiet_from.data,
            quiet_to=self.quiet_to.data,
            offers_auto_pay=self.offers_auto_pay.data,
            gives_cancel_right=self.gives_cancel_right.data,
        )


class LogoForm(Form):
    logo = FileField(_("Logo"))


def _hour(hour: int) -> SelectChoice:
    return SelectChoice(hour, format_time(time(hour), "short", locale=get_locale() or "en"))


def _zones(present: str) -> list[SelectChoice]:
    """The zones of the countries that are texted, and the present one, by their city."""
    countries = set(current_app.config["SMS_COUNTRIES"])
    zones = {zone for zone, home in get_global("zone_territories").items() if home in countries}
    named = {_zone_name(zone): zone for zone in sorted(zones | {present})}
    return [SelectChoice(named[name], name) for name in sorted(named)]


def _zone_name(zone: str) -> str:
    locale = get_locale() or "en"
    place = get_timezone_location(zone, locale=locale, return_city=True)
    return f"{place} · {get_timezone_name(zone, locale=locale)}"


def _currencies(present: str) -> list[SelectChoice]:
    known = dict.fromkeys((present, *CURRENCIES))
    locale = get_locale() or "en"
    named = ((code, get_currency_name(code, locale=locale)) for code in known)
    return [SelectChoice(code, f"{code} · {name}") for code, name in named]


class MemberForm(Form):
    """Somebody to invite."""

    email = email_field(_("E-mail"), required=_("Enter the e-mail address to invite."))
    role = SelectField(
        _("Role"),
        choices=[SelectChoice("staff", _("Staff")), SelectChoice("owner", _("Owner"))],
        default="staff",
    )


class RoleForm(Form):
    role = SelectField(_("Role"), choices=[SelectChoice("staff"), SelectChoice("owner")])


class JoinForm(Form):
    name = text_field(_("Your name"), required=_("Enter your name, as customers read it."))
    password = password_field(_("Password"), required=_("Choose a password."))


class SignUpForm(Form):
    """A company that begins."""

    company = text_field(_("Company name"), required=_("Enter the company's name."))
    phone = phone_field(
        _("Company phone"), required=_("Enter the phone number that customers call.")
    )
    name = text_field(_("Your name"), required=_("Enter your name, as customers read it."))
    email = email_field(_("Your e-mail"), required=_("Enter your e-mail address."))
    password = password_field(_("Password"), required=_("Choose a password."))
