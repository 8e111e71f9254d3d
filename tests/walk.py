"""How people come into the town with browsers: signed in by the session's own door, or in
the middle of something by pressing what a person presses."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, session
from flask.testing import FlaskClient
from sqlalchemy import select

from onboarding import clock, jobs, tokens
from onboarding.accounts.entering import as_data, begin
from onboarding.accounts.queries import as_person as as_customer_person
from onboarding.accounts.queries import confirmed_channel
from onboarding.actor import Kind
from onboarding.contacts import actions_import, importing
from onboarding.contacts.actions import ContactFields, create_contact
from onboarding.contractors.models import MemberInvite, MemberReset, SignUp
from onboarding.contractors.queries import as_person as as_member_person
from onboarding.contracts.queries import templates
from onboarding.database import Everyone, read, transaction
from onboarding.estimates import actions_photos, photos, price_book
from onboarding.estimates.models import Estimate
from onboarding.invites.models import Reminder
from onboarding.journey.models import Onboarding
from onboarding.notifications.models import Delivery
from onboarding.notifications.models_addresses import ClosedAddress, Why
from onboarding.sandbox.mailbox import Mailbox
from onboarding.support import queries as support
from onboarding.support.models import Agent, Visit
from onboarding.web import sessions
from tests.house import as_member
from tests.photos import a_photo
from tests.residents import TEAROFF, Resident

if TYPE_CHECKING:
    from tests.town import Town

FROM = {"REMOTE_ADDR": "203.0.113.7"}


def sign_everybody_in(town: "Town") -> None:
    """Members, customers, the agent, and the agent's visits to each of them."""
    here, elsewhere = town.here, town.elsewhere
    members = {
        "owner": here.owner, "staff": here.staff, "other owner": elsewhere.owner,
    }  # fmt: skip
    for name, member in members.items():
        person = as_member_person(member)
        town.cookies[name] = cookie(town.app, "/crm", lambda p=person: sessions.sign_in(p))
    groups = {
        "customer": here.residents, "neighbor": here.neighbors, "stranger": elsewhere.residents,
    }  # fmt: skip
    for name, people in groups.items():
        for stage, one in people.items():
            if one.account is not None or one.started is not None:
                town.cookies[f"{name}:{stage}"] = cookie(town.app, "/portal", _enter(one))
    agent = support.as_person(town.agent)
    town.cookies["support"] = cookie(town.app, "/support", lambda: sessions.sign_in(agent))
    _visit_everybody(town)
    _lose_a_password(town)
    _wait_at_the_door(town)
    _fill_price_book(town)
    town.told["twin"] = create_contact(
        tokens.new_id(), ContactFields("Dana Whitfeild"), as_member(town.here.owner)
    ).id
    _hang_photos(town)
    _hand_in_contacts(town)
    _stop_halfway(town)


def _enter(one: Resident) -> Callable[[], Any]:
    """Signed in with a channel confirmed just now; or, before there is an account, begun."""
    if one.account is None:
        return lambda: begin(one.started)
    own = confirmed_channel(one.account)
    proved = as_data(own) | {"confirmed_at": clock.now().isoformat()}
    person = as_customer_person(one.account)
    return lambda: sessions.sign_in(person, origin=one.invite_id, **proved)


def _visit_everybody(town: "Town") -> None:
    """One agent could not be everywhere at once: these visits stand side by side for the
    checks, and are not those of the agent at the desk, whose link waits."""
    targets = [("staff", Kind.MEMBER, town.here.staff.id, town.here.staff.name)]
    for stage, one in town.here.residents.items():
        if one.account is not None:
            targets.append((stage, Kind.CUSTOMER, one.account.id, one.account.name))
    for name, kind, target_id, target_name in targets:
        visit_id, visited = tokens.new_id(), "crm" if kind is Kind.MEMBER else "portal"
        with transaction(Everyone("visits are made for the whole town")) as db:
            db.add(_visit(town, town.watcher, visit_id, kind, target_id, target_name))
        person = support.load_visit(visit_id)
        town.told[f"visit:{name}"] = visit_id
        town.cookies[f"visit:{name}"] = cookie(
            town.app,
            f"/{visited}",
            lambda p=person, v=visited: sessions.sign_in(p, kind="visit", visited=v),
        )
    waiting, secret = tokens.new_id(), tokens.new_secret()
    with transaction(Everyone("visits are made for the whole town")) as db:
        one = town.at("complete").account
        visit = _visit(town, town.agent, waiting, Kind.CUSTOMER, one.id, one.name)
        visit.link_hash, visit.started_at, visit.expires_at = tokens.hash_secret(secret), None, None
        db.add(visit)
    town.told |= {"visit": waiting, "visit secret": secret}


