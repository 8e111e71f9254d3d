"""Those who are not members yet: invited to a team, or beginning with a company of their own."""

from flask import Response, current_app, url_for

from onboarding.contractors import joining, signing_up
from onboarding.contractors.actions import AddressTaken
from onboarding.contractors.blueprints import blueprint
from onboarding.contractors.forms import JoinForm, SignUpForm
from onboarding.contractors.joining import InviteDead
from onboarding.contractors.models import Member
from onboarding.contractors.queries import as_person
from onboarding.contractors.signing_up import Asked, LinkDead
from onboarding.password_rules import TooWeak
from onboarding.web import access, devices, languages, people, sessions
from onboarding.web.answers import redirect_to, render
from onboarding.web.brand import show_company
from onboarding.web.errors import NotFound, too_often
from onboarding.web.forms import refuse_password
from onboarding.web.guessing import TooManyTries


@blueprint.get("/join/<secret>")
@access.public
def join(secret: str) -> Response:
    """Opened by a person or a mail scanner: nothing is used up."""
    return _joining(secret, JoinForm())


@blueprint.post("/join/<secret>")
@access.public
def accept(secret: str) -> Response:
    form = JoinForm()
    if not form.validate():
        return _joining(secret, form, 422)
    try:
        member = joining.join(secret, form.name.data, form.password.data)
    except (InviteDead, AddressTaken):
        return _joining(secret, form, 410)
    except TooWeak as weak:
        refuse_password(form, weak.weakness)
        return _joining(secret, form, 422)
    return _let_in(member)


@blueprint.get("/sign-up")
@access.public
def sign_up() -> Response:
    _refuse_closed()
    return render("contractors/sign_up.html", form=SignUpForm(), is_asked=False)


@blueprint.post("/sign-up")
@access.public
def ask_sign_up() -> Response:
    """The same answer whoever's address it is."""
    _refuse_closed()
    form, page = SignUpForm(), "contractors/sign_up.html"
    if not form.validate():
        return render(page, form=form, is_asked=False, status=422)
    try:
        signing_up.ask_sign_up(_asked(form), people.client_ip())
    except TooWeak as weak:
        refuse_password(form, weak.weakness)
        return render(page, form=form, is_asked=False, status=422)
    except TooManyTries as too_many:
        return too_often(page, too_many.seconds, form=form, is_asked=False)
    return render(page, form=form, is_asked=True)


@blueprint.get("/sign-up/<secret>")
@access.public
def confirm_sign_up(secret: str) -> Response:
    """Opened by a person or a mail scanner: nothing begins yet."""
    try:
        company = signing_up.asked_company(secret)
    except LinkDead:
        return render("contractors/sign_up_dead.html", status=410)
    return render("contractors/confirm_sign_up.html", company_name=company)


@blueprint.post("/sign-up/<secret>")
@access.public
def begin_company(secret: str) -> Response:
    try:
        _company, owner = signing_up.begin_company(secret)
    except (LinkDead, AddressTaken):
        return render("contractors/sign_up_dead.html", status=410)
    return _let_in(owner)


def _joining(secret: str, form: JoinForm, status: int = 200) -> Response:
    try:
        invited = joining.invited(secret)
    except InviteDead:
        return render("contractors/join_dead.html", reason="over", status=410)
    show_company(invited.company)
    if invited.is_taken:
        return render("contractors/join_dead.html", reason="taken", status=410)
    return render("contractors/join.html", form=form, invited=invited, status=status)


def _asked(form: SignUpForm) -> Asked:
    return Asked(
        company=form.company.data,
        name=form.name.data,
        email=form.email.data,
        phone=form.phone.data,
        password=form.password.data,
        language=languages.current(),
    )


def _refuse_closed() -> None:
    if not current_app.config["SETTINGS"].has_sign_up:
        raise NotFound


def _let_in(member: Member) -> Response:
    sessions.sign_in(as_person(member))
    answer = redirect_to(url_for("pipeline.board"))
    devices.remember(answer, "crm", member.email)
    return answer
