"""A job whose estimate was sent with its contract, and its customer, as far as a test needs."""

import json
import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock, tokens
from onboarding.accounts.models import Account
from onboarding.actor import Actor
from onboarding.contacts.models import Contact
from onboarding.contractors.models import Contractor, Member
from onboarding.contracts import actions as contracts
from onboarding.contracts import consenting, queries, signing
from onboarding.contracts.drafts import Words
from onboarding.contracts.models import Contract, ContractSignature
from onboarding.contracts.signing import Signature
from onboarding.database import Everyone, Scope, end_reads, read, transaction
from onboarding.estimates import actions, actions_answers, pricing
from onboarding.estimates.drafts import DraftLine, EstimateDraft
from onboarding.estimates.models import Estimate
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.journey.models import Event, Onboarding
from onboarding.web.models import WebSession
from tests.house import House, as_customer, as_member

ROOF = EstimateDraft(
    scope="Tear off two layers to the deck.\n\n# Not included\n- Painting of the fascia",
    lines=(
        DraftLine("tearoff".ljust(26, "0"), "Tear-off and disposal", "Two layers", 28_000,
                  "squares", 14_929),
        DraftLine("shingles".ljust(26, "0"), "Architectural shingles", "", 28_000, "squares",
                  33_000),
        DraftLine("guards".ljust(26, "0"), "Gutter guards", "", 140_000, "ft", 800,
                  is_optional=True, starts_chosen=True),
    ),
    tax_rate=8_000,
)  # fmt: skip
GUARDS = ROOF.lines[2].key
BODY = (
    "# The work\n\n{customer_name} pays {total} to {company_name} for {job_title}.\n\n"
    "- Cleanup daily"
)
WAVE = [(40.0 + 3 * t, 60 + 30 * math.sin(t / 5), 0.5) for t in range(80)]


def now(scope: Scope) -> Session:
    """What stands in the database at this moment, whoever wrote it."""
    end_reads()
    return read(scope)


def points(strokes: Any = (WAVE,)) -> str:
    """Strokes as signature_pad posts them."""
    return json.dumps(
        [{"points": [{"x": x, "y": y, "pressure": p} for x, y, p in stroke]} for stroke in strokes]
    )


@dataclass
class Deal:
    """One contact's job, sent; `member` and `customer` are actors."""

    house: House
    company: Contractor
    owner: Member
    contact: Contact
    member: Actor
    account: Account
    customer: Actor
    estimate: Estimate

    @property
    def onboarding(self) -> Onboarding:
        return now(self.company.id).get_one(Onboarding, self.estimate.onboarding_id)

    @property
    def contract(self) -> Contract:
        found = queries.contract_of_estimate(now(self.company.id), self.estimate.id)
        assert found is not None
        return found

    @property
    def signature(self) -> ContractSignature | None:
        return queries.latest_signature(now(self.company.id), self.estimate.onboarding_id)

    def events(self) -> list[str]:
        statement = select(Event.kind).where(Event.onboarding_id == self.estimate.onboarding_id)
        return list(now(self.company.id).scalars(statement.order_by(Event.seq)))

    def approve(self, chosen: tuple[str, ...] = (GUARDS,)) -> None:
        total = pricing.totals(self.estimate, chosen).total
        actions_answers.approve_estimate(self.estimate.id, chosen, total, self.customer)

    def consent(self) -> None:
        contract = self.contract
        consenting.open_pdf(contract.id, contract.onboarding_id, self.customer)
        consenting.give_consent(
            contract.id, contract.onboarding_id, str(contract.frozen_sha256), "en", self.customer
        )

    def sign(self, signature: Signature | None = None) -> ContractSignature:
        contract = self.contract
        return signing.sign_contract(
            contract.id,
            contract.onboarding_id,
            str(contract.frozen_sha256),
            signature or Signature(typed_text="Dana Whitfield"),
            self.customer,
        )

    def signed(self) -> ContractSignature:
        """As far as the signature."""
        self.approve()
        self.consent()
        return self.sign()

    def revoke(self) -> None:
        with transaction(self.company.id) as db:
            onboarding = journey.lock(db, self.estimate.onboarding_id)
            journey.record(db, onboarding, EventKind.INVITE_REVOKED, self.member, invite="revoked")

    def revise(self) -> None:
        """The next version, with one more line, sent with a copy of the contract."""
        revised = actions.revise(self.estimate.onboarding_id, self.member)
        more = (*ROOF.lines, DraftLine(tokens.new_id(), "Ridge vent", unit_price_cents=76_000))
        draft = EstimateDraft(scope=ROOF.scope, lines=more, tax_rate=8_000)
        self.estimate = actions.save_draft(revised.id, draft, revised.draft_revision, self.member)
        self.estimate = _send(self.company, self.estimate, self.member)

    def begin_another(self) -> None:
        """A second job for the same customer, sent, which this deal is about from now on."""
        begun = actions.draft_estimate(self.contact.id, "New gutters", self.member)
        begun = actions.save_draft(begun.id, ROOF, begun.draft_revision, self.member)
        words = Words("Service agreement", BODY, "Work begins in June.", None)
        contracts.keep_draft(begun.id, words, 0, self.member)
        self.estimate = _send(self.company, begun, self.member)

    def browser(self) -> FlaskClient:
        """The customer's browser, signed in."""
        return signed_in(self.house, "portal", self.account.id, self.company.id)

    def members_browser(self) -> FlaskClient:
        return signed_in(self.house, "crm", self.owner.id, self.company.id)


