"""What people write to each other."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField

from onboarding.messages.actions import About, Words
from onboarding.web.forms import Form, long_text_field, once_key_field

MOST = 5_000


class MessageForm(Form):
    """Words, and the line they are about; empty for the whole."""

    body = long_text_field(_("Your message"), most=MOST, required=_("Write your message first."))
    line_key = HiddenField()
    once_key = once_key_field()

    def words(self) -> Words:
        return Words(_plain(self.body.data), self.once_key.data, (self.line_key.data or "")[:26])


class QuestionForm(MessageForm):
    body = long_text_field(_("Your question"), most=MOST, required=_("Write your question first."))


class AnswerForm(MessageForm):
    """A member's words; `line_key` says which open question they answer."""

    body = long_text_field(_("Your answer"), most=MOST, required=_("Write your answer first."))
    line_key = SelectField(_("About"), choices=[], validate_choice=False)


class ChangesForm(Form):
    """A wish for another version. `about` is the price, the timing, something else, or a line as
    `line:<key>`."""

    about = SelectField(_("What should change?"), validate_choice=False)
    body = long_text_field(
        _("What would you like instead?"), most=MOST, required=_("Say what you would like.")
    )
    once_key = once_key_field()

    def offer(self, lines: list[tuple[str, str]]) -> "ChangesForm":
        """Puts the estimate's lines, (key, name), among the choices."""
        self.about.choices = [
            (About.PRICE.value, _("The price")),
            (About.TIMING.value, _("The timing")),
            *((f"line:{key}", name) for key, name in lines),
            (About.OTHER.value, _("Something else")),
        ]
        return self

    def subject(self) -> About:
        kind = (self.about.data or "").partition(":")[0]
        return About(kind) if kind in set(About) else About.OTHER

    def words(self) -> Words:
        line_key = (self.about.data or "").partition(":")[2][:26]
        return Words(_plain(self.body.data), self.once_key.data, line_key)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")
