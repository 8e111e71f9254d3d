from flask import Response, url_for
from flask_babel import gettext as _

from onboarding.contractors.actions import check_sign_in
from onboarding.contractors.blueprints import blueprint
from onboarding.contractors.forms import SignInForm
from onboarding.contractors.queries import as_person
from onboarding.web import access, devices, people, sessions
from onboarding.web.answers import place_kept, redirect_to, render
from onboarding.web.errors import too_often
from onboarding.web.guessing import Guess, TooManyTries


@blueprint.get("/sign-in")
@access.public
def sign_in() -> Response:
    return render("contractors/sign_in.html", form=SignInForm())


@blueprint.post("/sign-in")
@access.public
def enter() -> Response:
    form = SignInForm()
    if not form.validate():
        return render("contractors/sign_in.html", form=form, status=422)
    email = form.email.data
    guess = Guess("crm", email, people.client_ip(), devices.known_as("crm", email))
    try:
        member = check_sign_in(guess, form.password.data)
    except TooManyTries as too_many:
        return too_often("contractors/sign_in.html", too_many.seconds, form=form)
    if member is None:
        form.password.errors = [_("This e-mail and password do not belong together.")]
        return render("contractors/sign_in.html", form=form, status=422)
    place = place_kept(url_for("pipeline.board"))
    sessions.sign_in(as_person(member))
    answer = redirect_to(place)
    devices.remember(answer, "crm", email)
    return answer


@blueprint.post("/sign-out")
@access.member
def sign_out() -> Response:
    sessions.sign_out()
    return redirect_to(url_for("contractors.sign_in"))
