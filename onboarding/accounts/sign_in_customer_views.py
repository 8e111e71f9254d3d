"""Coming back, at the contractor's own address."""

from typing import Any

from flask import Response, session, url_for
from flask_babel import gettext as _

from onboarding.accounts.actions_sign_in import (
    ask_device_code,
    ask_sign_in,
    check_password,
    note_signed_in,
)
from onboarding.accounts.blueprints import blueprint
from onboarding.accounts.challenges import TooOften
from onboarding.accounts.entering import is_known_device, last_slug, let_in, visitor
from onboarding.accounts.forms import AddressForm, PasswordSignInForm
from onboarding.accounts.models import Account
from onboarding.accounts.queries import confirmed_of, jobs_of, open_channel
from onboarding.contractors.models import Contractor
from onboarding.contractors.queries import contractor_by_slug
from onboarding.database import read
from onboarding.web import access, people, sessions
from onboarding.web.answers import redirect_to, render
from onboarding.web.brand import show_company
from onboarding.web.errors import NotFound, too_often
from onboarding.web.guessing import TooManyTries

_PAGE = "accounts/sign_in.html"


@blueprint.get("/portal/sign-in")
@access.public
def find_sign_in() -> Response:
    """For a page of nobody in particular: the contractor of the last sign-in here, or a way on."""
    slug = last_slug()
    if slug and contractor_by_slug(slug):
        return redirect_to(url_for("accounts.sign_in", slug=slug))
    return render("accounts/find_sign_in.html")


@blueprint.get("/portal/<slug>/sign-in")
@access.public
def sign_in(slug: str) -> Response:
    contractor = _contractor(slug)
    if people.is_signed_in() and people.person().contractor_id == contractor.id:
        return redirect_to(url_for("portal.go_on"))
    return _page(contractor)


@blueprint.post("/portal/<slug>/sign-in")
@access.public
def ask_code(slug: str) -> Response:
    """A code by text, or a link with a code by e-mail: the same answer whoever has the address."""
    contractor = _contractor(slug)
    form = AddressForm()
    if not form.validate():
        return _page(contractor, address_form=form, status=422)
    try:
        asked = ask_sign_in(
            visitor(contractor, form.address.data), form.channel(), form.address.data
        )
    except TooOften as too_many:
        return _wait(contractor, too_many.seconds, address_form=form)
    session["challenge"] = asked
    return redirect_to(url_for("accounts.code"))


@blueprint.post("/portal/<slug>/sign-in/password")
@access.public
def enter_password(slug: str) -> Response:
    contractor = _contractor(slug)
    form = PasswordSignInForm()
    if not form.validate():
        return _page(contractor, password_form=form, status=422)
    email = form.email.data
    try:
        held = check_password(visitor(contractor, email), email, form.password.data)
        if held is not None:
            return _after_password(contractor, held)
    except (TooOften, TooManyTries) as too_many:
        address = AddressForm(formdata=None, address=email)
        return _wait(contractor, too_many.seconds, password_form=form, address_form=address)
    form.password.errors = [_("This e-mail and password do not belong together.")]
    return _page(contractor, password_form=form, status=422)


@blueprint.get("/portal/job")
@access.starter
def choose() -> Response:
    """Several people share the mailbox or phone that was just proved: which job is it?"""
    choosing = session.get("choosing")
    if not choosing:
        return redirect_to(url_for("accounts.find_sign_in"))
    db = read(choosing["contractor_id"])
    show_company(db.get_one(Contractor, choosing["contractor_id"]))
    return render("accounts/choose.html", jobs=jobs_of(db, choosing["accounts"]))


@blueprint.post("/portal/job/<account_id>")
@access.starter
def take_job(account_id: str) -> Response:
    choosing = session.get("choosing")
    if not choosing or account_id not in choosing["accounts"]:
        raise NotFound
    contractor = read(choosing["contractor_id"]).get_one(Contractor, choosing["contractor_id"])
    held = note_signed_in(account_id, "code", visitor(contractor))
    return let_in(held, confirmed_of(choosing))


@blueprint.post("/portal/sign-out")
@access.customer
def sign_out() -> Response:
    person = people.person()
    if person.visit is not None:
        return redirect_to(url_for("portal.home"))
    contractor = read(person.contractor_id).get_one(Contractor, person.contractor_id)
    sessions.sign_out()
    return redirect_to(url_for("accounts.sign_in", slug=contractor.slug))


def _after_password(contractor: Contractor, held: Account) -> Response:
    """On a device that was here before the password is enough; on a new one a code is asked too."""
    own = open_channel(read(held.contractor_id), held)
    if own is not None and is_known_device(held):
        return let_in(note_signed_in(held.id, "password", visitor(contractor)), own)
    session["challenge"] = ask_device_code(visitor(contractor), held.id)
    return redirect_to(url_for("accounts.code"))


def _page(contractor: Contractor, status: int = 200, **given: Any) -> Response:
    return render(_PAGE, status=status, wait="", **_filled(contractor, **given))


def _wait(contractor: Contractor, seconds: int, **given: Any) -> Response:
    """Too often for now: what was typed is kept, the other way stands beside it."""
    return too_often(_PAGE, seconds, **_filled(contractor, **given))


def _filled(
    contractor: Contractor,
    address_form: AddressForm | None = None,
    password_form: PasswordSignInForm | None = None,
) -> dict[str, Any]:
    show_company(contractor)
    return {
        "slug": contractor.slug,
        "address_form": address_form or AddressForm(formdata=None),
        "password_form": password_form or PasswordSignInForm(formdata=None),
        "is_by_password": password_form is not None,
    }


def _contractor(slug: str) -> Contractor:
    found = contractor_by_slug(slug)
    if found is None:
        raise NotFound
    return found
