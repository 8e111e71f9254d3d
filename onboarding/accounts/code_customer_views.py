"""One screen for every code, and the mailed link that may stand in for it."""

from datetime import timedelta

from flask import Response, request, session, url_for
from flask_babel import gettext as _

from onboarding import clock
from onboarding.accounts import challenges
from onboarding.accounts.blueprints import blueprint
from onboarding.accounts.challenges import Proof, Purpose, TooOften, Verdict
from onboarding.accounts.entering import step_one
from onboarding.accounts.finishing import ask_again, finish, way_back
from onboarding.accounts.forms import CodeForm
from onboarding.accounts.letters import has_link, trouble
from onboarding.accounts.masks import masked
from onboarding.accounts.models import Challenge
from onboarding.contractors.models import Contractor
from onboarding.database import read
from onboarding.web import access, people, sessions
from onboarding.web.answers import redirect_to, render, unchanged
from onboarding.web.brand import show_company

_FOR_ACCOUNT = (Purpose.ACCOUNT, Purpose.IN_PERSON)


@blueprint.get("/portal/code")
@access.starter
def code() -> Response:
    challenge = current()
    return page(challenge, CodeForm()) if challenge else without_challenge()


@blueprint.post("/portal/code")
@access.starter
def check_code() -> Response:
    challenge = current()
    if challenge is None:
        return without_challenge()
    form = CodeForm()
    if not form.validate():
        return page(challenge, form, status=422)
    verdict = finish(challenge, proof(challenge, form.code.data))
    if isinstance(verdict, Verdict):
        form.code.errors = [said(verdict)]
        return page(challenges.find(challenge.id) or challenge, form, status=422)
    return verdict


@blueprint.post("/portal/code/again")
@access.starter
def send_again() -> Response:
    challenge = current()
    if challenge is None:
        return without_challenge()
    try:
        session["challenge"] = ask_again(challenge)
    except TooOften:
        form = CodeForm(formdata=None)
        return page(challenge, form, status=429, is_too_often=True)
    return redirect_to(url_for("accounts.code"))


@blueprint.get("/portal/code/waiting")
@access.starter
def waiting() -> Response:
    """Asked every few seconds by the page that waits for its message, whose `shown` trouble it
    tells."""
    challenge = current()
    if challenge is None and people.is_signed_in():
        # The mailed link was opened beside this page, in the same browser.
        return redirect_to(url_for("portal.go_on"))
    if challenge is None or challenges.state(challenge) is not Verdict.NOT_YET:
        return render("accounts/_waiting.html", challenge=challenge, waits="no", trouble="")
    elif challenge.approved_at is not None:
        return render("accounts/_waiting.html", challenge=challenge, waits="arrived", trouble="")
    found = trouble(read(challenge.contractor_id), challenge)
    if found == request.args.get("shown", ""):
        return unchanged()
    return render(
        "accounts/_waiting.html", challenge=challenge, waits=_waits(challenge), trouble=found
    )


@blueprint.post("/portal/code/arrival")
@access.starter
def arrive() -> Response:
    """The link was confirmed, here or elsewhere: this browser, which asked for it, goes on."""
    challenge = current()
    if challenge is None:
        return without_challenge()
    verdict = finish(challenge, proof(challenge, None))
    if isinstance(verdict, Verdict):
        form = CodeForm(formdata=None)
        return page(challenge, form, status=409, is_not_yet=verdict is Verdict.NOT_YET)
    return verdict


@blueprint.get("/portal/link/<secret>")
@access.public
def link(secret: str) -> Response:
    """Scanners open it first: nothing is used up before *Confirm* is pressed."""
    challenge = challenges.by_link(secret)
    if challenge is None or challenges.state(challenge) is not Verdict.NOT_YET:
        return _dead_link(challenge)
    _show(challenge)
    return render(
        "accounts/link.html", secret=secret, challenge=challenge, is_same_browser=is_ours(challenge)
    )


@blueprint.post("/portal/link/<secret>")
@access.public
def confirm_link(secret: str) -> Response:
    challenge = challenges.by_link(secret)
    if challenge is None or challenges.approve_link(challenge) is not Verdict.RIGHT:
        return _dead_link(challenge)
    if is_ours(challenge):
        session["challenge"] = challenge.id
        verdict = finish(challenge, proof(challenge, None))
        return _dead_link(challenge) if isinstance(verdict, Verdict) else verdict
    _show(challenge)
    return render("accounts/link_confirmed.html", challenge=challenge)


def current() -> Challenge | None:
    """The challenge that this browser asked for last."""
    challenge = challenges.find(session.get("challenge", ""))
    if challenge is None:
        return None
    _show(challenge)
    return challenge


def proof(challenge: Challenge, typed: str | None) -> Proof:
    return Proof(challenge.id, sessions.browser_hash(), typed, people.client_ip())


def is_ours(challenge: Challenge) -> bool:
    """This browser asked for it. Looking alone gives nobody a mark."""
    return bool(session.get("browser")) and challenge.browser_hash == sessions.browser_hash()


def page(
    challenge: Challenge,
    form: CodeForm,
    status: int = 200,
    *,
    is_too_often: bool = False,
    is_not_yet: bool = False,
) -> Response:
    wait = challenges.may_ask_again_at(challenge) - clock.now()
    return render(
        "accounts/code.html",
        status=status,
        form=form,
        challenge=challenge,
        to=masked(challenge.channel, challenge.address),
        is_hedged=challenge.purpose == Purpose.SIGN_IN,
        waits=_waits(challenge),
        trouble=trouble(read(challenge.contractor_id), challenge),
        wait_seconds=max(0, wait // timedelta(seconds=1)),
        is_over=challenges.state(challenge) is not Verdict.NOT_YET,
        is_too_often=is_too_often,
        is_not_yet=is_not_yet,
        back_url=way_back(challenge),
        **({"steps": step_one()} if challenge.purpose in _FOR_ACCOUNT else {}),
    )


def _waits(challenge: Challenge) -> str:
    """What the page listens for: its link, word that its message is late, or nothing."""
    if has_link(challenge):
        return "link"
    return "no" if challenge.purpose == Purpose.SIGN_IN else "word"


def said(verdict: Verdict) -> str:
    """What came of a try, in a sentence that says what to do now."""
    words: dict[Verdict, str] = {
        Verdict.WRONG: _("That is not the code we sent. Check the newest message and try again."),
        Verdict.OLD: _("This code is more than ten minutes old. Ask for a new one below."),
        Verdict.USED: _("This code was used already. Ask for a new one below."),
        Verdict.REPLACED: _("A newer code was sent. Use that one, or ask for another below."),
        Verdict.TOO_MANY: _("That was the last try with this code. Ask for a new one below."),
        Verdict.NOT_YET: _("The link was not confirmed yet."),
    }
    return words[verdict]


def without_challenge() -> Response:
    return redirect_to(url_for("accounts.account"))


def _dead_link(challenge: Challenge | None) -> Response:
    if challenge is not None:
        _show(challenge)
    is_used = challenge is not None and challenge.used_at is not None
    return render("accounts/link_dead.html", is_used=is_used, status=410)


def _show(challenge: Challenge) -> None:
    show_company(read(challenge.contractor_id).get_one(Contractor, challenge.contractor_id))
