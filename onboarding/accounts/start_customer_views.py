"""From *Get started* to an account: the press, then one choice of three."""

from typing import Any

from flask import Response, session, url_for

from onboarding.accounts.actions import (
    AccountExists,
    Entry,
    Starter,
    ask_challenge,
    create_with_link,
    create_with_password,
)
from onboarding.accounts.actions_sign_in import enter_with_link
from onboarding.accounts.blueprints import blueprint
from onboarding.accounts.challenges import TooOften
from onboarding.accounts.entering import asking_device, begin, let_in, starter, step_one
from onboarding.accounts.forms import (
    AccountPasswordForm,
    MailForm,
    PhoneForm,
)
from onboarding.accounts.masks import masked
from onboarding.accounts.queries import contact_of
from onboarding.database import read
from onboarding.invites.actions_link import LinkDead, Started
from onboarding.invites.actions_link import start as press
from onboarding.invites.customer_views import dead_end, is_member_of, landing
from onboarding.invites.queries import LinkState, found_by_invite, look_up
from onboarding.password_rules import TooWeak
from onboarding.web import access, people, sessions
from onboarding.web.answers import redirect_to, render
from onboarding.web.forms import NewPasswordForm, refuse_password


@blueprint.post("/i/<secret>/start")
@access.public
def start(secret: str) -> Response:
    """*Get started*: the link becomes a session, and whoever has an account is signed in."""
    found = look_up(secret)
    if found is not None and found.is_live and is_member_of(found):
        return landing(secret, found, is_preview=True, status=409)
    try:
        started = press(secret, people.client_ip(), people.user_agent())
    except LinkDead as dead:
        return dead_end(secret, dead.found)
    if started.has_account:
        return _come_back(started)
    begin(started)
    return redirect_to(url_for("accounts.account"))


@blueprint.get("/portal/account")
@access.starter
def account() -> Response:
    who = starter()
    return _choices(who) if who else without_start()


@blueprint.post("/portal/account")
@access.starter
def create() -> Response:
    """One press: the invite's own link has confirmed the mailbox or phone."""
    who = starter()
    if who is None:
        return without_start()
    try:
        return come_in(who, create_with_link(who))
    except AccountExists:
        return to_sign_in(who)


@blueprint.post("/portal/account/phone")
@access.starter
def text_code() -> Response:
    """A code by text, to the number on file or to one that is entered here."""
    who = starter()
    if who is None:
        return without_start()
    on_file = contact_of(read(who.contractor_id), who.contact_id).mobile
    form = PhoneForm()
    if on_file and not form.phone.data:
        return _ask(who, "sms", on_file)
    if not form.validate():
        return _choices(who, phone_form=form, status=422)
    return _ask(who, "sms", form.phone.data)


@blueprint.post("/portal/account/email")
@access.starter
def mail_link() -> Response:
    """A sign-in link by e-mail, with a code beside it."""
    who = starter()
    if who is None:
        return without_start()
    on_file = contact_of(read(who.contractor_id), who.contact_id).email
    form = MailForm()
    if on_file and not form.email.data:
        return _ask(who, "email", on_file)
    if not form.validate():
        return _choices(who, mail_form=form, status=422)
    return _ask(who, "email", form.email.data)


@blueprint.post("/portal/account/password")
@access.starter
def choose_password() -> Response:
    who = starter()
    if who is None:
        return without_start()
    form = _password_form(who)
    if not form.validate():
        return _choices(who, password_form=form, status=422)
    email = who.address if who.channel == "email" else form.email.data
    try:
        return come_in(who, create_with_password(who, email, form.password.data))
    except TooWeak as weak:
        refuse_password(form, weak.weakness)
        return _choices(who, password_form=form, status=422)
    except AccountExists:
        return to_sign_in(who)


def come_in(who: Starter, entry: Entry) -> Response:
    return let_in(entry.account, entry.confirmed, origin=who.invite_id)


def to_sign_in(who: Starter) -> Response:
    """Somebody set the account up another way; what was confirmed here does not open it."""
    found = found_by_invite(who.invite_id)
    return redirect_to(
        url_for("accounts.sign_in", slug=found.contractor.slug)
        if found
        else url_for("accounts.find_sign_in")
    )


def without_start() -> Response:
    """No session of *Get started* here: it was ended, ran out after an hour, or never was."""
    if people.is_signed_in():
        return redirect_to(url_for("portal.go_on"))
    # Kept for the next request: this answer replaces the cookie of the session that is over.
    session["origin"] = origin = sessions.ended_origin() or session.get("origin", "")
    found = found_by_invite(origin) if origin else None
    if found is None:
        return redirect_to(url_for("accounts.find_sign_in"))
    elif found.state is LinkState.REVOKED:
        return dead_end(None, found)
    return render("accounts/ran_out.html", found=found, status=410)


def _come_back(started: Started) -> Response:
    held = enter_with_link(started, people.client_ip(), people.user_agent())
    if held is not None:
        return let_in(held.account, held.confirmed, origin=started.invite_id)
    found = found_by_invite(started.invite_id)
    slug = found.contractor.slug if found else ""
    return redirect_to(url_for("accounts.sign_in", slug=slug))


def _ask(who: Starter, channel: str, address: str) -> Response:
    try:
        session["challenge"] = ask_challenge(
            who, channel, address, sessions.browser_hash(), asking_device()
        )
    except TooOften:
        return _choices(who, is_too_often=True, status=429)
    return redirect_to(url_for("accounts.code"))


def _choices(who: Starter, status: int = 200, **given: Any) -> Response:
    contact = contact_of(read(who.contractor_id), who.contact_id)
    mobile, email = contact.mobile, contact.email
    return render(
        "accounts/account.html",
        status=status,
        steps=step_one(),
        first_name=contact.name.split(" ", 1)[0],
        own=masked(who.channel, who.address),
        own_channel=who.channel,
        mobile=masked("sms", mobile) if mobile else None,
        email=masked("email", email) if email else None,
        phone_form=given.get("phone_form") or PhoneForm(formdata=None),
        mail_form=given.get("mail_form") or MailForm(formdata=None),
        password_form=given.get("password_form") or _password_form(who, is_blank=True),
        is_too_often=given.get("is_too_often", False),
    )


def _password_form(who: Starter, *, is_blank: bool = False) -> Any:
    """The e-mail address is asked for only where the link has not confirmed one."""
    kind = NewPasswordForm if who.channel == "email" else AccountPasswordForm
    return kind(formdata=None) if is_blank else kind()
