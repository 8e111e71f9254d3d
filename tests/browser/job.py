"""A job ready to be sent: contact, estimate and contract, as the office has written them."""

from dataclasses import dataclass

from playwright.sync_api import Page

from onboarding.contacts.models import Contact
from onboarding.contractors.models import Contractor, Member
from onboarding.contracts import actions as contracts
from onboarding.contracts import default_template
from onboarding.contracts.drafts import Words
from onboarding.contracts.queries import contract_of_estimate
from onboarding.database import read
from onboarding.estimates import actions as estimates
from onboarding.estimates.drafts import DraftLine, EstimateDraft
from onboarding.invites import actions as invites
from onboarding.journey.status import status_of
from onboarding.notifications.models import Channel
from tests.browser.live import Live
from tests.deal import Deal, signed_in
from tests.house import as_member

TEAROFF, SHINGLES, GUARDS = (
    "tearoff".ljust(26, "0"),
    "shingles".ljust(26, "0"),
    "guards".ljust(26, "0"),
)
ROOF = EstimateDraft(
    scope="Tear off two layers to the deck.\n\n- Synthetic underlayment\n- 30-year shingle",
    lines=(
        DraftLine(
            TEAROFF,
            "Tear-off and disposal",
            "Two layers, dump fees included",
            28_000,
            "squares",
            14_929,
        ),
        DraftLine(SHINGLES, "Architectural shingles", "", 28_000, "squares", 33_000),
        DraftLine(GUARDS, "Gutter guards", "", 140_000, "ft", 800, is_optional=True),
    ),
    tax_rate=8_000,
)


@dataclass
class Job:
    """What a story needs to know of the job it is about."""

    live: Live
    company: Contractor
    member: Member
    contact: Contact
    onboarding_id: str
    estimate_id: str

    def send(self, *channels: Channel) -> None:
        chosen = list(channels) or [Channel.EMAIL]
        invites.send_invite(self.onboarding_id, chosen, as_member(self.member))

    def revoke(self) -> None:
        invites.revoke_invite(self.onboarding_id, as_member(self.member))


def roof_job(live: Live, name: str = "Dana Whitfield") -> Job:
    company, member = live.house.company()
    return job_for(live, company, member, live.house.contact(company, name))


def job_for(
    live: Live,
    company: Contractor,
    member: Member,
    contact: Contact,
    title: str = "Roof replacement",
    draft: EstimateDraft = ROOF,
) -> Job:
    """A job for a contact who is there already: a second one, or one of somebody else."""
    by = as_member(member)
    begun = estimates.draft_estimate(contact.id, title, by)
    estimate = estimates.save_draft(begun.id, draft, begun.draft_revision, by)
    drafted = contract_of_estimate(read(company.id), estimate.id)
    words = Words(default_template.TITLE, default_template.BODY, "Three weeks from signing.", None)
    contracts.keep_draft(estimate.id, words, drafted.draft_revision if drafted else 0, by)
    return Job(live, company, member, contact, estimate.onboarding_id, estimate.id)


def enters(page: Page, live: Live, deal: Deal) -> None:
    """Puts the customer of a deal into this browser, signed in by a code a moment ago."""
    client = signed_in(live.house, "portal", deal.account.id, deal.company.id)
    cookie = client.get_cookie("portal")
    assert cookie is not None
    page.context.add_cookies([{"name": "portal", "value": cookie.value, "url": live.url}])


def standing(deal: Deal) -> tuple[str, ...]:
    """The status label and its details, as the office sees them."""
    status = status_of(deal.onboarding.facts)
    return (status.status.value, *(detail.value for detail in status.details))
