"""California limits electronic signatures on contracts signed at home: nothing is sent to be signed
on a screen before somebody has decided, and what was decided stands in the trail."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from onboarding.contracts import actions as contracts
from onboarding.contracts import choosing, queries
from onboarding.contracts.choosing import Choice
from onboarding.contracts.drafts import Words
from onboarding.contracts.e_signing import OFF_IN_SETTINGS
from onboarding.contracts.models import Contract
from onboarding.database import transaction
from onboarding.estimates import actions as estimates
from onboarding.invites.actions import Incomplete, send_invite
from onboarding.invites.queries import Missing
from onboarding.journey import actions as journey
from onboarding.journey.actions import Refused
from onboarding.journey.models import Event
from onboarding.journey.permissions import Refusal
from onboarding.notifications.models import Channel
from tests.deal import BODY, ROOF, now
from tests.house import House, as_member

WHY = "Signed in our showroom, as counsel confirmed."


@dataclass
class Job:
    """A fence whose estimate and contract are written and not sent."""

    house: House
    company_id: str
    owner: object
    estimate_id: str
    onboarding_id: str

    @property
    def contract(self) -> Contract:
        found = queries.contract_of_estimate(now(self.company_id), self.estimate_id)
        assert found is not None
        return found

    def member(self):
        return as_member(self.owner)

    def browser(self) -> FlaskClient:
        return self.house.sign_in_member(self.house.client(), self.owner)

    def choose(self, choice: Choice) -> None:
        choosing.choose_signing(self.estimate_id, choice, self.member())

    def send(self) -> None:
        send_invite(self.onboarding_id, [Channel.EMAIL], self.member())


def job(house: House, state: str = "CA") -> Job:
    company, owner = house.company()
    member = as_member(owner)
    contact = house.contact(company, "Theo Brandt", state=state)
    begun = estimates.draft_estimate(contact.id, "Fence", member)
    begun = estimates.save_draft(begun.id, ROOF, begun.draft_revision, member)
    contracts.keep_draft(begun.id, Words("Service agreement", BODY, "", None), 0, member)
    return Job(house, company.id, owner, begun.id, begun.onboarding_id)


@pytest.mark.parametrize("state", ["CA", "california"])
def test_in_california_nothing_is_sent_before_somebody_decided(house: House, state: str):
    fence = job(house, state)
    with pytest.raises(Incomplete) as kept:
        fence.send()
    assert [lack.what for lack in kept.value.lacks] == [Missing.SIGNING]
    with transaction(fence.company_id) as db:
        onboarding = journey.lock(db, fence.onboarding_id)
        sent = estimates.send_version(db, onboarding, fence.member())
        with pytest.raises(Refused) as refused:
            contracts.send_draft(db, sent, fence.member())
    assert refused.value.refusal is Refusal.SIGNING_UNDECIDED
    assert fence.contract.sent_at is None


@pytest.mark.parametrize(
    "choice",
    [
        Choice(e_sign_reason=WHY),
        Choice(is_on_paper=True),
        Choice(has_cancel_right=False, no_cancel_reason=WHY),
    ],
    ids=["a reason", "on paper", "not signed at home"],
)
def test_decided_it_goes_out_and_the_trail_says_what_was_decided(house: House, choice: Choice):
    fence = job(house)
    fence.choose(choice)
    fence.send()
    assert fence.contract.sent_at is not None
    chosen = select(Event.data).where(Event.kind == "contract.signing_chosen")
    (said,) = now(fence.company_id).scalars(chosen)
    assert said["e_sign_reason"] == choice.e_sign_reason
    assert said["no_cancel_reason"] == choice.no_cancel_reason
    assert said["is_on_paper"] == choice.is_on_paper


def test_a_right_switched_off_for_the_whole_company_decides_nothing(house: House):
    fence = job(house)
    with transaction(fence.company_id) as db:
        kept = db.get_one(Contract, fence.contract.id)
        kept.has_cancel_right, kept.no_cancel_reason = False, OFF_IN_SETTINGS
    with pytest.raises(Incomplete):
        fence.send()
    page = fence.browser().post(
        f"/crm/estimates/{fence.estimate_id}/contract/signing",
        data={"no_cancel_reason": OFF_IN_SETTINGS},
    )
    assert page.status_code == 422


def test_elsewhere_nobody_is_asked(house: House):
    fence = job(house, "OR")
    assert (
        "limits electronic"
        not in fence.browser().get(f"/crm/estimates/{fence.estimate_id}/contract").text
    )
    fence.send()
    assert fence.contract.sent_at is not None


def test_draft_and_invite_warn_and_lead_to_the_choice(house: House):
    fence = job(house)
    members = fence.browser()
    choice = f"/crm/estimates/{fence.estimate_id}/contract/signing"
    draft = members.get(f"/crm/estimates/{fence.estimate_id}/contract").text
    assert "This state limits electronic signatures" in draft
    assert f'href="{choice}"' in draft
    compose = f"/crm/onboardings/{fence.onboarding_id}/invite"
    invite = members.get(compose).text
    assert "California keeps contracts signed at home out" in invite
    assert f'href="{choice}"' in invite
    assert "Send Portal Invite</button>" not in invite
    assert members.post(compose, data={"channels": "email"}).status_code == 422
    refused = members.post(choice, data={"has_cancel_right": "y", "e_sign_reason": "  "})
    assert refused.status_code == 422
    assert "Say why the limit does not apply, or choose paper." in refused.text
    said = members.post(
        choice, data={"has_cancel_right": "y", "e_sign_reason": WHY}, follow_redirects=True
    ).text
    assert WHY in said
    assert "California keeps" not in members.get(compose).text


def test_on_paper_both_pages_say_how_it_goes_on(house: House):
    fence = job(house)
    members = fence.browser()
    choice = f"/crm/estimates/{fence.estimate_id}/contract/signing"
    draft = members.post(
        choice,
        data={"has_cancel_right": "y", "is_on_paper": "y", "e_sign_reason": WHY},
        follow_redirects=True,
    ).text
    assert "upload the scan here" in draft
    assert fence.contract.e_sign_reason == ""
    invite = members.get(f"/crm/onboardings/{fence.onboarding_id}/invite").text
    assert "print the contract, have it signed" in invite


def test_a_revision_keeps_the_decision(house: House):
    fence = job(house)
    fence.choose(Choice(e_sign_reason=WHY))
    fence.send()
    revised = estimates.revise(fence.onboarding_id, fence.member())
    copied = queries.contract_of_estimate(now(fence.company_id), revised.id)
    assert copied is not None
    assert copied.e_sign_reason == WHY
