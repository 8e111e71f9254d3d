"""Form fields with their wording, and one base for all forms.

A field keeps what was typed, exactly, whatever is wrong with it. What a field finds wrong is a
sentence that says what to do.
"""

from collections.abc import Callable
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    Field,
    HiddenField,
    PasswordField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation

from onboarding import money, tokens
from onboarding.password_rules import Weakness
from onboarding.web import addresses

Words = Any


class Form(FlaskForm):
    """A form of ours: protected, strings stripped at both ends, NUL bytes refused."""

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                options.setdefault("filters", [_strip])
            return unbound_field.bind(form=form, **options)


def text_field(label: Words, *, most: int = 200, required: Words = None) -> StringField:
    return StringField(label, [*_presence(required, label), _length(most), _plain_text])


def long_text_field(label: Words, *, most: int = 20_000, required: Words = None) -> TextAreaField:
    return TextAreaField(label, [*_presence(required, label), _length(most), _plain_text])


def email_field(label: Words, *, required: Words = None) -> "MailField":
    return MailField(label, [*_presence(required, label), _length(254), _plain_text])


def phone_field(label: Words, *, required: Words = None) -> "PhoneField":
    return PhoneField(label, [*_presence(required, label), _length(40), _plain_text])


def money_field(label: Words, *, required: Words = None, least: int = 0) -> "MoneyField":
    return MoneyField(label, [*_presence(required, label), _length(40), _plain_text], least=least)


def quantity_field(label: Words, *, required: Words = None) -> "ThousandthsField":
    return ThousandthsField(label, [*_presence(required, label), _length(40), _plain_text])


def rate_field(label: Words, *, required: Words = None) -> "RateField":
    """A percentage between 0 and 100, in thousandths of a percent."""
    return RateField(label, [*_presence(required, label), _length(40), _plain_text])


def password_field(label: Words, *, required: Words) -> PasswordField:
    return PasswordField(label, [InputRequired(required), _length(200)])


def code_field(label: Words) -> StringField:
    return StringField(label, [InputRequired(lazy_gettext("Enter the 6 digits.")), _six_digits])


def once_key_field() -> HiddenField:
    """Minted with the form: the same key posted twice is one act."""
    return HiddenField(default=tokens.new_id, validators=[Length(max=26)])


class MailField(EmailField):
    """An e-mail address; `data` is normalised."""

    data: Any

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped or not self.data:
            return
        is_test = current_app.config.get("ALLOWS_TEST_DOMAINS", False)
        try:
            self.data = addresses.checked_email(self.data, allows_test_domains=is_test)
        except addresses.Unusable as unusable:
            wrong = addresses.sentence(unusable.fault)
            usual = _("Check the e-mail address: it looks like name@example.com.")
            raise ValidationError(f"{usual} {wrong}") from unusable


class PhoneField(TelField):
    """A phone number as people write it; `data` is E.164."""

    data: Any

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped or not self.data:
            return
        try:
            self.data = addresses.checked_phone(self.data, current_app.config["SMS_COUNTRIES"])
        except addresses.Unusable as unusable:
            wrong = addresses.sentence(unusable.fault)
            usual = _("Enter a phone number with its area code, such as (503) 555-0142.")
            raise ValidationError(f"{usual} {wrong}") from unusable

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else str(self.data or "")


class _NumberField(StringField):
    """A number kept as typed beside its value in `number` (None when it cannot be read)."""

    data: Any
    number: int | None = None

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else self.written()

    def written(self) -> str:
        return "" if self.data is None or self.data == "" else self.write(int(self.data))

    def write(self, value: int) -> str:
        return str(value)

    def read(self, text: str) -> int:
        return int(text)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped or not self.data or isinstance(self.data, int):
            return
        try:
            value = self.read(self.data)
        except money.NotAnAmount as unreadable:
            raise ValidationError(_(str(unreadable))) from unreadable
        self.check(value)
        self.data = self.number = value

    def check(self, value: int) -> None: ...


class MoneyField(_NumberField):
    """An amount as people write it; `data` is whole cents once valid."""

    def __init__(self, *args: Any, least: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.least = least

    def write(self, value: int) -> str:
        return money.plain_cents(value)

    def read(self, text: str) -> int:
        return money.parse_cents(text)

    def check(self, value: int) -> None:
        if value < self.least:
            raise ValidationError(_("Enter an amount of zero or more."))


class ThousandthsField(_NumberField):
    """A quantity as people write it; `data` is thousandths once valid."""

    def write(self, value: int) -> str:
        return money.plain_thousandths(value)

    def read(self, text: str) -> int:
        return money.parse_thousandths(text)

    def check(self, value: int) -> None:
        if value < 0:
            raise ValidationError(_("Enter a number of zero or more."))


class RateField(ThousandthsField):
    """A percentage as people write it; `data` is thousandths of a percent once valid."""

    def read(self, text: str) -> int:
        return money.parse_share(text)


def _presence(required: Words, label: Words) -> list[Callable[..., Any]]:
    """Something other than spaces, where something is required."""
    return [DataRequired(required)] if required else [Optional(strip_whitespace=True)]


def _length(most: int) -> Length:
    words = lazy_gettext("This is too long: use at most %(most)s characters.", most=most)
    return Length(max=most, message=words)


def _plain_text(form: Any, field: Field) -> None:
    if field.data and "\x00" in field.data:
        # No page may carry it, so what comes back to be looked at is without it.
        field.data = field.data.replace("\x00", "")
        field.raw_data = [field.data]
        raise StopValidation(_("Remove the unreadable character."))


def _six_digits(form: Any, field: Field) -> None:
    digits = "".join(letter for letter in field.data or "" if letter.isdecimal())
    if len(digits) != 6 or not digits.isascii():
        raise ValidationError(_("Enter the 6 digits."))
    field.data = digits


# Marks that turn the reading order of what follows: typed, they can only make a name look like
# another. Arabic and Hebrew are ordered by their own letters.
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def _strip(value: Any) -> Any:
    return value.translate(_TURNS).strip() if isinstance(value, str) else value


class NewPasswordForm(Form):
    password = password_field(
        lazy_gettext("New password"), required=lazy_gettext("Choose a password.")
    )


def refuse_password(form: Any, found: Weakness) -> None:
    """Puts the reason beside the field."""
    words = {
        Weakness.TOO_SHORT: _("Use at least 8 characters."),
        Weakness.TOO_LONG: _("Use at most 200 characters."),
        Weakness.COMMON: _("Many people use this one, so it is easy to guess. Choose another."),
        Weakness.GUESSABLE: _(
            "This is close to your name or address, so it is easy to guess. Choose another."
        ),
    }
    form.password.errors = [words[found]]
