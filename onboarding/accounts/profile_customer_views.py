"""The profile, and what opens the account: e-mail, mobile number, password."""

from flask import Response, request, session, url_for
from flask_babel import gettext as _

from onboarding.accounts.actions_profile import (
    NothingConfirmed,
    Profile,
    ask_change,
    ask_confirmation,
    change_password,
    save_profile,
)
from onboarding.accounts.blueprints import blueprint
from onboarding.accounts.challenges import TooOften
from onboarding.accounts.entering import asking_device
from onboarding.accounts.forms import (
    MailForm,
    PhoneForm,
    ProfileForm,
)
from onboarding.accounts.masks import masked
from onboarding.accounts.models import Account
from onboarding.accounts.queries import account, open_channel, reached_at
from onboarding.database import read
from onboarding.password_rules import TooWeak
from onboarding.web import access, people, sessions
from onboarding.web.answers import redirect_to, render
from onboarding.web.errors import Conflict, Throttled
from onboarding.web.forms import NewPasswordForm, refuse_password
from onboarding.web.freshness import ask_first, is_fresh, unsent

# What asks for a code first, by the name that it has in an address.
_AFTER_CODE = {
    "email": "accounts.email",
    "phone": "accounts.phone",
    "password": "accounts.password",
    "contract": "contracts.current",
    "card": "payments.card",
    "auto-pay": "payments.methods",
}


@blueprint.get("/portal/profile")
@access.customer_at("profile")
def profile() -> Response:
    held = _held()
    return _page(held, ProfileForm(formdata=None, obj=held))


@blueprint.post("/portal/profile")
@access.customer_at("profile")
def keep_profile() -> Response:
    form = ProfileForm()
    held = _held()
    is_first = held.profile_saved_at is None
    if not form.validate() or not _is_reached(form, held):
        return _page(held, form, status=422)
    fields = {name: form[name].data or "" for name in Profile.__dataclass_fields__}
    save_profile(held.id, Profile(**fields), people.actor())
    return redirect_to(url_for("portal.go_on" if is_first else "portal.home"))


@blueprint.route("/portal/profile/email", methods=["GET", "POST"])
@access.customer_at("profile")
def email() -> Response:
    form = MailForm(data=unsent("email"))
    if not is_fresh():
        return ask_first("email", **_as_typed("email"))
    if form.is_submitted() and form.validate():
        return _ask_change("email", form.email.data)
    status = 422 if form.is_submitted() else 200
    return render("accounts/email.html", form=form, account=_held(), status=status)


@blueprint.route("/portal/profile/phone", methods=["GET", "POST"])
@access.customer_at("profile")
def phone() -> Response:
    form = PhoneForm(data=unsent("phone"))
    if not is_fresh():
        return ask_first("phone", **_as_typed("phone"))
    if form.is_submitted() and form.validate():
        return _ask_change("sms", form.phone.data)
    status = 422 if form.is_submitted() else 200
    return render("accounts/phone.html", form=form, account=_held(), status=status)


@blueprint.route("/portal/profile/password", methods=["GET", "POST"])
@access.customer_at("profile")
def password() -> Response:
    form = NewPasswordForm()
    if not is_fresh():
        return ask_first("password")
    if form.is_submitted() and form.validate():
        try:
            change_password(
                people.person().id, form.password.data, people.actor(), sessions.current_id()
            )
            return redirect_to(url_for("accounts.profile"))
        except TooWeak as weak:
            refuse_password(form, weak.weakness)
    status = 422 if form.is_submitted() else 200
    return render("accounts/password.html", form=form, account=_held(), status=status)


@blueprint.get("/portal/confirmation")
@access.customer
def confirm() -> Response:
    """Says again who it is, by a code, before something that matters."""
    held = _held()
    own = open_channel(read(held.contractor_id), held)
    to = masked(own.channel, own.address) if own else None
    then = request.args.get("then", "")
    return render(
        "accounts/confirm.html",
        to=to,
        channel=own.channel if own else None,
        then=then,
        is_kept=bool(unsent(then)),
    )


@blueprint.post("/portal/confirmation")
@access.customer
def send_confirmation() -> Response:
    person = people.person()
    try:
        session["challenge"] = ask_confirmation(
            person.id, people.actor(), sessions.browser_hash(), asking_device()
        )
    except TooOften as too_often:
        raise Throttled(seconds=3600) from too_often
    except NothingConfirmed as nothing:
        raise Conflict from nothing
    then = _AFTER_CODE.get(request.args.get("then", ""))
    if then:
        session["next"] = url_for(then)
    return redirect_to(url_for("accounts.code"))


def _as_typed(name: str) -> dict[str, str]:
    typed = request.form.get(name, "")[:254]
    return {name: typed} if typed else {}


def _ask_change(channel: str, address: str) -> Response:
    try:
        session["challenge"] = ask_change(
            people.person().id,
            channel,
            address,
            people.actor(),
            sessions.browser_hash(),
            asking_device(),
        )
    except TooOften as too_often:
        raise Throttled(seconds=3600) from too_often
    return redirect_to(url_for("accounts.code"))


def _page(held: Account, form: ProfileForm, status: int = 200) -> Response:
    reach = reached_at(read(held.contractor_id), held)
    return render("accounts/profile.html", form=form, account=held, reach=reach, status=status)


def _is_reached(form: ProfileForm, held: Account) -> bool:
    """Nobody chooses a way of being reached that leads nowhere."""
    if reached_at(read(held.contractor_id), held).get(form.preferred_channel.data):
        return True
    form.preferred_channel.errors = [
        _("We have no mobile number for you yet. Choose e-mail, or add a number later.")
        if form.preferred_channel.data == "sms"
        else _("We have no e-mail address for you yet. Choose text message, or add one later.")
    ]
    return False


def _held() -> Account:
    person = people.person()
    return account(read(person.contractor_id), person.id)
