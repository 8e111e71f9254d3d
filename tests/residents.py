"""People of a contractor at each stage of the journey, brought there by the rooms' own actions."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count

from onboarding import clock, jobs
from onboarding.accounts import actions as accounts
from onboarding.accounts import actions_profile
from onboarding.accounts.actions_profile import Profile
from onboarding.accounts.models import Account
from onboarding.actor import Actor
from onboarding.contacts.models import Contact
from onboarding.contractors.models import Contractor, Member
from onboarding.contracts import actions as contracts
from onboarding.contracts import consenting, default_template, signing
from onboarding.contracts.drafts import Words
from onboarding.contracts.models import Contract
from onboarding.contracts.queries import contract_of_estimate
from onboarding.database import read, transaction
from onboarding.estimates import actions as estimates
from onboarding.estimates import actions_answers, pricing
from onboarding.estimates.drafts import DraftLine, EstimateDraft
from onboarding.estimates.models import Estimate
from onboarding.invites import actions as invites
from onboarding.invites import actions_link
from onboarding.invites.actions_link import Started
from onboarding.invites.queries import latest_invite
from onboarding.messages import actions as messages
from onboarding.notifications.models import Channel
from onboarding.payments.actions import Wish, start_card_setup
from onboarding.payments.converging import converge
from onboarding.payments.models import CardSetup
from onboarding.payments.queries import methods_of
from tests.house import PASSWORD, as_customer, as_member

_numbers = count(1)
TEAROFF = "tearoff".ljust(26, "0")
GUARDS = "guards".ljust(26, "0")
FLASHING = "flashing".ljust(26, "0")
ROOF = EstimateDraft(
    scope="Tear off two layers to the deck.\n\nInstall a 30-year architectural shingle.",
    lines=(
        DraftLine(TEAROFF, "Tear-off and disposal", "Two layers", 28_000, "squares", 14_929),
        DraftLine(GUARDS, "Gutter guards", "", 140_000, "ft", 800, is_optional=True),
    ),
    tax_rate=8_000,
)
ROOF_AGAIN = replace(
    ROOF,
    scope=f"{ROOF.scope}\n\nNew flashing around the chimney.",
    lines=(
        replace(ROOF.lines[0], unit_price_cents=13_900),
        DraftLine(FLASHING, "Chimney flashing", "Copper, soldered", 1_000, "each", 64_000),
    ),
)

# In the order of the journey; the last ones leave it on the way.
STAGES = (
    *("new", "drafted", "invited", "started", "profile", "estimate"),
    *("approved", "opened", "consented", "signed", "returning", "complete"),
    *("coded", "confirming", "paying", "banking", "rejected", "revised", "resent"),
    *("revoked", "expired", "replaced"),
)
_BEFORE_SENDING = ("new", "drafted")
_NOT_STARTED = ("invited", "expired", "replaced")
_WAY = {
    stage: place
    for place, stage in enumerate(
        ("started", "profile", "estimate", "approved", "opened", "consented", "signed", "complete")
    )
}
_LEAVES_AT = {
    "coded": "started", "confirming": "estimate",
    "returning": "signed", "paying": "signed", "banking": "signed",
    "rejected": "estimate", "revised": "estimate", "resent": "estimate",
    "revoked": "estimate",
}  # fmt: skip


@dataclass(frozen=True)
class Resident:
    """A contact and what hangs on it; empty where the stage has none yet."""

    stage: str
    contact: Contact
    onboarding_id: str = ""
    estimate_id: str = ""
    secret: str = ""
    invite_id: str = ""
    started: Started | None = None
    account: Account | None = None
    contract_id: str = ""
    frozen_sha256: str = ""
    total_cents: int = 0
    card_ids: tuple[str, ...] = ()
    stripe_session: str = ""

    @property
    def actor(self) -> Actor:
        return as_customer(self.account)


@dataclass
class Settler:
    """Brings the people of one contractor to their stages. `pay` presses the test card of a name on
    the hosted page at an address."""

    company: Contractor
    owner: Member
    pay: Callable[[str, str], None]
    stages: tuple[str, ...] = STAGES

    @property
    def member(self) -> Actor:
        return as_member(self.owner)

    def invite_all(self) -> dict[str, Resident]:
        return {stage: self._begin(stage) for stage in self.stages}

    def go_on(self, one: Resident, links: dict[str, str]) -> Resident:
        """From the invite in the mailbox to the stage."""
        one = replace(one, secret=links.get(one.contact.email or "", ""))
        if one.stage in _BEFORE_SENDING:
            return one
        if one.stage in _NOT_STARTED:
            return self._end_link(one)
        walks = (
            self._start, self._set_up, self._save_profile, self._approve, self._open_contract,
            self._consent, self._sign, self._pay,
        )  # fmt: skip
        last = _WAY[_LEAVES_AT.get(one.stage, one.stage)]
        for walk in walks[: last + 1]:
            one = walk(one)
        return getattr(self, f"_{one.stage}", lambda same: same)(one)

    def _begin(self, stage: str) -> Resident:
        slug = f"{stage}-{next(_numbers)}"
        with transaction(self.company.id) as db:
            contact = Contact(
                contractor_id=self.company.id,
                name=f"Dana {stage.title()}",
                email=f"{slug}@example.com",
                mobile="+15035550188",
                address_line1="88 Fir Lane",
                city="Portland",
                state="OR",
                postal_code="97211",
            )
            db.add(contact)
        one = Resident(stage, contact)
        if stage == "new":
            return one
        estimate = self._draft(contact)
        one = replace(one, onboarding_id=estimate.onboarding_id, estimate_id=estimate.id)
        if stage == "expired":
            # Its mail went out in time, too.
            with clock.shifted(timedelta(hours=-73)):
                invites.send_invite(one.onboarding_id, [Channel.EMAIL], self.member)
                jobs.run_pending()
        elif stage != "drafted":
            invites.send_invite(one.onboarding_id, [Channel.EMAIL], self.member)
        last = latest_invite(read(self.company.id), one.onboarding_id)
        return replace(one, invite_id=last.id) if last else one

    def _draft(self, contact: Contact) -> Estimate:
        draft = estimates.draft_estimate(contact.id, "Roof replacement", self.member)
        estimate = estimates.save_draft(draft.id, ROOF, draft.draft_revision, self.member)
        words = Words(
            default_template.TITLE, default_template.BODY, "Work begins within three weeks.", None
        )
        contracts.keep_draft(estimate.id, words, self._contract_revision(estimate.id), self.member)
        return estimate

    def _contract_revision(self, estimate_id: str) -> int:
        drafted = contract_of_estimate(read(self.company.id), estimate_id)
        return drafted.draft_revision if drafted else 0

    def _end_link(self, one: Resident) -> Resident:
        if one.stage == "replaced":
            with clock.shifted(timedelta(minutes=2)):
                invites.resend_invite(one.onboarding_id, self.member)
        return one

    def _start(self, one: Resident) -> Resident:
        started = actions_link.start(one.secret, "203.0.113.7", "A phone")
        return replace(one, started=started, invite_id=started.invite_id)

    def _set_up(self, one: Resident) -> Resident:
        starter = accounts.Starter(
            *(one.started.contractor_id, one.started.contact_id, one.started.onboarding_id),
            *(one.started.invite_id, one.started.channel, one.started.address, one.started.at),
            *("203.0.113.7", "A phone"),
        )
        return replace(one, account=accounts.create_with_link(starter).account)

    def _save_profile(self, one: Resident) -> Resident:
        home = ("88 Fir Lane", "", "Portland", "OR", "97211")
        profile = Profile(one.contact.name, *home, "email")
        actions_profile.save_profile(one.account.id, profile, one.actor)
        return self._read_estimate(one)

    def _read_estimate(self, one: Resident) -> Resident:
        estimate = estimates.newest(read(self.company.id), one.onboarding_id)
        return replace(one, estimate_id=estimate.id, total_cents=pricing.totals(estimate, ()).total)

    def _approve(self, one: Resident) -> Resident:
        actions_answers.open_version(one.estimate_id, one.actor)
        actions_answers.approve_estimate(one.estimate_id, (), one.total_cents, one.actor)
        frozen: Contract = contract_of_estimate(read(self.company.id), one.estimate_id)
        return replace(one, contract_id=frozen.id, frozen_sha256=frozen.frozen_sha256)

    def _open_contract(self, one: Resident) -> Resident:
        consenting.open_pdf(one.contract_id, one.onboarding_id, one.actor)
        return one

    def _consent(self, one: Resident) -> Resident:
        consenting.give_consent(
            one.contract_id, one.onboarding_id, one.frozen_sha256, "en", one.actor
        )
        return one

    def _sign(self, one: Resident) -> Resident:
        signing.sign_contract(
            one.contract_id,
            one.onboarding_id,
            one.frozen_sha256,
            signing.Signature(typed_text=one.contact.name),
            one.actor,
        )
        return one

    def _pay(self, one: Resident) -> Resident:
        """Two cards: one with auto-pay, one without; a password; words to and fro."""
        for wants_auto_pay, place in ((True, "card"), (False, "methods")):
            wish = Wish(place, wants_auto_pay)
            begun = start_card_setup(one.onboarding_id, one.contact.id, wish, one.actor)
            self.pay(begun.url, "visa")
            converge(begun.setup_id)
        actions_profile.change_password(one.account.id, PASSWORD, one.actor, None)
        said = messages.Words("When do you begin?", "question".ljust(26, "0"))
        messages.ask(one.onboarding_id, said, one.actor)
        said = messages.Words("On Monday.", "answer".ljust(26, "0"))
        messages.answer(one.onboarding_id, said, self.member)
        cards = methods_of(read(self.company.id), one.contact.id)
        return replace(one, card_ids=tuple(card.id for card in cards))

    def _returning(self, one: Resident) -> Resident:
        """Back from Stripe's page with a good card that nobody has asked about yet."""
        return self._at_stripe(one, "visa")

    def _paying(self, one: Resident) -> Resident:
        """On Stripe's page, with the card still in hand."""
        return self._at_stripe(one, "")

    def _banking(self, one: Resident) -> Resident:
        """On Stripe's page, before the bank's question."""
        return self._at_stripe(one, "authenticate")

    def _at_stripe(self, one: Resident, card: str) -> Resident:
        begun = start_card_setup(one.onboarding_id, one.contact.id, Wish(), one.actor)
        if card:
            self.pay(begun.url, card)
        setup = read(self.company.id).get_one(CardSetup, begun.setup_id)
        return replace(one, stripe_session=setup.stripe_session)

    def _rejected(self, one: Resident) -> Resident:
        actions_answers.open_version(one.estimate_id, one.actor)
        actions_answers.reject_estimate(one.estimate_id, one.actor)
        return one

    def _revised(self, one: Resident) -> Resident:
        """Rejected, and the next version is being drafted."""
        self._rejected(one)
        estimates.revise(one.onboarding_id, self.member)
        return one

    def _resent(self, one: Resident) -> Resident:
        """The next version was sent: a cheaper line, one gone, one new, more to be done."""
        self._revised(one)
        draft = estimates.newest(read(self.company.id), one.onboarding_id)
        estimates.save_draft(draft.id, ROOF_AGAIN, draft.draft_revision, self.member)
        invites.send_invite(one.onboarding_id, [Channel.EMAIL], self.member)
        return self._read_estimate(one)

    def _revoked(self, one: Resident) -> Resident:
        invites.revoke_invite(one.onboarding_id, self.member)
        return one
