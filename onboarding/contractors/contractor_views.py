from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from onboarding.contractors.actions import TooManyTries, check_sign_in
from onboarding.contractors.forms import SignInForm
from onboarding.contractors.queries import as_person
from onboarding.web import access, people, sessions
from onboarding.web.answers import place_kept, redirect_to, render
from onboarding.web.errors import Throttled

blueprint = Blueprint("contractors", __name__, url_prefix="/crm")


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
    try:
        member = check_sign_in(form.email.data, form.password.data, people.client_ip())
    except TooManyTries as too_many:
        raise Throttled(_("Too many tries. Wait a quarter of an hour."), 900) from too_many
    if member is None:
        form.password.errors = [_("This e-mail and password do not belong together.")]
        return render("contractors/sign_in.html", form=form, status=422)
    place = place_kept(url_for("pipeline.board"))
    sessions.sign_in(as_person(member))
    return redirect_to(place)


@blueprint.post("/sign-out")
@access.member
def sign_out() -> Response:
    sessions.sign_out()
    return redirect_to(url_for("contractors.sign_in"))
