"""The demo's office as what is measured: who is signed in, and what they look at."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, session
from sqlalchemy import select

from onboarding import create_app, database, migrating
from onboarding.accounts.models import Account
from onboarding.accounts.queries import as_person as as_customer
from onboarding.config import Settings
from onboarding.contacts.models import Contact
from onboarding.contractors.models import Member
from onboarding.contractors.queries import as_person as as_member
from onboarding.database import Everyone, read
from onboarding.estimates.models import Estimate
from onboarding.journey.models import Onboarding
from onboarding.sandbox import demo
from onboarding.web import sessions

EVERYONE = Everyone("the benchmark looks at the whole demo")


@dataclass(frozen=True)
class Office:
    """The product with its demo. Cookies as a browser sends them."""

    app: Flask
    settings: Settings
    member_cookie: str

    def customer(self, name: str) -> Account:
        statement = select(Account).join(Contact, Contact.id == Account.contact_id)
        return read(EVERYONE).scalars(statement.where(Contact.name == name)).one()

    def job_of(self, name: str) -> Onboarding:
        statement = select(Onboarding).join(Contact, Contact.id == Onboarding.contact_id)
        return read(EVERYONE).scalars(statement.where(Contact.name == name)).one()

    def sent_estimate(self, name: str) -> Estimate:
        statement = select(Estimate).where(
            Estimate.onboarding_id == self.job_of(name).id, Estimate.sent_at.is_not(None)
        )
        return read(EVERYONE).scalars(statement.order_by(Estimate.version.desc())).first()

    def customer_cookie(self, name: str) -> str:
        person = as_customer(self.customer(name))
        return cookie(self.app, "/portal", lambda: sessions.sign_in(person))


def opened(folder: Path, port: int) -> Office:
    """Migrates, loads the demo and signs its owner in."""
    settings = Settings(
        base_url=f"http://127.0.0.1:{port}",
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'onboarding.db'}",
    )
    app = create_app(settings)
    migrating.upgrade()
    demo.load()
    owner = read(EVERYONE).scalars(select(Member).where(Member.email == demo.OWNER[1])).one()
    office = Office(app, settings, cookie(app, "/crm", lambda: sessions.sign_in(as_member(owner))))
    database.end_reads()
    return office


def cookie(app: Flask, path: str, enter: Callable[[], None]) -> str:
    """The cookie of somebody who came in by the session's own door."""
    with app.test_request_context(path):
        enter()
        answer = Response()
        app.session_interface.save_session(app, session._get_current_object(), answer)
    return answer.headers["Set-Cookie"].partition(";")[0]
