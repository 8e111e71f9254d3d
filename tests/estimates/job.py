"""A job with its estimate, as far as the contractor and the customer have come."""

from dataclasses import dataclass
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from onboarding import clock, tokens
from onboarding.accounts.models import Account
from onboarding.actor import Actor
from onboarding.contacts.models import Contact
from onboarding.contractors.models import Contractor, Member
from onboarding.contracts import actions as contracts
from onboarding.contracts.models import Contract
from onboarding.database import Everyone, read, transaction
from onboarding.estimates import actions
from onboarding.estimates.drafts import DraftLine, EstimateDraft
from onboarding.estimates.models import Estimate
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.journey.models import Event, Onboarding
from onboarding.web.models import WebSession
from tests.house import House, as_customer

ROOF = EstimateDraft(
    scope="Tear off two layers to the deck.\n\nInstall a 30-year architectural shingle.",
    lines=(
        DraftLine("tearoff".ljust(26, "0"), "Tear-off and disposal", "Two layers", 28_000,
                  "squares", 14_929),
        DraftLine("shingles".ljust(26, "0"), "Architectural shingles", "", 28_000, "squares",
                  33_000),
        DraftLine("flashing".ljust(26, "0"), "Copper chimney flashing", "", 1_000, "", 89_000,
                  is_optional=True),
        DraftLine("guards".ljust(26, "0"), "Gutter guards", "", 140_000, "ft", 800,
                  is_optional=True, starts_chosen=True),
    ),
    tax_rate=8_000,
)  # fmt: skip
TEAROFF, SHINGLES, FLASHING, GUARDS = (line.key for line in ROOF.lines)


@dataclass
class Job:
    """One contact's job. `member` and `customer` are actors."""

    house: House
    company: Contractor
    owner: Member
    contact: Contact
    member: Actor
    customer: Actor | None
    estimate: Estimate

    @property
    def onboarding(self) -> Onboarding:
        return read(self.company.id).get_one(Onboarding, self.estimate.onboarding_id)

    def events(self) -> list[str]:
        statement = select(Event.kind).where(Event.onboarding_id == self.estimate.onboarding_id)
        return list(read(self.company.id).scalars(statement.order_by(Event.seq)))

    def save(self, draft: EstimateDraft) -> Estimate:
        self.estimate = actions.save_draft(
            self.estimate.id, draft, self.estimate.draft_revision, self.member
        )
        return self.estimate

    def send(self) -> Estimate:
        """Sends the draft with a contract, as *Send Portal Invite* does."""
        with transaction(self.company.id) as db:
            onboarding = journey.lock(db, self.estimate.onboarding_id)
            self.estimate = actions.send_version(db, onboarding, self.member)
            if contracts.contract_of_estimate(db, self.estimate.id) is None:
                db.add(_contract(onboarding, self.estimate))
            db.flush()
            contracts.send_draft(db, self.estimate, self.member)
        return self.estimate

    def account(self) -> Actor:
        """The customer presses the link and makes an account."""
        with transaction(self.company.id) as db:
            account = Account(
                contractor_id=self.company.id,
                contact_id=self.contact.id,
                name=self.contact.name,
                email=self.contact.email,
            )
            db.add(account)
            db.flush()
            onboarding = journey.lock(db, self.estimate.onboarding_id)
            self.customer = as_customer(account)
            journey.record(
                db, onboarding, EventKind.ACCOUNT_CREATED, self.customer,
                has_account=True, has_profile=True, invite="opened",
            )  # fmt: skip
        return self.customer

    def revise(self, draft: EstimateDraft) -> Estimate:
        self.estimate = actions.revise(self.estimate.onboarding_id, self.member)
        self.save(draft)
        return self.send()

    def begin_revision(self) -> Estimate:
        self.estimate = actions.revise(self.estimate.onboarding_id, self.member)
        return self.estimate

    def revoked(self) -> None:
        """As the invites room records a revocation."""
        with transaction(self.company.id) as db:
            onboarding = journey.lock(db, self.estimate.onboarding_id)
            journey.record(db, onboarding, EventKind.INVITE_REVOKED, self.member, invite="revoked")

    def neighbor(self) -> "Job":
        """Another customer of the same company, with an estimate of their own."""
        contact = self.house.contact(self.company, "Eli Brandt")
        estimate = actions.draft_estimate(contact.id, "Heat pump", self.member)
        job = Job(self.house, self.company, self.owner, contact, self.member, None, estimate)
        job.save(ROOF)
        job.send()
        job.account()
        return job

    def signed(self) -> None:
        """As the contracts room records a signature, with a card on file already."""
        with transaction(self.company.id) as db:
            onboarding = journey.lock(db, self.estimate.onboarding_id)
            version = onboarding.approved_version
            journey.record(
                db, onboarding, EventKind.CONTRACT_SIGNED, self.customer,
                signed_version=version, consented_version=version, has_card=True,
            )  # fmt: skip


def _contract(onboarding: Onboarding, estimate: Estimate) -> Contract:
    return Contract(
        contractor_id=onboarding.contractor_id,
        onboarding_id=onboarding.id,
        estimate_id=estimate.id,
        template_body="The contractor does the work for {total}.",
    )


def new_line(name: str, cents: int) -> DraftLine:
    return DraftLine(tokens.new_id(), name, unit_price_cents=cents)


def signed_in(job: Job, kind: str, subject_id: str) -> FlaskClient:
    """A browser that carries a session already, as after signing in."""
    secret = tokens.new_secret()
    with transaction(Everyone("a test signs people in by their session's row")) as db:
        db.add(
            WebSession(
                secret_hash=tokens.hash_secret(secret),
                kind=kind,
                subject_id=subject_id,
                contractor_id=job.company.id,
                data={"_user_id": subject_id},
                expires_at=clock.now() + timedelta(days=1),
            )
        )
    client = job.house.client()
    client.set_cookie(kind, f"s.{secret}")
    return client


def customers_browser(job: Job) -> FlaskClient:
    return signed_in(job, "portal", job.customer.id)


def members_browser(job: Job) -> FlaskClient:
    return signed_in(job, "crm", job.owner.id)
