"""A member who has lost the password: asks for a link, and chooses a new one by it."""

from flask import Response, url_for

from onboarding.contractors import resetting
from onboarding.contractors.blueprints import blueprint
from onboarding.contractors.forms import ForgottenForm
from onboarding.contractors.queries import as_person
from onboarding.contractors.resetting import LinkDead
from onboarding.password_rules import TooWeak
from onboarding.web import access, devices, people, sessions
from onboarding.web.answers import redirect_to, render
from onboarding.web.errors import too_often
from onboarding.web.forms import NewPasswordForm, refuse_password
from onboarding.web.guessing import TooManyTries


@blueprint.get("/forgotten-password")
@access.public
def forgotten() -> Response:
    return render("contractors/forgotten.html", form=ForgottenForm(), is_asked=False)


@blueprint.post("/forgotten-password")
@access.public
def ask_link() -> Response:
    """The same answer whoever's address it is."""
    form, page = ForgottenForm(), "contractors/forgotten.html"
    if not form.validate():
        return render(page, form=form, is_asked=False, status=422)
    try:
        resetting.ask_reset(form.email.data, people.client_ip())
    except TooManyTries as too_many:
        return too_often(page, too_many.seconds, form=form, is_asked=False)
    return render(page, form=form, is_asked=True)


@blueprint.get("/new-password/<secret>")
@access.public
def new_password(secret: str) -> Response:
    """Opened by a person or a mail scanner: nothing is used up."""
    if not resetting.is_alive(secret):
        return render("contractors/reset_dead.html", status=410)
    return render("contractors/new_password.html", form=NewPasswordForm())


@blueprint.post("/new-password/<secret>")
@access.public
def choose_password(secret: str) -> Response:
    form, page = NewPasswordForm(), "contractors/new_password.html"
    if not form.validate():
        return render(page, form=form, status=422)
    try:
        member = resetting.choose(secret, form.password.data)
    except LinkDead:
        return render("contractors/reset_dead.html", status=410)
    except TooWeak as weak:
        refuse_password(form, weak.weakness)
        return render(page, form=form, status=422)
    sessions.sign_in(as_person(member))
    answer = redirect_to(url_for("pipeline.board"))
    devices.remember(answer, "crm", member.email)
    return answer
