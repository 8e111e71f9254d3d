from datetime import timedelta

import pytest
from sqlalchemy import select, text

from onboarding import clock, tokens
from onboarding.accounts.models import Account
from onboarding.contracts.models import Contract
from onboarding.database import engine, read, transaction
from onboarding.estimates import actions as estimates
from onboarding.estimates.drafts import EstimateDraft
from onboarding.estimates.models import Estimate
from onboarding.invites.actions import Incomplete, resend_invite, revoke_invite
from onboarding.invites.queries import Missing
from onboarding.journey import actions as journey
from onboarding.journey.actions import OnboardingMissing, Refused
from onboarding.journey.events import EventKind
from onboarding.journey.permissions import Refusal
from onboarding.journey.status import Detail, Status
from onboarding.notifications.models import Channel, DeliveryState, Failure
from tests.house import House, as_customer
from tests.invites.scene import ANYONE, ready

SOON = timedelta(seconds=11)


def test_an_invite_goes_out_by_each_channel_with_a_link_of_its_own(house: House):
    scene = ready(house)
    scene.send(Channel.EMAIL, Channel.SMS)
    assert [link.channel for link in scene.links()] == ["email", "sms"]
    assert scene.secret(0) != scene.secret(1)
    by_mail, by_text = scene.deliveries("invite")
    assert by_mail.to == "dana@example.com"
    assert by_text.to == "+15035550188"
    assert scene.onboarding().status == Status.INVITED
    assert scene.onboarding().details == [Detail.SENT]


def test_the_link_works_72_hours_and_no_message_goes_out_later(house: House):
    scene = ready(house)
    scene.send()
    (invite,) = scene.invites()
    assert invite.expires_at - invite.created_at == timedelta(hours=72)
    assert scene.onboarding().invite_expires_at == invite.expires_at
    (delivery,) = scene.deliveries("invite")
    assert delivery.not_after == invite.expires_at
    assert delivery.is_secret


def test_the_database_holds_no_usable_link(house: House):
    scene = ready(house)
    scene.send(Channel.EMAIL, Channel.SMS)
    secrets = [scene.secret(0), scene.secret(1)]
    with engine().connect() as raw:
        tables = raw.execute(text("select name from sqlite_master where type = 'table'")).scalars()
        dump = "".join(
            str(raw.execute(text(f"select * from {name}")).all()) for name in tables.all()
        )
    assert not any(secret in dump for secret in secrets)
    assert tokens.hash_secret(secrets[0]) in dump


def test_sending_fixes_the_estimate_and_its_contract(house: House):
    scene = ready(house)
    scene.send()
    db = read(ANYONE)
    assert db.scalars(select(Estimate)).one().sent_at is not None
    assert db.scalars(select(Contract)).one().sent_at is not None
    assert scene.onboarding().latest_version == 1
    assert scene.events() == ["onboarding.created", "estimate.sent", "invite.sent"]


def test_without_a_finished_estimate_it_says_so_and_sends_nothing(house: House):
    scene = ready(house)
    estimate = estimates.revise(scene.onboarding_id, scene.by)
    estimates.save_draft(estimate.id, EstimateDraft(), estimate.draft_revision, scene.by)
    with pytest.raises(Incomplete) as refused:
        scene.send()
    assert [lack.what for lack in refused.value.lacks] == [Missing.ESTIMATE]
    assert scene.invites() == []
    assert scene.events() == ["onboarding.created"]


def test_without_a_contract_it_says_so(house: House):
    scene = ready(house)
    with transaction(scene.company.id) as db:
        db.delete(db.scalars(select(Contract)).one())
    with pytest.raises(Incomplete) as refused:
        scene.send()
    assert [lack.what for lack in refused.value.lacks] == [Missing.CONTRACT]
    assert scene.deliveries() == []


@pytest.mark.parametrize(
    ("gone", "channel", "missing"),
    [("email", Channel.EMAIL, Missing.EMAIL), ("mobile", Channel.SMS, Missing.MOBILE)],
)
def test_without_an_address_for_the_channel_it_says_which(house, gone, channel, missing):
    scene = ready(house, **{gone: None})
    with pytest.raises(Incomplete) as refused:
        scene.send(channel)
    assert [lack.what for lack in refused.value.lacks] == [missing]


def test_a_second_press_sends_nothing_more(house: House):
    scene = ready(house)
    scene.send()
    scene.send()
    assert len(scene.invites()) == 1
    assert len(scene.deliveries("invite")) == 1


def test_another_contractor_finds_no_such_onboarding(house: House):
    scene, other = ready(house), ready(house, "Northside Roofing")
    for act in (resend_invite, revoke_invite):
        with pytest.raises(OnboardingMissing):
            act(scene.onboarding_id, other.by)


def test_resend_makes_a_new_link_and_the_old_one_dies(house: House):
    scene = ready(house)
    scene.send(Channel.SMS)
    resend_invite(scene.onboarding_id, scene.by)
    old, new = scene.invites()
    assert old.replaced_at is not None
    assert new.replaced_at is None
    assert [link.channel for link in scene.links()] == ["sms", "sms"]
    first, second = scene.deliveries("invite")
    assert (first.state, first.failure) == (DeliveryState.FAILED, Failure.WITHDRAWN)
    assert second.state == DeliveryState.QUEUED
    assert scene.events()[-1] == "invite.resent"


def test_pressing_resend_twice_is_one_new_invite(house: House):
    scene = ready(house)
    scene.send()
    resend_invite(scene.onboarding_id, scene.by)
    resend_invite(scene.onboarding_id, scene.by)
    assert len(scene.invites()) == 2


