"""A contractor's house in a test: people to be, and what they have."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from onboarding import database, migrating
from onboarding.actor import Actor, Kind
from onboarding.config import Settings
from onboarding.contacts.models import Contact
from onboarding.contractors.actions import NewContractor, add_contractor
from onboarding.contractors.models import Contractor, Member
from onboarding.database import transaction

Tell = Callable[[str], None]
PASSWORD = "correct horse battery"


def empty_database(path: Path) -> Path:
    engine = database.configure(f"sqlite:///{path}")
    migrating.upgrade()
    engine.dispose()
    return path


@dataclass
class House:
    app: Flask
    settings: Settings

    def client(self) -> FlaskClient:
        """A browser of its own, with its own cookies."""
        return self.app.test_client()

    def company(self, name: str = "Ridgeline Roofing") -> tuple[Contractor, Member]:
        slug = name.lower().replace(" ", "-")
        return add_contractor(
            NewContractor(
                name=name,
                owner_name="Maria Lindqvist",
                owner_email=f"maria@{slug}.test",
                password=PASSWORD,
                phone="+15035550142",
                license_number="CCB 214887",
                postal_address="1420 Alder St, Portland, OR 97205",
                time_zone="America/Los_Angeles",
            )
        )

    def contact(self, company: Contractor, name: str = "Dana Whitfield", **fields: Any) -> Contact:
        given = {
            "email": f"{name.split()[0].lower()}@example.com",
            "mobile": "+15035550188",
            "address_line1": "88 Fir Lane",
            "city": "Portland",
            "state": "OR",
            "postal_code": "97211",
        }
        with transaction(company.id) as db:
            contact = Contact(contractor_id=company.id, name=name, **(given | fields))
            db.add(contact)
        return contact

    def sign_in_member(self, client: FlaskClient, member: Member) -> FlaskClient:
        answer = client.post("/crm/sign-in", data={"email": member.email, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client


def as_member(member: Member) -> Actor:
    return Actor(Kind.MEMBER, member.id, member.name, member.contractor_id)


def as_customer(account: Any) -> Actor:
    return Actor(
        Kind.CUSTOMER,
        account.id,
        account.name,
        account.contractor_id,
        ip="203.0.113.7",
        user_agent="A phone",
    )
