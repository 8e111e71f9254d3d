"""A contractor with a contact whose estimate and contract are ready, and what was sent to whom."""

import re
from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy import select

from onboarding import tokens
from onboarding.actor import Actor
from onboarding.contacts.models import Contact
from onboarding.contractors.models import Contractor, Member
from onboarding.contracts.models import Contract
from onboarding.contracts.queries import contract_of_estimate
from onboarding.database import Everyone, end_reads, read, transaction
from onboarding.estimates.actions import draft_estimate, save_draft
from onboarding.estimates.drafts import DraftLine, EstimateDraft
from onboarding.estimates.models import Estimate
from onboarding.invites.actions import send_invite
from onboarding.invites.models import Invite, InviteLink
from onboarding.journey.models import Event, Onboarding
from onboarding.notifications.models import Channel, Delivery
from onboarding.notifications.payload import unsealed
from tests.house import House, as_member

ANYONE = Everyone("a test looks at everything")


@dataclass
class Scene:
    house: House
    company: Contractor
    member: Member
    contact: Contact
    onboarding_id: str

    @property
    def by(self) -> Actor:
        return as_member(self.member)

    def send(self, *channels: Channel) -> None:
        send_invite(self.onboarding_id, channels or (Channel.EMAIL,), self.by)

    def onboarding(self) -> Onboarding:
        end_reads()
        return read(ANYONE).get_one(Onboarding, self.onboarding_id)

    def events(self) -> list[str]:
        end_reads()
        mine = select(Event).where(Event.onboarding_id == self.onboarding_id).order_by(Event.seq)
        return [event.kind for event in read(ANYONE).scalars(mine)]

    def invites(self) -> list[Invite]:
        end_reads()
        return list(read(ANYONE).scalars(select(Invite).order_by(Invite.id)))

    def links(self) -> list[InviteLink]:
        end_reads()
        return list(read(ANYONE).scalars(select(InviteLink).order_by(InviteLink.id)))

    def deliveries(self, purpose: str = "") -> list[Delivery]:
        end_reads()
        found = read(ANYONE).scalars(select(Delivery).order_by(Delivery.id))
        return [each for each in found if not purpose or each.purpose == purpose]

    def words(self, delivery: Delivery) -> str:
        """What a message says, as its receiver reads it."""
        assert delivery.payload is not None, "the words are gone"
        return unsealed(delivery.payload).text

    def secret(self, number: int = -1, purpose: str = "invite") -> str:
        """The secret of an invite's link, from the message that carried it."""
        return str(re.search(r"/i/([\w-]{43})", self.words(self.deliveries(purpose)[number]))[1])

    def code(self, number: int = -1) -> str:
        found = [each for each in self.deliveries() if each.is_code]
        return str(re.search(r"\b(\d{6})\b", self.words(found[number]))[1])

    def mailed_link(self, number: int = -1) -> str:
        words = self.words(self.deliveries("magic_link")[number])
        return str(re.search(r"/portal/link/([\w-]{43})", words)[1])

    def edit_contact(self, **fields: str | None) -> None:
        with transaction(self.company.id) as db:
            contact = db.get_one(Contact, self.contact.id)
            for name, value in fields.items():
                setattr(contact, name, value)

    def started(self, client: FlaskClient | None = None) -> FlaskClient:
        """A browser in which *Get started* was pressed."""
        client = client or self.house.client()
        answer = client.post(f"/i/{self.secret()}/start")
        assert answer.status_code == 303, answer.text
        return client


def ready(house: House, company_name: str = "Ridgeline Roofing", **contact: str | None) -> Scene:
    """Everything is there to be sent, and nothing was."""
    company, member = house.company(company_name)
    person = house.contact(company, **contact)
    return ready_for(house, company, member, person)


def ready_for(
    house: House,
    company: Contractor,
    member: Member,
    person: Contact,
    title: str = "Roof replacement",
) -> Scene:
    by = as_member(member)
    estimate = draft_estimate(person.id, title, by)
    line = DraftLine(tokens.new_id(), "Architectural shingles", unit_price_cents=1_845_000)
    save_draft(estimate.id, EstimateDraft("A new roof.", (line,)), estimate.draft_revision, by)
    with transaction(company.id) as db:
        if contract_of_estimate(db, estimate.id) is None:
            db.add(_contract(company, estimate))
    return Scene(house, company, member, person, estimate.onboarding_id)


def _contract(company: Contractor, estimate: Estimate) -> Contract:
    return Contract(
        contractor_id=company.id,
        onboarding_id=estimate.onboarding_id,
        estimate_id=estimate.id,
        template_body="The contractor does the work for {total}.",
    )
