"""Who walks about in the town, and where an endpoint's address leads for a resident of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from onboarding.accounts.models import Account
from onboarding.contractors.brand import palette
from onboarding.contractors.models import Contractor
from onboarding.contractors.samples import Look, seal_look, sealed
from onboarding.sandbox import stripe_accounts
from onboarding.web import access
from tests.guards.route_table import Row
from tests.residents import TEAROFF, Resident
from tests.town import Town

# The columns of the table of who may go where, in its order.
WHO = ("nobody", "neighbor", "customer", "rival", "staff", "owner", "support", "visit")
# Whom a door is for, the likeliest first.
FOR = {"public": "nobody", "visitor": "visit"}
LIKELY = ("customer", "staff", "owner", "support", "visit", "neighbor", "rival", "nobody")
_READS_PORTAL = ("/portal", "/i/", "/verify")
MISSING = "z" * 26
NEW = "y" * 26


@dataclass(frozen=True)
class Door:
    """One method at one endpoint."""

    method: str
    endpoint: str
    rule: str
    marker: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.endpoint}"

    @property
    def is_safe(self) -> bool:
        return self.method == "GET"


def doors(app: Flask) -> Iterator[Door]:
    """Every way into the application; HEAD and OPTIONS come with GET."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            marker = access.of(app, rule.endpoint)
            step = f" at {marker.step}" if marker.step else ""
            yield Door(method, rule.endpoint, rule.rule, marker.name + step)


def resident_of(town: Town, stage: str) -> Resident:
    """Whose ids stand in the address; somebody who must choose a job is in nobody's yet."""
    return town.at("complete" if stage == "choosing" else stage)


def address(town: Town, door: Door, one: Resident, *, is_missing: bool = False) -> str:
    """The door's address for this resident; `is_missing` puts ids there that nobody has."""
    rule = next(each for each in town.app.url_map.iter_rules(door.endpoint))
    known = _values(town, door.endpoint, one)
    values = {name: known[name] for name in rule.arguments}
    if is_missing:
        values = {name: _nobodys(value) for name, value in values.items()}
    with town.app.test_request_context():
        return town.app.url_for(door.endpoint, **values)


def rightful(door: Door, row: Row) -> str:
    """One of WHO for whom the door opens. Leaving leads to a sign-in page, which looks like being
    led there."""
    leaves = {"/crm": "owner", "/portal": "customer", "/support": "support"}
    left = leaves.get(door.rule.removesuffix("/sign-out"))
    answers = dict(zip(WHO, row.answers, strict=True))
    welcomed = (who for who in LIKELY if answers[who] in ("200", "204", "303"))
    return left or FOR.get(door.marker) or next(welcomed, "nobody")


def browser(town: Town, who: str, door: Door, stage: str) -> FlaskClient:
    """The browser of one of WHO, at a door that is about the resident of `stage`."""
    is_portal = door.rule.startswith(_READS_PORTAL)
    names = {
        "nobody": (),
        "neighbor": (f"neighbor:{stage}", "neighbor:complete"),
        "customer": (f"customer:{stage}", "customer:complete"),
        "rival": ("other owner",),
        "staff": ("staff",),
        "owner": ("owner",),
        "support": ("support",),
        "visit": (f"visit:{stage}", "visit:complete") if is_portal else ("visit:staff",),
    }[who]
    present = [name for name in names if name in town.cookies]
    return town.client(*present[:1])


def _values(town: Town, endpoint: str, one: Resident) -> dict[str, object]:
    here = town.here.company
    account = one.account or Account(id=MISSING)
    return {
        "contact_id": NEW if endpoint == "contacts.create" else one.contact.id,
        "template_id": NEW if endpoint.endswith(".create_template") else town.told["template"],
        "import_id": NEW if endpoint == "contacts.upload" else town.told["import"],
        "item_id": NEW if endpoint.endswith(".create_price_item") else town.told["price item"],
        "photo_id": town.told["photo of a draft" if "_crm" in endpoint else "photo"],
        "line_key": TEAROFF,
        "member_id": town.here.staff.id,
        "invite_id": one.invite_id
        if endpoint.startswith("accounts.")
        else town.told["member invite"],
        "told": _told(endpoint, here),
        "key": "invite",
        "language": "es",
        "color": here.color[1:],
        "file": "0" * 12 + ".webp",
        "onboarding_id": one.onboarding_id,
        "estimate_id": one.estimate_id,
        "contract_id": one.contract_id,
        "card_id": _card(endpoint, one),
        "account_id": account.id,
        "secret": _secret(town, endpoint, one),
        "session_id": one.stripe_session,
        "link_id": _connect_link(town, endpoint),
        "slug": here.slug,
        "fingerprint": palette(here.color).fingerprint(),
        "purpose": "invite",
        "status": "Invited",
        "size": 192 if endpoint == "brand.icon" else "small",
        "number": 1 if endpoint == "contracts_crm.template_version" else int(town.told["mail"]),
        "index": 0,
        "address": "customers",
        "kind": "customer",
        "target_id": account.id,
        "visit_id": town.told["visit"],
        "delivery_id": town.told["delivery"],
        "closed_id": town.told["dead address"],
    }


def _told(endpoint: str, here: Contractor) -> str:
    """What a frame shows: words of a message, or the company as it is being typed."""
    if endpoint.endswith(".message_mail"):
        return sealed({"key": "invite", "language": "en", "subject": "Here", "opening": "It is."})
    return seal_look(Look(here.name, here.color, here.license_number, here.phone))


def _card(endpoint: str, one: Resident) -> str:
    """The first card has auto-pay and is the default; what is done is done to the one it can be."""
    own = one.card_ids or (MISSING, MISSING)
    return own[0] if endpoint == "payments.end_auto_pay" else own[1]


def _connect_link(town: Town, endpoint: str) -> str:
    """A fresh page of a contractor's own card account: each is for one visit."""
    if endpoint not in ("card_sandbox.connect", "card_sandbox.open_account"):
        return MISSING
    sandbox = town.app.extensions["card_sandbox"]
    with sandbox.store.transaction() as shelf:
        desk = sandbox.desk(shelf)
        account = stripe_accounts.create(desk, {})["id"]
        back = f"{town.settings.base_url}/crm"
        link = stripe_accounts.create_link(
            desk,
            {
                "account": account,
                "type": "account_onboarding",
                "return_url": back,
                "refresh_url": back,
            },
        )
    return str(link["url"].rpartition("/")[2])


def _secret(town: Town, endpoint: str, one: Resident) -> str:
    if endpoint.startswith("support."):
        return town.told["visit secret"]
    elif endpoint in ("contractors.join", "contractors.accept"):
        return town.told["member invite secret"]
    elif endpoint in ("contractors.confirm_sign_up", "contractors.begin_company"):
        return town.told["sign-up secret"]
    elif endpoint.startswith("contractors."):
        return town.told["reset secret"]
    elif endpoint.startswith("reminders."):
        return town.told["reminder secret"]
    elif endpoint in ("accounts.link", "accounts.confirm_link"):
        return town.told["link:coded"]
    else:
        return one.secret


def _nobodys(value: object) -> object:
    """As long as the real one, and nobody's."""
    return "9" * 9 if isinstance(value, int) else "z" * len(str(value))
