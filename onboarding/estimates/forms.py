"""A new job, where it is, and the customer's answers. The builder's form: forms_builder.py."""

from dataclasses import fields

from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField
from wtforms.validators import Optional

from onboarding.estimates.drafts import Job
from onboarding.web.forms import Form, long_text_field, text_field

_ = lazy_gettext


class TitleForm(Form):
    """Names a new job."""

    title = text_field(_("Job"), most=200, required=_("Name the job, such as Roof replacement."))


class JobForm(TitleForm):
    """What the job is called and where it is done."""

    site_line1 = text_field(_("Street address"))
    site_line2 = text_field(_("Apartment, unit"))
    site_city = text_field(_("City"), most=100)
    site_state = text_field(_("State"), most=50)
    site_postal_code = text_field(_("ZIP code"), most=20)

    def job(self) -> Job:
        names = (field.name for field in fields(Job))
        return Job(**{name: self[name].data or "" for name in names})


class AnswerForm(Form):
    """What was on the customer's screen when they pressed: the total in cents, beside what
    `chosen_in` reads."""

    total = IntegerField(validators=[Optional()])

    @property
    def total_cents(self) -> int:
        """-1, which no estimate comes to, where it cannot be read."""
        return self.total.data if isinstance(self.total.data, int) else -1


def chosen_in(sent: MultiDict[str, str]) -> list[str]:
    """The keys of what is chosen in a form or an address: switches, and one button of each
    group."""
    picked = [value for name, value in sent.items(multi=True) if name.startswith("pick-")]
    return [*sent.getlist("options"), *picked]


class ReasonForm(Form):
    reason = long_text_field(
        _("What was the reason?"), most=2_000, required=_("Write a few words first.")
    )
