"""What an owner types as the company's own lines of a message."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import StringField, TextAreaField, ValidationError

from onboarding import braces
from onboarding.notifications.own_words import NEEDED_IN_TEXTS, Kind
from onboarding.notifications.typesetting import Parts
from onboarding.web.complaining import sentences
from onboarding.web.forms import Form, long_text_field, text_field

# A message that people are to trust leads to one place only.
_ADDRESS = re.compile(r"https?:|www\.|\b[\w-]+\.(com|net|org|io|info|ly|co)\b", re.IGNORECASE)


class WordsForm(Form):
    subject = text_field(
        lazy_gettext("Subject"), most=150, required=lazy_gettext("Enter a subject.")
    )
    opening = long_text_field(
        lazy_gettext("Opening lines"), most=800, required=lazy_gettext("Enter an opening line.")
    )
    sms = long_text_field(
        lazy_gettext("Text message"), most=240, required=lazy_gettext("Enter the text message.")
    )

    def __init__(self, kind: Kind, **given: Any) -> None:
        super().__init__(**given)
        self._kind = kind

    def parts(self) -> Parts:
        """As typed, with the line ends that are kept."""
        return Parts(
            subject=self.subject.data or "",
            opening=_lines(self.opening.data),
            sms=" ".join((self.sms.data or "").split()),
        )

    def validate_subject(self, field: StringField) -> None:
        _refuse(field.data or "", self._kind.names)

    def validate_opening(self, field: TextAreaField) -> None:
        _refuse(field.data or "", self._kind.names)

    def validate_sms(self, field: TextAreaField) -> None:
        text = field.data or ""
        _refuse(text, self._kind.names_in_texts)
        missing = next((name for name in NEEDED_IN_TEXTS if f"{{{name}}}" not in text), None)
        if missing is not None:
            raise ValidationError(
                _(
                    "Leave %(placeholder)s in: no text goes without it.",
                    placeholder=f"{{{missing}}}",
                )
            )


def _refuse(text: str, names: tuple[str, ...]) -> None:
    open_ones = sentences(braces.complaints(text, names))
    if open_ones:
        raise ValidationError(open_ones[0])
    elif _ADDRESS.search(text):
        raise ValidationError(
            _("Leave web addresses out: the link is put in for you, and it stays the only one.")
        )


def _lines(text: str | None) -> str:
    parts = re.split(r"\n\s*\n", (text or "").replace("\r\n", "\n"))
    return "\n\n".join(" ".join(part.split()) for part in parts if part.strip())