def _visit(
    town: "Town", agent: Agent, visit_id: str, kind: Kind, target_id: str, target_name: str
) -> Visit:
    return Visit(
        id=visit_id,
        contractor_id=town.here.company.id,
        agent_id=agent.id,
        target=kind.value,
        target_id=target_id,
        target_name=target_name,
        reason="The page will not open on their phone.",
        link_hash=tokens.hash_secret(tokens.new_secret()),
        link_expires_at=clock.now() + timedelta(minutes=10),
        started_at=clock.now(),
        expires_at=clock.now() + timedelta(minutes=30),
    )


def _lose_a_password(town: "Town") -> None:
    """The member of staff was mailed a link for a new one, and has not opened it."""
    secret = town.told["reset secret"] = tokens.new_secret()
    with transaction(Everyone("the town's own people")) as db:
        reset = MemberReset(
            contractor_id=town.here.company.id,
            member_id=town.here.staff.id,
            secret_hash=tokens.hash_secret(secret),
            expires_at=clock.now() + timedelta(hours=1),
        )
        db.add(reset)
    _remind(town)


def _remind(town: "Town") -> None:
    """Somebody was reminded, and has not pressed the end of it."""
    secret = town.told["reminder secret"] = tokens.new_secret()
    with transaction(Everyone("the town's own people")) as db:
        onboarding = db.scalars(
            select(Onboarding).where(Onboarding.contractor_id == town.here.company.id).limit(1)
        ).one()
        reminder = Reminder(
            contractor_id=onboarding.contractor_id,
            onboarding_id=onboarding.id,
            step="estimate",
            cause="version 1",
            number=1,
            channel="email",
            address="reminded@example.com",
            unsubscribe_hash=tokens.hash_secret(secret),
        )
        db.add(reminder)
        dead = ClosedAddress(
            contractor_id=onboarding.contractor_id,
            channel="email",
            address="nobody-is-there@example.com",
            why=Why.BOUNCED,
        )
        db.add(dead)
        db.flush()
        sent = select(Delivery).where(Delivery.contractor_id == onboarding.contractor_id)
        town.told["dead address"] = dead.id
        town.told["delivery"] = db.scalars(sent.where(Delivery.contact_id.is_not(None))).all()[0].id


def _fill_price_book(town: "Town") -> None:
    words = price_book.ItemWords("Ice and water shield", "Two courses", "square", 12_800, 7_450)
    town.told["price item"] = price_book.keep(words, as_member(town.here.owner)).id


def _hang_photos(town: "Town") -> None:
    """One on a draft's line, one on a line that was sent and approved."""
    owner, draft, sent = as_member(town.here.owner), town.at("drafted"), town.at("complete")
    (kept,) = actions_photos.add_photos(draft.estimate_id, TEAROFF, [a_photo()], owner)
    town.told["photo of a draft"] = kept.id
    with transaction(town.here.company.id) as db:
        source, target = (db.get_one(Estimate, one.estimate_id) for one in (draft, sent))
        photos.copy_photos(db, source, target, {TEAROFF})
        db.flush()
        town.told["photo"] = photos.photos_of(db, sent.estimate_id)[TEAROFF][0].id


