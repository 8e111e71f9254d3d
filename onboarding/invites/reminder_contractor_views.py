from flask import Blueprint, Response, url_for
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from onboarding.database import read
from onboarding.invites.reminder_settings import save_plan
from onboarding.invites.reminding import plan_for
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render
from onboarding.web.forms import Form

blueprint = Blueprint("reminders_crm", __name__, url_prefix="/crm/settings")


def _hours(label: str) -> IntegerField:
    words = _("Enter whole hours, between 1 and 720.")
    return IntegerField(label, [InputRequired(words), NumberRange(1, 720, words)])


class PlanForm(Form):
    is_on = BooleanField(_("Send reminders"))
    first_hours = _hours(_("First, after this many hours"))
    second_hours = _hours(_("Second, after this many hours"))
    third_hours = _hours(_("Third, after this many hours"))

    def validate_second_hours(self, field: IntegerField) -> None:
        self._follows(field, self.first_hours)

    def validate_third_hours(self, field: IntegerField) -> None:
        self._follows(field, self.second_hours)

    def _follows(self, field: IntegerField, before: IntegerField) -> None:
        if (field.data or 0) <= (before.data or 0):
            raise ValidationError(_("Enter more hours than for the one before."))


@blueprint.get("/reminders")
@access.owner
def reminders() -> Response:
    contractor_id = people.person().contractor_id
    plan = plan_for(read(contractor_id), contractor_id)
    return render("reminders/reminders.html", form=PlanForm(formdata=None, obj=plan))


@blueprint.post("/reminders")
@access.owner
def save() -> Response:
    form = PlanForm()
    if not form.validate():
        return render("reminders/reminders.html", form=form, status=422)
    hours = (form.first_hours.data, form.second_hours.data, form.third_hours.data)
    save_plan(form.is_on.data, hours, people.actor())
    return redirect_to(url_for("reminders_crm.reminders"))
