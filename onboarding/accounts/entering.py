"""How somebody comes in: from *Get started* to a session, on the web's side of the room."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from flask import Response, request, session, url_for
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer

from onboarding import config
from onboarding.accounts.actions import Starter
from onboarding.accounts.actions_sign_in import Visitor
from onboarding.accounts.masks import device
from onboarding.accounts.models import Account
from onboarding.accounts.queries import Confirmed, as_person, contact_of
from onboarding.contractors.models import Contractor
from onboarding.database import read
from onboarding.invites.actions_link import Started
from onboarding.web import devices, languages, people, sessions
from onboarding.web.answers import place_kept, redirect_to
from onboarding.web.brand import show_company

_DEVICE_LIFE = timedelta(days=180)
_MOST_ACCOUNTS = 8


def begin(started: Started) -> None:
    """The session after *Get started*: an hour to make the account. The link leaves the address."""
    starter = Starter(
        contractor_id=started.contractor_id,
        contact_id=started.contact_id,
        onboarding_id=started.onboarding_id,
        invite_id=started.invite_id,
        channel=started.channel,
        address=started.address,
        at=started.at,
    )
    kept = asdict(replace(starter, ip="", user_agent="")) | {"at": started.at.isoformat()}
    languages.expect(contact_of(read(started.contractor_id), started.contact_id).language)
    language = languages.spoken()
    sessions.start(minutes=60, origin=started.invite_id, starter=kept, language=language)


def starter() -> Starter | None:
    """Who pressed *Get started* in this browser, if anybody did within the hour."""
    kept: dict[str, Any] | None = session.get("starter")
    if kept is None:
        return None
    found = Starter(
        **kept
        | {
            "at": datetime.fromisoformat(kept["at"]),
            "ip": people.client_ip(),
            "user_agent": people.user_agent(),
            "language": languages.current(),
        }
    )
    show_company(read(found.contractor_id).get_one(Contractor, found.contractor_id))
    return found


def visitor(contractor: Contractor, address: str = "") -> Visitor:
    """The browser at a contractor's sign-in page, where `address` may have signed in before."""
    return Visitor(
        contractor_id=contractor.id,
        browser_hash=sessions.browser_hash(),
        ip=people.client_ip(),
        user_agent=people.user_agent(),
        device=asking_device(),
        language=languages.current(),
        known_device=devices.known_as(_door(contractor.id), address) if address else "",
    )


def asking_device() -> str:
    """`Safari on iPhone`, in the language of whoever asks."""
    browser, on, machine = device(people.user_agent()).partition(" on ")
    return _("%(browser)s on %(machine)s", browser=browser, machine=machine) if on else browser


def let_in(account: Account, confirmed: Confirmed, origin: str | None = None) -> Response:
    """Signs the account in and leads to the step it left; this device is known from now on."""
    place = place_kept(url_for("portal.go_on"))
    sessions.sign_in(as_person(account), kind="portal", origin=origin, **as_data(confirmed))
    answer = redirect_to(place)
    _know_device(answer, account)
    own = (account.email, account.phone, confirmed.address)
    devices.remember(answer, _door(account.contractor_id), *filter(None, own))
    return answer


def as_data(confirmed: Confirmed) -> dict[str, str]:
    """What the session keeps of it: signing asks for a channel that was confirmed lately."""
    return {
        "confirmed_channel": confirmed.channel,
        "confirmed_address": confirmed.address,
        "confirmed_at": confirmed.at.isoformat(),
    }


def is_known_device(account: Account) -> bool:
    """A code was typed here before; a changed password makes every device a new one."""
    return bool(_device_notes().get("accounts", {}).get(account.id) == _mark(account))


def last_slug() -> str | None:
    """The contractor whose customer signed in here last."""
    slug = _device_notes().get("slug")
    return str(slug) if slug else None


def step_one() -> dict[str, Any]:
    """The bar above the screens before there is an account; the names are those of step_bar()."""
    labels = (_("Account"), _("Estimate"), _("Contract"), _("Card"))
    return {
        "number": 1,
        "total": 4,
        "label": labels[0],
        "minutes_left": 3,
        "then": _("Next: %(step)s", step=labels[1]),
        "entries": [
            {"label": label, "state": "now" if count == 0 else "next", "url": None}
            for count, label in enumerate(labels)
        ],
    }


def _door(contractor_id: str) -> str:
    return f"portal:{contractor_id}"


def _know_device(answer: Response, account: Account) -> None:
    contractor = read(account.contractor_id).get_one(Contractor, account.contractor_id)
    known = dict(_device_notes().get("accounts", {}))
    known.pop(account.id, None)
    known[account.id] = _mark(account)
    newest = dict(list(known.items())[-_MOST_ACCOUNTS:])
    answer.set_cookie(
        _cookie(),
        str(_signer().dumps({"slug": contractor.slug, "accounts": newest})),
        max_age=_DEVICE_LIFE,
        path="/",
        secure=config.current().is_https,
        httponly=True,
        samesite="Lax",
    )


def _device_notes() -> dict[str, Any]:
    try:
        notes: dict[str, Any] = _signer().loads(
            request.cookies.get(_cookie(), ""), max_age=int(_DEVICE_LIFE.total_seconds())
        )
    except BadSignature:
        return {}
    return notes


def _mark(account: Account) -> str:
    return (account.password_hash or "")[-12:]


def _cookie() -> str:
    return "__Host-device" if config.current().is_https else "device"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(list(reversed(config.current().secret_keys)), salt="device")