def deal(house: House, name: str = "Ridgeline Roofing", person: str = "Dana Whitfield") -> Deal:
    """A roof with one option, sent with its contract to a customer who has an account."""
    company, owner = house.company(name)
    contact = house.contact(company, person)
    member = as_member(owner)
    estimate = actions.draft_estimate(contact.id, "Roof replacement", member)
    estimate = actions.save_draft(estimate.id, ROOF, estimate.draft_revision, member)
    contracts.keep_draft(
        estimate.id, Words("Service agreement", BODY, "Work begins in May.", None), 0, member
    )
    estimate = _send(company, estimate, member)
    account = _account(company, contact, estimate)
    customer = as_customer(account)
    return Deal(house, company, owner, contact, member, account, customer, estimate)


def signed_in(house: House, kind: str, subject_id: str, contractor_id: str) -> FlaskClient:
    """A browser with a session of its own, as signing in by a code would have left it."""
    secret = tokens.new_secret()
    data = {"_user_id": subject_id, "_fresh": True, "confirmed_at": clock.now().isoformat()}
    with transaction(Everyone("a test signs somebody in")) as db:
        db.add(
            WebSession(
                secret_hash=tokens.hash_secret(secret),
                kind=kind,
                subject_id=subject_id,
                contractor_id=contractor_id,
                data=data,
                expires_at=clock.now() + timedelta(hours=2),
            )
        )
    client = house.client()
    client.set_cookie(kind, f"s.{secret}")
    return client


def _send(company: Contractor, estimate: Estimate, member: Actor) -> Estimate:
    with transaction(company.id) as db:
        onboarding = journey.lock(db, estimate.onboarding_id)
        sent = actions.send_version(db, onboarding, member)
        contracts.send_draft(db, sent, member)
        return sent


def _account(company: Contractor, contact: Contact, estimate: Estimate) -> Account:
    now = clock.now()
    with transaction(company.id) as db:
        account = Account(
            contractor_id=company.id,
            contact_id=contact.id,
            name=contact.name,
            address_line1=contact.address_line1,
            city=contact.city,
            state=contact.state,
            email=contact.email,
            email_confirmed_at=now,
            profile_saved_at=now,
        )
        db.add(account)
        db.flush()
        onboarding = journey.lock(db, estimate.onboarding_id)
        journey.record(
            db, onboarding, EventKind.ACCOUNT_CREATED, as_customer(account),
            has_account=True, has_profile=True, invite="opened", opened_version=1,
        )  # fmt: skip
        return account
