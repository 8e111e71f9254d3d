from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from onboarding import tokens
from onboarding.actor import Kind
from onboarding.support import actions, queries, queries_people, sweeping
from onboarding.support.forms import SignInForm, VisitForm
from onboarding.web import access, devices, people, sessions
from onboarding.web.answers import place_kept, redirect_to, render
from onboarding.web.errors import Conflict, NotFound, Throttled, too_often
from onboarding.web.guessing import Guess, TooManyTries

blueprint = Blueprint("support", __name__, url_prefix="/support")

# The worker must know the task wherever these pages are served.
__all__ = ["blueprint", "sweeping"]


@blueprint.get("/sign-in")
@access.public
def sign_in() -> Response:
    return render("support/sign_in.html", form=SignInForm())


@blueprint.post("/sign-in")
@access.public
def enter() -> Response:
    form = SignInForm()
    if not form.validate():
        return render("support/sign_in.html", form=form, status=422)
    email = form.email.data
    guess = Guess("support", email, people.client_ip(), devices.known_as("support", email))
    try:
        agent = actions.check_sign_in(guess, form.password.data)
    except TooManyTries as too_many:
        return too_often("support/sign_in.html", too_many.seconds, form=form)
    if agent is None:
        form.password.errors = [_("This e-mail and password do not belong together.")]
        return render("support/sign_in.html", form=form, status=422)
    place = place_kept(url_for("support.desk"))
    sessions.sign_in(queries.as_person(agent))
    answer = redirect_to(place)
    devices.remember(answer, "support", email)
    return answer


@blueprint.post("/sign-out")
@access.agent
def sign_out() -> Response:
    actions.end_visits_by(people.actor())
    sessions.sign_out()
    return redirect_to(url_for("support.sign_in"))


@blueprint.get("")
@access.agent
def desk() -> Response:
    search = request.args.get("search", "")
    return render(
        "support/desk.html",
        "support/_found.html",
        search=search,
        people_found=queries_people.search_people(search),
        visits=queries.visits_by(people.person().id),
        alarms=queries.alarms(),
    )


@blueprint.get("/people/<kind>/<target_id>")
@access.agent
def ask(kind: str, target_id: str) -> Response:
    return render("support/ask.html", target=_target(kind, target_id), form=VisitForm())


@blueprint.post("/people/<kind>/<target_id>")
@access.agent
def request_visit(kind: str, target_id: str) -> Response:
    target, form = _target(kind, target_id), VisitForm()
    if not form.validate():
        return render("support/ask.html", target=target, form=form, status=422)
    key = form.key.data if len(form.key.data or "") == 26 else tokens.new_id()
    wish = actions.Wish(key, target, form.reason.data)
    try:
        visit = actions.ask_visit(people.person().id, wish)
    except actions.OwnEyes as own:
        raise Conflict(_("That is you. Nobody looks through their own eyes here.")) from own
    except actions.AlreadyVisiting as already:
        raise Conflict(_already_visiting()) from already
    except actions.TooManyVisits as too_many:
        raise Throttled(_("Too many visits in an hour. Try again later."), 3600) from too_many
    return redirect_to(url_for("support.visit", visit_id=visit.id))


@blueprint.get("/visits/<visit_id>")
@access.agent
def visit(visit_id: str) -> Response:
    seen = queries.visit_by(people.person().id, visit_id)
    if seen is None:
        raise NotFound
    return render("support/visit.html", seen=seen)


@blueprint.post("/visits/<visit_id>/end")
@access.agent
def end_own_visit(visit_id: str) -> Response:
    """Ends a visit from the agent's own side, wherever its window went."""
    if queries.visit_by(people.person().id, visit_id) is None:
        raise NotFound
    actions.end_visit(visit_id, people.actor())
    return redirect_to(url_for("support.visit", visit_id=visit_id))


@blueprint.get("/visit/<secret>")
@access.agent
def link(secret: str) -> Response:
    """What the mailed link opens; looking at it starts nothing."""
    found = queries.visit_behind(tokens.hash_secret(secret), people.person().id)
    return render("support/link.html", seen=found, status=200 if found else 404)


@blueprint.post("/visit/<secret>")
@access.agent
def begin(secret: str) -> Response:
    try:
        visit = actions.start_visit(secret, people.actor())
    except actions.LinkDead as dead:
        raise Conflict(
            _("This link was used or is older than ten minutes. Ask for a new one.")
        ) from dead
    except actions.AlreadyVisiting as already:
        raise Conflict(_already_visiting()) from already
    return _enter(visit.id)


@blueprint.post("/visit/end")
@access.visitor
def end_visit() -> Response:
    """The button in the banner; it belongs to the visit's own session."""
    if people.is_signed_in() and (looking := people.person().visit) is not None:
        actions.end_visit(looking.visit_id, people.actor())
        sessions.sign_out()
        return redirect_to(url_for("support.visit", visit_id=looking.visit_id))
    return redirect_to(url_for("support.desk"))


def _enter(visit_id: str) -> Response:
    person = queries.load_visit(visit_id)
    if person is None:
        raise Conflict(_("This person can no longer be visited."))
    is_member = person.kind is Kind.MEMBER
    sessions.sign_in(person, kind="visit", visited="crm" if is_member else "portal")
    return redirect_to(url_for("pipeline.board" if is_member else "portal.go_on"))


def _target(kind: str, target_id: str) -> queries_people.Target:
    found = queries_people.target(kind, target_id)
    if found is None:
        raise NotFound
    return found


def _already_visiting() -> str:
    return str(_("You are visiting somebody now. End that visit first."))