def _hand_in_contacts(town: "Town") -> None:
    """A file of contacts was looked through, and nobody has said yet that it may come in."""
    town.told["import"] = tokens.new_id()
    content = b"Name,E-mail,City\r\nOda Berg,oda@example.com,Salem\r\n,nobody@example.com,\r\n"
    actions_import.hand_in(
        town.told["import"],
        "customers.csv",
        lambda path: path.write_bytes(content),
        as_member(town.here.owner),
    )
    importing.go_on()


def _wait_at_the_door(town: "Town") -> None:
    """Somebody is invited to the team, somebody else signs up a company: neither has pressed."""
    told = town.told
    told["member invite secret"], told["sign-up secret"] = tokens.new_secret(), tokens.new_secret()
    with transaction(Everyone("the town's own people")) as db:
        invite = MemberInvite(
            id=tokens.new_id(),
            contractor_id=town.here.company.id,
            email="ines@ridgeline-roofing.test",
            invited_by=town.here.owner.name,
            secret_hash=tokens.hash_secret(told["member invite secret"]),
            expires_at=clock.now() + timedelta(days=7),
        )
        begins = SignUp(
            company="Larkspur Plumbing",
            name="Noor Haddad",
            email="noor@larkspur.test",
            phone="+15035550199",
            password_hash="none that fits",
            secret_hash=tokens.hash_secret(told["sign-up secret"]),
            expires_at=clock.now() + timedelta(days=1),
        )
        db.add_all([invite, begins])
        told["member invite"] = invite.id


def _stop_halfway(town: "Town") -> None:
    """People who were sent a code and have not typed it yet; one who must say which job."""
    for name, path in (
        ("customer:coded", "/portal/account/email"),
        ("neighbor:coded", "/portal/account/email"),
        ("customer:confirming", "/portal/confirmation"),
    ):
        browser = town.client(name)
        answer = browser.post(path)
        assert answer.status_code == 303, f"{path}: {answer.status_code}"
        town.cookies[name] = ("portal", kept_cookie(browser, "portal"))
    jobs.run_pending()
    for stage in ("coded", "confirming"):
        mail = newest_mail(Mailbox(town.settings), town.at(stage).contact.email)
        town.told[f"code:{stage}"] = re.search(r"\b(\d{6})\b", mail)[1]
        found = re.search(r"/portal/link/([\w-]{43})", mail)
        town.told[f"link:{stage}"] = found[1] if found else ""
    one = town.at("complete")
    proved = as_data(confirmed_channel(one.account))
    choosing = {"accounts": [one.account.id], "contractor_id": one.account.contractor_id, **proved}
    mails = Mailbox(town.settings).latest("email", most=1000)
    files = (each.number for each in mails if any(each.mail.iter_attachments()))
    town.told |= {"mail": str(next(files)), "template": templates(read(town.here.company.id))[0].id}
    town.cookies["customer:choosing"] = cookie(
        town.app, "/portal", lambda: sessions.start(minutes=10, choosing=choosing, next="")
    )


def cookie(app: Flask, path: str, enter: Callable[[], Any]) -> tuple[str, str]:
    """The cookie of somebody who came in by the session's own door."""
    with app.test_request_context(path, environ_base=FROM):
        enter()
        answer = Response()
        app.session_interface.save_session(app, session._get_current_object(), answer)
        name, _, rest = answer.headers["Set-Cookie"].partition("=")
    return name, rest.partition(";")[0]


def kept_cookie(browser: FlaskClient, name: str) -> str:
    found = browser.get_cookie(name)
    return found.value if found else ""


def links_by_address(mailbox: Mailbox) -> dict[str, str]:
    """The secret of the newest invite by the address that it went to."""
    found: dict[str, str] = {}
    for arrival in reversed(mailbox.latest("email", most=1000)):
        text = arrival.mail.get_body(("plain",)).get_content()
        for secret in re.findall(r"http://localhost/i/([\w-]{43})", text):
            found[arrival.recipient] = secret
    return found


def newest_mail(mailbox: Mailbox, address: str) -> str:
    """The words of the last mail to the address."""
    mails = (each for each in mailbox.latest("email", most=1000) if each.recipient == address)
    return next(mails).mail.get_body(("plain",)).get_content()