def test_resend_before_the_first_invite_is_refused(house: House):
    scene = ready(house)
    with pytest.raises(Refused) as refused:
        resend_invite(scene.onboarding_id, scene.by)
    assert refused.value.refusal is Refusal.NOT_INVITED


def test_whoever_came_in_by_a_mistyped_address_is_out_once_it_is_corrected(house: House):
    scene = ready(house, email="dnaa@example.com")
    scene.send()
    stranger = scene.started()
    scene.edit_contact(email="dana@example.com")
    resend_invite(scene.onboarding_id, scene.by)
    assert stranger.post("/portal/account").status_code == 410
    assert read(ANYONE).scalars(select(Account)).all() == []


def test_whoever_is_in_the_middle_stays_in_when_the_same_address_gets_a_new_link(house: House):
    scene = ready(house)
    scene.send()
    customer = scene.started()
    resend_invite(scene.onboarding_id, scene.by)
    assert customer.post("/portal/account").status_code == 303


def test_revoking_ends_links_messages_and_sessions_at_once(house: House):
    scene = ready(house)
    scene.send()
    secret = scene.secret()
    customer = scene.started()
    revoke_invite(scene.onboarding_id, scene.by)
    assert scene.onboarding().details[0] == Detail.ACCESS_REVOKED
    assert scene.onboarding().status == Status.PENDING_INVITE
    (delivery,) = scene.deliveries("invite")
    assert delivery.failure == Failure.WITHDRAWN
    assert delivery.payload is None
    for answer, words in (
        (customer.get("/portal/account"), "Your access was ended"),
        (customer.post("/portal/account"), "Your access was ended"),
        (customer.post("/portal/account/phone"), "Your access was ended"),
        (house.client().get(f"/i/{secret}"), "This link was switched off"),
        (house.client().post(f"/i/{secret}/start"), "This link was switched off"),
    ):
        assert answer.status_code == 410
        assert words in answer.text
    assert read(ANYONE).scalars(select(Account)).all() == []


def test_revoking_twice_is_the_same_as_once(house: House):
    scene = ready(house)
    scene.send()
    revoke_invite(scene.onboarding_id, scene.by)
    revoke_invite(scene.onboarding_id, scene.by)
    assert scene.events().count("invite.revoked") == 1


def test_there_is_nothing_to_revoke_before_an_invite_and_after_completion(house: House):
    scene = ready(house)
    with pytest.raises(Refused) as refused:
        revoke_invite(scene.onboarding_id, scene.by)
    assert refused.value.refusal is Refusal.NOT_INVITED
    scene.send()
    with transaction(scene.company.id) as db:
        onboarding = journey.lock(db, scene.onboarding_id)
        journey.record(
            db, onboarding, EventKind.CONTRACT_SIGNED, scene.by, has_account=True,
            approved_version=1, signed_version=1, has_card=True,
        )  # fmt: skip
    with pytest.raises(Refused) as refused:
        revoke_invite(scene.onboarding_id, scene.by)
    assert refused.value.refusal is Refusal.COMPLETE


def test_revoked_with_an_account_the_session_born_of_the_link_is_over(house: House):
    scene = ready(house)
    scene.send()
    customer = scene.started()
    customer.post("/portal/account")
    revoke_invite(scene.onboarding_id, scene.by)
    answer = customer.get("/portal/profile")
    assert answer.status_code == 410
    assert "Your access was ended" in answer.text
    assert scene.onboarding().has_account


def test_sending_after_a_revocation_restores_access(house: House):
    scene = ready(house)
    scene.send()
    revoke_invite(scene.onboarding_id, scene.by)
    scene.send()
    assert scene.onboarding().status == Status.INVITED
    assert scene.started().post("/portal/account").status_code == 303


def test_somebody_with_an_account_is_invited_to_sign_in(house: House):
    scene = ready(house)
    scene.send()
    scene.started().post("/portal/account")
    revoke_invite(scene.onboarding_id, scene.by)
    scene.send()
    (delivery,) = scene.deliveries("invite_sign_in")
    assert "You have an account already" in scene.words(delivery)
    assert not scene.onboarding().facts.is_revoked


def test_a_revision_for_somebody_inside_is_a_message_that_leads_to_sign_in(house: House):
    scene = ready(house)
    scene.send()
    scene.started().post("/portal/account")
    with clock.shifted(SOON):
        estimate = estimates.revise(scene.onboarding_id, scene.by)
        scene.send(Channel.EMAIL, Channel.SMS)
        scene.send(Channel.EMAIL, Channel.SMS)
    assert len(scene.invites()) == 1
    mail, _sms = scene.deliveries("revised_estimate")
    assert mail.reference == estimate.id
    assert not mail.is_secret
    assert "/portal/ridgeline-roofing/sign-in" in scene.words(mail)
    assert "/i/" not in scene.words(mail)
    assert scene.onboarding().latest_version == 2


def test_a_revision_for_somebody_without_an_account_is_a_new_invite(house: House):
    scene = ready(house)
    scene.send()
    estimates.revise(scene.onboarding_id, scene.by)
    scene.send()
    old, new = scene.invites()
    assert old.replaced_at is not None
    assert scene.onboarding().latest_version == 2
    assert scene.onboarding().invite_expires_at == new.expires_at


def test_support_and_customers_cannot_send(house: House):
    scene = ready(house)
    customer = as_customer(Account(id="1", name="Dana", contractor_id=scene.company.id))
    for act in (resend_invite, revoke_invite):
        with pytest.raises(Refused):
            act(scene.onboarding_id, customer)
